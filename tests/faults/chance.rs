//! Everything that is drawn in a run comes from one seed.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use rand::rngs::SmallRng;
use rand::{RngExt, SeedableRng};

/// The one source of chance of a run.
pub(crate) struct Chance(Mutex<SmallRng>);

impl Chance {
    pub(crate) fn of(seed: u64) -> Self {
        Self(Mutex::new(SmallRng::seed_from_u64(seed)))
    }

    fn draw<T>(&self, draw: impl FnOnce(&mut SmallRng) -> T) -> T {
        draw(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether something happens that does so often in a thousand times.
    pub(crate) fn in_a_thousand(&self, times: u32) -> bool {
        self.below(1_000) < times
    }

    /// A number below this one.
    pub(crate) fn below(&self, end: u32) -> u32 {
        self.draw(|chance| chance.random_range(0..end))
    }

    /// A while between two lengths.
    pub(crate) fn between(&self, shortest: u32, longest: u32) -> Duration {
        let millis = self.draw(|chance| chance.random_range(shortest..=longest));
        Duration::from_millis(millis.into())
    }

    /// One of several.
    pub(crate) fn one_of<'a, T>(&self, several: &'a [T]) -> Option<&'a T> {
        let end = u32::try_from(several.len()).ok().filter(|end| *end > 0)?;
        several.get(usize::try_from(self.below(end)).ok()?)
    }
}
