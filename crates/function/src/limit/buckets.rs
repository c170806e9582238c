//! Token buckets by the generic cell rate algorithm: each is one number, the time at which it will be full again.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, Hash, RandomState};
use std::time::Duration;

use domain::Timestamp;

use super::Limit;

/// The most buckets that are remembered: 16 bytes each, so a few megabytes.
pub(super) const MOST_BUCKETS: usize = 131_072;

const NANOS_PER_SECOND: u64 = 1_000_000_000;
const NANOS_PER_MILLI: u64 = 1_000_000;

/// Buckets that are not full. What is not here is.
#[derive(Clone, Debug, Default)]
pub(super) struct Buckets {
    /// Hash of the owner, which nobody outside can steer -> when its bucket is full again, in nanoseconds since 1970.
    full_at: HashMap<u64, u64>,
    hasher: RandomState,
}

impl Buckets {
    /// Takes a token out of a bucket; or says how long it takes until there is one.
    pub(super) fn take(
        &mut self,
        owner: impl Hash,
        limit: Limit,
        now: Timestamp,
    ) -> Result<(), Duration> {
        let owner = self.hasher.hash_one(owner);
        let now = now.as_millis().saturating_mul(NANOS_PER_MILLI);
        let one = NANOS_PER_SECOND.div_ceil(limit.per_second().into());
        let all = one.saturating_mul(limit.burst().into());
        let full_at = self.full_at.get(&owner).copied().unwrap_or(now);
        // No further than empty: a clock that was ahead for a moment must not shut anybody out.
        let full_at = full_at
            .clamp(now, now.saturating_add(all))
            .saturating_add(one);
        let wait = full_at.saturating_sub(now.saturating_add(all));
        if wait > 0 {
            return Err(Duration::from_nanos(wait));
        }
        if self.full_at.len() >= MOST_BUCKETS && !self.full_at.contains_key(&owner) {
            self.forget(now);
        }
        self.full_at.insert(owner, full_at);
        Ok(())
    }

    /// Forgets the full, who lose nothing by it; and where that is not half of them, those who are nearest to full as well. So each
    /// pass makes room for as many as it looks at, and who asks for most is remembered longest.
    fn forget(&mut self, now: u64) {
        self.full_at.retain(|_, full_at| *full_at > now);
        if self.full_at.len() > MOST_BUCKETS / 2 {
            let mut times: Vec<u64> = self.full_at.values().copied().collect();
            let (_, median, _) = times.select_nth_unstable(self.full_at.len() - MOST_BUCKETS / 2);
            let median = *median;
            self.full_at.retain(|_, full_at| *full_at > median);
        }
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.full_at.len()
    }
}
