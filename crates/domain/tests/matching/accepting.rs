//! Being asked whether one accepts.

use domain::matchmaking::{Ending, Plan, ReturnReason, State};

use crate::scene::{Scene, match_id, party, player, second, teams};

const ASKED: &str = r#""teams":2,"team_size":{"min":1,"max":1},"acceptance_seconds":10"#;

/// Ann and Bob are asked; Cat came too late.
fn asked() -> Scene {
    let mut scene = Scene::of(ASKED).wait(["ann", "bob", "cat"]);
    assert_eq!(scene.goes_on().found.len(), 1);
    scene
}

fn returned(plan: &Plan) -> Vec<(&str, ReturnReason)> {
    let returned = plan.returned.iter();
    returned
        .map(|one| (one.ticket.ticket_id.as_str(), one.why))
        .collect()
}

fn ended(plan: &Plan) -> Vec<(&str, Ending)> {
    let ended = plan.ended.iter();
    ended
        .map(|one| (one.ticket.ticket_id.as_str(), one.why))
        .collect()
}

#[test]
fn a_proposed_match_stands_on_each_of_its_tickets() {
    let scene = asked();
    for (name, team) in [("ann", 1), ("bob", 2)] {
        let ticket = scene.ticket(name);
        let proposal = ticket.proposal().expect("it is asked");
        assert_eq!((proposal.team.get(), ticket.version), (team, 2));
        assert_eq!(proposal.deadline, second(10));
        assert_eq!(proposal.tickets.len(), 2);
    }
    assert_eq!(scene.ticket("cat").state, State::Waiting);
}

#[test]
fn those_who_are_asked_are_left_alone_until_the_deadline() {
    let scene = asked().accept(["ann"]).later(crate::scene::at(9_999));
    let plan = scene.plan();
    assert_eq!(
        plan,
        Plan {
            next: Some(second(10)),
            ..Plan::default()
        }
    );
}

#[test]
fn what_everybody_has_accepted_is_agreed_as_it_was_proposed() {
    let mut scene = asked().accept(["bob", "ann"]);
    let plan = scene.goes_on();
    assert_eq!(plan.agreed.len(), 1);
    let (agreed, made) = &plan.agreed[0];
    assert_eq!(
        (agreed, teams(made)),
        (&match_id(1), "ann | bob".to_owned())
    );
    assert_eq!(scene.tickets.len(), 1);
}

#[test]
fn everybody_of_a_party_is_asked() {
    let mut scene = Scene::of(r#""teams":2,"team_size":{"min":2,"max":2},"acceptance_seconds":10"#)
        .waits(party(["ann", "bob"]))
        .waits(party(["cat", "dan"]));
    scene.goes_on();
    let scene = scene.accept(["ann", "cat", "dan"]);
    assert!(scene.plan().agreed.is_empty());
    assert_eq!(scene.accept(["bob"]).plan().agreed.len(), 1);
}

#[test]
fn what_was_accepted_in_time_is_agreed_however_late_it_is_looked_at() {
    let scene = asked().accept(["ann", "bob"]).later(second(1_000));
    assert_eq!(scene.plan().agreed.len(), 1);
}

#[test]
fn accepting_twice_is_accepting_once() {
    let scene = asked().accept(["ann"]);
    let ann = scene.ticket("ann");
    assert_eq!(
        ann.accepted(&match_id(1), &player("ann")).as_ref(),
        Some(ann)
    );
}

#[test]
fn only_those_who_are_asked_can_accept_and_only_that_match() {
    let scene = asked();
    let ann = scene.ticket("ann");
    assert_eq!(ann.accepted(&match_id(2), &player("ann")), None);
    assert_eq!(ann.accepted(&match_id(1), &player("bob")), None);
    assert_eq!(
        scene.ticket("cat").accepted(&match_id(1), &player("cat")),
        None
    );
}

#[test]
fn after_the_deadline_those_who_accepted_wait_again_and_the_others_are_out() {
    let mut scene = asked().accept(["ann"]).later(second(10));
    let plan = scene.goes_on();
    assert_eq!(returned(&plan), [("ann", ReturnReason::NotAccepted)]);
    assert_eq!(ended(&plan), [("bob", Ending::NotAccepted)]);
    assert_eq!(plan.next, Some(scene.now), "she may be matched at once");
    assert_eq!(scene.matched(), ["ann | cat"], "in her old place");
}

#[test]
fn a_match_that_nobody_accepts_leaves_nobody() {
    let mut scene = asked().later(second(10));
    scene.goes_on();
    assert_eq!(scene.tickets.len(), 1);
}

#[test]
fn whoever_declines_leaves_the_others_in_their_place() {
    let mut scene = asked().leaves("ann");
    let plan = scene.goes_on();
    assert_eq!(returned(&plan), [("bob", ReturnReason::Declined)]);
    assert_eq!(scene.ticket("bob").version, 3);
    assert_eq!(scene.matched(), ["bob | cat"]);
}

#[test]
fn a_ticket_that_was_put_back_is_not_matched_in_the_same_breath() {
    let scene = asked().leaves("ann");
    assert!(scene.plan().found.is_empty());
}

#[test]
fn whoever_has_lost_its_connection_is_out_and_the_others_hear_why() {
    let mut scene = asked().later(second(5));
    let bob = &mut scene.tickets[1];
    bob.players[0].expires_at = second(5);
    let plan = scene.goes_on();
    assert_eq!(ended(&plan), [("bob", Ending::Disconnected)]);
    assert_eq!(returned(&plan), [("ann", ReturnReason::PlayerGone)]);
}

#[test]
fn what_a_killed_worker_left_half_done_is_finished() {
    let mut scene = asked().leaves("ann");
    let dan = crate::scene::solo("dan");
    scene.goes_on();
    // Bob and Cat are asked about another match; the worker that put Bob back was killed before that, or after.
    scene.goes_on();
    let proposal = scene
        .ticket("bob")
        .proposal()
        .cloned()
        .expect("it is asked");
    let mut stale = crate::scene::solo("eve");
    stale.state = State::Proposed(domain::matchmaking::Proposal {
        match_id: match_id(7),
        tickets: vec![
            scene.ticket("bob").ticket_id.clone(),
            stale.ticket_id.clone(),
        ],
        ..proposal
    });
    let scene = scene.waits(stale).waits(dan);
    assert_eq!(returned(&scene.plan()), [("eve", ReturnReason::Declined)]);
}

#[test]
fn nobody_gives_up_while_it_is_asked() {
    let scene = Scene::of(&format!(r#"{ASKED},"give_up_seconds":5"#)).wait(["ann", "bob"]);
    let mut scene = scene.later(second(4));
    scene.goes_on();
    let scene = scene.later(second(13));
    assert!(scene.plan().ended.is_empty());
    let mut scene = scene.accept(["ann"]).later(second(14));
    assert_eq!(ended(&scene.goes_on()), [("bob", Ending::NotAccepted)]);
    assert_eq!(ended(&scene.goes_on()), [("ann", Ending::GaveUp)]);
}
