//! The demo as a whole, against a Switchboard in this process.

mod coturn;
mod relay;

use std::time::Duration;

use super::peer::Ways;
use super::scissors::Scissors;
use super::timeline::{Audience, MATCH, MEETING, Step, Timeline};
use super::{Place, against, fight, own, play, report, talk, what_is_missing};

const DEADLINE: Duration = Duration::from_mins(1);

fn here() -> Place {
    Place::Here(Box::new(own()))
}

async fn meet(url: &str, timeline: &Timeline) -> anyhow::Result<play::Outcome> {
    play::play(url, timeline, Ways::All).await
}

async fn fight(url: &str, timeline: &Timeline) -> anyhow::Result<fight::Outcome> {
    fight::play(url, timeline, Ways::All).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_players_meet_and_go_on_without_switchboard() {
    let timeline = Timeline::start(Audience::Program, MEETING);
    let played = against(here(), &timeline, DEADLINE, meet).await;
    let report = report::json(&timeline, &played);
    let outcome = played.expect("the players meet");

    assert_eq!(timeline.missing(), Vec::<String>::new());
    for share in [&outcome.host, &outcome.guest] {
        assert_eq!(share.messages.sent, 2 * talk::ROUND);
        assert_eq!(share.messages.received, 2 * talk::ROUND);
        let heard: u64 = share.heard.values().sum();
        assert!(
            heard <= share.signalling.frames_received,
            "more was heard than came"
        );
    }
    assert_eq!(outcome.host.heard["received_join_request"], 1);
    assert_eq!(outcome.guest.heard["join_request_accepted"], 1);

    assert_eq!(report["connected"], true);
    assert_eq!(report["messages"]["guest"]["received"], 2 * talk::ROUND);
    for count in ["frames_sent", "frames_received", "milliseconds_to_connect"] {
        assert!(
            report[count].as_f64().is_some_and(|count| count > 0.0),
            "{count}: {report}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_players_meet_though_a_connection_is_cut_at_every_step() {
    for seed in 1..=3 {
        let timeline = Timeline::start(Audience::Program, MEETING).with(Scissors::new(seed));
        let played = against(here(), &timeline, DEADLINE, meet).await;
        let outcome = played.expect("the players meet");
        assert_eq!(timeline.missing(), Vec::<String>::new());
        for share in [&outcome.host, &outcome.guest] {
            assert_eq!(share.messages.received, 2 * talk::ROUND);
        }
        let cuts = timeline.count(Step::Cut);
        assert!(cuts >= 15, "one at every step, not {cuts}");
        assert!(timeline.count(Step::Resumed) > 0);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_strangers_are_matched_and_fight_to_one_settlement() {
    let timeline = Timeline::start(Audience::Program, MATCH);
    let played = against(here(), &timeline, DEADLINE, fight).await;
    let report = report::match_json(&timeline, &played);
    let outcome = played.expect("the strangers meet");

    assert_eq!(timeline.missing(), Vec::<String>::new());
    for share in &outcome.shares {
        assert_eq!(share.heard["match_found"], 1);
        assert_eq!(share.heard["battle_settled"], 1);
        assert_eq!(share.messages.received, talk::ROUND);
    }
    assert!(timeline.both_made(Step::ChannelOpen) < timeline.both_made(Step::Settled));
    assert_eq!(report["matched"], true);
    assert_eq!(report["connected"], true);
    assert_eq!(report["settled"]["reason"], "score");
    let mut results = ["Ann", "Bob"].map(|name| report["players"][name]["result"].to_string());
    results.sort();
    assert_eq!(results, [r#""lose""#, r#""win""#]);
}

#[tokio::test]
async fn without_a_switchboard_the_report_says_what_is_missing() {
    let timeline = Timeline::start(Audience::Program, MEETING);
    // The port of a listener that is gone again: nobody is there.
    let gone =
        std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
    let url = format!("ws://{}", gone.expect("a free port"));
    let played = against(Place::There(url), &timeline, DEADLINE, meet).await;
    let report = report::json(&timeline, &played);
    assert_eq!(report["connected"], false);
    assert_eq!(report["missing"][0], "connected to Switchboard (host)");
    let error = report["error"].as_str().expect("a sentence");
    assert!(error.contains("`switchboard serve` starts one."), "{error}");
}

#[tokio::test]
async fn a_deadline_that_passes_names_what_was_missing() {
    let timeline = Timeline::start(Audience::Program, MEETING);
    let played = against(here(), &timeline, Duration::ZERO, meet).await;
    let sentence = played.expect_err("no time at all").to_string();
    assert_eq!(
        sentence,
        "The demo was not done within 0ns. Still missing: connected to Switchboard (host), connected to Switchboard \
         (guest), lobby opened (host), join requested (guest), and 21 more."
    );
}

#[test]
fn what_is_missing_fits_a_sentence() {
    let steps: Vec<String> = ["a", "b", "c", "d", "e", "f"].map(str::to_owned).into();
    assert_eq!(
        what_is_missing(&steps),
        "Still missing: a, b, c, d, and 2 more."
    );
    assert_eq!(what_is_missing(&steps[..1]), "Still missing: a.");
}
