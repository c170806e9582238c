//! Tokens of an `OpenID` Connect issuer.

use jsonwebtoken::errors::{Error, ErrorKind};
use jsonwebtoken::{Validation, decode, decode_header};

use crate::claims::Claims;
use crate::{CLOCK_SKEW, Identity, KeySet, MAX_TOKEN, Refused, provider};

/// Whose tokens are accepted, and made for whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer {
    name: String,
    audience: String,
    clock_skew: u64,
}

impl Issuer {
    /// Accepts what `issuer` (a token's `iss`) has made for `audience` (one of its `aud`).
    #[must_use]
    pub fn new(issuer: String, audience: String) -> Self {
        provider::install();
        Self {
            name: issuer,
            audience,
            clock_skew: CLOCK_SKEW,
        }
    }

    /// The same, where the issuer's clock may be off by so many seconds.
    #[must_use]
    pub fn with_clock_skew(self, clock_skew: u64) -> Self {
        Self { clock_skew, ..self }
    }

    /// The id of the key that a token says it was signed with. Nothing of the token has been checked yet: this only tells
    /// whether the issuer's keys must be fetched anew.
    ///
    /// # Errors
    /// [`Refused`] where the token is none, or names no key or an algorithm that is not accepted.
    pub fn key_id(token: &str) -> Result<String, Refused> {
        if token.len() > MAX_TOKEN {
            return Err(Refused::TooLong);
        }
        let header = decode_header(token).map_err(unread)?;
        if !provider::PUBLIC_KEY.contains(&header.alg) {
            return Err(Refused::Algorithm);
        }
        header.kid.ok_or(Refused::UnknownKey)
    }

    /// Who a token says that its bearer is.
    ///
    /// # Errors
    /// [`Refused`] says why it is not believed.
    pub fn verify(&self, token: &str, keys: &KeySet, now: u64) -> Result<Identity, Refused> {
        let key_id = Self::key_id(token)?;
        let key = keys.find(&key_id).ok_or(Refused::UnknownKey)?;
        let mut validation = Validation::new_for_family(key.family());
        validation
            .algorithms
            .retain(|algorithm| provider::PUBLIC_KEY.contains(algorithm));
        validation.set_issuer(&[&self.name]);
        validation.set_audience(&[&self.audience]);
        validation.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        // By the time that came in, not by the library's clock.
        validation.validate_exp = false;
        let decoded = decode::<Claims>(token, key, &validation)?;
        decoded.claims.hold(now, self.clock_skew)
    }
}

/// An algorithm that the library does not know, such as `none`, shows as a header that cannot be read.
pub(crate) fn unread(error: Error) -> Refused {
    if let ErrorKind::Json(reason) = error.kind()
        && reason.to_string().contains("variant")
    {
        return Refused::Algorithm;
    }
    Refused::from(error)
}
