//! Credentials for a TURN server that end by themselves, by the scheme that coturn calls `use-auth-secret`.
//!
//! The user name is `<end, in seconds since 1970>:<player id>`, and the password is `base64(HMAC-SHA1(secret, user name))`
//! (draft-uberti-behave-turn-rest). The TURN server knows the same secret and needs nothing else of us: no table, no request. So whoever
//! guesses a player's id has no way in, and every relayed byte is some player's.

use std::fmt;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use domain::Timestamp;
use hmac::{Hmac, KeyInit, Mac};
use ids::PlayerId;
use protocol::event::IceServer;
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;
use thiserror::Error;

/// The fewest characters of a TURN secret worth the name.
pub const MIN_TURN_SECRET: usize = 32;

/// How long credentials last where nothing is set.
pub const DEFAULT_TURN_LIFETIME: Duration = Duration::from_hours(1);

/// The shortest life of credentials: what a slow handshake and a clock that is wrong need.
pub const SHORTEST_TURN_LIFETIME: Duration = Duration::from_mins(5);

/// The longest life of credentials.
pub const LONGEST_TURN_LIFETIME: Duration = Duration::from_hours(24);

/// The most URLs of TURN servers: a browser warns of more than a handful.
pub const MAX_TURN_URLS: usize = 8;

/// Into how many parts a lifetime is cut. All who ask in the same part of it get credentials with the same end.
const PARTS: u64 = 4;

/// Where the TURN servers are, and how long their credentials last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TurnSettings {
    urls: Vec<String>,
    lifetime: Duration,
}

/// The maker of credentials.
#[derive(Clone)]
pub struct Turn {
    settings: TurnSettings,
    key: Hmac<Sha1>,
}

/// Credentials, in the shape in which a client takes them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// The servers, with user name and password.
    pub server: IceServer,
    /// When they end, in seconds since 1970.
    pub expires_at: u64,
}

/// What is wrong with the settings of TURN.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TurnError {
    /// There is none, or too many.
    #[error("there are {0} URLs of TURN servers: give 1 to {MAX_TURN_URLS}")]
    Count(usize),
    /// Something is no URL of a TURN server.
    #[error("`{0}` is no URL of a TURN server: write it like turn:turn.example.org:3478")]
    Url(String),
    /// Credentials would end too early or too late.
    #[error(
        "a lifetime of {0} s is outside {least} to {most} s: choose one between",
        least = SHORTEST_TURN_LIFETIME.as_secs(),
        most = LONGEST_TURN_LIFETIME.as_secs()
    )]
    Lifetime(u64),
    /// The secret keeps nobody out.
    #[error(
        "the TURN secret has fewer than {MIN_TURN_SECRET} characters: use a random text that is longer"
    )]
    WeakSecret,
}

impl TurnSettings {
    /// Checks the settings.
    ///
    /// # Errors
    /// [`TurnError`], for what is wrong with them.
    pub fn new(urls: Vec<String>, lifetime: Duration) -> Result<Self, TurnError> {
        if urls.is_empty() || urls.len() > MAX_TURN_URLS {
            return Err(TurnError::Count(urls.len()));
        }
        let is_turn = |url: &str| {
            let host = url.strip_prefix("turn:").or(url.strip_prefix("turns:"));
            host.is_some_and(|host| !host.is_empty() && !host.contains(char::is_whitespace))
        };
        if let Some(wrong) = urls.iter().find(|url| !is_turn(url)) {
            return Err(TurnError::Url(wrong.clone()));
        }
        if !(SHORTEST_TURN_LIFETIME..=LONGEST_TURN_LIFETIME).contains(&lifetime) {
            return Err(TurnError::Lifetime(lifetime.as_secs()));
        }
        Ok(Self { urls, lifetime })
    }
}

impl Turn {
    /// Takes the secret that the TURN servers know (coturn's `static-auth-secret`).
    ///
    /// # Errors
    /// [`TurnError::WeakSecret`] where it has fewer than [`MIN_TURN_SECRET`] characters.
    pub fn new(settings: TurnSettings, secret: &SecretString) -> Result<Self, TurnError> {
        let secret = secret.expose_secret();
        if secret.chars().count() < MIN_TURN_SECRET {
            return Err(TurnError::WeakSecret);
        }
        let key = Hmac::new_from_slice(secret.as_bytes()).expect("HMAC takes a key of any length");
        Ok(Self { settings, key })
    }

    /// Credentials for a player. They last for the lifetime at least, and for a quarter of it longer at most: who asks again
    /// within that quarter gets the same once more, so that nothing is gained by asking often.
    #[must_use]
    pub fn issue(&self, player_id: &PlayerId, now: Timestamp) -> Issued {
        let lifetime = self.settings.lifetime.as_secs();
        let expires_at = (now.as_secs_ceil() + lifetime).next_multiple_of(lifetime / PARTS);
        let username = format!("{expires_at}:{player_id}");
        let credential = STANDARD.encode(self.mac(&username));
        let server = IceServer {
            urls: self.settings.urls.clone(),
            username: Some(username),
            credential: Some(credential),
        };
        Issued { server, expires_at }
    }

    fn mac(&self, username: &str) -> impl AsRef<[u8]> + use<> {
        let mut mac = self.key.clone();
        mac.update(username.as_bytes());
        mac.finalize().into_bytes()
    }
}

impl fmt::Debug for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Turn")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
