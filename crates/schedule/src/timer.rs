//! Timers: what is looked at again when its time has come.

use std::time::Duration;

use domain::Timestamp;
use futures::future::BoxFuture;
use ids::{ConnectionId, LobbyEra, LobbyId, QueueName};
use serde::{Deserialize, Serialize};

use crate::{Schedule, ScheduleError};

/// The longest that SQS keeps a message back. A timer for later comes early, and is sent again.
pub const LONGEST_DELAY: Duration = Duration::from_mins(15);

/// What is to be looked at. It says what it is about: where that has moved on, there is nothing to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "timer", rename_all = "snake_case")]
pub enum Timer {
    /// A queue in which time alone changes something: a rule widens, a proposal or a ticket is over.
    Tick {
        /// Which.
        queue: QueueName,
    },
    /// A lobby in which something is over: a turn, a battle, a player's absence.
    Lobby {
        /// Which.
        lobby_id: LobbyId,
        /// Which incarnation of it.
        era: LobbyEra,
        /// What the lobby calls the moment for which it asked.
        #[serde(with = "millis")]
        at: Timestamp,
    },
    /// A lobby in which perhaps nobody is any more: whether the connections of those who are in it are open is to be looked at.
    CheckUp {
        /// Which.
        lobby_id: LobbyId,
        /// Which incarnation of it.
        era: LobbyEra,
    },
    /// A connection that a post found gone: its player is to be taken out of wherever it is.
    CleanUp {
        /// Which.
        connection_id: ConnectionId,
    },
}

impl Timer {
    /// What kind of timer it is, for the log.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Tick { .. } => "tick",
            Self::Lobby { .. } => "lobby",
            Self::CheckUp { .. } => "check_up",
            Self::CleanUp { .. } => "clean_up",
        }
    }
}

/// A timer on its way, with its time: what a queue carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delayed {
    /// What is to be looked at.
    #[serde(flatten)]
    pub timer: Timer,
    /// When.
    #[serde(with = "millis")]
    pub due: Timestamp,
}

impl Delayed {
    /// Sends a timer that came before its time on its way again.
    ///
    /// # Errors
    /// [`ScheduleError`]: the one that came must come again.
    pub fn send_again(
        self,
        schedule: &dyn Schedule,
        now: Timestamp,
    ) -> BoxFuture<'_, Result<(), ScheduleError>> {
        schedule.timer(self.timer, self.due, now)
    }

    /// How long a queue is to keep it back, in whole seconds: rounded up, so that it does not come before its time, but
    /// never more than [`LONGEST_DELAY`].
    pub(crate) fn delay_seconds(&self, now: Timestamp) -> i32 {
        let millis = self.due.as_millis().saturating_sub(now.as_millis());
        let seconds = millis.div_ceil(1_000).min(LONGEST_DELAY.as_secs());
        i32::try_from(seconds).expect("it is at most the longest delay")
    }
}

/// A point in time as JSON: milliseconds since 1970.
mod millis {
    use domain::Timestamp;
    use serde::{Deserialize, Deserializer, Serializer};

    #[expect(
        clippy::trivially_copy_pass_by_ref,
        reason = "serde passes every field by reference"
    )]
    pub(super) fn serialize<S: Serializer>(at: &Timestamp, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u64(at.as_millis())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Timestamp, D::Error> {
        u64::deserialize(from).map(Timestamp::from_millis)
    }
}
