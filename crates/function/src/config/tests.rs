//! Settings that are read, and those that are refused with what to do.

use std::collections::BTreeMap;

use super::*;
use crate::in_full::InFull;
use seal::MIN_SECRET;

fn complete() -> BTreeMap<&'static str, &'static str> {
    BTreeMap::from([
        (
            "SWITCHBOARD_SEAL_SECRET",
            "a secret of at least 32 characters",
        ),
        ("SWITCHBOARD_TABLE_PREFIX", "switchboard-test-"),
        ("SWITCHBOARD_CALLBACK_URL", "https://api.example.org/test"),
        (
            "SWITCHBOARD_TICKS_URL",
            "https://sqs.example.org/ticks.fifo",
        ),
        ("SWITCHBOARD_TIMERS_URL", "https://sqs.example.org/timers"),
        ("AWS_REGION", "eu-central-1"),
        ("AWS_ACCESS_KEY_ID", "id"),
        ("AWS_SECRET_ACCESS_KEY", "key"),
    ])
}

fn read(variables: &BTreeMap<&str, &str>) -> Result<Config, ConfigError> {
    Config::read(|name| variables.get(name).map(ToString::to_string))
}

#[test]
fn a_complete_environment_is_enough() {
    assert!(read(&complete()).is_ok());
}

#[test]
fn every_missing_setting_is_named_with_what_to_do() {
    for name in complete().keys() {
        let mut variables = complete();
        variables.remove(name);
        let sentence = read(&variables).expect_err(name).to_string();
        assert!(
            sentence.starts_with(&format!("{name} is not set: ")),
            "{sentence}"
        );
    }
}

#[tokio::test]
async fn a_short_secret_is_refused_with_what_to_do() {
    let mut variables = complete();
    variables.insert("SWITCHBOARD_SEAL_SECRET", "short");
    let error = read(&variables)
        .expect("read")
        .connect()
        .await
        .expect_err("too short");
    let sentence = error.to_string();
    assert_eq!(
        sentence,
        format!(
            "SWITCHBOARD_SEAL_SECRET is not valid (the sealing secret has fewer than \
             {MIN_SECRET} characters): use a random text that is longer"
        )
    );
}

#[tokio::test]
async fn an_endpoint_where_nobody_listens_is_named_with_what_to_do() {
    let mut variables = complete();
    variables.remove("SWITCHBOARD_SEAL_SECRET");
    variables.insert(
        "SWITCHBOARD_SEAL_PARAMETER",
        "/switchboard/test/seal-secret",
    );
    variables.insert("AWS_ENDPOINT_URL", "http://127.0.0.1:1");
    let config = read(&variables).expect("read");
    let error = config.connect().await.expect_err("nobody listens");
    let sentence = InFull(&error).to_string();
    for part in [
        "/switchboard/test/seal-secret",
        "check that AWS_ENDPOINT_URL",
    ] {
        assert!(sentence.contains(part), "{sentence}");
    }
}

#[test]
fn a_list_of_servers_that_is_none_is_refused() {
    let mut variables = complete();
    variables.insert("SWITCHBOARD_ICE_SERVERS", "stun:stun.example.org");
    let sentence = read(&variables).expect_err("no JSON").to_string();
    assert!(
        sentence.starts_with("SWITCHBOARD_ICE_SERVERS is not valid"),
        "{sentence}"
    );
}

#[test]
fn queues_that_are_none_are_refused() {
    let mut variables = complete();
    variables.insert("SWITCHBOARD_QUEUES", "1v1");
    let sentence = read(&variables).expect_err("no JSON").to_string();
    assert!(
        sentence.starts_with("SWITCHBOARD_QUEUES is not valid: The queues are not JSON"),
        "{sentence}"
    );
}

#[test]
fn a_grace_period_is_a_whole_number_of_seconds_up_to_a_quarter_of_an_hour() {
    for (seconds, grace) in [("", 30), ("0", 0), ("900", 900)] {
        let mut variables = complete();
        variables.insert("SWITCHBOARD_GRACE_SECONDS", seconds);
        let config = read(&variables).expect(seconds);
        assert_eq!(config.grace, Duration::from_secs(grace));
    }
    for seconds in ["-1", "1.5", "901", "half a minute"] {
        let mut variables = complete();
        variables.insert("SWITCHBOARD_GRACE_SECONDS", seconds);
        let sentence = read(&variables).expect_err(seconds).to_string();
        assert_eq!(
            sentence,
            format!(
                "SWITCHBOARD_GRACE_SECONDS is not valid ({seconds} is no whole number from 0 to 900): \
                 set it to the seconds that a player may be away, for example 30"
            )
        );
    }
}

