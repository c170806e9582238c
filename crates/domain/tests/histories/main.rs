//! Random histories of a small world: a dozen players, three lobbies, and everything that they may do to each other,
//! twice, late, out of order and side by side. After every deed each invariant of the design is checked by its name.

mod cast;
mod clients;
mod deciding;
mod deed;
mod invariants;
mod meaning;
mod name;
mod playing;
mod plays;
mod record;
mod store;
mod view;
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
const LENGTH: usize = 200;

fn live_through(wishes: Vec<Wish>) -> Result<World, String> {
    let mut world = World::new();
    for wish in wishes {
        if let Err(broken) = world.grant(wish) {
            return Err(format!(
                "{broken}\n\nIt came about like this:\n{}",
                world.log()
            ));
        }
    }
    Ok(world)
}

proptest! {
    #[test]
    fn no_history_breaks_an_invariant(wishes in vec(wish(), 1..=LENGTH)) {
        live_through(wishes).map_err(TestCaseError::fail)?;
    }
}

#[test]
fn the_histories_meet_every_event_and_every_refusal_that_a_dozen_players_can_bring_about() {
    let mut runner = TestRunner::deterministic();
    let mut met = BTreeSet::new();
    for _ in 0..100 {
        let history = vec(wish(), LENGTH).new_tree(&mut runner);
        let world = live_through(history.expect("wishes can be made").current());
        let world = world.unwrap_or_else(|broken| panic!("{broken}"));
        met.extend(world.met);
        met.extend(world.clients.met);
    }
    let events = "Started Closed JoinRequested JoinRejected Accepted PlayerJoined Left PlayerLeft PlayerAway \
                  PlayerBack Resumed Kicked Updated HostChanged BattleStarted Attacked ScoreSynced PlayerDied MarkPlaced \
                  RematchRequested State \
                  SettledByScore SettledByLine SettledByFullBoard SettledByForfeit SettledByTimeOut QueueEntered \
                  BackfillStarted Found CancelledAsPartyChanged CancelledAsHostChanged CancelledAsMatched \
                  CancelledAsGaveUp CancelledAsClosed";
    // Those that are missing need more waiting or banned players than there are: the rules have tests of their own.
    let refusals = "NotFound Exists AlreadyInLobby NotInLobby NotHost Full Locked WrongPassword Banned RequestNotFound \
                    PeerIdTaken NotAMember BelowMembers InMatchmaking NotInMatchmaking TooManyPlayers MemberAway NoFreeSeats NotAMatch \
                    Battle(NoBattle) Battle(AlreadyRunning) Battle(NotPlaying) Battle(Over) Battle(WrongRules) \
                    Battle(TooFewPlayers) Battle(BelowCost) Battle(Frozen) Battle(Dead) Battle(ScoreLowered) \
                    Battle(OutOfTurn) Battle(TileTaken) Battle(OffTheBoard)";
    let expected: BTreeSet<_> = events
        .split_whitespace()
        .chain(refusals.split_whitespace())
        .chain(["Overtaken", "FoundWhileAway", "CaughtUp"])
        .map(str::to_owned)
        .collect();
    assert_eq!(met, expected);
}
