//! Who gets on with whom, and how that changes with waiting.

use domain::matchmaking::Attribute;

use crate::scene::{Scene, blocking, located, mode, says, second, skilled, solo};

const SKILL: &str = r#"{"kind":"distance","attribute":"skill","most":100,
    "widen":[{"after_seconds":5,"most":200},{"after_seconds":10,"most":null}]}"#;
const SUM: &str = r#"{"kind":"latency_sum","most":100}"#;
const REGION: &str = r#"{"kind":"common_region","most":80}"#;
const MODE: &str =
    r#"{"kind":"equal","attribute":"mode","widen":[{"after_seconds":10,"most":null}]}"#;
const BLOCKED: &str = r#"{"kind":"blocklist","attribute":"blocked"}"#;

#[test]
fn numbers_as_far_apart_as_the_rule_lets_pass_get_on() {
    let scene = Scene::duels(SKILL);
    let scene = scene.waits(skilled("ann", -50)).waits(skilled("bob", 50));
    assert_eq!(scene.matched(), ["ann | bob"]);
}

#[test]
fn numbers_further_apart_do_not_get_on() {
    let scene = Scene::duels(SKILL);
    let scene = scene.waits(skilled("ann", -50)).waits(skilled("bob", 51));
    assert!(scene.matched().is_empty());
}

#[test]
fn the_longest_waiting_gets_the_longest_waiting_that_it_gets_on_with_not_the_closest() {
    let scene = Scene::duels(SKILL).waits(skilled("ann", 0));
    let scene = scene.waits(skilled("far", 500)).waits(skilled("bob", 99));
    assert_eq!(scene.waits(skilled("cat", 0)).matched(), ["ann | bob"]);
}

#[test]
fn a_rule_loosens_the_moment_that_its_time_has_come() {
    let scene = Scene::duels(SKILL);
    let scene = scene.waits(skilled("ann", 0)).waits(skilled("bob", 200));
    let scene = scene.later(crate::scene::at(4_999));
    assert!(scene.matched().is_empty());
    assert_eq!(scene.later(second(5)).matched(), ["ann | bob"]);
}

#[test]
fn what_passes_is_told_by_the_longest_waiting_whichever_it_is() {
    let newcomer = skilled("bob", 200);
    let scene = Scene::duels(SKILL)
        .waits(skilled("ann", 0))
        .later(second(5));
    assert_eq!(scene.comes(newcomer, second(5)).matched(), ["ann | bob"]);
}

#[test]
fn a_rule_that_is_lifted_lets_anybody_pass() {
    let scene = Scene::duels(SKILL).waits(skilled("ann", -1_000_000_000));
    let scene = scene.waits(skilled("bob", 1_000_000_000));
    assert_eq!(scene.later(second(10)).matched(), ["ann | bob"]);
}

#[test]
fn two_get_on_if_the_way_by_their_best_shared_region_is_short_enough() {
    let scene = Scene::duels(SUM).waits(located("ann", [("eu", 90), ("us", 40), ("au", 5)]));
    let far = located("far", [("eu", 20), ("us", 61)]);
    let near = located("near", [("eu", 20), ("us", 60)]);
    assert_eq!(scene.waits(far).waits(near).matched(), ["ann | near"]);
}

#[test]
fn two_without_a_shared_region_do_not_get_on() {
    for rule in [SUM, REGION] {
        let scene = Scene::duels(rule).waits(located("ann", [("eu", 1)]));
        assert!(
            scene
                .waits(located("bob", [("us", 1)]))
                .matched()
                .is_empty()
        );
    }
}

#[test]
fn a_match_needs_one_region_that_is_near_enough_for_all_of_them() {
    let trio = r#""teams":3,"team_size":{"min":1,"max":1},"rules":["#;
    let scene = Scene::of(&format!("{trio}{REGION}]"));
    let scene = scene.waits(located("ann", [("eu", 80), ("us", 80)]));
    let scene = scene.waits(located("bob", [("eu", 80), ("us", 81)]));
    // She gets on with each of the two who wait longer, but not with both at once.
    let scene = scene.waits(located("cat", [("eu", 81), ("us", 80)]));
    let scene = scene.waits(located("dan", [("eu", 79), ("us", 200)]));
    assert_eq!(scene.matched(), ["ann | bob | dan"]);
}

