//! What the demo says in the end.

use serde_json::{Value, json};

use super::play::{Outcome, Share};
use super::timeline::{Step, Timeline};
use crate::output::{self, GOOD, HEADING, QUIET};

/// Everything as one JSON object, whether it went well or not.
pub(super) fn json(timeline: &Timeline, played: &anyhow::Result<Outcome>) -> Value {
    let connected = timeline.both_made(Step::ChannelOpen).is_some();
    match played {
        Ok(outcome) => json!({
            "connected": connected,
            "frames_sent": frames_sent(outcome),
            "frames_received": frames_received(outcome),
            "milliseconds_to_connect": milliseconds_to_connect(timeline, outcome),
            "milliseconds": timeline.milliseconds(),
            "messages": {
                "host": { "sent": outcome.host.messages.sent, "received": outcome.host.messages.received },
                "guest": { "sent": outcome.guest.messages.sent, "received": outcome.guest.messages.received },
            },
            "signalling": { "host": signalling(&outcome.host), "guest": signalling(&outcome.guest) },
            "timeline": timeline.entries(),
        }),
        Err(error) => json!({
            "connected": connected,
            "error": output::sentences(error),
            "missing": timeline.missing(),
            "milliseconds": timeline.milliseconds(),
            "timeline": timeline.entries(),
        }),
    }
}

/// The end of the timeline for people.
pub(super) fn print(timeline: &Timeline, outcome: &Outcome) {
    let milliseconds = milliseconds_to_connect(timeline, outcome).unwrap_or_default();
    output::line("");
    output::line(format_args!(
        "{GOOD}Connected in {milliseconds:.1} ms{GOOD:#} with {} frames to Switchboard and {} from it.",
        frames_sent(outcome),
        frames_received(outcome)
    ));
    output::line("");
    output::line(format_args!(
        "{HEADING}         through Switchboard    over the data channel{HEADING:#}"
    ));
    output::line(format_args!(
        "{HEADING}           sent    received        sent    received{HEADING:#}"
    ));
    for (name, share) in [("host", &outcome.host), ("guest", &outcome.guest)] {
        output::line(format_args!(
            "  {name:<5}  {:>6}    {:>8}    {:>8}    {:>8}",
            share.signalling.frames_sent,
            share.signalling.frames_received,
            share.messages.sent,
            share.messages.received
        ));
    }
    output::line("");
    for (name, share) in [("host", &outcome.host), ("guest", &outcome.guest)] {
        let heard: Vec<String> = share
            .heard
            .iter()
            .map(|(event, count)| format!("{event} {count}"))
            .collect();
        output::line(format_args!(
            "{QUIET}The {name} heard: {}.{QUIET:#}",
            heard.join(", ")
        ));
    }
}

/// From the first player's first move until both had an open data channel.
fn milliseconds_to_connect(timeline: &Timeline, outcome: &Outcome) -> Option<f64> {
    let opened = timeline.both_made(Step::ChannelOpen)?;
    Some(((opened - outcome.began) * 10.0).round() / 10.0)
}

fn frames_sent(outcome: &Outcome) -> u64 {
    outcome.host.signalling.frames_sent + outcome.guest.signalling.frames_sent
}

fn frames_received(outcome: &Outcome) -> u64 {
    outcome.host.signalling.frames_received + outcome.guest.signalling.frames_received
}

fn signalling(share: &Share) -> Value {
    json!({
        "frames_sent": share.signalling.frames_sent,
        "frames_received": share.signalling.frames_received,
        "bytes_sent": share.signalling.bytes_sent,
        "bytes_received": share.signalling.bytes_received,
        "heard": share.heard,
    })
}
