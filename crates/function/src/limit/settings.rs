//! How large the buckets are.

use std::collections::BTreeMap;

use serde::Deserialize;
use thiserror::Error;

use super::Kind;

/// The most that a limit can be set to: one more would be none.
const MOST: u32 = 1_000_000;

/// The size of a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    burst: u32,
    per_second: u32,
}

/// What is wrong with the limits that were given.
#[derive(Debug, Error)]
pub enum LimitSettingsError {
    /// They are no limits at all.
    #[error(
        "{0}: write it like {{\"relay\": {{\"burst\": 2000, \"per_second\": 200}}}}, kinds that are left out stay as they are"
    )]
    Json(#[from] serde_json::Error),
    /// One cannot be.
    #[error("the limit of {} is outside 1 to {MOST}: choose a burst and a rate between", .0.name())]
    Range(Kind),
}

/// The limit of every kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LimitSettings {
    own: BTreeMap<Kind, Limit>,
}

impl Limit {
    /// So many at once, and so many a second from then on.
    ///
    /// # Panics
    /// Where one of them is not 1 to 1,000,000.
    #[must_use]
    pub const fn new(burst: u32, per_second: u32) -> Self {
        let limit = Self { burst, per_second };
        assert!(limit.is_possible(), "a limit is 1 to 1,000,000");
        limit
    }

    /// How many at once.
    #[must_use]
    pub const fn burst(self) -> u32 {
        self.burst
    }

    /// How many a second from then on.
    #[must_use]
    pub const fn per_second(self) -> u32 {
        self.per_second
    }

    const fn is_possible(self) -> bool {
        self.burst >= 1 && self.burst <= MOST && self.per_second >= 1 && self.per_second <= MOST
    }
}

impl LimitSettings {
    /// Reads those that are not to be as they come, as a JSON object of kind -> `burst` and `per_second`.
    ///
    /// # Errors
    /// [`LimitSettingsError`], for what is wrong with them.
    pub fn parse(json: &str) -> Result<Self, LimitSettingsError> {
        let own: BTreeMap<Kind, Limit> = serde_json::from_str(json)?;
        match own.iter().find(|(_, limit)| !limit.is_possible()) {
            Some((kind, _)) => Err(LimitSettingsError::Range(*kind)),
            None => Ok(Self { own }),
        }
    }

    /// The same, with another limit for one kind.
    #[must_use]
    pub fn with(mut self, kind: Kind, limit: Limit) -> Self {
        self.own.insert(kind, limit);
        self
    }

    /// The limit of a kind.
    #[must_use]
    pub fn of(&self, kind: Kind) -> Limit {
        self.own.get(&kind).copied().unwrap_or(default(kind))
    }
}

/// Far above what a game needs, far below what hurts. A lobby of 64 that connects at once is some 1,300 frames for each of them.
const fn default(kind: Kind) -> Limit {
    match kind {
        Kind::Relay => Limit::new(2_000, 200),
        Kind::Lobby | Kind::Battle => Limit::new(200, 20),
        Kind::Listing | Kind::Matchmaking => Limit::new(100, 10),
        Kind::IceServers => Limit::new(30, 1),
        Kind::Connect | Kind::Other => Limit::new(1_000, 50),
    }
}
