//! Random histories of a queue: players who join by themselves or as parties, leave, drop, accept and decline; messages that
//! are lost, late, repeated and out of order; workers that read what is old a moment later, are killed between two
//! writes, or meet at one queue. After every deed each invariant is checked by its name, and in the end nobody is left.

mod cast;
mod deed;
mod invariants;
mod meaning;
mod presence;
mod queues;
mod shift;
mod store;
mod wishes;
mod world;

use std::collections::BTreeSet;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

use crate::wishes::{Wish, wish};
use crate::world::World;

/// How many deeds a history has at most.
const LENGTH: usize = 150;

/// How many come at once when many do.
const CROWD: u16 = 700;

fn live_through(queue: usize, wishes: Vec<Wish>) -> Result<World, String> {
    let mut world = World::new(queues::queue(queue));
    let lived = wishes.into_iter().try_for_each(|wish| world.grant(wish));
    match lived.and_then(|()| world.comes_to_rest()) {
        Ok(()) => Ok(world),
        Err(broken) => Err(format!(
            "{broken}\n\nIt came about like this:\n{}",
            world.log()
        )),
    }
}

proptest! {
    #[test]
    fn no_history_breaks_an_invariant(queue in 0..queues::COUNT, wishes in vec(wish(), 1..=LENGTH)) {
        live_through(queue, wishes).map_err(TestCaseError::fail)?;
    }
}

#[test]
fn no_crowd_breaks_an_invariant() {
    let mut runner = TestRunner::deterministic();
    let mut wishes = |count| {
        vec(wish(), count)
            .new_tree(&mut runner)
            .expect("wishes can be made")
            .current()
    };
    for queue in 0..queues::COUNT {
        let mut history = Vec::new();
        for skill in [0, 60, 255] {
            let blocked = None;
            let says = wishes::Says { skill, blocked };
            history.push(Wish::Crowd { count: CROWD, says });
            history.extend(wishes(40));
        }
        live_through(queue, history).unwrap_or_else(|broken| panic!("{broken}"));
    }
}

#[test]
fn the_histories_meet_everything_that_can_become_of_a_ticket_and_of_a_tick() {
    let mut runner = TestRunner::deterministic();
    let mut met = BTreeSet::new();
    for number in 0..100 {
        let history = vec(wish(), LENGTH).new_tree(&mut runner);
        let history = history.expect("wishes can be made").current();
        let world = live_through(number, history);
        met.extend(world.unwrap_or_else(|broken| panic!("{broken}")).met);
    }
    let expected = "AwayFromALobby AwayFromAQueue BackInAQueue Declined Disconnected GaveUp Killed Left Matched MatchedWhileAway NotAccepted Overtaken PartyChanged PlayerGone \
                    TakenBack";
    let expected: BTreeSet<_> = expected.split_whitespace().map(str::to_owned).collect();
    assert_eq!(met, expected);
}
