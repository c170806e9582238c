//! Being away while one waits, and coming back.

use domain::lobby::Contact;
use domain::matchmaking::{Ending, Plan, ReturnReason, State, Ticket};
use ids::ConnectionId;

use crate::scene::{Scene, at, contact, lobby, match_id, party, player, second, solo};

const DUELS: &str = r#""teams":2,"team_size":{"min":1,"max":1},"give_up_seconds":60"#;
const ASKED: &str = r#""teams":2,"team_size":{"min":1,"max":1},"acceptance_seconds":10"#;

/// Ann, Bob and Cat wait, and Ann is away until the thirtieth second.
fn without_ann() -> Scene {
    Scene::of(DUELS)
        .wait(["ann", "bob", "cat"])
        .loses("ann", 30)
}

/// Where somebody is reached who has come back.
fn contact_again(name: &str) -> Contact {
    Contact {
        connection_id: ConnectionId::parse(format!("{name}-socket-2")).expect("a connection id"),
        ..contact(name)
    }
}

fn ended(plan: &Plan) -> Vec<(&str, Ending)> {
    let ended = plan.ended.iter();
    ended
        .map(|one| (one.ticket.ticket_id.as_str(), one.why))
        .collect()
}

fn returned(plan: &Plan) -> Vec<(&str, ReturnReason)> {
    let returned = plan.returned.iter();
    returned
        .map(|one| (one.ticket.ticket_id.as_str(), one.why))
        .collect()
}

impl Scene {
    /// Somebody's connection has ended, and it may stay away until this second of the story.
    #[track_caller]
    fn loses(mut self, name: &str, until: u64) -> Self {
        let ticket = self.ticket(name);
        let lost = ticket.lost(&contact(name).connection_id, second(until));
        self.replace(lost.expect("it is there by that connection"));
        self
    }

    /// Somebody has come back.
    #[track_caller]
    fn comes_back(mut self, name: &str) -> Self {
        let resumed = self.ticket(name).resumed(&contact_again(name));
        self.replace(resumed.expect("it waits"));
        self
    }

    fn replace(&mut self, ticket: Ticket) {
        let mut tickets = self.tickets.iter_mut();
        let own = tickets.find(|other| other.ticket_id == ticket.ticket_id);
        *own.expect("it waits") = ticket;
    }
}

#[test]
fn whoever_is_away_is_matched_with_nobody_and_the_others_are_not_kept_waiting() {
    assert_eq!(without_ann().matched(), ["bob | cat"]);
    let alone = Scene::of(DUELS).wait(["ann", "bob"]).loses("ann", 30);
    assert_eq!(alone.plan().found, []);
}

#[test]
fn whoever_comes_back_has_its_old_place() {
    let scene = without_ann().comes_back("ann");
    assert_eq!(scene.matched(), ["ann | bob"]);
    assert_eq!(scene.ticket("ann").players, [contact_again("ann")]);
}

#[test]
fn whoever_comes_by_another_connection_before_the_first_has_ended_was_never_away() {
    let scene = Scene::of(DUELS).wait(["ann", "bob"]).comes_back("ann");
    assert_eq!(scene.matched(), ["ann | bob"]);
}

#[test]
fn whoever_stays_away_too_long_is_out() {
    let scene = without_ann().later(at(29_999));
    assert_eq!(ended(&scene.plan()), []);
    let plan = scene.later(second(30)).plan();
    assert_eq!(ended(&plan), [("ann", Ending::Disconnected)]);
}

#[test]
fn whoever_has_come_back_is_out_no_more_when_that_time_is_over() {
    let scene = without_ann().comes_back("ann").later(second(30));
    assert_eq!(ended(&scene.plan()), []);
}

#[test]
fn the_next_look_is_when_an_absence_ends() {
    let scene = Scene::of(DUELS).wait(["ann"]).loses("ann", 30);
    assert_eq!(scene.plan().next, Some(second(30)));
    let scene = scene.comes_back("ann");
    assert_eq!(scene.plan().next, Some(second(60)), "she gives up");
}

#[test]
fn whoever_has_waited_long_enough_gives_up_though_it_is_away() {
    let scene = Scene::of(DUELS).wait(["ann"]).later(second(50));
    let scene = scene.loses("ann", 80);
    assert_eq!(scene.plan().next, Some(second(60)));
    let plan = scene.later(second(60)).plan();
    assert_eq!(ended(&plan), [("ann", Ending::GaveUp)]);
}

#[test]
fn whoever_is_away_keeps_nobody_company() {
    let rule = r#"{"kind":"distance","attribute":"skill","most":100,
        "widen":[{"after_seconds":5,"most":200}]}"#;
    let scene = Scene::duels(rule)
        .waits(crate::scene::skilled("ann", 0))
        .waits(crate::scene::skilled("bob", 900));
    assert_eq!(scene.plan().next, Some(second(5)));
    let scene = scene.loses("ann", 30);
    assert_eq!(scene.plan().next, Some(second(30)));
}

