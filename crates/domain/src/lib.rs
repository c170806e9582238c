//! The rules, as pure functions from a state, an action and a time to a new state and what everybody hears, or a refusal.
//!
//! Nothing here knows a clock, randomness, tokio, AWS or the wire: time and fresh ids come in as arguments, and players
//! are named by the connection at which they are reached. So every rule can be driven through random histories.

pub mod battle;
pub mod listing;
pub mod lobby;
pub mod matchmaking;
mod time;

pub use time::Timestamp;
