//! Who is on a team with whom.

use crate::scene::{Scene, party, queue, says, solo};
use domain::matchmaking::{Attribute, Ticket};

const PAIRS: &str = r#""teams":2,"team_size":{"min":2,"max":2}"#;
const TRIOS: &str = r#""teams":2,"team_size":{"min":3,"max":3}"#;

#[test]
fn a_party_stays_on_one_team() {
    let scene = Scene::of(PAIRS).wait(["ann"]).waits(party(["bob", "cat"]));
    assert_eq!(scene.wait(["dan"]).matched(), ["ann dan | bob cat"]);
}

#[test]
fn a_party_without_room_is_passed_over_and_keeps_its_place() {
    let scene = Scene::of(PAIRS).wait(["ann", "bob", "cat"]);
    let scene = scene.waits(party(["dan", "eve"])).wait(["fay"]);
    assert_eq!(scene.matched(), ["ann cat | bob fay"]);
}

#[test]
fn parties_are_let_in_only_if_the_others_can_still_fill_the_teams() {
    let scene = Scene::of(TRIOS).waits(party(["ann", "bob"]));
    // Taking in these two at once would leave a seat on each team, and nobody but one for them.
    let scene = scene
        .waits(party(["cat", "dan"]))
        .waits(party(["eve", "fay", "gus"]));
    assert_eq!(scene.wait(["hal"]).matched(), ["ann bob hal | eve fay gus"]);
}

#[test]
fn parties_that_cannot_fill_the_teams_wait() {
    let scene = Scene::of(TRIOS).waits(party(["ann", "bob"]));
    let scene = scene
        .waits(party(["cat", "dan"]))
        .waits(party(["eve", "fay"]));
    assert!(scene.matched().is_empty());
}

#[test]
fn a_party_of_as_many_as_a_match_needs_still_needs_another_team() {
    let trio = Scene::of(r#""teams":3,"team_size":{"min":1,"max":4}"#);
    assert!(
        trio.waits(party(["ann", "bob", "cat"]))
            .matched()
            .is_empty()
    );
}

#[test]
fn a_match_starts_with_the_least_players_and_takes_in_as_many_as_are_there() {
    let some = r#""teams":2,"team_size":{"min":1,"max":3}"#;
    assert_eq!(
        Scene::of(some).wait(["ann", "bob"]).matched(),
        ["ann | bob"]
    );
    let scene = Scene::of(some).wait(["ann", "bob", "cat", "dan", "eve"]);
    assert_eq!(scene.matched(), ["ann cat eve | bob dan"]);
}

#[test]
fn no_more_players_are_taken_in_than_there_are_seats() {
    let some = r#""teams":2,"team_size":{"min":1,"max":2}"#;
    let scene = Scene::of(some).wait(["ann", "bob", "cat", "dan", "eve", "fay"]);
    assert_eq!(scene.matched(), ["ann cat | bob dan", "eve | fay"]);
}

#[test]
fn one_team_plays_together() {
    let together = Scene::of(r#""teams":1,"team_size":{"min":3,"max":4}"#);
    let scene = together.waits(party(["ann", "bob"])).wait(["cat"]);
    assert_eq!(scene.matched(), ["ann bob cat"]);
}

#[test]
fn a_party_fits_if_a_team_has_a_seat_for_each_of_it() {
    let queue = queue(TRIOS);
    assert_eq!(
        [0, 1, 3, 4].map(|players| queue.fits(players)),
        [false, true, true, false]
    );
}

#[test]
fn a_party_that_does_not_fit_keeps_nobody_waiting() {
    let scene = Scene::of(PAIRS).waits(party(["ann", "bob", "cat"]));
    let scene = scene.wait(["dan", "eve", "fay", "gus"]);
    assert_eq!(scene.matched(), ["dan fay | eve gus"]);
}

#[test]
fn thirty_two_can_play_at_once() {
    for (teams, size) in [(32, 1), (16, 2), (8, 4), (4, 8), (2, 16), (1, 32)] {
        let all = format!(r#""teams":{teams},"team_size":{{"min":{size},"max":{size}}}"#);
        let names = (0..33).map(|number| format!("p{number:0>2}"));
        let scene = names.fold(Scene::of(&all), |scene, name| scene.waits(solo(&name)));
        let found = scene.plan().found;
        assert_eq!(found.len(), 1, "{teams} teams of {size}");
        assert_eq!(found[0].players(), 32);
    }
}

#[test]
fn whoever_keeps_out_the_others_is_left_out_in_its_turn() {
    let rules = r#""rules":[{"kind":"distance","attribute":"skill","most":100}]"#;
    let scene = Scene::of(&format!("{TRIOS},{rules}"));
    let skilled = |name, skill| says(solo(name), "skill", Attribute::Number(skill));
    let others: [Ticket; 5] = [
        skilled("bob", 60),
        skilled("cat", 20),
        skilled("dan", -10),
        skilled("eve", 30),
        skilled("fay", -40),
    ];
    // She gets on with the first, but not with most of the others.
    let scene = scene.waits(skilled("ann", 0)).waits(skilled("top", 100));
    let scene = others.into_iter().fold(scene, Scene::waits);
    let found = scene.plan().found;
    assert_eq!(found.len(), 1);
    let mut names: Vec<_> = found[0]
        .tickets()
        .map(|ticket| ticket.ticket_id.as_str())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["ann", "bob", "cat", "dan", "eve", "fay"]);
}

#[test]
fn whoever_does_not_want_to_meet_the_others_is_left_out_in_its_turn() {
    let rules = r#""rules":[{"kind":"blocklist","attribute":"blocked"}]"#;
    let scene = Scene::of(&format!("{PAIRS},{rules}")).wait(["ann"]);
    let scene = scene.waits(crate::scene::blocking("bob", ["cat", "dan"]));
    let scene = scene.wait(["cat", "dan", "eve"]);
    assert_eq!(scene.matched(), ["ann dan | cat eve"]);
}
