//! What the demo says in the end.

use std::collections::BTreeMap;

use protocol::event::Outcome as Ending;
use serde_json::{Map, Value, json};

use super::fight;
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

/// Everything about two strangers as one JSON object, whether it went well or not.
pub(super) fn match_json(timeline: &Timeline, fought: &anyhow::Result<fight::Outcome>) -> Value {
    let matched = timeline.both_made(Step::Matched).is_some();
    let connected = timeline.both_made(Step::ChannelOpen).is_some();
    match fought {
        Ok(outcome) => {
            let [ann, bob] = &outcome.shares;
            json!({
                "matched": matched,
                "connected": connected,
                "lobby_id": outcome.lobby_id,
                "settled": {
                    "battle_id": ann.settled.battle_id,
                    "reason": ann.settled.settlement.reason,
                    "scores": ann.settled.settlement.scores,
                    "results": ann.settled.settlement.results,
                },
                "players": { "Ann": stranger(ann), "Bob": stranger(bob) },
                "frames_sent": ann.signalling.frames_sent + bob.signalling.frames_sent,
                "frames_received": ann.signalling.frames_received + bob.signalling.frames_received,
                "milliseconds_to_connect": since(timeline, Step::ChannelOpen, outcome.began),
                "milliseconds_to_match": since(timeline, Step::Matched, outcome.began),
                "milliseconds": timeline.milliseconds(),
                "timeline": timeline.entries(),
            })
        }
        Err(error) => json!({
            "matched": matched,
            "connected": connected,
            "error": output::sentences(error),
            "missing": timeline.missing(),
            "milliseconds": timeline.milliseconds(),
            "timeline": timeline.entries(),
        }),
    }
}

/// The end of the strangers' timeline for people.
pub(super) fn print_match(timeline: &Timeline, outcome: &fight::Outcome) {
    let matched = since(timeline, Step::Matched, outcome.began).unwrap_or_default();
    let connected = since(timeline, Step::ChannelOpen, outcome.began).unwrap_or_default();
    output::line("");
    output::line(format_args!(
        "{GOOD}Matched in {matched:.1} ms, connected in {connected:.1} ms{GOOD:#}, and settled once:"
    ));
    output::line("");
    for share in &outcome.shares {
        let scores = share.settled.settlement.scores.as_ref();
        let score = scores.and_then(|scores| scores.get(&share.player_id));
        let result = match share.result() {
            Some(Ending::Win) => "wins",
            Some(Ending::Lose) => "loses",
            Some(Ending::Draw) | None => "neither wins nor loses",
        };
        output::line(format_args!(
            "  {HEADING}{}{HEADING:#} {result} with {} points, told {} time.",
            share.side.name(),
            score.copied().unwrap_or_default(),
            share
                .heard
                .get("battle_settled")
                .copied()
                .unwrap_or_default()
        ));
    }
    output::line("");
    for share in &outcome.shares {
        output::line(format_args!(
            "{QUIET}{} heard: {}; and {} messages over the data channel.{QUIET:#}",
            share.side.name(),
            counts(&share.heard),
            share.messages.received
        ));
    }
}

fn stranger(share: &fight::Share) -> Value {
    let mut report = Map::new();
    report.insert("player_id".to_owned(), json!(share.player_id));
    report.insert("result".to_owned(), json!(share.result()));
    report.insert("heard".to_owned(), json!(share.heard));
    let messages = json!({ "sent": share.messages.sent, "received": share.messages.received });
    report.insert("messages".to_owned(), messages);
    Value::Object(report)
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
        output::line(format_args!(
            "{QUIET}The {name} heard: {}.{QUIET:#}",
            counts(&share.heard)
        ));
    }
}

/// From the first player's first move until both had an open data channel.
fn milliseconds_to_connect(timeline: &Timeline, outcome: &Outcome) -> Option<f64> {
    since(timeline, Step::ChannelOpen, outcome.began)
}

/// From a beginning until both had made a step, in milliseconds to a tenth.
fn since(timeline: &Timeline, step: Step, began: f64) -> Option<f64> {
    let made = timeline.both_made(step)?;
    Some(((made - began) * 10.0).round() / 10.0)
}

fn counts(heard: &BTreeMap<String, u64>) -> String {
    let counts: Vec<String> = heard
        .iter()
        .map(|(event, count)| format!("{event} {count}"))
        .collect();
    counts.join(", ")
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
