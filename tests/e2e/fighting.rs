//! `score_attack`: `attack`, `sync_score`, `die`, and the settlement.

use std::time::Duration;

use client::protocol::battle::{Attack, BattleOptions, Die, PlaceMark, Rules, StartBattle};
use client::protocol::event::{
    Attacked, BattleSettled, BattleStarted, EndReason, Fallen, Outcome, PlayerDied, State,
};
use client::protocol::{ErrorCode, Event, Whole};
use e2e::{Party, Player, World, battle, battle_with, score, wish};
use serde_json::json;
use tokio::join;
use tokio::time::sleep;

fn fight() -> StartBattle {
    battle(Rules::ScoreAttack)
}

async fn dies(player: &Player) {
    let answer = player.does(Die {}).await;
    assert!(matches!(answer, Event::Ok(_)), "{answer:?}");
}

/// The second to die hears that all are dead as everybody does.
async fn all_are_dead(players: &[&Player]) {
    for player in players {
        let died = player.hears::<PlayerDied>().await;
        assert_eq!(died.player, Fallen::All, "{}", player.name());
    }
}

#[tokio::test]
async fn the_higher_score_wins_once_both_are_dead() {
    let world = World::start().await;
    let Party { players, .. } = world.party(["ann", "bob"]).await;
    let [ann, bob] = &players;
    ann.starts_battle(fight(), &[bob]).await;
    ann.scores(30, &[bob]).await;
    bob.scores(40, &[ann]).await;
    dies(ann).await;
    let died = bob.hears::<PlayerDied>().await;
    assert_eq!(died.player, Fallen::Player(ann.id().clone()));
    dies(bob).await;
    all_are_dead(&[ann, bob]).await;
    let lost = ann.hears_that_it_ended(Outcome::Lose).await;
    let won = bob.hears_that_it_ended(Outcome::Win).await;
    for settled in [&lost, &won] {
        assert_eq!(settled.settlement.reason, EndReason::Score);
        let scores = settled.settlement.scores.as_ref().expect("scores");
        assert_eq!((scores[ann.id()], scores[bob.id()]), (30, 40));
    }
    assert_eq!(lost.battle_id, won.battle_id);
    world.ends().await;
}

#[tokio::test]
async fn equal_scores_are_a_draw() {
    let world = World::start().await;
    let Party { players, .. } = world.party(["ann", "bob"]).await;
    let [ann, bob] = &players;
    ann.starts_battle(fight(), &[bob]).await;
    dies(bob).await;
    ann.hears::<PlayerDied>().await;
    dies(ann).await;
    all_are_dead(&[ann, bob]).await;
    ann.hears_that_it_ended(Outcome::Draw).await;
    bob.hears_that_it_ended(Outcome::Draw).await;
    world.ends().await;
}

#[tokio::test]
async fn an_attack_below_its_cost_is_refused_and_one_above_it_freezes_the_other() {
    let world = World::start().await;
    let Party { players, .. } = world.party(["ann", "bob"]).await;
    let [ann, bob] = &players;
    let options = BattleOptions {
        freeze_seconds: Some(Whole::new(2).expect("within range")),
        ..BattleOptions::default()
    };
    ann.starts_battle(battle_with(Rules::ScoreAttack, options), &[bob])
        .await;
    assert_eq!(ann.is_refused(Attack {}).await.code, ErrorCode::BelowCost);
    ann.scores(9, &[bob]).await;
    assert_eq!(ann.is_refused(Attack {}).await.code, ErrorCode::BelowCost);
    ann.scores(15, &[bob]).await;
    ann.does(Attack {}).await;
    let attacked = bob.hears::<Attacked>().await;
    assert_eq!((&attacked.by, attacked.seconds), (ann.id(), 2));
    // It has been paid for, and yet the score is what it was.
    assert_eq!(ann.is_refused(Attack {}).await.code, ErrorCode::BelowCost);
    let State::ScoreAttack { contestants, .. } = ann.sees_battle().await.state else {
        panic!("it is a score attack");
    };
    assert_eq!(
        (contestants[ann.id()].score, contestants[ann.id()].spent),
        (15, 10)
    );
    assert!(contestants[bob.id()].frozen_seconds > 0);
    // Frozen, one neither scores nor attacks; afterwards one does.
    let refused = bob.is_refused(score(20)).await;
    assert_eq!((refused.code, refused.retryable), (ErrorCode::Frozen, true));
    assert_eq!(bob.is_refused(Attack {}).await.code, ErrorCode::Frozen);
    loop {
        match bob.client().request(score(20)).await {
            Ok(_) => break,
            Err(client::RequestError::Refused(refused)) => {
                let too_early = [ErrorCode::Frozen, ErrorCode::RateLimited];
                assert!(too_early.contains(&refused.code), "{refused:?}");
                // Sleeps because nothing is heard when it is over.
                sleep(Duration::from_millis(50)).await;
            }
            Err(error) => panic!("neither done nor refused: {error}"),
        }
    }
    ann.looks_at_everything().await;
    world.ends().await;
}

