//! Ticks: a queue's tickets are looked at, and matched where they fit.

use std::time::Duration;

use domain::Timestamp;
use ids::QueueName;
use serde::{Deserialize, Serialize};

/// How long tickets are gathered before somebody looks at them: however many come in it, they make one tick.
pub const BUCKET: Duration = Duration::from_millis(250);

/// A piece of work: one look at everybody who waits in a queue.
///
/// Two ticks of a queue and a bucket are the same one, of which only the first is handled. So whoever handles it waits for
/// the end of the bucket before it looks: by then every ticket whose tick was taken for the same has been written.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Tick {
    /// Which queue.
    pub queue: QueueName,
    /// Which stretch of time, counted in [`BUCKET`]s since 1970.
    pub bucket: u64,
}

impl Tick {
    /// The tick of a queue for what was written until now.
    #[must_use]
    pub fn at(queue: QueueName, now: Timestamp) -> Self {
        Self {
            queue,
            bucket: now.as_millis() / bucket_millis(),
        }
    }

    /// When the last ticket may come whose tick is this one.
    #[must_use]
    pub fn bucket_end(&self) -> Timestamp {
        let buckets = self.bucket.saturating_add(1);
        Timestamp::from_millis(buckets.saturating_mul(bucket_millis()))
    }

    /// What two sendings of one tick have in common, and no other tick has.
    #[must_use]
    pub fn id(&self) -> String {
        format!("{}-{}", self.queue, self.bucket)
    }
}

fn bucket_millis() -> u64 {
    u64::try_from(BUCKET.as_millis()).expect("a bucket is short")
}
