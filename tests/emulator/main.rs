//! What only a local AWS emulator shows: rights taken away, functions killed, settings gone wrong, messages that fail.
//!
//! `cargo xtask test --only emulator` runs it. By hand: `cargo xtask up --queues tests/queues.json --grace 2`, then
//! `SWITCHBOARD_EMULATOR` set to the emulator's address and `SWITCHBOARD_URL` to the socket's; without them every test says
//! that it leaves everything out.

mod aws;
mod ghosts;
mod identity;
mod kills;
mod later;
mod queues;
mod rights;
mod settings;
mod stage;
