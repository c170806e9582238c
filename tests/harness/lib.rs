//! The harness of the end-to-end suite: a test reads like the story of some players.
//!
//! A [`World`] is one Switchboard: the one that `SWITCHBOARD_URL` names, or a local server of the test's own. A [`Player`] is
//! one connection to it, through the Rust client and nothing else. What a player says is a verb (`does`, `starts_lobby`,
//! `lets_in`); what it hears is awaited by type, with a deadline, and a failure tells everything that it has heard so far.
//! Whatever nobody looked at fails the test: when the story [`ends`](World::ends), or when a player is dropped.
//!
//! What only the inside of a local server shows (its tables, its counters, its secret) is asked of [`World::inside`].

mod battles;
mod inbox;
mod inside;
mod issuer;
mod matches;
mod party;
mod player;
mod proxy;
mod story;
mod world;

use std::time::Duration;

pub use battles::{battle, battle_with, mark, score};
pub use inbox::Heard;
pub use inside::{Counts, Inside, connection_behind};
pub use issuer::{BACKEND_SECRET, Issuer, Key, backend, forged, grant, now};
pub use matches::{players_of, wish, wish_with};
pub use party::{Lobby, Party};
pub use player::Player;
pub use proxy::{Cut, FarEnd, Moment, Proxy};
pub use story::{Introduction, accept, join, message, offer, text};
pub use world::{World, settings, turn};

/// What has not come after this long never comes.
pub const DEADLINE: Duration = Duration::from_secs(10);

/// Says that the test that runs leaves something out. Goes past the test runner, which keeps what a passing test prints.
pub fn leave_out(what: &str) {
    use std::io::Write as _;
    let thread = std::thread::current();
    let test = thread.name().unwrap_or("a test");
    // Nobody to tell is no reason to fail.
    writeln!(std::io::stderr(), "{test}: left out: {what}").ok();
}
