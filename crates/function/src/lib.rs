//! The shell around a handler: everything between the platform's event and the rules, and back.
//!
//! A function's `main.rs` is [`serve`] and its handler; the local server calls the same handler through [`invoke`]. Where a
//! queue drives the function these are [`serve_messages`] and [`invoke_message`].
//! Handlers read top-down: load ([`Context::store`]), decide (`domain`), save under a condition ([`lobby::change`]), tell
//! ([`announce`]), answer ([`Reply`]). This is the one crate that reads the clock, randomness and the environment.

mod ambient;
mod announce;
mod call;
mod clean_up;
mod config;
mod context;
mod failure;
mod in_full;
pub mod limit;
pub mod lobby;
pub mod matchmaking;
mod messages;
pub mod password;
pub mod presence;
mod readdress;
mod serve;
#[cfg(feature = "simulation")]
pub mod simulation;
mod telemetry;
pub mod turn;
mod wire;

pub use ambient::{
    fresh_battle_id, fresh_era, fresh_lobby_code, fresh_match_id, fresh_player_id, fresh_ticket_id,
    now, until,
};
pub use announce::{Undelivered, announce, deliver, keep_and_report, report_gone};
pub use call::{Answer, Asked, Call, Caller, Reply};
pub use clean_up::clean_up;
pub use config::{Aws, Config, ConfigError, DEFAULT_CHECK_UP, DEFAULT_GRACE};
pub use context::Context;
pub use failure::{Failure, code_of};
pub use in_full::InFull;
pub use messages::{invoke_message, serve_messages};
pub use serve::{invoke, serve, start_with};
pub use telemetry::{DEFAULT_LOG, init_telemetry};
pub use wire::{battle_result, summary};

use std::time::Duration;

/// How long API Gateway keeps a WebSocket at most.
pub const CONNECTION_LIFE: Duration = Duration::from_hours(2);

/// How much longer a connection counts as there: the platform's farewell comes after its end, and must find the player.
pub const FAREWELL: Duration = Duration::from_mins(1);

/// How often a quiet client should send `ping`: API Gateway ends a connection after ten idle minutes, and every ping
/// costs a message.
pub const HEARTBEAT: Duration = Duration::from_mins(9);