#[tokio::test]
async fn scores_of_every_wrong_kind_are_refused() {
    let world = World::start().await;
    let Party { players, .. } = world.party(["ann", "bob"]).await;
    let [ann, bob] = &players;
    ann.starts_battle(fight(), &[bob]).await;
    ann.scores(30, &[bob]).await;
    for wrong in [
        json!(-1),
        json!(1.5),
        json!("30"),
        json!(null),
        json!([30]),
        json!({}),
        json!(true),
        json!(1_000_000_000_001_u64),
        json!(1e300),
        json!(u64::MAX),
    ] {
        let heard = ann
            .asks(json!({"action": "sync_score", "content": {"score": wrong}}))
            .await;
        assert_eq!(heard.name(), "error", "{wrong}: {heard:?}");
        assert_eq!(heard.json["content"]["field"], "score", "{wrong}");
    }
    assert_eq!(
        ann.is_refused(score(29)).await.code,
        ErrorCode::ScoreLowered
    );
    // The same again changes nothing and is no mistake.
    ann.does(score(30)).await;
    bob.looks_at_everything().await;
    let State::ScoreAttack { contestants, .. } = bob.sees_battle().await.state else {
        panic!("it is a score attack");
    };
    assert_eq!(contestants[ann.id()].score, 30);
    world.ends().await;
}

#[tokio::test]
async fn the_dead_neither_score_nor_attack_and_die_once() {
    let world = World::start().await;
    let Party { players, .. } = world.party(["ann", "bob"]).await;
    let [ann, bob] = &players;
    ann.starts_battle(fight(), &[bob]).await;
    ann.scores(30, &[bob]).await;
    dies(ann).await;
    bob.hears::<PlayerDied>().await;
    assert_eq!(ann.is_refused(score(40)).await.code, ErrorCode::Dead);
    assert_eq!(ann.is_refused(Attack {}).await.code, ErrorCode::Dead);
    dies(ann).await;
    bob.hears_nothing_more().await;
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn however_deaths_collide_there_is_one_settlement() {
    let world = World::start().await;
    let Party { players, .. } = world.party(["ann", "bob"]).await;
    let [ann, bob] = &players;
    for round in 0..100 {
        let started = ann.starts_battle(fight(), &[bob]).await;
        join!(dies(ann), dies(bob));
        for player in [ann, bob] {
            let settled = player.hears::<BattleSettled>().await;
            assert_eq!(settled.battle_id, started.battle_id, "round {round}");
            assert_eq!(settled.settlement.result, Some(Outcome::Draw));
            let heard = player.looks_at_everything().await;
            let again = heard
                .iter()
                .filter(|heard| heard.name() == "battle_settled");
            assert_eq!(again.count(), 0, "round {round}: {heard:?}");
            assert!(heard.iter().all(|heard| heard.name() == "player_died"));
        }
    }
    world.ends().await;
}

#[tokio::test]
async fn a_battle_whose_time_is_up_is_settled_by_its_scores() {
    let world = World::start().await;
    let Party { players, .. } = world.party(["ann", "bob"]).await;
    let [ann, bob] = &players;
    let options = BattleOptions {
        battle_seconds: Some(Whole::new(1).expect("within range")),
        ..BattleOptions::default()
    };
    ann.starts_battle(battle_with(Rules::ScoreAttack, options), &[bob])
        .await;
    ann.scores(1, &[bob]).await;
    let won = ann.hears_that_it_ended(Outcome::Win).await;
    assert_eq!(won.settlement.reason, EndReason::TimeOut);
    bob.hears_that_it_ended(Outcome::Lose).await;
    assert_eq!(ann.is_refused(Die {}).await.code, ErrorCode::BattleOver);
    world.ends().await;
}

#[tokio::test]
async fn a_mark_has_no_meaning_in_a_score_attack() {
    let world = World::start().await;
    let Party { players, .. } = world.party(["ann", "bob"]).await;
    let [ann, bob] = &players;
    ann.starts_battle(fight(), &[bob]).await;
    let refused = ann.is_refused(PlaceMark { tile: [0, 0] }).await;
    assert_eq!(refused.code, ErrorCode::WrongRules);
    world.ends().await;
}

#[tokio::test]
async fn a_queue_starts_the_battle_itself() {
    let world = World::start().await;
    let (ann, bob) = (world.player("ann").await, world.player("bob").await);
    ann.looks(wish(&world, "fight")).await;
    bob.looks(wish(&world, "fight")).await;
    for player in [&ann, &bob] {
        let found = player.is_matched().await;
        let started = player.hears::<BattleStarted>().await;
        assert_eq!(found.battle_id, Some(started.battle_id));
        assert_eq!(started.rules, Rules::ScoreAttack);
    }
    ann.scores(3, &[&bob]).await;
    world.ends().await;
}
