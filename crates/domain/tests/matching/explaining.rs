//! Why somebody waits.

use domain::matchmaking::{Attribute, Explanation, State, explain};

use crate::scene::{Scene, bans, blocking, lobby, mode, party, says, second, skilled, solo};

const SKILL: &str = r#"{"kind":"distance","attribute":"skill","most":100,
    "widen":[{"after_seconds":10,"most":null}]}"#;
const MODE: &str = r#"{"kind":"equal","attribute":"mode"}"#;

fn explained(scene: &Scene, name: &str) -> Explanation {
    explain(&scene.queue, &scene.tickets, scene.ticket(name), scene.now)
}

#[test]
fn whoever_waits_alone_is_kept_from_nobody() {
    let scene = Scene::duels(SKILL)
        .waits(skilled("ann", 0))
        .later(second(3));
    let expected = Explanation {
        waited_seconds: 3,
        compatible_now: 0,
        limiting_rule: None,
    };
    assert_eq!(explained(&scene, "ann"), expected);
}

#[test]
fn the_rule_that_keeps_most_out_is_named() {
    let player = |name, skill, plays| says(mode(name, plays), "skill", Attribute::Number(skill));
    let scene = Scene::duels(&format!("{SKILL},{MODE}")).waits(player("ann", 0, "ctf"));
    let scene = scene
        .waits(player("bob", 500, "ctf"))
        .waits(player("cat", 0, "race"));
    let scene = scene
        .waits(player("dan", 50, "race"))
        .waits(player("eve", 20, "ctf"));
    let ann = explained(&scene, "ann");
    assert_eq!(ann.compatible_now, 1);
    assert_eq!(ann.limiting_rule.as_deref(), Some("equal on mode"));
}

#[test]
fn of_two_rules_that_keep_out_as_many_the_first_is_named() {
    let player = |name, skill, plays| says(mode(name, plays), "skill", Attribute::Number(skill));
    let scene = Scene::duels(&format!("{SKILL},{MODE}")).waits(player("ann", 0, "ctf"));
    let scene = scene.waits(player("bob", 500, "race"));
    let limiting = explained(&scene, "ann").limiting_rule;
    assert_eq!(limiting.as_deref(), Some("distance on skill"));
}

#[test]
fn players_are_counted_and_not_tickets() {
    let scene = Scene::of(r#""teams":2,"team_size":{"min":2,"max":2}"#).wait(["ann"]);
    let scene = scene.waits(party(["bob", "cat"]));
    assert_eq!(explained(&scene, "ann").compatible_now, 2);
}

#[test]
fn the_one_who_has_waited_longer_tells_what_passes() {
    let scene = Scene::duels(SKILL).waits(skilled("old", 900));
    let scene = scene.comes(skilled("ann", 0), second(9)).later(second(10));
    assert_eq!(explained(&scene, "ann").compatible_now, 1);
}

#[test]
fn those_who_are_not_to_be_had_are_not_counted() {
    let asked = r#""teams":2,"team_size":{"min":1,"max":1},"acceptance_seconds":10"#;
    let mut scene = Scene::of(asked).wait(["ann", "bob", "cat"]);
    scene.goes_on();
    assert_ne!(scene.ticket("ann").state, State::Waiting);
    assert_eq!(explained(&scene, "cat").compatible_now, 0);
    let mut gone = solo("gone");
    gone.players[0].expires_at = scene.now;
    let scene = scene.waits(gone);
    assert_eq!(explained(&scene, "cat").compatible_now, 0);
    let scene = scene.comes(solo("dan"), second(299)).later(second(301));
    assert_eq!(explained(&scene, "dan").compatible_now, 0);
}

#[test]
fn a_lobby_with_empty_seats_counts_by_who_is_in_it() {
    let blocked = r#""teams":2,"team_size":{"min":1,"max":2},
        "rules":[{"kind":"blocklist","attribute":"blocked"}]"#;
    let there = [(1, solo("ann")), (2, blocking("bob", ["dan"]))];
    let scene = Scene::of(blocked)
        .waits(lobby("friday", there))
        .wait(["cat", "dan"]);
    assert_eq!(explained(&scene, "cat").compatible_now, 3);
    assert_eq!(explained(&scene, "dan").compatible_now, 1);
    let friday = explained(&scene, "ann");
    assert_eq!(friday.compatible_now, 1);
    assert_eq!(
        friday.limiting_rule.as_deref(),
        Some("blocklist on blocked")
    );
}

#[test]
fn whom_a_lobby_has_banned_is_not_to_be_had_for_it_nor_it_for_that_player() {
    let friday = lobby("friday", [(1, solo("ann")), (2, solo("bob"))]);
    let scene = Scene::of(r#""teams":2,"team_size":{"min":1,"max":2}"#);
    let scene = scene.waits(bans(friday, "cat")).wait(["cat"]);
    assert_eq!(explained(&scene, "cat").compatible_now, 0);
    assert_eq!(explained(&scene, "ann").compatible_now, 0);
    let scene = scene.wait(["dan"]);
    assert_eq!(explained(&scene, "ann").compatible_now, 1);
}
