//! What can go wrong with a schedule.

use std::error::Error;

use thiserror::Error;

/// Something was not taken to happen later, as far as is known.
#[derive(Debug, Error)]
pub enum ScheduleError {
    /// The queue did not answer, or not with sense, in time.
    #[error("the queue of {queue} did not take a message")]
    Unavailable {
        /// Of what: `ticks` or `timers`.
        queue: &'static str,
        /// What the SDK says.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// As much waits as may.
    #[error("too many {queue} wait already")]
    Full {
        /// Of what: `ticks` or `timers`.
        queue: &'static str,
    },
}
