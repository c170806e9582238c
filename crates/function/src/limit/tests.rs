//! How buckets empty and fill, whose they are, and that there are never too many.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::buckets::MOST_BUCKETS;
use super::*;

const LIMIT: Limit = Limit::new(10, 2);

fn limits(kind: Kind) -> Limits {
    Limits::new(LimitSettings::default().with(kind, LIMIT))
}

fn asker(connection: &str, player: Option<&str>, source: &str) -> Asker {
    Asker {
        connection: Some(connection.to_owned()),
        player: player.map(str::to_owned),
        source: Some(source.to_owned()),
    }
}

fn at(millis: u64) -> Timestamp {
    Timestamp::from_millis(1_800_000_000_000 + millis)
}

/// How many out of so many are let through.
fn admitted(limits: &Limits, route: &str, asker: &Asker, count: u32, now: Timestamp) -> u32 {
    let admitted = (0..count).filter(|_| limits.admit(route, asker, now).is_ok());
    u32::try_from(admitted.count()).expect("a few")
}

#[test]
fn a_burst_passes_and_the_next_one_hears_when_to_come_back() {
    let limits = limits(Kind::Relay);
    let ann = asker("ann=", None, "192.0.2.1");
    assert_eq!(admitted(&limits, "send_ice_candidate", &ann, 30, at(0)), 10);
    let limited = limits.admit("send_ice_candidate", &ann, at(0));
    let limited = limited.expect_err("the bucket is empty");
    assert_eq!(limited.retry_after, Duration::from_millis(500));
    assert_eq!(limited.retry_after_seconds(), 1);
    assert_eq!(
        limits.admit("send_ice_candidate", &ann, at(499)),
        Err(Limited {
            retry_after: Duration::from_millis(1)
        })
    );
    assert_eq!(limits.admit("send_ice_candidate", &ann, at(500)), Ok(()));
}

#[test]
fn a_bucket_fills_at_its_rate_and_no_further_than_full() {
    let limits = limits(Kind::Relay);
    let ann = asker("ann=", None, "192.0.2.1");
    let relayed = |now| admitted(&limits, "send_ice_candidate", &ann, 30, now);
    assert_eq!(relayed(at(0)), 10);
    assert_eq!(relayed(at(2_000)), 4);
    assert_eq!(relayed(at(1_000_000)), 10);
}

#[test]
fn what_one_does_costs_no_other_and_one_kind_costs_no_other_kind() {
    let limits = limits(Kind::Relay);
    let (ann, bob) = (
        asker("ann=", None, "192.0.2.1"),
        asker("bob=", None, "192.0.2.1"),
    );
    admitted(&limits, "send_ice_candidate", &ann, 30, at(0));
    assert_eq!(limits.admit("ping", &ann, at(0)), Ok(()));
    assert_eq!(limits.admit("send_ice_candidate", &bob, at(0)), Ok(()));
}

#[test]
fn a_player_that_comes_over_another_connection_has_no_more_than_before() {
    let limits = limits(Kind::Lobby);
    let (first, second) = (
        asker("1=", Some("ann"), "192.0.2.1"),
        asker("2=", Some("ann"), "192.0.2.2"),
    );
    assert_eq!(admitted(&limits, "join_lobby", &first, 30, at(0)), 10);
    assert!(limits.admit("join_lobby", &second, at(0)).is_err());
    let player = PlayerId::parse("ann").expect("valid");
    assert!(limits.admit_player(Kind::Lobby, &player, at(0)).is_err());
}

#[test]
fn connections_are_counted_for_the_address_that_they_come_from() {
    let limits = limits(Kind::Connect);
    let from = |connection: u32, source| asker(&connection.to_string(), None, source);
    let admitted = (0..30).filter(|one| {
        limits
            .admit("$connect", &from(*one, "192.0.2.1"), at(0))
            .is_ok()
    });
    assert_eq!(admitted.count(), 10);
    assert_eq!(
        limits.admit("$connect", &from(30, "192.0.2.2"), at(0)),
        Ok(())
    );
}

#[test]
fn a_farewell_is_always_heard() {
    let limits = limits(Kind::Other);
    let ann = asker("ann=", None, "192.0.2.1");
    assert_eq!(
        admitted(&limits, "$disconnect", &ann, 10_000, at(0)),
        10_000
    );
}

