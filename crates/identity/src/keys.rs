//! An issuer's published keys (RFC 7517).

use std::collections::BTreeMap;
use std::fmt;

use jsonwebtoken::jwk::{JwkSet, PublicKeyUse};
use jsonwebtoken::{AlgorithmFamily, DecodingKey};
use thiserror::Error;

/// The most keys that one issuer may have. The large ones have a handful.
const MAX_KEYS: usize = 64;

/// The keys by which an issuer's tokens are checked. Those that are not for signatures, or of a kind that is not accepted,
/// are left out.
#[derive(Clone, Default)]
pub struct KeySet {
    by_id: BTreeMap<String, DecodingKey>,
}

impl fmt::Debug for KeySet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.by_id.keys()).finish()
    }
}

/// What the issuer published is no set of keys.
#[derive(Debug, Error)]
pub enum InvalidKeys {
    /// No JSON Web Key Set.
    #[error("the issuer's keys are no JSON Web Key Set")]
    Malformed(#[source] serde_json::Error),
    /// More than anybody needs.
    #[error("the issuer has more than {MAX_KEYS} keys")]
    TooMany,
}

impl KeySet {
    /// Reads a JSON Web Key Set.
    ///
    /// # Errors
    /// [`InvalidKeys`] where it is none. A key in it that cannot be used is no error: issuers publish other kinds as well.
    pub fn parse(json: &[u8]) -> Result<Self, InvalidKeys> {
        let set: JwkSet = serde_json::from_slice(json).map_err(InvalidKeys::Malformed)?;
        if set.keys.len() > MAX_KEYS {
            return Err(InvalidKeys::TooMany);
        }
        let mut by_id = BTreeMap::new();
        for key in set.keys {
            let for_signatures = key
                .common
                .public_key_use
                .as_ref()
                .is_none_or(|purpose| *purpose == PublicKeyUse::Signature);
            let (Some(id), Ok(usable)) = (key.common.key_id.clone(), DecodingKey::from_jwk(&key))
            else {
                continue;
            };
            // A secret in a public list is nobody's secret.
            if for_signatures && usable.family() != AlgorithmFamily::Hmac {
                by_id.insert(id, usable);
            }
        }
        Ok(Self { by_id })
    }

    /// The key of an id, if there is one.
    pub(crate) fn find(&self, id: &str) -> Option<&DecodingKey> {
        self.by_id.get(id)
    }

    /// Whether there is a key of this id.
    #[must_use]
    pub fn contains(&self, id: &str) -> bool {
        self.by_id.contains_key(id)
    }
}
