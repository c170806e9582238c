//! Queues as they are configured, and what is wrong with a configuration.

mod fields;
mod queue;
mod rule;
mod starts;

use std::collections::BTreeMap;

use ids::QueueName;
use serde_json::Value;
use thiserror::Error;

use super::Queue;

/// The longest configuration, in bytes: it travels in the environment of functions, which holds 4 KB.
pub const MAX_BYTES: usize = 2_500;

/// The queues that are there unless others are configured.
const SHIPPED: &str = include_str!("../../../../../terraform/queues.default.json");

/// All queues, by their names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Queues(BTreeMap<QueueName, Queue>);

/// What is wrong with a configuration of queues, in a sentence for whoever wrote it.
#[derive(Debug, Error)]
pub enum QueuesError {
    /// Longer than [`MAX_BYTES`].
    #[error(
        "The queues are {bytes} bytes of JSON, and {MAX_BYTES} is the most: leave out spaces, rules or queues."
    )]
    TooLong {
        /// How long it is.
        bytes: usize,
    },
    /// No JSON.
    #[error(
        "The queues are not JSON: {0}. Write a list, such as [{{\"name\":\"1v1\",\"teams\":2,\"team_size\":{{\"min\":1,\"max\":1}}}}]."
    )]
    NotJson(serde_json::Error),
    /// JSON, but no list.
    #[error("The queues must be a list in square brackets, with one queue in it at least.")]
    NotAList,
    /// A queue that cannot be.
    #[error("Queue {queue}: {field} {wish}.")]
    Wrong {
        /// Its name, or its place where it has none.
        queue: String,
        /// Which field of it.
        field: String,
        /// What the field must be, and what it is.
        wish: String,
    },
}

impl Queues {
    /// Reads and checks a configuration.
    ///
    /// # Errors
    /// [`QueuesError`] says which field of which queue is wrong, and what it must be.
    pub fn parse(json: &str) -> Result<Self, QueuesError> {
        let bytes = json.len();
        if bytes > MAX_BYTES {
            return Err(QueuesError::TooLong { bytes });
        }
        let value: Value = serde_json::from_str(json).map_err(QueuesError::NotJson)?;
        let list = value.as_array().filter(|list| !list.is_empty());
        let list = list.ok_or(QueuesError::NotAList)?;
        let mut queues = BTreeMap::new();
        for (place, value) in list.iter().enumerate() {
            let queue = queue::read(place, value)?;
            let name = queue.name.clone();
            if queues.insert(name.clone(), queue).is_some() {
                return Err(QueuesError::Wrong {
                    queue: name.to_string(),
                    field: "name".to_owned(),
                    wish: "is used twice: give each queue a name of its own".to_owned(),
                });
            }
        }
        Ok(Self(queues))
    }

    /// The queues that are there unless others are configured: `1v1`, first come, first served, and `ranked`, by skill.
    #[must_use]
    pub fn shipped() -> Self {
        Self::parse(SHIPPED).expect("a test reads what is shipped")
    }

    /// The queue of this name.
    #[must_use]
    pub fn get(&self, name: &QueueName) -> Option<&Queue> {
        self.0.get(name)
    }

    /// The names of all queues, in order.
    pub fn names(&self) -> impl Iterator<Item = &QueueName> {
        self.0.keys()
    }
}
