//! How long many have waited.

use std::fmt;
use std::time::Duration;

use anyhow::Context as _;
use hdrhistogram::Histogram;
use serde_json::{Value, json};

/// The longest bar, in characters.
const WIDTH: u64 = 50;

/// How long many have waited, to the millisecond.
pub(super) struct Waits(Histogram<u64>);

impl Waits {
    /// Counts them.
    ///
    /// # Errors
    /// Where one is longer than can be counted.
    pub(super) fn of(waits: impl Iterator<Item = Duration>) -> anyhow::Result<Self> {
        let mut counted = Histogram::new(3).context("three digits are possible")?;
        for wait in waits {
            counted.record(u64::try_from(wait.as_millis())?)?;
        }
        Ok(Self(counted))
    }

    /// The percentiles that are looked at, in milliseconds.
    pub(super) fn percentiles(&self) -> Value {
        json!({
            "p50": self.0.value_at_quantile(0.5),
            "p90": self.0.value_at_quantile(0.9),
            "p99": self.0.value_at_quantile(0.99),
            "max": self.0.max(),
        })
    }
}

impl fmt::Display for Waits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let waits = &self.0;
        let step = (waits.max() / 10).max(1);
        let most = waits
            .iter_linear(step)
            .map(|bar| bar.count_since_last_iteration());
        let most = most.max().unwrap_or(0).max(1);
        writeln!(f, "  time to match, in ms")?;
        for bar in waits.iter_linear(step) {
            let (until, count) = (bar.value_iterated_to(), bar.count_since_last_iteration());
            let length = usize::try_from(count * WIDTH / most).unwrap_or_default();
            writeln!(f, "  up to {until:>6} {count:>6} {}", "#".repeat(length))?;
        }
        let (half, most, all) = (
            waits.value_at_quantile(0.5),
            waits.value_at_quantile(0.99),
            waits.max(),
        );
        write!(f, "  p50 {half} ms, p99 {most} ms, max {all} ms")
    }
}
