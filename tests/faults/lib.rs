//! Seeded runs of mixed traffic in which everything goes wrong that can.
//!
//! The real handlers run over the real store, on one thread, under a clock that nobody waits for. Between them and the world
//! stand layers that fail, delay, lose, repeat and reorder: the network to the tables (`tables`, below the SDK's own retries),
//! the posts (`push`), the messages for later (`diary`) and their queues (`queues`), the platform that brings events
//! (`platform`), and kills at every step (`invocation`). All of it is drawn from one seed, so a run that breaks an invariant
//! (`invariants`) can be lived through again.

mod chance;
mod client;
mod diary;
mod invariants;
mod invocation;
mod knowledge;
mod plan;
mod platform;
mod push;
mod queues;
mod shared;
mod tables;
mod wishes;
mod world;

pub use invocation::Kill;
pub use plan::{Counts, FAULTS, Fault};
pub use world::{Line, Run, run, scripted};
