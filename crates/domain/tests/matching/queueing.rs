//! Whose turn it is.

use domain::matchmaking::State;

use crate::scene::{Scene, solo};

#[test]
fn whoever_waits_alone_goes_on_waiting() {
    assert!(Scene::duels("").wait(["ann"]).matched().is_empty());
}

#[test]
fn nobody_who_waits_makes_no_match_and_asks_for_no_other_look() {
    let plan = Scene::duels("").plan();
    assert_eq!(plan, domain::matchmaking::Plan::default());
}

#[test]
fn those_who_have_waited_longest_are_matched_and_the_last_waits() {
    let scene = Scene::duels("").wait(["zoe", "bob", "ann", "dan", "cat"]);
    assert_eq!(scene.matched(), ["zoe | bob", "ann | dan"]);
}

#[test]
fn in_which_order_the_tickets_are_read_makes_no_difference() {
    let mut scene = Scene::duels("").wait(["zoe", "bob", "ann", "dan", "cat"]);
    scene.tickets.reverse();
    assert_eq!(scene.matched(), ["zoe | bob", "ann | dan"]);
}

#[test]
fn of_those_who_came_at_the_same_moment_the_lower_ticket_id_is_first() {
    let scene = Scene::duels("");
    let now = scene.now;
    let scene = scene.comes(solo("cat"), now).comes(solo("bob"), now);
    assert_eq!(scene.comes(solo("ann"), now).matched(), ["ann | bob"]);
}

#[test]
fn of_a_match_the_longest_waiting_comes_first_and_is_on_the_first_team() {
    let scene = Scene::duels("").wait(["zoe", "ann"]);
    let found = &scene.plan().found[0];
    assert_eq!(found.placed[0].ticket.ticket_id.as_str(), "zoe");
    assert_eq!(found.placed[0].team.get(), 1);
    assert_eq!(found.placed[1].team.get(), 2);
    assert_eq!(found.players(), 2);
}

#[test]
fn tickets_are_planned_for_as_they_were_read() {
    let scene = Scene::duels("").wait(["ann", "bob"]);
    let found = scene.plan().found;
    let tickets: Vec<_> = found[0].tickets().cloned().collect();
    assert_eq!(tickets, scene.tickets);
    assert!(tickets.iter().all(|ticket| ticket.state == State::Waiting));
}

#[test]
fn nobody_is_matched_with_itself() {
    let mut again = solo("ann");
    again.ticket_id = ids::TicketId::parse("again").expect("a ticket id");
    let scene = Scene::duels("").wait(["ann"]).waits(again).wait(["bob"]);
    assert_eq!(scene.matched(), ["ann | bob"]);
}
