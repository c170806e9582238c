//! Matchmaking: queues, the tickets that wait in them, and who is matched with whom.
//!
//! [`plan()`] looks at all tickets of one queue at one moment and says what is to be done: which of them make a match, which
//! are put back, which end. It is pure; the caller applies the plan step by step, each under the condition that its tickets
//! are still as they were read. Whatever it does not get done, the next plan finds again.

mod agreement;
mod config;
mod event;
mod explain;
mod matcher;
mod plan;
mod pool;
mod queue;
mod rule;
mod ticket;

pub use config::{MAX_BYTES, Queues, QueuesError};
pub use event::{Ending, Event, Found, ReturnReason};
pub use explain::{Explanation, explain};
pub use plan::{Ended, Plan, Returned, plan};
pub use pool::{MAX_WAITS, Pool};
pub use queue::{MAX_PLAYERS, Queue, StartsBattle, TeamSize};
pub use rule::{LATENCIES, Limit, Rule, RuleKind, Widening};
pub use ticket::{
    Attribute, Attributes, Match, Owner, Placed, Proposal, State, Team, Ticket, TicketRef,
};
