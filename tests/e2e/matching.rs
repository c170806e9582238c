//! `join_matchmaking`, `leave_matchmaking` and `explain_matchmaking`: strangers who find each other.

use client::protocol::event::{
    CancelReason, MatchReturned, PlayerLeft, ReceivedSessionDescription,
};
use client::protocol::matchmaking::{
    Attribute, AttributeNumber, Attributes, ExplainMatchmaking, JoinMatchmaking, LeaveMatchmaking,
};
use client::protocol::{ErrorCode, Event};
use client::{Refused, RequestError};
use e2e::{Player, World, join, players_of, wish, wish_with};
use futures::future::join_all;
use ids::QueueName;

fn skill(points: i64) -> Attribute {
    Attribute::Number(AttributeNumber::new(points).expect("within its bounds"))
}

async fn refusal(player: &Player, wish: JoinMatchmaking) -> ErrorCode {
    player.is_refused(wish).await.code
}

#[tokio::test]
async fn two_strangers_are_matched_and_signal_with_the_next_message() {
    let world = World::start().await;
    let (ann, bob) = (world.player("ann").await, world.player("bob").await);
    let started = ann.looks(wish(&world, "duel")).await;
    assert_eq!(started.queue.as_str(), "duel");
    bob.looks(wish(&world, "duel")).await;
    let (anns, bobs) = (ann.is_matched().await, bob.is_matched().await);

    assert_eq!(anns.match_id, bobs.match_id);
    assert_eq!(anns.lobby_id, bobs.lobby_id);
    assert_eq!((anns.team, bobs.team), (1, 2));
    // Who waited longest is host.
    assert_eq!(anns.host_peer_id.get(), 1);
    assert_eq!(players_of(&anns), [ann.id().clone(), bob.id().clone()]);
    let own = anns
        .players
        .iter()
        .find(|player| player.player_id == *ann.id());
    assert_eq!(own.expect("everyone is listed").connection_id, None);

    let bobs_address = anns
        .players
        .into_iter()
        .find_map(|player| player.connection_id);
    ann.offers(&bobs_address.expect("bob's"), "v=0").await;
    let offer = bob.hears::<ReceivedSessionDescription>().await;
    let anns_address = bobs
        .players
        .into_iter()
        .find_map(|player| player.connection_id);
    assert_eq!(Some(offer.connection_id), anns_address);
    world.ends().await;
}

#[tokio::test]
async fn players_are_matched_in_the_order_of_their_arrival() {
    let world = World::start().await;
    let names = ["ann", "bob", "cem", "dee", "eve", "fay"];
    let mut players = Vec::new();
    for name in names {
        let player = world.player(name).await;
        player.looks(wish(&world, "duel")).await;
        players.push(player);
    }
    for pair in players.chunks(2) {
        let expected: Vec<_> = pair.iter().map(|player| player.id().clone()).collect();
        for player in pair {
            assert_eq!(players_of(&player.is_matched().await), expected);
        }
    }
    world.ends().await;
}

#[tokio::test]
async fn whoever_stops_looking_is_matched_with_nobody_and_the_next_two_with_each_other() {
    let world = World::start().await;
    let (ann, bob, cem) = (
        world.player("ann").await,
        world.player("bob").await,
        world.player("cem").await,
    );
    let started = ann.looks(wish(&world, "duel")).await;
    let cancelled = ann.gives_up_looking().await;
    assert_eq!(cancelled.ticket_id, started.ticket_id);
    assert_eq!(cancelled.reason, CancelReason::Left);
    bob.looks(wish(&world, "duel")).await;
    cem.looks(wish(&world, "duel")).await;
    let expected = [bob.id().clone(), cem.id().clone()];
    assert_eq!(players_of(&bob.is_matched().await), expected);
    assert_eq!(players_of(&cem.is_matched().await), expected);
    ann.hears_nothing_more().await;
    let refused = ann.is_refused(LeaveMatchmaking {}).await;
    assert_eq!(refused.code, ErrorCode::NotInMatchmaking);
    world.ends().await;
}

#[tokio::test]
async fn whoever_vanishes_while_waiting_is_matched_with_nobody() {
    let world = World::start().await;
    let (ann, bob, cem) = (
        world.player("ann").await,
        world.player("bob").await,
        world.player("cem").await,
    );
    ann.looks(wish(&world, "duel")).await;
    ann.hangs_up().await;
    bob.looks(wish(&world, "duel")).await;
    cem.looks(wish(&world, "duel")).await;
    let expected = [bob.id().clone(), cem.id().clone()];
    for player in [&bob, &cem] {
        let mut found = player.is_matched().await;
        // The farewell may come after the match: then the match is undone, and bob waits at his old place.
        if found
            .players
            .iter()
            .any(|other| other.player_id == *ann.id())
        {
            player.hears::<MatchReturned>().await;
            found = player.is_matched().await;
        }
        assert_eq!(players_of(&found), expected);
    }
    world.ends().await;
}

