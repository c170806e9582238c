//! Points in time, as the handlers pass them in.

use std::ops::Add;
use std::time::Duration;

/// Milliseconds since 1970.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(u64);

impl Timestamp {
    /// From milliseconds since 1970.
    #[must_use]
    pub fn from_millis(millis: u64) -> Self {
        Self(millis)
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub fn as_millis(self) -> u64 {
        self.0
    }

    /// Whole seconds since 1970, rounded down.
    #[must_use]
    pub fn as_secs(self) -> u64 {
        self.0 / 1_000
    }

    /// Whole seconds since 1970, rounded up: nothing that ends here has ended before then.
    #[must_use]
    pub fn as_secs_ceil(self) -> u64 {
        self.0.div_ceil(1_000)
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        Self(self.0.saturating_add(millis))
    }
}

/// How many seconds it takes until then, a second that has begun counting as one.
pub(crate) fn seconds_until(then: Timestamp, now: Timestamp) -> u32 {
    let millis = then.as_millis().saturating_sub(now.as_millis());
    u32::try_from(millis.div_ceil(1_000)).unwrap_or(u32::MAX)
}
