//! Parties of friends, and the filling of empty seats.

use client::protocol::event::{
    BackfillStarted, CancelReason, HostChanged, JoinRequestRejected, Kicked, MatchFound,
    MatchmakingCancelled, MatchmakingStarted, PlayerJoined, PlayerLeft, ReceivedJoinRequest,
};
use client::protocol::lobby::{JoinPolicy, KickPlayer, StartLobby};
use client::protocol::matchmaking::{JoinMatchmaking, RequestBackfill};
use client::protocol::{ErrorCode, Event};
use e2e::{Party, Player, World, join, wish};
use ids::PlayerId;

fn as_party(world: &World, queue: &str) -> JoinMatchmaking {
    JoinMatchmaking {
        party: Some(true),
        ..wish(world, queue)
    }
}

fn open() -> StartLobby {
    StartLobby {
        join_policy: Some(JoinPolicy::Open),
        ..StartLobby::default()
    }
}

fn team_of(found: &MatchFound, player: &PlayerId) -> u32 {
    let mut players = found.players.iter();
    let own = players.find(|other| other.player_id == *player);
    own.expect("everyone is listed").team
}

/// Two friends, and two strangers, matched two against two.
async fn pairs(world: &World) -> [Player; 4] {
    matched_pairs(world).await.0
}

/// The same, and what the first of them hears of the match.
async fn matched_pairs(world: &World) -> ([Player; 4], MatchFound) {
    let Party { players, .. } = world.party_in(open(), ["ann", "bob"]).await;
    let [ann, bob] = players;
    let (cem, dee) = (world.player("cem").await, world.player("dee").await);
    ann.looks(as_party(world, "pairs")).await;
    bob.hears::<MatchmakingStarted>().await;
    cem.looks(wish(world, "pairs")).await;
    dee.looks(wish(world, "pairs")).await;
    let mut first = None;
    for player in [&ann, &bob, &cem, &dee] {
        let found = player.is_matched().await;
        assert_eq!(found.players.len(), 4);
        assert_eq!(team_of(&found, ann.id()), team_of(&found, bob.id()));
        assert_eq!(team_of(&found, cem.id()), team_of(&found, dee.id()));
        assert_ne!(team_of(&found, ann.id()), team_of(&found, cem.id()));
        assert_eq!(found.team, team_of(&found, player.id()));
        first.get_or_insert(found);
    }
    ([ann, bob, cem, dee], first.expect("there are four"))
}

#[tokio::test]
async fn friends_enter_as_one_and_stay_on_one_team() {
    let world = World::start().await;
    let players = pairs(&world).await;
    for player in &players {
        player.hears_nothing_more().await;
    }
    world.ends().await;
}

#[tokio::test]
async fn two_strangers_and_a_party_of_two_are_not_mixed_however_they_come() {
    let world = World::start().await;
    let (cem, dee) = (world.player("cem").await, world.player("dee").await);
    cem.looks(wish(&world, "pairs")).await;
    let Party { players, .. } = world.party_in(open(), ["ann", "bob"]).await;
    let [ann, bob] = &players;
    ann.looks(as_party(&world, "pairs")).await;
    bob.hears::<MatchmakingStarted>().await;
    dee.looks(wish(&world, "pairs")).await;
    for player in [ann, bob, &cem, &dee] {
        let found = player.is_matched().await;
        assert_eq!(team_of(&found, ann.id()), team_of(&found, bob.id()));
        assert_eq!(team_of(&found, cem.id()), team_of(&found, dee.id()));
    }
    world.ends().await;
}

#[tokio::test]
async fn whoever_leaves_a_party_takes_all_of_it_out_of_the_queue() {
    let world = World::start().await;
    let Party { players, .. } = world.party_in(open(), ["ann", "bob"]).await;
    let [ann, bob] = &players;
    let started = ann.looks(as_party(&world, "pairs")).await;
    bob.hears::<MatchmakingStarted>().await;
    bob.leaves().await;
    ann.hears::<PlayerLeft>().await;
    let cancelled = ann.hears::<MatchmakingCancelled>().await;
    assert_eq!(cancelled.ticket_id, started.ticket_id);
    assert_eq!(cancelled.reason, CancelReason::PartyChanged);
    // Both are free: ann in her lobby, bob to look alone.
    bob.looks(wish(&world, "duel")).await;
    bob.gives_up_looking().await;
    ann.leaves().await;
    world.ends().await;
}

#[tokio::test]
async fn a_party_leaves_the_queue_by_its_host_and_stays_a_lobby() {
    let world = World::start().await;
    let Party { lobby, players } = world.party_in(open(), ["ann", "bob"]).await;
    let [ann, bob] = &players;
    ann.looks(as_party(&world, "pairs")).await;
    bob.hears::<MatchmakingStarted>().await;
    // Nobody comes in while it waits.
    let cem = world.player("cem").await;
    let refused = cem.is_turned_away(&lobby.id).await;
    assert_eq!(refused.code, ErrorCode::AlreadyInMatchmaking);
    ann.gives_up_looking().await;
    bob.hears::<MatchmakingCancelled>().await;
    cem.joins(&lobby.id).await;
    for member in [ann, bob] {
        member.hears::<PlayerJoined>().await;
    }
    world.ends().await;
}

