//! What must happen later: ticks, which work a queue, and timers.
//!
//! A handler does not know how: on AWS and in an emulator both are messages of SQS ([`Sqs`]); in the local server they stay
//! in the process, and the server brings its own [`Schedule`]. Both deliver at least once, timers in any order: whoever
//! handles one looks at what it is about before it does anything.

mod error;
mod message;
mod sqs;
#[cfg(test)]
mod tests;
mod tick;
mod timer;

use domain::Timestamp;
use futures::future::BoxFuture;

pub use error::ScheduleError;
pub use message::{Message, Received, Unreadable};
pub use sqs::{Sqs, SqsSettings};
pub use tick::{BUCKET, Tick};
pub use timer::{Delayed, LONGEST_DELAY, Timer};

/// Has things happen later.
pub trait Schedule: Send + Sync {
    /// Has a queue worked. Ticks of one queue are handled one after the other in the order in which they were sent, those
    /// of different queues at the same time. A tick that has been sent already, within the last five minutes, is done
    /// with.
    ///
    /// Send it after the write that it is to see.
    ///
    /// # Errors
    /// [`ScheduleError`], where it is unknown whether the tick was taken.
    fn tick(&self, tick: Tick) -> BoxFuture<'_, Result<(), ScheduleError>>;

    /// Has a timer handled at a time, or as soon after it as can be, but never before. A time that has passed means now.
    ///
    /// Send it before the write that it belongs to: a timer that is about nothing does nothing, but one that was never sent
    /// does not either.
    ///
    /// # Errors
    /// [`ScheduleError`], where it is unknown whether the timer was taken.
    fn timer(
        &self,
        timer: Timer,
        at: Timestamp,
        now: Timestamp,
    ) -> BoxFuture<'_, Result<(), ScheduleError>>;
}