#[tokio::test]
async fn looking_twice_is_refused_and_nobody_is_matched_with_itself() {
    let world = World::start().await;
    let (ann, bob) = (world.player("ann").await, world.player("bob").await);
    ann.looks(wish(&world, "duel")).await;
    let code = refusal(&ann, wish(&world, "duel")).await;
    assert_eq!(code, ErrorCode::AlreadyInMatchmaking);
    let code = refusal(&ann, wish(&world, "ask")).await;
    assert_eq!(code, ErrorCode::AlreadyInMatchmaking);
    ann.hears_nothing_more().await;
    bob.looks(wish(&world, "duel")).await;
    let expected = [ann.id().clone(), bob.id().clone()];
    assert_eq!(players_of(&ann.is_matched().await), expected);
    assert_eq!(players_of(&bob.is_matched().await), expected);
    world.ends().await;
}

#[tokio::test]
async fn of_fifty_times_that_one_player_looks_at_once_one_succeeds() {
    let world = World::start().await;
    let ann = world.player("ann").await;
    let wishes = (0..50).map(|_| ann.client().request(wish(&world, "duel")));
    let outcomes = join_all(wishes).await;
    let started = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    assert_eq!(started, 1, "{outcomes:?}");
    for refused in outcomes.into_iter().filter_map(Result::err) {
        let RequestError::Refused(Refused { code, .. }) = refused else {
            panic!("neither done nor refused: {refused}");
        };
        assert!(
            [ErrorCode::AlreadyInMatchmaking, ErrorCode::Busy].contains(&code),
            "{code:?}"
        );
    }
    ann.gives_up_looking().await;
    world.ends().await;
}

#[tokio::test]
async fn of_three_who_arrive_at_once_two_are_matched_and_the_third_with_the_fourth() {
    let world = World::start().await;
    let mut players = Vec::new();
    for name in ["ann", "bob", "cem", "dee"] {
        players.push(world.player(name).await);
    }
    let dee = players.pop().expect("the fourth");
    join_all(
        players
            .iter()
            .map(|player| player.looks(wish(&world, "duel"))),
    )
    .await;
    // A look at how it goes is answered in every state, matched or not.
    dee.looks(wish(&world, "duel")).await;
    let mut pairs = Vec::new();
    for player in players.iter().chain([&dee]) {
        let found = player.is_matched().await;
        assert!(players_of(&found).contains(player.id()));
        pairs.push((found.match_id.clone(), players_of(&found)));
    }
    pairs.sort();
    pairs.dedup();
    assert_eq!(pairs.len(), 2, "{pairs:?}");
    let mut everybody: Vec<_> = pairs.into_iter().flat_map(|(_, players)| players).collect();
    everybody.sort();
    everybody.dedup();
    assert_eq!(everybody.len(), 4);
    world.ends().await;
}

#[tokio::test]
async fn skills_that_are_far_apart_are_matched_once_waiting_has_widened_the_rule() {
    let world = World::start().await;
    let (ann, bob, cem) = (
        world.player("ann").await,
        world.player("bob").await,
        world.player("cem").await,
    );
    let skilled = |points| wish_with(&world, "skilled", [("skill", skill(points))]);
    ann.looks(skilled(1_000)).await;
    bob.looks(skilled(1_500)).await;
    let Event::MatchmakingStatus(status) = bob.does(ExplainMatchmaking {}).await else {
        panic!("`explain_matchmaking` has another answer than `matchmaking_status`");
    };
    assert_eq!(status.compatible_now, 0);
    let rule = status.limiting_rule.expect("a rule keeps ann out");
    assert!(rule.contains("skill"), "{rule}");
    // Near by, and so matched at once, though ann has waited longer than bob.
    cem.looks(skilled(1_550)).await;
    let near = [bob.id().clone(), cem.id().clone()];
    assert_eq!(players_of(&bob.is_matched().await), near);
    assert_eq!(players_of(&cem.is_matched().await), near);
    let dee = world.player("dee").await;
    dee.looks(skilled(1_900)).await;
    let far = [ann.id().clone(), dee.id().clone()];
    assert_eq!(players_of(&ann.is_matched().await), far);
    assert_eq!(players_of(&dee.is_matched().await), far);
    world.ends().await;
}

#[tokio::test]
async fn a_search_that_finds_nobody_is_given_up_in_time() {
    let world = World::start().await;
    let ann = world.player("ann").await;
    let started = ann.looks(wish(&world, "brief")).await;
    let cancelled = ann
        .hears::<client::protocol::event::MatchmakingCancelled>()
        .await;
    assert_eq!(cancelled.ticket_id, started.ticket_id);
    assert_eq!(cancelled.reason, CancelReason::GaveUp);
    // And is free to do something else.
    ann.starts_lobby().await;
    world.ends().await;
}