#[test]
fn a_lobby_is_looked_at_every_so_many_seconds_up_to_two_hours_or_never() {
    for (seconds, check_up) in [("", Some(600)), ("0", None), ("7200", Some(7_200))] {
        let mut variables = complete();
        variables.insert("SWITCHBOARD_CHECK_UP_SECONDS", seconds);
        let config = read(&variables).expect(seconds);
        assert_eq!(config.check_up, check_up.map(Duration::from_secs));
    }
    let mut variables = complete();
    variables.insert("SWITCHBOARD_CHECK_UP_SECONDS", "7201");
    assert_eq!(
        read(&variables).expect_err("too long").to_string(),
        "SWITCHBOARD_CHECK_UP_SECONDS is not valid (7201 is no whole number from 0 to 7200): \
         set it to the seconds after which a lobby is looked at, for example 600, or to 0 for never"
    );
}

fn with_turn(json: &'static str) -> BTreeMap<&'static str, &'static str> {
    let mut variables = complete();
    variables.insert("SWITCHBOARD_TURN", json);
    variables.insert(
        "SWITCHBOARD_TURN_SECRET",
        "another secret of 32 characters!",
    );
    variables
}

#[tokio::test]
async fn turn_servers_are_taken_with_the_secret_that_they_know() {
    let json = r#"{"urls": ["turn:turn.example.org"], "lifetime_seconds": 600}"#;
    let context = read(&with_turn(json)).expect("read").connect().await;
    assert!(context.expect("a context").turn.is_some());
}

#[test]
fn turn_servers_without_a_secret_are_refused_with_what_to_do() {
    let mut variables = with_turn(r#"{"urls": ["turn:turn.example.org"]}"#);
    variables.remove("SWITCHBOARD_TURN_SECRET");
    let sentence = read(&variables).expect_err("no secret").to_string();
    assert!(
        sentence.starts_with("SWITCHBOARD_TURN_SECRET is not set: set it to"),
        "{sentence}"
    );
    assert!(
        sentence.contains("SWITCHBOARD_TURN_PARAMETER"),
        "{sentence}"
    );
}

#[test]
fn turn_servers_that_cannot_be_are_refused_with_what_to_do() {
    for (json, says) in [
        ("turn:turn.example.org", "set it to JSON like"),
        (r#"{"urls": [], "extra": 1}"#, "set it to JSON like"),
        (r#"{"urls": []}"#, "give 1 to 8"),
        (
            r#"{"urls": ["turn:a"], "lifetime_seconds": 1}"#,
            "choose one between",
        ),
    ] {
        let sentence = read(&with_turn(json)).expect_err(json).to_string();
        assert!(
            sentence.starts_with("SWITCHBOARD_TURN is not valid"),
            "{sentence}"
        );
        assert!(sentence.contains(says), "{sentence}");
    }
}

#[tokio::test]
async fn a_short_turn_secret_is_refused_by_the_variable_it_came_from() {
    let mut variables = with_turn(r#"{"urls": ["turn:turn.example.org"]}"#);
    variables.insert("SWITCHBOARD_TURN_SECRET", "short");
    let error = read(&variables).expect("read").connect().await;
    let sentence = error.expect_err("too short").to_string();
    assert!(
        sentence.starts_with("SWITCHBOARD_TURN_SECRET is not valid: "),
        "{sentence}"
    );
    assert!(!sentence.contains("\"short\""), "{sentence}");
}

#[test]
fn limits_that_cannot_be_are_refused_by_their_variable() {
    let mut variables = complete();
    variables.insert(
        "SWITCHBOARD_LIMITS",
        r#"{"relay": {"burst": 0, "per_second": 1}}"#,
    );
    let sentence = read(&variables).expect_err("no limit").to_string();
    assert!(
        sentence.starts_with("SWITCHBOARD_LIMITS is not valid: the limit of relay"),
        "{sentence}"
    );
}