#[tokio::test]
async fn whoever_waits_to_be_let_in_is_turned_away_when_the_party_begins_to_look() {
    let world = World::start().await;
    let (ann, cem) = (world.player("ann").await, world.player("cem").await);
    let lobby_id = ann.starts_lobby().await;
    cem.does(join(&lobby_id)).await;
    ann.hears::<ReceivedJoinRequest>().await;
    ann.looks(as_party(&world, "duel")).await;
    cem.hears::<JoinRequestRejected>().await;
    ann.gives_up_looking().await;
    world.ends().await;
}

#[tokio::test]
async fn only_the_host_enters_its_party_and_only_one_that_fits() {
    let world = World::start().await;
    let Party { players, .. } = world.party_in(open(), ["ann", "bob", "cem"]).await;
    let [ann, bob, _cem] = &players;
    let refused = bob.is_refused(as_party(&world, "pairs")).await;
    assert_eq!(refused.code, ErrorCode::NotHost);
    let refused = ann.is_refused(as_party(&world, "pairs")).await;
    assert_eq!(refused.code, ErrorCode::PartyTooLarge);
    let alone = world.player("dee").await;
    let refused = alone.is_refused(as_party(&world, "pairs")).await;
    assert_eq!(refused.code, ErrorCode::NotInLobby);
    world.ends().await;
}

#[tokio::test]
async fn a_seat_that_falls_empty_is_filled_by_the_rules_of_the_queue() {
    let world = World::start().await;
    let [ann, bob, cem, dee] = pairs(&world).await;
    dee.leaves().await;
    for player in [&ann, &bob, &cem] {
        player.hears::<PlayerLeft>().await;
    }
    let refused = cem.is_refused(RequestBackfill {}).await;
    assert_eq!(refused.code, ErrorCode::NotHost);
    let answer = ann.does(RequestBackfill {}).await;
    let Event::BackfillStarted(BackfillStarted { seats, .. }) = answer else {
        panic!("`request_backfill` was answered by {answer:?}");
    };
    assert_eq!(seats, 1);
    let eve = world.player("eve").await;
    eve.looks(wish(&world, "pairs")).await;
    let found = eve.is_matched().await;
    assert_eq!(found.players.len(), 4);
    assert_eq!(found.team, team_of(&found, cem.id()));
    for player in [&ann, &bob, &cem] {
        let joined = player.hears::<PlayerJoined>().await;
        assert_eq!(joined.player_id, *eve.id());
    }
    let refused = ann.is_refused(RequestBackfill {}).await;
    assert_eq!(refused.code, ErrorCode::NoFreeSeats);
    world.ends().await;
}

#[tokio::test]
async fn whoever_was_banned_from_a_match_keeps_nobody_else_out_of_it() {
    let world = World::start().await;
    let ([ann, bob, cem, dee], found) = matched_pairs(&world).await;
    let mut players = found.players.into_iter();
    let banned = players.find(|player| player.player_id == *dee.id());
    let ban = KickPlayer {
        player_connection_id: banned
            .and_then(|dee| dee.connection_id)
            .expect("an address"),
        reason: None,
        ban: Some(true),
    };
    ann.does(ban).await;
    dee.hears::<Kicked>().await;
    for player in [&bob, &cem] {
        player.hears::<PlayerLeft>().await;
    }
    dee.looks(wish(&world, "pairs")).await;
    ann.does(RequestBackfill {}).await;
    let eve = world.player("eve").await;
    eve.looks(wish(&world, "pairs")).await;
    assert_eq!(eve.is_matched().await.players.len(), 4);
    for player in [&ann, &bob, &cem] {
        let joined = player.hears::<PlayerJoined>().await;
        assert_eq!(joined.player_id, *eve.id());
    }
    dee.gives_up_looking().await;
    world.ends().await;
}

#[tokio::test]
async fn a_search_for_empty_seats_ends_with_its_host() {
    let world = World::start().await;
    let [ann, bob, cem, dee] = pairs(&world).await;
    dee.leaves().await;
    for player in [&ann, &bob, &cem] {
        player.hears::<PlayerLeft>().await;
    }
    ann.does(RequestBackfill {}).await;
    ann.leaves().await;
    for player in [&bob, &cem] {
        player.hears::<PlayerLeft>().await;
        player.hears::<HostChanged>().await;
    }
    // The new host may ask for its own.
    bob.looks_at_everything().await;
    let answer = bob.does(RequestBackfill {}).await;
    assert!(
        matches!(
            answer,
            Event::BackfillStarted(BackfillStarted { seats: 2, .. })
        ),
        "{answer:?}"
    );
    cem.looks_at_everything().await;
    world.ends().await;
}

#[tokio::test]
async fn a_lobby_that_no_queue_made_cannot_be_filled_by_one() {
    let world = World::start().await;
    let ann = world.player("ann").await;
    ann.starts_lobby().await;
    let refused = ann.is_refused(RequestBackfill {}).await;
    assert_eq!(refused.code, ErrorCode::NotAMatch);
    world.ends().await;
}
