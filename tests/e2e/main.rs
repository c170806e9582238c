//! The end-to-end suite: what players see of Switchboard, against any WebSocket URL.
//!
//! `SWITCHBOARD_URL=wss://... cargo test -p e2e` runs it there; without the variable every test starts a local server.

mod accepting;
mod addresses;
mod agreeing;
mod bad_input;
mod battling;
mod belonging;
mod bounds;
mod closing;
mod coming_back;
mod counts;
mod cutting;
mod disconnecting;
mod fighting;
mod flooding;
mod frames;
mod ghosts;
mod harness;
mod identity;
mod joining;
mod kicking;
mod killed;
mod leaving;
mod limits;
mod listing;
mod logs;
mod matching;
mod messages;
mod moving;
mod noughts;
mod parties;
mod passwords;
mod racing;
mod routes;
mod signalling;
mod starting;
mod stored;
mod turn;
mod updating;