#[test]
fn a_clock_that_was_ahead_for_a_moment_shuts_nobody_out() {
    let limits = limits(Kind::Relay);
    let ann = asker("ann=", None, "192.0.2.1");
    admitted(&limits, "send_ice_candidate", &ann, 30, at(86_400_000));
    let limited = limits
        .admit("send_ice_candidate", &ann, at(0))
        .expect_err("empty");
    assert_eq!(limited.retry_after, Duration::from_millis(500));
}

#[test]
fn there_are_never_too_many_buckets_and_who_asks_for_most_is_remembered() {
    let mut buckets = Buckets::default();
    let now = at(0);
    while buckets.take("greedy", LIMIT, now).is_ok() {}
    for one in 0..3 * MOST_BUCKETS {
        assert_eq!(buckets.take(one, LIMIT, now), Ok(()));
        assert!(buckets.len() <= MOST_BUCKETS);
    }
    assert!(buckets.take("greedy", LIMIT, now).is_err());
}

#[test]
fn every_route_is_of_the_kind_that_its_function_suggests() {
    let routes: BTreeMap<String, Vec<String>> =
        serde_json::from_str(include_str!("../../../../terraform/routes.json"))
            .expect("a map of lists");
    for (function, routes) in routes {
        for route in routes {
            let expected = match (function.as_str(), route.as_str()) {
                (_, "$disconnect") => None,
                (_, "$connect") => Some(Kind::Connect),
                ("lobby", "list_lobbies") | ("battle", "list_results") => Some(Kind::Listing),
                ("signalling", "get_ice_servers") => Some(Kind::IceServers),
                ("signalling", _) => Some(Kind::Relay),
                ("lobby", _) => Some(Kind::Lobby),
                ("matchmaking", _) => Some(Kind::Matchmaking),
                ("battle", _) => Some(Kind::Battle),
                ("connection", _) => Some(Kind::Other),
                (other, _) => panic!("of what kind are the actions of `{other}`?"),
            };
            assert_eq!(Kind::of(&route), expected, "{route}");
        }
    }
}

#[test]
fn every_kind_is_read_by_its_name() {
    for kind in Kind::ALL {
        let json = format!(r#"{{"{}": {{"burst": 7, "per_second": 7}}}}"#, kind.name());
        let settings = LimitSettings::parse(&json).expect("a kind");
        assert_eq!(settings.of(kind), Limit::new(7, 7));
    }
}

#[test]
fn limits_that_are_left_out_stay_as_they_are() {
    let settings =
        LimitSettings::parse(r#"{"relay": {"burst": 5, "per_second": 1}}"#).expect("good");
    assert_eq!(settings.of(Kind::Relay), Limit::new(5, 1));
    assert_eq!(
        settings.of(Kind::Lobby),
        LimitSettings::default().of(Kind::Lobby)
    );
}

#[test]
fn limits_that_cannot_be_are_refused_with_what_to_do() {
    for (json, says) in [
        ("[]", "write it like"),
        (
            r#"{"relays": {"burst": 5, "per_second": 1}}"#,
            "unknown variant `relays`",
        ),
        (r#"{"relay": {"burst": 5}}"#, "missing field `per_second`"),
        (
            r#"{"relay": {"burst": 0, "per_second": 1}}"#,
            "relay is outside 1 to 1000000",
        ),
        (
            r#"{"relay": {"burst": 1, "per_second": 1000001}}"#,
            "relay is outside 1 to 1000000",
        ),
    ] {
        let sentence = LimitSettings::parse(json).expect_err(json).to_string();
        assert!(sentence.contains(says), "{sentence}");
    }
}

proptest! {
    /// Over any stretch of time no more get through than the burst and the rate allow, and who waits as told is let through.
    #[test]
    fn no_more_than_the_burst_and_the_rate_get_through(
        burst in 1_u32..50,
        per_second in 1_u32..1_000,
        gaps in prop::collection::vec(0_u64..200, 1..300),
    ) {
        let mut buckets = Buckets::default();
        let limit = Limit::new(burst, per_second);
        let (mut now, mut admitted) = (0, 0_u64);
        for gap in gaps {
            now += gap;
            match buckets.take("ann", limit, at(now)) {
                Ok(()) => admitted += 1,
                Err(wait) => {
                    let seconds = u64::from(Limited { retry_after: wait }.retry_after_seconds());
                    prop_assert!(seconds >= 1);
                    let mut later = buckets.clone();
                    prop_assert!(later.take("ann", limit, at(now + seconds * 1_000)).is_ok());
                }
            }
            let most = u64::from(burst) + now * u64::from(per_second) / 1_000;
            prop_assert!(admitted <= most, "{admitted} of {most}");
        }
    }
}
