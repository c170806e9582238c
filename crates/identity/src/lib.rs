//! Who a player is: tokens checked, and what they allow.
//!
//! Two kinds of token, both JSON Web Tokens (RFC 7519): one that the game's own backend signs with a secret it shares with
//! Switchboard ([`SharedSecret`], HS256), and one of any `OpenID` Connect issuer ([`Issuer`], by its published keys). Which
//! kind is taken is for the operator to say, never for the token: a key is used with the algorithms of its own kind alone,
//! and `none` is no algorithm. The time comes in as an argument, in seconds since 1970; keys come in as they were fetched.

mod claims;
mod context;
mod issuer;
mod keys;
mod provider;
mod shared_secret;
mod subject;

pub use claims::{Identity, Permissions, Refused};
pub use context::InvalidContext;
pub use issuer::Issuer;
pub use keys::{InvalidKeys, KeySet};
pub use shared_secret::{Grant, SharedSecret, WeakSecret};

/// The longest token that is looked at, in bytes. A query string has to carry it.
pub const MAX_TOKEN: usize = 4096;

/// How far the clock of whoever signed a token may be off where nobody says, in seconds.
pub const CLOCK_SKEW: u64 = 60;
