//! What a token says, and why it is not believed.

use std::collections::BTreeSet;

use ids::{PlayerId, QueueName};
use jsonwebtoken::errors::{Error, ErrorKind};
use serde::{Deserialize, Serialize};
use thiserror::Error as ThisError;

use crate::subject;

/// A player, as its token vouches for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// Who: made of the token's `sub`.
    pub player_id: PlayerId,
    /// What it may do: the token's `switchboard`.
    pub permissions: Permissions,
}

/// What a player may do. What a token does not mention is allowed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Permissions {
    /// Whether it may open lobbies.
    pub host: bool,
    /// Whether it may look for opponents.
    pub matchmake: bool,
    /// In which queues; in all of them where absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queues: Option<BTreeSet<QueueName>>,
    /// Until when it may stay connected, in seconds since 1970; as long as the platform lets it where absent. Not the token's
    /// `exp`, which says until when the token opens a connection.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<u64>,
}

impl Default for Permissions {
    fn default() -> Self {
        Self {
            host: true,
            matchmake: true,
            queues: None,
            expires_at: None,
        }
    }
}

impl Permissions {
    /// Whether the player may enter a queue.
    #[must_use]
    pub fn may_enter(&self, queue: &QueueName) -> bool {
        let named = |queues: &BTreeSet<QueueName>| queues.contains(queue);
        self.matchmake && self.queues.as_ref().is_none_or(named)
    }
}

/// Why a token was not believed. For the log of the operator; a client hears only that it was not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ThisError)]
pub enum Refused {
    /// There is none.
    #[error("no token was given")]
    Missing,
    /// It is longer than [`MAX_TOKEN`](crate::MAX_TOKEN).
    #[error("the token is too long")]
    TooLong,
    /// It is no JSON Web Token, or lacks a claim that is needed, or has one of a wrong type.
    #[error("the token is malformed")]
    Malformed,
    /// It is signed by an algorithm that is not accepted, or its key is of another kind.
    #[error("the token's algorithm is not accepted")]
    Algorithm,
    /// The issuer has no such key.
    #[error("the token's key is unknown")]
    UnknownKey,
    /// It was not signed by who it says, or was altered.
    #[error("the token's signature is not valid")]
    Signature,
    /// It is over.
    #[error("the token has expired")]
    Expired,
    /// It is not valid yet.
    #[error("the token is not valid yet")]
    TooEarly,
    /// It was made by somebody else.
    #[error("the token is another issuer's")]
    Issuer,
    /// It was made for somebody else.
    #[error("the token is for another audience")]
    Audience,
    /// Its `sub` names nobody.
    #[error("the token's subject is empty")]
    Subject,
}

impl From<Error> for Refused {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "the library may have more kinds; each means that the token is not what it should be"
    )]
    fn from(error: Error) -> Self {
        match error.kind() {
            ErrorKind::InvalidSignature => Self::Signature,
            ErrorKind::InvalidAlgorithm
            | ErrorKind::InvalidAlgorithmName
            | ErrorKind::UnsupportedAlgorithm
            | ErrorKind::InvalidKeyFormat => Self::Algorithm,
            ErrorKind::InvalidIssuer => Self::Issuer,
            ErrorKind::InvalidAudience => Self::Audience,
            _ => Self::Malformed,
        }
    }
}

/// The claims that are looked at. Others are the game's own business.
#[derive(Serialize, Deserialize)]
pub(crate) struct Claims {
    pub(crate) sub: String,
    pub(crate) exp: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) nbf: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) aud: Option<serde_json::Value>,
    #[serde(default)]
    pub(crate) switchboard: Permissions,
}

impl Claims {
    /// Who it is, if the claims hold at this time, give or take `skew` seconds.
    pub(crate) fn hold(self, now: u64, skew: u64) -> Result<Identity, Refused> {
        let is_past = |end: u64| end.saturating_add(skew) <= now;
        if is_past(self.exp) || self.switchboard.expires_at.is_some_and(is_past) {
            return Err(Refused::Expired);
        }
        if self
            .nbf
            .is_some_and(|begin| begin > now.saturating_add(skew))
        {
            return Err(Refused::TooEarly);
        }
        Ok(Identity {
            player_id: subject::player_id(self.sub)?,
            permissions: self.switchboard,
        })
    }
}
