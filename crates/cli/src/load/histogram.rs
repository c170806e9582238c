//! How long many things have taken.

use std::fmt;
use std::time::Duration;

use hdrhistogram::Histogram;
use serde_json::{Value, json};

/// The longest bar, in characters.
const WIDTH: u64 = 50;

/// The longest that is told from what is longer still, in microseconds: an hour.
const LONGEST: u64 = 3_600_000_000;

/// How long many have waited, to three digits and to the microsecond.
#[derive(Clone, Debug)]
pub(super) struct Waits {
    what: &'static str,
    counted: Histogram<u64>,
}

impl Waits {
    /// None yet, of what is called so.
    pub(super) fn new(what: &'static str) -> Self {
        let counted = Histogram::new_with_bounds(1, LONGEST, 3).expect("good bounds");
        Self { what, counted }
    }

    /// Counts one more.
    pub(super) fn record(&mut self, wait: Duration) {
        let micros = u64::try_from(wait.as_micros()).unwrap_or(LONGEST);
        self.counted
            .record(micros.min(LONGEST))
            .expect("within the bounds");
    }

    /// The percentiles that are looked at, in milliseconds.
    pub(super) fn percentiles(&self) -> Value {
        let rounded = |micros| (milliseconds(micros) * 1_000.0).round() / 1_000.0;
        let at = |quantile| rounded(self.counted.value_at_quantile(quantile));
        json!({
            "p50": at(0.5),
            "p90": at(0.9),
            "p99": at(0.99),
            "max": rounded(self.counted.max()),
        })
    }
}

impl fmt::Display for Waits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let waits = &self.counted;
        let step = (waits.max() / 10).max(1);
        let most = waits
            .iter_linear(step)
            .map(|bar| bar.count_since_last_iteration());
        let most = most.max().unwrap_or(0).max(1);
        writeln!(f, "  {}, in ms", self.what)?;
        for bar in waits.iter_linear(step) {
            let (until, count) = (bar.value_iterated_to(), bar.count_since_last_iteration());
            let length = usize::try_from(count * WIDTH / most).unwrap_or_default();
            let until = milliseconds(until);
            writeln!(f, "  up to {until:>9.2} {count:>8} {}", "#".repeat(length))?;
        }
        let at = |quantile| milliseconds(waits.value_at_quantile(quantile));
        let (half, most, all) = (at(0.5), at(0.99), milliseconds(waits.max()));
        write!(f, "  p50 {half:.2} ms, p99 {most:.2} ms, max {all:.2} ms")
    }
}

fn milliseconds(micros: u64) -> f64 {
    Duration::from_micros(micros).as_secs_f64() * 1_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_told_in_milliseconds_and_parts_of_one() {
        let mut waits = Waits::new("time to answer");
        for wait in [300, 300, 300, 2_000] {
            waits.record(Duration::from_micros(wait));
        }
        let expected = json!({ "p50": 0.3, "p90": 2.0, "p99": 2.0, "max": 2.0 });
        assert_eq!(waits.percentiles(), expected);
        let told = waits.to_string();
        assert!(told.starts_with("  time to answer, in ms\n"), "{told}");
        assert!(
            told.ends_with("p50 0.30 ms, p99 2.00 ms, max 2.00 ms"),
            "{told}"
        );
    }

    #[test]
    fn a_long_wait_among_short_ones_is_told_as_it_was() {
        let mut waits = Waits::new("time to answer");
        for wait in [1, 20_000, 30_000_000] {
            waits.record(Duration::from_micros(wait));
        }
        let told = waits.percentiles();
        let at = |which: &str| told[which].as_f64().expect("a number");
        // To three digits.
        assert!((at("p50") - 20.0).abs() < 0.02, "{told}");
        assert!((at("max") - 30_000.0).abs() < 30.0, "{told}");
        waits.record(Duration::from_hours(24));
        let longest = waits.percentiles()["max"].as_f64().expect("a number");
        assert!((longest - 3_600_000.0).abs() < 3_600.0, "{longest}");
    }

    #[test]
    fn nothing_at_all_can_be_told_too() {
        let waits = Waits::new("time to answer");
        assert_eq!(waits.percentiles()["max"], 0.0);
        assert!(waits.to_string().ends_with("max 0.00 ms"));
    }
}
