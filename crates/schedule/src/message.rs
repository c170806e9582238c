//! What a queue hands to a function.

use domain::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use thiserror::Error;

use crate::{Delayed, Tick, Timer};

/// A body that is none of what the queue carries.
#[derive(Debug, Error)]
#[error("a message of the queue of {queue} cannot be read")]
pub struct Unreadable {
    queue: &'static str,
    #[source]
    source: serde_json::Error,
}

/// A message as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received<M> {
    /// It is to be handled.
    Due(M),
    /// It came before its time, and is to be [sent again](Delayed::send_again).
    Early(Delayed),
}

/// What a queue carries to a function that it drives.
pub trait Message: Sized {
    /// The queue, as `terraform/consumers.json` calls it.
    const QUEUE: &'static str;

    /// Reads a message.
    ///
    /// # Errors
    /// [`Unreadable`]: no other try reads it either.
    fn receive(body: &str, now: Timestamp) -> Result<Received<Self>, Unreadable>;

    /// What kind of message it is, for the log.
    fn kind(&self) -> &'static str;
}

impl Message for Tick {
    const QUEUE: &'static str = "ticks";

    fn receive(body: &str, _now: Timestamp) -> Result<Received<Self>, Unreadable> {
        read::<Self, _>(body).map(Received::Due)
    }

    fn kind(&self) -> &'static str {
        "tick"
    }
}

impl Message for Timer {
    const QUEUE: &'static str = "timers";

    fn receive(body: &str, now: Timestamp) -> Result<Received<Self>, Unreadable> {
        let delayed: Delayed = read::<Self, _>(body)?;
        Ok(if delayed.due <= now {
            Received::Due(delayed.timer)
        } else {
            Received::Early(delayed)
        })
    }

    fn kind(&self) -> &'static str {
        self.name()
    }
}

fn read<M: Message, T: DeserializeOwned>(body: &str) -> Result<T, Unreadable> {
    serde_json::from_str(body).map_err(|source| Unreadable {
        queue: M::QUEUE,
        source,
    })
}

/// The body that [`Message::receive`] reads.
pub(crate) fn write(message: &impl Serialize) -> String {
    serde_json::to_string(message).expect("names and numbers are JSON")
}