#[test]
fn a_party_is_matched_when_all_of_it_is_there() {
    let scene = Scene::of(r#""teams":2,"team_size":{"min":2,"max":2}"#)
        .waits(party(["ann", "bob"]))
        .waits(party(["cat", "dan"]))
        .loses("bob", 30)
        .loses("dan", 30)
        .comes_back("bob");
    assert_eq!(scene.plan().found, []);
    assert_eq!(scene.comes_back("dan").matched(), ["ann bob | cat dan"]);
}

#[test]
fn the_empty_seats_of_a_lobby_are_filled_though_somebody_in_it_is_away() {
    let scene = Scene::of(r#""teams":2,"team_size":{"min":1,"max":1}"#)
        .waits(lobby("room", [(1, solo("ann"))]))
        .wait(["bob"])
        .loses("ann", 30);
    let plan = scene.plan();
    let backfill = plan.found[0].backfill.as_ref();
    let backfill = backfill.expect("it is the lobby's");
    assert_eq!(backfill.ticket_id.as_str(), "room");
    let plan = scene.later(second(30)).plan();
    assert_eq!(ended(&plan), [("room", Ending::Disconnected)]);
}

#[test]
fn an_absence_takes_the_version_one_up_and_so_does_a_return() {
    let ann = solo("ann");
    let lost = ann.lost(&contact("ann").connection_id, second(30));
    let lost = lost.expect("she waits by that connection");
    let resumed = lost.resumed(&contact_again("ann")).expect("she waits");
    assert_eq!((lost.version, resumed.version), (2, 3));
    assert!(lost.is_away() && !resumed.is_away());
    assert_eq!(
        (lost.created_at, resumed.created_at),
        (ann.created_at, ann.created_at)
    );
}

#[test]
fn the_end_of_a_connection_by_which_nobody_waits_is_nothing_to_a_ticket() {
    let scene = without_ann();
    let ann = scene.ticket("ann");
    let again = |ticket: &Ticket, name| ticket.lost(&contact(name).connection_id, second(90));
    assert_eq!(again(ann, "ann"), None, "she is away already");
    assert_eq!(again(ann, "bob"), None);
    let back = scene.comes_back("ann");
    assert_eq!(again(back.ticket("ann"), "ann"), None, "it was the old one");
}

#[test]
fn nobody_may_stay_away_for_longer_than_its_connection_was_to_last() {
    let mut ann = solo("ann");
    ann.players[0].expires_at = second(20);
    let scene = Scene::of(DUELS).waits(ann).loses("ann", 30);
    assert_eq!(scene.plan().next, Some(second(20)));
}

#[test]
fn a_return_is_nothing_to_the_ticket_of_another() {
    assert_eq!(solo("bob").resumed(&contact_again("ann")), None);
}

#[test]
fn what_is_proposed_to_one_who_is_away_waits_for_its_answer() {
    let mut scene = Scene::of(ASKED).wait(["ann", "bob"]);
    scene.goes_on();
    let scene = scene.loses("ann", 30).accept(["bob"]);
    let plan = scene.plan();
    assert_eq!((plan.agreed.len(), plan.next), (0, Some(second(10))));
    let scene = scene.comes_back("ann").accept(["ann"]);
    let (agreed, made) = &scene.plan().agreed[0];
    assert_eq!(*agreed, match_id(1));
    assert_eq!(made.placed[0].ticket.players, [contact_again("ann")]);
}

#[test]
fn what_everybody_has_accepted_is_made_though_somebody_is_away_by_then() {
    let mut scene = Scene::of(ASKED).wait(["ann", "bob"]);
    scene.goes_on();
    let scene = scene.accept(["ann", "bob"]).loses("ann", 30);
    let plan = scene.plan();
    let (_, made) = &plan.agreed[0];
    assert_eq!(
        made.placed[0].ticket.players,
        [contact("ann").lost(second(30))]
    );
}

#[test]
fn whoever_has_accepted_has_accepted_still_when_it_comes_back() {
    let mut scene = Scene::of(ASKED).wait(["ann", "bob"]);
    scene.goes_on();
    let scene = scene.accept(["ann"]).loses("ann", 30).comes_back("ann");
    let proposal = scene.ticket("ann").proposal().expect("she is asked");
    assert!(proposal.accepted.contains(&player("ann")));
    assert_eq!(scene.accept(["bob"]).plan().agreed.len(), 1);
}

#[test]
fn whoever_is_away_and_does_not_accept_in_time_is_out() {
    let mut scene = Scene::of(ASKED).wait(["ann", "bob"]);
    scene.goes_on();
    let scene = scene.accept(["bob"]).loses("ann", 30).later(second(10));
    let plan = scene.plan();
    assert_eq!(ended(&plan), [("ann", Ending::NotAccepted)]);
    assert_eq!(returned(&plan), [("bob", ReturnReason::NotAccepted)]);
}

#[test]
fn whoever_stays_away_too_long_while_it_is_asked_is_out_and_the_others_wait_again() {
    let mut scene = Scene::of(ASKED).wait(["ann", "bob"]);
    scene.goes_on();
    let scene = scene.loses("ann", 5);
    assert_eq!(scene.plan().next, Some(second(5)));
    let plan = scene.later(second(5)).plan();
    assert_eq!(ended(&plan), [("ann", Ending::Disconnected)]);
    assert_eq!(returned(&plan), [("bob", ReturnReason::PlayerGone)]);
}

#[test]
fn whoever_is_put_back_while_it_is_away_waits_for_its_return() {
    let mut scene = Scene::of(ASKED).wait(["ann", "bob", "cat"]);
    scene.goes_on();
    let mut scene = scene.accept(["ann"]).loses("ann", 30).leaves("bob");
    scene.goes_on();
    assert_eq!(scene.ticket("ann").state, State::Waiting);
    assert_eq!(scene.plan().found, []);
    assert_eq!(scene.comes_back("ann").matched(), ["ann | cat"]);
}
