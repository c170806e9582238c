//! How waiting ends, and when it is worth another look.

use std::time::Duration;

use domain::matchmaking::{Ending, Plan, plan};

use crate::scene::{Scene, at, dawn, second, skilled, solo};

const PATIENT: &str = r#""teams":2,"team_size":{"min":1,"max":1},"give_up_seconds":60"#;
const SKILL: &str = r#"{"kind":"distance","attribute":"skill","most":100,
    "widen":[{"after_seconds":5,"most":200},{"after_seconds":10,"most":400}]}"#;

fn ended(plan: &Plan) -> Vec<(&str, Ending)> {
    let ended = plan.ended.iter();
    ended
        .map(|one| (one.ticket.ticket_id.as_str(), one.why))
        .collect()
}

#[test]
fn whoever_has_waited_long_enough_gives_up() {
    let scene = Scene::of(PATIENT).wait(["ann"]).later(at(59_999));
    assert_eq!(
        scene.plan(),
        Plan {
            next: Some(second(60)),
            ..Plan::default()
        }
    );
    let plan = scene.later(second(60)).plan();
    assert_eq!(ended(&plan), [("ann", Ending::GaveUp)]);
    assert_eq!(plan.next, None);
}

#[test]
fn whoever_gives_up_is_matched_with_nobody_any_more() {
    let scene = Scene::of(PATIENT)
        .wait(["ann"])
        .comes(solo("bob"), second(59));
    let plan = scene.later(second(60)).plan();
    assert!(plan.found.is_empty());
    assert_eq!(ended(&plan), [("ann", Ending::GaveUp)]);
}

#[test]
fn whoever_has_lost_a_player_is_out() {
    let mut ann = solo("ann");
    ann.players[0].expires_at = second(30);
    let scene = Scene::of(PATIENT).waits(ann).comes(solo("bob"), second(30));
    assert_eq!(scene.plan().next, None, "both are matched");
    let plan = scene.later(second(30)).plan();
    assert_eq!(ended(&plan), [("ann", Ending::Disconnected)]);
    assert!(plan.found.is_empty());
}

#[test]
fn the_next_look_is_when_a_rule_loosens_for_anybody() {
    let scene = Scene::duels(SKILL).waits(skilled("ann", 0));
    let scene = scene.comes(skilled("bob", 900), second(2));
    assert_eq!(scene.plan().next, Some(second(5)));
    let scene = scene.later(second(5));
    assert_eq!(scene.plan().next, Some(second(7)));
    let scene = scene.later(second(12));
    assert_eq!(scene.plan().next, Some(second(300)));
}

#[test]
fn whoever_waits_alone_needs_no_look_when_a_rule_loosens() {
    let scene = Scene::duels(SKILL).waits(skilled("ann", 0));
    assert_eq!(scene.plan().next, Some(second(300)));
}

#[test]
fn the_next_look_is_when_a_connection_ends_if_that_is_sooner() {
    let mut ann = solo("ann");
    ann.players[0].expires_at = second(30);
    assert_eq!(Scene::of(PATIENT).waits(ann).plan().next, Some(second(30)));
}

#[test]
fn the_next_look_is_at_the_deadline_of_what_is_proposed_now() {
    let asked = r#""teams":2,"team_size":{"min":1,"max":1},"acceptance_seconds":10"#;
    let scene = Scene::of(asked).wait(["ann", "bob"]).later(second(1));
    assert_eq!(scene.plan().next, Some(second(11)));
}

#[test]
fn clocks_that_disagree_do_no_harm() {
    let scene = Scene::of(PATIENT).comes(solo("ann"), dawn() + Duration::from_secs(5));
    let scene = scene.comes(solo("bob"), second(6));
    let found = plan(&scene.queue, &scene.tickets, dawn()).found;
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].placed[0].ticket.waited_seconds(dawn()), 0);
}
