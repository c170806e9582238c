//! `accept_match` and `decline_match`: queues that ask everybody first.

use client::protocol::event::{CancelReason, MatchReturned, MatchmakingCancelled, ReturnReason};
use client::protocol::matchmaking::{AcceptMatch, DeclineMatch};
use client::protocol::{ErrorCode, Event};
use e2e::{Player, World, players_of, wish};
use ids::MatchId;

/// Two who look, and are asked; which match.
async fn asked(world: &World, one: &Player, other: &Player) -> MatchId {
    one.looks(wish(world, "ask")).await;
    other.looks(wish(world, "ask")).await;
    let (ones, others) = (one.is_asked().await, other.is_asked().await);
    assert_eq!(ones, others);
    assert_eq!(ones.players, 2);
    assert!(ones.accept_within_seconds <= 3);
    ones.match_id
}

async fn accepts(player: &Player, match_id: &MatchId) {
    let match_id = match_id.clone();
    let answer = player.does(AcceptMatch { match_id }).await;
    assert!(matches!(answer, Event::Ok(_)), "{answer:?}");
}

#[tokio::test]
async fn a_match_that_everybody_accepts_comes_about() {
    let world = World::start().await;
    let (ann, bob) = (world.player("ann").await, world.player("bob").await);
    let match_id = asked(&world, &ann, &bob).await;
    accepts(&ann, &match_id).await;
    // Said twice, it is agreed to once.
    accepts(&ann, &match_id).await;
    accepts(&bob, &match_id).await;
    let expected = [ann.id().clone(), bob.id().clone()];
    for player in [&ann, &bob] {
        let found = player.is_matched().await;
        assert_eq!(found.match_id, match_id);
        assert_eq!(players_of(&found), expected);
    }
    world.ends().await;
}

#[tokio::test]
async fn whoever_declines_is_out_and_the_other_keeps_its_place() {
    let world = World::start().await;
    let (ann, bob, cem, dee) = (
        world.player("ann").await,
        world.player("bob").await,
        world.player("cem").await,
        world.player("dee").await,
    );
    let match_id = asked(&world, &ann, &bob).await;
    cem.looks(wish(&world, "ask")).await;
    accepts(&ann, &match_id).await;
    let declined = bob
        .does(DeclineMatch {
            match_id: match_id.clone(),
        })
        .await;
    let Event::MatchmakingCancelled(cancelled) = declined else {
        panic!("`decline_match` was answered by {declined:?}");
    };
    assert_eq!(cancelled.reason, CancelReason::Declined);
    let returned = ann.hears::<MatchReturned>().await;
    assert_eq!(
        (returned.match_id, returned.reason),
        (match_id, ReturnReason::Declined)
    );
    // Ann waits still, before everybody who came later.
    let (anns, cems) = (ann.is_asked().await, cem.is_asked().await);
    assert_eq!(anns.match_id, cems.match_id);
    accepts(&ann, &anns.match_id).await;
    accepts(&cem, &anns.match_id).await;
    ann.is_matched().await;
    cem.is_matched().await;
    // Bob may look again.
    bob.looks(wish(&world, "ask")).await;
    bob.gives_up_looking().await;
    drop(dee);
    world.ends().await;
}

#[tokio::test]
async fn whoever_does_not_answer_in_time_is_out_and_the_other_keeps_its_place() {
    let world = World::start().await;
    let (ann, bob) = (world.player("ann").await, world.player("bob").await);
    let match_id = asked(&world, &ann, &bob).await;
    accepts(&ann, &match_id).await;
    let cancelled = bob.hears::<MatchmakingCancelled>().await;
    assert_eq!(cancelled.reason, CancelReason::NotAccepted);
    let returned = ann.hears::<MatchReturned>().await;
    assert_eq!(returned.reason, ReturnReason::NotAccepted);
    let late = bob.is_refused(AcceptMatch { match_id }).await;
    assert!(
        [ErrorCode::MatchNotFound, ErrorCode::NotInMatchmaking].contains(&late.code),
        "{late:?}"
    );
    ann.gives_up_looking().await;
    world.ends().await;
}

#[tokio::test]
async fn whoever_hangs_up_while_being_asked_undoes_the_match() {
    let world = World::start().await;
    let (ann, bob) = (world.player("ann").await, world.player("bob").await);
    let match_id = asked(&world, &ann, &bob).await;
    accepts(&ann, &match_id).await;
    bob.hangs_up().await;
    let returned = ann.hears::<MatchReturned>().await;
    assert_eq!(returned.match_id, match_id);
    ann.gives_up_looking().await;
    world.ends().await;
}

#[tokio::test]
async fn a_match_that_asked_nobody_cannot_be_agreed_to() {
    let world = World::start().await;
    let (ann, bob) = (world.player("ann").await, world.player("bob").await);
    let elsewhere = MatchId::parse("elsewhere").expect("an id");
    let wanted = AcceptMatch {
        match_id: elsewhere.clone(),
    };
    let refused = ann.is_refused(wanted.clone()).await;
    assert_eq!(refused.code, ErrorCode::NotInMatchmaking);
    ann.looks(wish(&world, "ask")).await;
    assert_eq!(ann.is_refused(wanted).await.code, ErrorCode::MatchNotFound);
    let refused = ann
        .is_refused(DeclineMatch {
            match_id: elsewhere,
        })
        .await;
    assert_eq!(refused.code, ErrorCode::MatchNotFound);
    // Still looking.
    ann.gives_up_looking().await;
    drop(bob);
    world.ends().await;
}