#[tokio::test]
async fn what_a_queue_cannot_take_is_refused_by_name() {
    let world = World::start().await;
    let ann = world.player("ann").await;
    let nowhere = JoinMatchmaking {
        queue: Some(QueueName::parse("nowhere").expect("a queue's name")),
        ..JoinMatchmaking::default()
    };
    assert_eq!(refusal(&ann, nowhere).await, ErrorCode::QueueNotFound);
    let unskilled = ann.is_refused(wish(&world, "skilled")).await;
    assert_eq!(unskilled.code, ErrorCode::AttributeMissing);
    let roomless = JoinMatchmaking {
        attributes: Some(Attributes::default()),
        ..wish(&world, "duel")
    };
    assert_eq!(refusal(&ann, roomless).await, ErrorCode::AttributeMissing);
    ann.looks(wish(&world, "duel")).await;
    ann.gives_up_looking().await;
    world.ends().await;
}

#[tokio::test]
async fn who_looks_is_in_no_lobby_and_who_is_in_a_lobby_does_not_look_alone() {
    let world = World::start().await;
    let (host, ann) = (world.player("host").await, world.player("ann").await);
    let lobby_id = host.starts_open_lobby().await;
    let code = refusal(&host, wish(&world, "duel")).await;
    assert_eq!(code, ErrorCode::AlreadyInLobby);
    ann.looks(wish(&world, "duel")).await;
    let refused = ann.is_refused(join(&lobby_id)).await;
    assert_eq!(refused.code, ErrorCode::AlreadyInMatchmaking);
    ann.gives_up_looking().await;
    ann.joins(&lobby_id).await;
    host.hears::<client::protocol::event::PlayerJoined>().await;
    world.ends().await;
}

#[tokio::test]
async fn who_is_in_a_match_and_looks_again_hears_of_it_again_but_of_its_own_queue_only() {
    let world = World::start().await;
    let (ann, bob) = (world.player("ann").await, world.player("bob").await);
    ann.looks(wish(&world, "duel")).await;
    bob.looks(wish(&world, "duel")).await;
    let found = ann.is_matched().await;
    bob.is_matched().await;
    for _ in 0..2 {
        let again = ann.does(wish(&world, "duel")).await;
        assert_eq!(again, client::protocol::Event::MatchFound(found.clone()));
    }
    let elsewhere = refusal(&ann, wish(&world, "skilled")).await;
    assert_ne!(elsewhere, ErrorCode::AlreadyInMatchmaking);
    bob.hears_nothing_more().await;
    world.ends().await;
}

#[tokio::test]
async fn after_a_match_one_leaves_the_other_hears_and_both_may_look_again() {
    let world = World::start().await;
    let (ann, bob) = (world.player("ann").await, world.player("bob").await);
    for _ in 0..2 {
        ann.looks(wish(&world, "duel")).await;
        bob.looks(wish(&world, "duel")).await;
        ann.is_matched().await;
        bob.is_matched().await;
        ann.leaves().await;
        bob.hears::<PlayerLeft>().await;
        bob.hears::<client::protocol::event::HostChanged>().await;
        bob.leaves().await;
    }
    world.ends().await;
}

#[tokio::test]
async fn an_estimate_comes_from_what_the_last_matches_have_waited() {
    let Some(world) = World::with(e2e::settings(), "a queue that nobody has used").await else {
        return;
    };
    let (ann, bob, cem) = (
        world.player("ann").await,
        world.player("bob").await,
        world.player("cem").await,
    );
    let first = ann.looks(wish(&world, "duel")).await;
    assert_eq!(first.estimated_wait_seconds, None);
    bob.looks(wish(&world, "duel")).await;
    ann.is_matched().await;
    bob.is_matched().await;
    // The estimate is saved after everybody was told.
    loop {
        let third = cem.looks(wish(&world, "duel")).await;
        cem.gives_up_looking().await;
        match third.estimated_wait_seconds {
            Some(seconds) => break assert!(seconds <= 10, "{seconds}"),
            None => tokio::task::yield_now().await,
        }
    }
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_hundred_who_look_at_once_every_one_is_matched_with_one_other() {
    let world = World::start().await;
    let names: Vec<_> = (1..=200).map(|number| format!("player {number}")).collect();
    let players = join_all(names.iter().map(|name| world.player(name))).await;
    join_all(
        players
            .iter()
            .map(|player| player.looks(wish(&world, "duel"))),
    )
    .await;
    let found = join_all(players.iter().map(|player| async {
        let found = player.is_matched().await;
        (
            found.match_id.clone(),
            players_of(&found),
            player.id().clone(),
        )
    }))
    .await;
    let mut pairs = std::collections::BTreeMap::new();
    for (match_id, players, own) in found {
        assert!(players.contains(&own));
        assert_eq!(players.len(), 2);
        let known = pairs.entry(match_id).or_insert_with(|| players.clone());
        assert_eq!(*known, players);
    }
    assert_eq!(pairs.len(), 100);
    world.ends().await;
}
