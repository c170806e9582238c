//! Tokens that the game's own backend signs.

use std::fmt;

use ids::PlayerId;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation, decode, encode};
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;

use crate::claims::Claims;
use crate::issuer::unread;
use crate::{CLOCK_SKEW, Identity, MAX_TOKEN, Permissions, Refused, provider};

/// What tokens of the game's own backend are made for: their `aud`.
const AUDIENCE: &str = "switchboard";

/// The fewest bytes of a secret. HMAC-SHA256 is as strong as its 32.
const MIN_SECRET: usize = 32;

/// A secret that the game's backend and Switchboard share.
#[derive(Clone)]
pub struct SharedSecret {
    signs: EncodingKey,
    checks: DecodingKey,
    clock_skew: u64,
}

impl fmt::Debug for SharedSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedSecret(…)")
    }
}

/// The secret is too short to be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the secret that signs players' tokens has fewer than {MIN_SECRET} bytes")]
pub struct WeakSecret;

/// What a backend vouches for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// Who the bearer is.
    pub player_id: PlayerId,
    /// What it may do.
    pub permissions: Permissions,
    /// Until when the token opens a connection, in seconds since 1970. A few minutes are enough: a token is looked at when a
    /// player connects.
    pub expires_at: u64,
}

impl SharedSecret {
    /// Takes a secret of at least 32 bytes.
    ///
    /// # Errors
    /// [`WeakSecret`] where it is shorter.
    pub fn new(secret: &SecretString) -> Result<Self, WeakSecret> {
        provider::install();
        let secret = secret.expose_secret().as_bytes();
        if secret.len() < MIN_SECRET {
            return Err(WeakSecret);
        }
        Ok(Self {
            signs: EncodingKey::from_secret(secret),
            checks: DecodingKey::from_secret(secret),
            clock_skew: CLOCK_SKEW,
        })
    }

    /// The same, where the backend's clock may be off by so many seconds.
    #[must_use]
    pub fn with_clock_skew(self, clock_skew: u64) -> Self {
        Self { clock_skew, ..self }
    }

    /// Signs a token, for a backend in Rust. In any other language: a JWT by HS256 with `sub` (the player's id), `aud`
    /// (`switchboard`), `exp`, and, to allow less than everything, `switchboard` (`{"host", "matchmake", "queues", "expires_at"}`).
    #[must_use]
    pub fn sign(&self, grant: &Grant) -> String {
        let claims = Claims {
            sub: grant.player_id.as_str().to_owned(),
            exp: grant.expires_at,
            nbf: None,
            aud: Some(AUDIENCE.into()),
            switchboard: grant.permissions.clone(),
        };
        let header = Header::new(Algorithm::HS256);
        encode(&header, &claims, &self.signs).expect("claims of text and numbers are JSON")
    }

    /// Who a token says that its bearer is.
    ///
    /// # Errors
    /// [`Refused`] says why it is not believed.
    pub fn verify(&self, token: &str, now: u64) -> Result<Identity, Refused> {
        if token.len() > MAX_TOKEN {
            return Err(Refused::TooLong);
        }
        let mut validation = Validation::new(Algorithm::HS256);
        validation.set_audience(&[AUDIENCE]);
        validation.set_required_spec_claims(&["exp", "aud", "sub"]);
        // By the time that came in, not by the library's clock.
        validation.validate_exp = false;
        let decoded = decode::<Claims>(token, &self.checks, &validation).map_err(unread)?;
        decoded.claims.hold(now, self.clock_skew)
    }
}