#[test]
fn only_those_who_say_the_same_get_on() {
    let scene = Scene::duels(MODE).waits(mode("ann", "ctf"));
    let scene = scene.waits(mode("bob", "race")).waits(mode("cat", "ctf"));
    assert_eq!(scene.matched(), ["ann | cat"]);
}

#[test]
fn a_number_and_a_text_are_not_the_same() {
    let scene = Scene::duels(MODE).waits(mode("ann", "1"));
    let bob = says(solo("bob"), "mode", Attribute::Number(1));
    assert!(scene.waits(bob).matched().is_empty());
}

#[test]
fn whoever_has_waited_until_sameness_is_lifted_gets_anybody() {
    let scene = Scene::duels(MODE)
        .waits(mode("ann", "ctf"))
        .later(second(10));
    assert_eq!(
        scene.comes(mode("bob", "race"), second(9)).matched(),
        ["ann | bob"]
    );
}

#[test]
fn nobody_meets_a_player_whom_either_does_not_want_to_meet() {
    let scene = Scene::duels(BLOCKED).waits(blocking("ann", ["bob"]));
    let scene = scene.wait(["bob"]).waits(blocking("cat", ["ann"]));
    assert_eq!(scene.matched(), ["bob | cat"]);
}

#[test]
fn nobody_meets_a_party_with_a_player_in_it_whom_it_does_not_want_to_meet() {
    let pairs = r#""teams":2,"team_size":{"min":2,"max":2},"rules":["#;
    let scene = Scene::of(&format!("{pairs}{BLOCKED}]"));
    let scene = scene.waits(crate::scene::party(["ann", "bob"]));
    let scene = scene.waits(blocking("cat", ["bob"])).wait(["dan", "eve"]);
    assert_eq!(scene.matched(), ["ann bob | dan eve"]);
}

#[test]
fn all_rules_have_to_let_somebody_pass() {
    let scene = Scene::duels(&format!("{SKILL},{MODE}"));
    let player = |name, skill, plays| says(mode(name, plays), "skill", Attribute::Number(skill));
    let scene = scene
        .waits(player("ann", 0, "ctf"))
        .waits(player("bob", 0, "race"));
    let scene = scene
        .waits(player("cat", 300, "ctf"))
        .waits(player("dan", 50, "ctf"));
    assert_eq!(scene.matched(), ["ann | dan"]);
}

#[test]
fn an_attribute_that_a_rule_needs_is_missed_by_its_name() {
    let scene = Scene::duels(&format!("{SKILL},{MODE},{BLOCKED},{REGION}"));
    let missing = |ticket: &domain::matchmaking::Ticket| {
        let missing = scene.queue.missing_attribute(&ticket.attributes);
        missing.map(str::to_owned)
    };
    let ann = solo("ann");
    assert_eq!(missing(&ann).as_deref(), Some("skill"));
    let wrong = says(ann, "skill", Attribute::Text("good".to_owned()));
    assert_eq!(missing(&wrong).as_deref(), Some("skill"));
    let ann = says(wrong, "skill", Attribute::Number(7));
    assert_eq!(missing(&ann).as_deref(), Some("mode"));
    let ann = says(ann, "mode", Attribute::Text("ctf".to_owned()));
    assert_eq!(missing(&ann).as_deref(), Some("latency_ms"));
    let nowhere = says(ann, "latency_ms", Attribute::Latencies([].into()));
    assert_eq!(missing(&nowhere).as_deref(), Some("latency_ms"));
    let ann = says(
        nowhere,
        "latency_ms",
        Attribute::Latencies([("eu".to_owned(), 9)].into()),
    );
    assert_eq!(missing(&ann), None);
    let wrong = says(ann, "blocked", Attribute::Number(1));
    assert_eq!(missing(&wrong).as_deref(), Some("blocked"));
}

#[test]
fn whoever_lacks_an_attribute_because_the_queue_is_another_now_keeps_nobody_waiting() {
    let scene = Scene::duels(SKILL).wait(["old"]);
    let scene = scene.waits(skilled("ann", 1)).waits(skilled("bob", 1));
    assert_eq!(scene.matched(), ["ann | bob"]);
}
