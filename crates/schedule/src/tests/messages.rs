//! Ticks and timers as text, and back.

use std::time::Duration;

use domain::Timestamp;
use ids::{ConnectionId, LobbyEra, LobbyId, QueueName};

use crate::message::write;
use crate::{Delayed, Message, Received, Tick, Timer};

fn queue() -> QueueName {
    QueueName::parse("1v1").expect("a queue")
}

fn millis(millis: u64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn timers() -> [(Timer, &'static str); 4] {
    let lobby = Timer::Lobby {
        lobby_id: LobbyId::parse("L").expect("a lobby id"),
        era: LobbyEra::parse("era").expect("an era"),
        at: millis(7),
    };
    let check_up = Timer::CheckUp {
        lobby_id: LobbyId::parse("L").expect("a lobby id"),
        era: LobbyEra::parse("era").expect("an era"),
    };
    let clean_up = Timer::CleanUp {
        connection_id: ConnectionId::parse("C=").expect("a connection id"),
    };
    [
        (
            Timer::Tick { queue: queue() },
            r#"{"timer":"tick","queue":"1v1","due":9}"#,
        ),
        (
            lobby,
            r#"{"timer":"lobby","lobby_id":"L","era":"era","at":7,"due":9}"#,
        ),
        (
            check_up,
            r#"{"timer":"check_up","lobby_id":"L","era":"era","due":9}"#,
        ),
        (
            clean_up,
            r#"{"timer":"clean_up","connection_id":"C=","due":9}"#,
        ),
    ]
}

#[test]
fn two_ticks_of_a_bucket_are_the_same_and_one_of_the_next_is_not() {
    let first = Tick::at(queue(), millis(1_000));
    assert_eq!(first, Tick::at(queue(), millis(1_249)));
    assert_eq!(first.id(), "1v1-4");
    assert_eq!(Tick::at(queue(), millis(1_250)).id(), "1v1-5");
}

#[test]
fn a_bucket_ends_where_the_next_one_begins() {
    let tick = Tick::at(queue(), millis(1_249));
    assert_eq!(tick.bucket_end(), millis(1_250));
    assert_eq!(Tick::at(queue(), tick.bucket_end()).bucket, tick.bucket + 1);
}

#[test]
fn the_last_bucket_of_all_has_an_end() {
    let tick = Tick {
        queue: queue(),
        bucket: u64::MAX,
    };
    assert_eq!(tick.bucket_end(), millis(u64::MAX));
}

#[test]
fn a_tick_is_read_as_it_was_written() {
    let tick = Tick::at(queue(), millis(1_000));
    let body = write(&tick);
    assert_eq!(body, r#"{"queue":"1v1","bucket":4}"#);
    let read = Tick::receive(&body, millis(0)).expect("a tick");
    assert_eq!(read, Received::Due(tick));
}

#[test]
fn every_timer_is_read_as_it_was_written_once_it_is_due() {
    for (timer, expected) in timers() {
        let delayed = Delayed {
            timer: timer.clone(),
            due: millis(9),
        };
        assert_eq!(write(&delayed), expected);
        let read = Timer::receive(expected, millis(9)).expect("a timer");
        assert_eq!(read, Received::Due(timer));
        let read = Timer::receive(expected, millis(8)).expect("a timer");
        assert_eq!(read, Received::Early(delayed));
    }
}

#[test]
fn a_timer_says_its_kind_as_its_body_does() {
    for (timer, body) in timers() {
        assert!(body.contains(timer.kind()), "{body}");
    }
}

#[test]
fn what_is_no_message_is_refused_with_the_name_of_its_queue() {
    for body in ["", "{}", r#"{"timer":"alarm","due":1}"#, r#"{"queue":"A"}"#] {
        let timer = Timer::receive(body, millis(0)).expect_err(body);
        assert_eq!(
            timer.to_string(),
            "a message of the queue of timers cannot be read"
        );
        Tick::receive(body, millis(0)).expect_err(body);
    }
}

#[test]
fn a_field_of_a_later_version_is_no_reason_to_refuse_a_message() {
    let body = r#"{"queue":"1v1","bucket":4,"why":"nobody knows"}"#;
    Tick::receive(body, millis(0)).expect("a tick");
}

#[test]
fn a_delay_is_rounded_up_to_a_second_and_never_longer_than_sqs_can() {
    let now = millis(10_000);
    let quarter = Duration::from_mins(15);
    for (due, seconds) in [
        (millis(0), 0),
        (now, 0),
        (now + Duration::from_millis(1), 1),
        (now + Duration::from_secs(1), 1),
        (now + Duration::from_millis(1_001), 2),
        (now + quarter, 900),
        (now + quarter + Duration::from_millis(1), 900),
        (millis(u64::MAX), 900),
    ] {
        let timer = Timer::Tick { queue: queue() };
        let delayed = Delayed { timer, due };
        assert_eq!(delayed.delay_seconds(now), seconds, "{due:?}");
    }
}
