//! What came of a load.

use std::fmt;

use anyhow::bail;
use serde_json::{Value, json};

use super::tally::{Frames, Problems};
use crate::args::LoadRelayArgs;
use crate::load::histogram::Waits;
use crate::output::HEADING;

/// By how much memory may grow from half-way to the end: a hundred and fifty hundredths of it. Less may be chance.
const GROWTH_PERCENT: u64 = 150;

/// How much memory the server had, in bytes; `None` where that is not known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Memory {
    /// As the sending began: everybody connected, all lobbies there.
    pub(super) start: Option<u64>,
    /// Half-way.
    pub(super) middle: Option<u64>,
    /// After the last frame, everybody still connected.
    pub(super) end: Option<u64>,
}

impl Memory {
    /// How much there was at the end for each byte at the start.
    fn end_to_start(&self) -> Option<f64> {
        let share = bytes(self.end?) / bytes(self.start?);
        Some((share * 1_000.0).round() / 1_000.0)
    }

    fn has_grown(&self) -> bool {
        let (Some(middle), Some(end)) = (self.middle, self.end) else {
            return false;
        };
        end.saturating_mul(100) > middle.saturating_mul(GROWTH_PERCENT)
    }
}

/// What came of it.
pub(super) struct Report {
    /// What was asked for.
    pub(super) asked: LoadRelayArgs,
    /// How many lobbies there were.
    pub(super) lobbies: u32,
    /// Which way the frames took.
    pub(super) frames: Frames,
    /// How long they took.
    pub(super) waits: Waits,
    /// What the server needed.
    pub(super) memory: Memory,
    /// What must not be.
    pub(super) problems: Problems,
}

impl Report {
    /// For programs.
    pub(super) fn json(&self) -> Value {
        let Self {
            asked,
            frames,
            memory,
            ..
        } = self;
        json!({
            "connections": asked.connections,
            "signalling": asked.signalling,
            "lobbies": self.lobbies,
            "seconds": asked.seconds,
            "frames_per_second_per_player": asked.rate,
            "frames": {
                "sent": frames.sent,
                "received": frames.received,
                "lost": frames.lost(),
                "twice": frames.twice,
                "overtaken": frames.overtaken,
            },
            "milliseconds_to_relay": self.waits.percentiles(),
            "server_memory_bytes": {
                "start": memory.start,
                "middle": memory.middle,
                "end": memory.end,
            },
            "memory_end_to_start": memory.end_to_start(),
            "problems": self.problems.count,
        })
    }

    /// Whether everything held that was to.
    ///
    /// # Errors
    /// Where something did not, with all of it.
    pub(super) fn verdict(&self) -> anyhow::Result<()> {
        let frames = self.frames;
        let mut wrong = Vec::new();
        if frames.lost() > 0 {
            let (lost, sent) = (frames.lost(), frames.sent);
            wrong.push(format!("{lost} of {sent} frames were lost."));
        }
        if frames.twice > 0 {
            wrong.push(format!("{} frames came twice.", frames.twice));
        }
        if self.memory.has_grown() {
            let grown = format!("The server's memory grew: {}.", written(self.memory));
            wrong.push(grown);
        }
        if let Problems {
            count,
            first: Some(first),
        } = &self.problems
        {
            wrong.push(format!(
                "{count} times something else went wrong, first: {first}"
            ));
        }
        if wrong.is_empty() {
            return Ok(());
        }
        bail!(wrong.join(" "))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (asked, frames) = (&self.asked, self.frames);
        writeln!(f, "\n{HEADING}What was asked for{HEADING:#}")?;
        writeln!(f, "  connections     {:>10}", asked.connections)?;
        writeln!(f, "  of them signal  {:>10}", asked.signalling)?;
        writeln!(f, "  in lobbies      {:>10}", self.lobbies)?;
        writeln!(f, "  seconds         {:>10}", asked.seconds)?;
        writeln!(f, "\n{HEADING}Frames{HEADING:#}")?;
        writeln!(f, "  sent            {:>10}", frames.sent)?;
        writeln!(f, "  received        {:>10}", frames.received)?;
        writeln!(f, "  lost            {:>10}", frames.lost())?;
        writeln!(f, "  twice           {:>10}", frames.twice)?;
        writeln!(f, "  overtaken       {:>10}", frames.overtaken)?;
        writeln!(f, "\n{HEADING}Latency{HEADING:#}")?;
        writeln!(f, "{}", self.waits)?;
        writeln!(f, "\n{HEADING}The server's memory{HEADING:#}")?;
        write!(f, "  {}", written(self.memory))
    }
}

fn written(memory: Memory) -> String {
    let [start, middle, end] = [memory.start, memory.middle, memory.end].map(mebibytes);
    format!("{start} at the start, {middle} half-way, {end} at the end")
}

/// For people.
pub(super) fn mebibytes(of: Option<u64>) -> String {
    match of {
        Some(of) => format!("{:.1} MiB", bytes(of) / f64::from(1 << 20)),
        None => "not known".to_owned(),
    }
}

/// Exactly, up to four petabytes.
fn bytes(number: u64) -> f64 {
    let (high, low) = (number >> 32, number & u64::from(u32::MAX));
    let part = |part: u64| f64::from(u32::try_from(part).unwrap_or(u32::MAX));
    part(high) * f64::from(u32::MAX) + part(high) + part(low)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(start: u64, middle: u64, end: u64) -> Memory {
        let [start, middle, end] = [start, middle, end].map(|mebibytes| Some(mebibytes << 20));
        Memory { start, middle, end }
    }

    #[test]
    fn memory_has_grown_where_the_end_is_more_than_half_again_the_middle() {
        assert!(!memory(100, 200, 200).has_grown(), "it came to rest");
        assert!(!memory(100, 200, 300).has_grown());
        assert!(memory(100, 200, 301).has_grown());
        assert!(!Memory::default().has_grown(), "nobody knows");
    }

    #[test]
    fn memory_is_told_in_mebibytes() {
        let told = written(memory(100, 6_000, 6_001));
        assert_eq!(
            told,
            "100.0 MiB at the start, 6000.0 MiB half-way, 6001.0 MiB at the end"
        );
        assert_eq!(memory(4_000, 5_000, 6_000).end_to_start(), Some(1.5));
        assert_eq!(mebibytes(None), "not known");
    }
}
