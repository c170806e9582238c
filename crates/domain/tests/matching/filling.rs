//! Others for the empty seats of a lobby.

use crate::scene::{Scene, bans, lobby, party, says, second, skilled, solo, teams};
use domain::matchmaking::Attribute;

const PAIRS: &str = r#""teams":2,"team_size":{"min":2,"max":2}"#;
const SKILL: &str = r#""rules":[{"kind":"distance","attribute":"skill","most":100,
    "widen":[{"after_seconds":10,"most":400}]}]"#;

#[test]
fn empty_seats_are_filled_on_the_team_that_has_them() {
    let backfill = lobby("friday", [(1, party(["ann", "bob"])), (2, solo("cat"))]);
    let plan = Scene::of(PAIRS)
        .waits(backfill.clone())
        .wait(["dan"])
        .plan();
    assert_eq!(plan.found.len(), 1);
    let backfill = domain::matchmaking::Ticket { ..backfill };
    let filled = plan.found[0].backfill.as_ref().expect("it is a lobby's");
    assert_eq!(filled.ticket_id, backfill.ticket_id);
    assert_eq!(teams(&plan.found[0]), " | dan");
    assert_eq!(plan.found[0].players(), 4);
}

#[test]
fn a_lobby_is_served_before_those_who_have_waited_longer() {
    let backfill = lobby("friday", [(1, party(["ann", "bob"])), (2, solo("cat"))]);
    let scene = Scene::of(PAIRS)
        .wait(["dan", "eve", "fay", "gus"])
        .waits(backfill);
    let plan = scene.plan();
    assert_eq!(plan.found.iter().map(teams).collect::<Vec<_>>(), [" | dan"]);
}

#[test]
fn the_longest_waiting_take_the_seats_and_parties_stay_together() {
    let backfill = lobby("friday", [(1, solo("ann")), (2, solo("bob"))]);
    let scene = Scene::of(r#""teams":2,"team_size":{"min":2,"max":3}"#).waits(backfill);
    let scene = scene.waits(party(["cat", "dan"])).waits(solo("eve"));
    let plan = scene.waits(party(["fay", "gus"])).plan();
    assert_eq!(teams(&plan.found[0]), "cat dan | eve");
}

#[test]
fn whom_the_lobby_has_banned_waits_on_and_keeps_nobody_else_out() {
    let friday = lobby("friday", [(1, party(["ann", "bob"])), (2, solo("cat"))]);
    let scene = Scene::of(PAIRS).waits(bans(friday, "dan"));
    let scene = scene.wait(["dan"]);
    assert!(scene.plan().found.is_empty());
    let found = scene.wait(["eve"]).plan().found;
    assert_eq!(found.iter().map(teams).collect::<Vec<_>>(), [" | eve"]);
}

#[test]
fn the_smaller_team_is_filled_first() {
    let three = party(["ann", "bob", "cat"]);
    let backfill = lobby("friday", [(1, three), (2, solo("dan"))]);
    let scene = Scene::of(r#""teams":2,"team_size":{"min":2,"max":4}"#).waits(backfill);
    assert_eq!(teams(&scene.wait(["eve"]).plan().found[0]), " | eve");
}

#[test]
fn a_lobby_whom_nobody_fits_goes_on_waiting() {
    let backfill = lobby("friday", [(1, party(["ann", "bob"])), (2, solo("cat"))]);
    let plan = Scene::of(PAIRS)
        .waits(backfill)
        .waits(party(["dan", "eve"]))
        .plan();
    assert!(plan.found.is_empty());
    assert_eq!(plan.next, Some(second(300)));
}

#[test]
fn those_who_have_left_the_lobby_leave_their_seats() {
    let mut backfill = lobby(
        "friday",
        [(1, party(["ann", "bob"])), (2, party(["cat", "dan"]))],
    );
    backfill.players.remove(1);
    let plan = Scene::of(PAIRS).waits(backfill).wait(["eve"]).plan();
    assert_eq!(teams(&plan.found[0]), "eve");
}

#[test]
fn a_member_without_a_team_takes_a_seat_all_the_same() {
    let mut backfill = lobby("friday", [(1, party(["ann", "bob"])), (2, solo("cat"))]);
    backfill.players.push(crate::scene::contact("guest"));
    assert!(
        Scene::of(PAIRS)
            .waits(backfill)
            .wait(["dan"])
            .matched()
            .is_empty()
    );
}

#[test]
fn a_newcomer_gets_on_with_everybody_in_the_lobby() {
    let there = [(1, skilled("ann", 0)), (2, skilled("bob", 300))];
    let scene = Scene::of(&format!("{PAIRS},{SKILL}")).waits(lobby("friday", there));
    let scene = scene.waits(skilled("cat", 50)).waits(skilled("dan", 250));
    assert!(
        scene.matched().is_empty(),
        "those in it have drifted apart, and nobody is between"
    );
}

#[test]
fn what_passes_is_told_by_the_longest_waiting_be_it_the_newcomer() {
    let there = [(1, skilled("ann", 0)), (2, party(["bob", "cat"]))];
    let there = there.map(|(team, ticket)| (team, says(ticket, "skill", Attribute::Number(0))));
    let scene = Scene::of(&format!("{PAIRS},{SKILL}")).waits(skilled("dan", 300));
    let scene = scene
        .comes(lobby("friday", there.clone()), second(9))
        .later(second(9));
    assert!(scene.matched().is_empty());
    assert_eq!(scene.later(second(10)).matched(), ["dan"]);
}

#[test]
fn newcomers_are_asked_and_those_in_the_lobby_are_not() {
    let backfill = lobby("friday", [(1, party(["ann", "bob"])), (2, solo("cat"))]);
    let asked = format!(r#"{PAIRS},"acceptance_seconds":10"#);
    let mut scene = Scene::of(&asked).waits(backfill).wait(["dan"]);
    scene.goes_on();
    assert!(scene.plan().agreed.is_empty());
    let mut scene = scene.accept(["dan"]);
    let plan = scene.goes_on();
    assert_eq!(teams(&plan.agreed[0].1), " | dan");
    assert!(plan.agreed[0].1.backfill.is_some());
    assert!(scene.tickets.is_empty());
}

#[test]
fn a_lobby_whose_newcomer_declines_waits_again() {
    let backfill = lobby("friday", [(1, party(["ann", "bob"])), (2, solo("cat"))]);
    let asked = format!(r#"{PAIRS},"acceptance_seconds":10"#);
    let mut scene = Scene::of(&asked).waits(backfill).wait(["dan"]);
    scene.goes_on();
    let mut scene = scene.leaves("dan");
    assert_eq!(scene.goes_on().returned.len(), 1);
    assert_eq!(scene.wait(["eve"]).goes_on().found.len(), 1);
}
