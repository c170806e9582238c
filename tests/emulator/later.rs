//! What happens later: by a message of a queue that drives a function, handled at least once and put aside where it fails.

use std::time::Duration;

use client::protocol::Whole;
use client::protocol::battle::{BattleOptions, Rules};
use client::protocol::event::{Outcome, PlayerAway, PlayerLeft};
use client::protocol::lobby::UpdateLobby;
use domain::lobby::{Contact, Lobby};
use e2e::{Party, Player, World, battle_with, players_of, wish};
use serde_json::json;

use crate::aws::{Emulator, Moment};
use crate::ghosts::named;
use crate::queues::{Patience, Queue, check_up, clean_up, due, tick_at};

/// Within this time two players begin to look for opponents, and longer the function waits that is killed then.
const BEFORE_THE_KILL: Duration = Duration::from_secs(5);

#[tokio::test]
async fn a_tick_matches_strangers_and_a_timer_ends_their_battle() {
    let Some(_emulator) = Emulator::find().await else {
        return;
    };
    let world = World::start().await;
    let (ann, bob) = (world.player("ann").await, world.player("bob").await);
    ann.looks(wish(&world, "duel")).await;
    bob.looks(wish(&world, "duel")).await;
    let found = ann.is_matched().await;
    assert_eq!(players_of(&found), [ann.id().clone(), bob.id().clone()]);
    bob.is_matched().await;
    let brief = BattleOptions {
        battle_seconds: Some(Whole::new(2).expect("within its bounds")),
        ..BattleOptions::default()
    };
    ann.starts_battle(battle_with(Rules::ScoreAttack, brief), &[&bob])
        .await;
    for player in [&ann, &bob] {
        player.hears_that_it_ended(Outcome::Draw).await;
    }
    world.ends().await;
}

#[tokio::test]
async fn somebody_whose_farewell_was_lost_is_taken_out_once_a_post_finds_nobody() {
    let Some(emulator) = Emulator::find().await else {
        return;
    };
    let world = World::start().await;
    let (_, host, ghost) = haunted(&emulator, &world).await;
    host.does(UpdateLobby::default()).await;
    is_heard_to_go(&host, &ghost).await;
    world.ends().await;
}

#[tokio::test]
async fn somebody_who_vanished_from_a_lobby_in_which_nothing_happens_is_found_by_its_check_up() {
    let Some(emulator) = Emulator::find().await else {
        return;
    };
    let world = World::start().await;
    let (lobby, host, ghost) = haunted(&emulator, &world).await;
    emulator.send(Queue::Timers, &due(check_up(&lobby))).await;
    is_heard_to_go(&host, &ghost).await;
    world.ends().await;
}

#[tokio::test]
async fn a_message_that_nobody_can_read_is_put_aside_and_holds_up_nobody() {
    let Some(emulator) = Emulator::find().await else {
        return;
    };
    let world = World::start().await;
    let (_, host, ghost) = haunted(&emulator, &world).await;
    let patience = emulator.hurry(&Patience::of_seconds(1)).await;
    let unreadable = json!({ "queue": "duel", "timer": "alarm clock", "bucket": "soon" });
    for queue in Queue::ALL {
        emulator.send(queue, &unreadable).await;
    }
    emulator
        .send(Queue::Timers, &due(clean_up(&ghost.connection_id)))
        .await;
    is_heard_to_go(&host, &ghost).await;
    for queue in Queue::ALL {
        emulator.puts_aside(queue, &unreadable).await;
    }
    emulator.calm_down(patience).await;
    world.ends().await;
}

#[tokio::test]
async fn a_tick_whose_function_is_killed_comes_again_and_matches_once() {
    let Some(emulator) = Emulator::find().await else {
        return;
    };
    let world = World::start().await;
    let patience = emulator.hurry(&Patience::of_seconds(6)).await;
    let (ann, bob) = (world.player("ann").await, world.player("bob").await);
    let late = Moment::now().timestamp() + BEFORE_THE_KILL;
    emulator
        .send(Queue::Ticks, &tick_at(&named("duel"), late))
        .await;
    ann.looks(wish(&world, "duel")).await;
    bob.looks(wish(&world, "duel")).await;
    let killed = emulator.kill(Queue::Ticks.consumer()).await;
    assert!(killed > 0, "nobody was at work");
    let found = ann.is_matched().await;
    assert_eq!(bob.is_matched().await.match_id, found.match_id);
    assert_eq!(players_of(&found), [ann.id().clone(), bob.id().clone()]);
    emulator.is_empty(Queue::Ticks).await;
    emulator.calm_down(patience).await;
    world.ends().await;
}

/// Somebody is heard to be away, and then to be out.
async fn is_heard_to_go(host: &Player, ghost: &Contact) {
    let away = host.hears::<PlayerAway>().await;
    let left = host.hears::<PlayerLeft>().await;
    let expected = (&ghost.player_id, &ghost.player_id);
    assert_eq!((&away.player_id, &left.player_id), expected);
}

/// A lobby with a host who is there, and another who is not.
async fn haunted(emulator: &Emulator, world: &World) -> (Lobby, Player, Contact) {
    let Party { lobby, players } = world.party(["host"]).await;
    let [host] = players;
    let ghosts = emulator.ghosts();
    let ghost = ghosts.ghost().await;
    let lobby = ghosts.find(&lobby.id).await;
    let lobby = ghosts.joins(lobby, ghost.clone()).await;
    (lobby, host, ghost)
}
