//! `noughts_and_crosses`: `place_mark`, and the server that owns the board.

use client::protocol::battle::{Attack, BattleOptions, Rules, StartBattle};
use client::protocol::event::{EndReason, MarkPlaced, Outcome, State};
use client::protocol::{ErrorCode, Whole};
use e2e::{Party, World, battle, battle_with, mark};
use futures::future::join_all;
use serde_json::json;

fn game() -> StartBattle {
    battle(Rules::NoughtsAndCrosses)
}

#[tokio::test]
async fn three_in_a_row_win() {
    let world = World::start().await;
    let Party { players, .. } = world.party(["ann", "bob"]).await;
    let [ann, bob] = &players;
    ann.starts_battle(game(), &[bob]).await;
    ann.marks(0, 0, &[bob]).await;
    bob.marks(1, 0, &[ann]).await;
    ann.marks(0, 1, &[bob]).await;
    bob.marks(1, 1, &[ann]).await;
    let State::NoughtsAndCrosses { line, turn, .. } = ann.marks(0, 2, &[bob]).await else {
        panic!("it is a game of noughts and crosses");
    };
    assert_eq!(line, [[0, 0], [0, 1], [0, 2]]);
    assert_eq!(turn, None);
    let won = ann.hears_that_it_ended(Outcome::Win).await;
    assert_eq!(won.settlement.reason, EndReason::Line);
    bob.hears_that_it_ended(Outcome::Lose).await;
    let refused = bob.is_refused(mark(2, 2)).await;
    assert_eq!(refused.code, ErrorCode::BattleOver);
    world.ends().await;
}

#[tokio::test]
async fn a_full_board_without_a_row_is_a_draw() {
    let world = World::start().await;
    let Party { players, .. } = world.party(["ann", "bob"]).await;
    let [ann, bob] = &players;
    ann.starts_battle(game(), &[bob]).await;
    let moves = [
        (0, 0),
        (1, 1),
        (0, 1),
        (0, 2),
        (2, 0),
        (1, 0),
        (1, 2),
        (2, 1),
        (2, 2),
    ];
    for (turn, (row, column)) in moves.into_iter().enumerate() {
        let (active, passive) = if turn % 2 == 0 {
            (ann, bob)
        } else {
            (bob, ann)
        };
        active.marks(row, column, &[passive]).await;
    }
    let drawn = ann.hears_that_it_ended(Outcome::Draw).await;
    assert_eq!(drawn.settlement.reason, EndReason::Full);
    bob.hears_that_it_ended(Outcome::Draw).await;
    world.ends().await;
}

#[tokio::test]
async fn out_of_turn_on_a_taken_tile_off_the_board_or_by_a_spectator_nothing_is_marked() {
    let world = World::start().await;
    let Party { players, .. } = world.party(["ann", "bob", "cem"]).await;
    let [ann, bob, cem] = &players;
    ann.starts_battle(game(), &[bob, cem]).await;
    assert_eq!(bob.is_refused(mark(0, 0)).await.code, ErrorCode::OutOfTurn);
    ann.marks(1, 1, &[bob, cem]).await;
    assert_eq!(ann.is_refused(mark(0, 0)).await.code, ErrorCode::OutOfTurn);
    assert_eq!(bob.is_refused(mark(1, 1)).await.code, ErrorCode::TileTaken);
    for (row, column) in [(3, 0), (0, 3), (u32::MAX, u32::MAX)] {
        let refused = bob.is_refused(mark(row, column)).await;
        assert_eq!(refused.code, ErrorCode::OffTheBoard);
    }
    assert_eq!(cem.is_refused(mark(0, 0)).await.code, ErrorCode::NotPlaying);
    for wrong in [
        json!([0]),
        json!([0, 0, 0]),
        json!([-1, 0]),
        json!("0,0"),
        json!(null),
        json!([0.5, 1]),
    ] {
        let heard = bob
            .asks(json!({"action": "place_mark", "content": {"tile": wrong}}))
            .await;
        assert_eq!(heard.name(), "error", "{wrong}");
    }
    assert_eq!(bob.is_refused(Attack {}).await.code, ErrorCode::WrongRules);
    bob.marks(0, 0, &[ann, cem]).await;
    world.ends().await;
}

#[tokio::test]
async fn whoever_lets_its_turn_pass_has_lost() {
    let world = World::start().await;
    let Party { players, .. } = world.party(["ann", "bob"]).await;
    let [ann, bob] = &players;
    let options = BattleOptions {
        turn_seconds: Some(Whole::new(1).expect("within range")),
        ..BattleOptions::default()
    };
    ann.starts_battle(battle_with(Rules::NoughtsAndCrosses, options), &[bob])
        .await;
    ann.marks(0, 0, &[bob]).await;
    let won = ann.hears_that_it_ended(Outcome::Win).await;
    assert_eq!(won.settlement.reason, EndReason::TimeOut);
    bob.hears_that_it_ended(Outcome::Lose).await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_fifty_marks_at_once_by_one_player_one_is_placed() {
    let world = World::start().await;
    let Party { players, .. } = world.party(["ann", "bob"]).await;
    let [ann, bob] = &players;
    ann.starts_battle(game(), &[bob]).await;
    let marks = (0..50).map(|number| ann.client().request(mark(number % 3, number / 3 % 3)));
    let placed = join_all(marks).await.into_iter().flatten().count();
    assert_eq!(placed, 1);
    bob.hears::<MarkPlaced>().await;
    bob.hears_nothing_more().await;
    world.ends().await;
}
