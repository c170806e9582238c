//! The listing: what is shown of a lobby, and what a filter lets through.

use domain::listing::{Criterion, Filter, Summary, matches};
use domain::lobby::{JoinPolicy, Metadata, Settings, Visibility};
use serde_json::{Value, json};

use crate::scene::{Scene, friday, hash, says, settings};

fn metadata(object: Value) -> Metadata {
    serde_json::from_value(object).expect("an object")
}

fn equals(key: &str, wanted: Value) -> Filter {
    Filter::from([(key.to_owned(), Criterion::Equals(wanted))])
}

/// A range of one key; `null` leaves a side open.
fn range(key: &str, min: &Value, max: &Value) -> Filter {
    let bound = |value: &Value| value.as_number().cloned();
    let criterion = Criterion::Range {
        min: bound(min),
        max: bound(max),
    };
    Filter::from([(key.to_owned(), criterion)])
}

#[test]
fn a_lobby_is_shown_without_its_password_and_without_names_of_players() {
    let scene = Scene::with(Settings {
        name: Some("Friday night".to_owned()),
        max_players: 4,
        visibility: Visibility::Public,
        join_policy: JoinPolicy::Open,
        locked: false,
        password: Some(hash()),
        metadata: says("map", "desert"),
    })
    .guests(["bob"]);
    let expected = Summary {
        lobby_id: friday(),
        name: Some("Friday night".to_owned()),
        players: 2,
        max_players: 4,
        join_policy: JoinPolicy::Open,
        locked: false,
        has_password: true,
        metadata: says("map", "desert"),
        created_at: scene.lobby().created_at,
    };
    assert_eq!(Summary::from(scene.lobby()), expected);
}

#[test]
fn those_who_wait_are_not_counted_as_players() {
    let scene = Scene::with(settings()).waiting(["bob", "cat"]);
    let summary = Summary::from(scene.lobby());
    assert_eq!(summary.players, 1);
    assert!(!summary.has_password);
}

#[test]
fn no_filter_lets_everything_through() {
    assert!(matches(&Filter::new(), &Metadata::new()));
    assert!(matches(&Filter::new(), &says("map", "desert")));
}

#[test]
fn equality_wants_the_same_text_truth_value_or_null() {
    let desert = metadata(json!({"map": "desert", "ranked": true, "season": null}));
    assert!(matches(&equals("map", json!("desert")), &desert));
    assert!(!matches(&equals("map", json!("Desert")), &desert));
    assert!(matches(&equals("ranked", json!(true)), &desert));
    assert!(!matches(&equals("ranked", json!(false)), &desert));
    assert!(matches(&equals("season", Value::Null), &desert));
}

#[test]
fn five_and_five_point_nought_are_the_same_number() {
    assert!(matches(&equals("level", json!(5)), &says("level", 5.0)));
    assert!(matches(&equals("level", json!(5.0)), &says("level", 5)));
    assert!(!matches(&equals("level", json!(5.5)), &says("level", 5)));
}

#[test]
fn nought_and_minus_nought_are_the_same_number() {
    assert!(matches(&equals("level", json!(0)), &says("level", -0.0)));
    assert!(matches(&equals("level", json!(-0.0)), &says("level", 0)));
}

#[test]
fn whole_numbers_are_compared_to_their_last_digit() {
    let season = says("season", 9_007_199_254_740_993_u64);
    let before = json!(9_007_199_254_740_992_u64);
    let itself = json!(9_007_199_254_740_993_u64);
    assert!(!matches(&equals("season", before.clone()), &season));
    assert!(matches(&equals("season", itself.clone()), &season));
    assert!(!matches(&range("season", &Value::Null, &before), &season));
    assert!(matches(&range("season", &itself, &itself), &season));
    assert!(matches(
        &range("season", &json!(-1), &json!(u64::MAX)),
        &season
    ));
}

#[test]
fn a_number_is_not_the_text_of_it() {
    assert!(!matches(&equals("level", json!("5")), &says("level", 5)));
    assert!(!matches(&equals("level", json!(5)), &says("level", "5")));
    assert!(!matches(&equals("level", json!(1)), &says("level", true)));
}

#[test]
fn a_range_includes_both_its_bounds() {
    let level = |value: f64| says("level", value);
    let filter = range("level", &json!(3), &json!(5));
    assert!(matches(&filter, &level(3.0)));
    assert!(matches(&filter, &level(4.5)));
    assert!(matches(&filter, &level(5.0)));
    assert!(!matches(&filter, &level(2.9)));
    assert!(!matches(&filter, &level(5.1)));
}

#[test]
fn a_range_may_be_open_on_either_side() {
    let at_least = range("level", &json!(3), &Value::Null);
    assert!(matches(&at_least, &says("level", 1_000_000)));
    assert!(!matches(&at_least, &says("level", 2)));
    let at_most = range("level", &Value::Null, &json!(3));
    assert!(matches(&at_most, &says("level", -1_000_000)));
    assert!(!matches(&at_most, &says("level", 4)));
}

#[test]
fn what_is_no_number_is_in_no_range() {
    let filter = range("level", &Value::Null, &json!(9));
    for value in [json!("5"), json!(true), Value::Null, json!([5])] {
        assert!(!matches(&filter, &says("level", value.clone())), "{value}");
    }
}

#[test]
fn a_key_that_is_absent_satisfies_no_condition() {
    assert!(!matches(&equals("map", Value::Null), &Metadata::new()));
    let anything = range("level", &Value::Null, &Value::Null);
    assert!(!matches(&anything, &Metadata::new()));
}

#[test]
fn every_condition_must_hold() {
    let mut filter = equals("map", json!("desert"));
    filter.extend(range("level", &json!(3), &Value::Null));
    let says = |map: &str, level: u32| metadata(json!({"map": map, "level": level}));
    assert!(matches(&filter, &says("desert", 3)));
    assert!(!matches(&filter, &says("desert", 2)));
    assert!(!matches(&filter, &says("forest", 3)));
}
