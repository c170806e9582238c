//! Battles, as part of their lobby, and what stays of them.

use std::slice;
use std::time::Duration;

use domain::Timestamp;
use domain::battle::score_attack::Contestant;
use domain::battle::{Game, Mark, RulesName, Settlement, Verdict};
use store::{ResultPage, ResultPosition, Saved, Store, cursor};

use crate::battle::*;
use crate::scene::*;

const DAYS_KEPT: u64 = 30;

async fn page(
    store: &Store,
    name: &str,
    after: Option<&ResultPosition>,
    at: Timestamp,
) -> ResultPage {
    let page = store.results().list(&player_id(name), after, 3, at).await;
    page.expect("the store answers")
}

async fn results(store: &Store, name: &str) -> Vec<Settlement> {
    page(store, name, None, now()).await.results
}

fn at(number: u64) -> Timestamp {
    now() + Duration::from_millis(number)
}

/// As many battles, one after the other in one lobby; returns how they ended, the latest first.
async fn many(store: &Store, battles: u64) -> Vec<Settlement> {
    let mut lobby = fighting(store, "b0", RulesName::ScoreAttack).await;
    let mut ended = Vec::new();
    for number in 0..battles {
        // Always two in the same millisecond.
        let over = settled(&lobby, at(number / 2));
        assert_eq!(save(store, &lobby, Some(&over)).await, Saved::Done);
        ended.extend(
            over.battle
                .as_ref()
                .and_then(|battle| battle.settlement.clone()),
        );
        let next = battle(&format!("b{}", number + 1), RulesName::ScoreAttack, &over);
        lobby = with_battle(&over, next);
        assert_eq!(save(store, &over, Some(&lobby)).await, Saved::Done);
    }
    ended.reverse();
    ended
}

#[tokio::test]
async fn every_moment_of_every_game_comes_back_as_it_was() {
    for rules in RulesName::ALL.iter().copied() {
        let store = empty().await;
        let before = fighting(&store, "b", rules).await;
        assert_eq!(stored(&store, "L").await, Some(before.clone()));
        let mut after = settled(&before, now());
        let battle = after.battle.as_mut().expect("a battle");
        battle.away.insert(player_id("guest"), at(30_000));
        battle.rematch.insert(player_id("host"));
        battle.alarm = Some(at(60_000));
        match &mut battle.game {
            Game::ScoreAttack(game) => {
                game.contestants.second = Contestant {
                    score: 1_000_000_000_000,
                    spent: 20,
                    frozen_until: Some(at(5)),
                    dead: true,
                };
            }
            Game::NoughtsAndCrosses(game) => {
                game.board[0][2] = Some(Mark::Cross);
                game.board[2][1] = Some(Mark::Nought);
            }
        }
        assert_eq!(save(&store, &before, Some(&after)).await, Saved::Done);
        assert_eq!(stored(&store, "L").await, Some(after));
    }
}

#[tokio::test]
async fn a_settlement_is_written_with_its_lobby_for_each_who_played() {
    let store = empty().await;
    let lobby = fighting(&store, "b", RulesName::NoughtsAndCrosses).await;
    assert_eq!(results(&store, "host").await, []);
    let over = settled(&lobby, now());
    let earlier = store.operations();
    assert_eq!(save(&store, &lobby, Some(&over)).await, Saved::Done);
    assert_eq!(store.operations().since(&earlier).of("PutItem"), 0);
    let settlement = over.battle.and_then(|battle| battle.settlement);
    let settlement = settlement.expect("it is over");
    for name in ["host", "guest"] {
        assert_eq!(results(&store, name).await, slice::from_ref(&settlement));
    }
    assert_eq!(results(&store, "other").await, []);
}

#[tokio::test]
async fn of_two_settlements_of_one_battle_one_is_written() {
    let store = empty().await;
    let lobby = fighting(&store, "b", RulesName::ScoreAttack).await;
    let (first, second) = (settled(&lobby, at(1)), settled(&lobby, at(2)));
    assert_eq!(save(&store, &lobby, Some(&first)).await, Saved::Done);
    assert_eq!(save(&store, &lobby, Some(&second)).await, Saved::LostRace);
    assert_eq!(save(&store, &lobby, None).await, Saved::LostRace);
    let results = results(&store, "guest").await;
    let times: Vec<_> = results.iter().map(|result| result.settled_at).collect();
    assert_eq!(times, [at(1)]);
}

#[tokio::test]
async fn what_becomes_of_a_lobby_after_its_battle_writes_no_result_again() {
    let store = empty().await;
    let lobby = fighting(&store, "b", RulesName::ScoreAttack).await;
    let over = settled(&lobby, now());
    assert_eq!(save(&store, &lobby, Some(&over)).await, Saved::Done);
    let mut renamed = over.clone();
    renamed.settings.name = Some("ours".to_owned());
    renamed.version += 1;
    let earlier = store.operations();
    let saved = store.lobbies().save(&over, Some(&renamed), now()).await;
    assert_eq!(saved.expect("the store answers"), Saved::Done);
    assert_eq!(store.operations().since(&earlier).to_string(), "PutItem 1");
    assert_eq!(save(&store, &renamed, None).await, Saved::Done);
    assert_eq!(results(&store, "host").await.len(), 1);
}

#[tokio::test]
async fn a_battle_that_ends_with_its_lobby_has_a_result_too() {
    let store = empty().await;
    let lobby = fighting(&store, "b", RulesName::ScoreAttack).await;
    assert_eq!(save(&store, &lobby, None).await, Saved::Done);
    let results = results(&store, "guest").await;
    let result = |name: &str| {
        let mut players = results[0].players.iter();
        let own = players.find(|player| player.player_id == player_id(name));
        own.expect("it played").result
    };
    assert_eq!(
        (result("host"), result("guest")),
        (Verdict::Lose, Verdict::Win)
    );
}

#[tokio::test]
async fn results_are_listed_page_by_page_the_latest_first_and_each_once() {
    let store = empty().await;
    let ended = many(&store, 8).await;
    let mut listed = Vec::new();
    let mut lengths = Vec::new();
    let mut after = None;
    loop {
        let page = page(&store, "host", after.as_ref(), now()).await;
        lengths.push(page.results.len());
        listed.extend(page.results);
        let Some(next) = page.next else {
            break;
        };
        after = cursor::decode_result(&cursor::encode_result(&next));
        assert_eq!(after, Some(next));
    }
    assert_eq!(lengths, [3, 3, 2]);
    assert_eq!(listed, ended);
}

#[tokio::test]
async fn a_page_that_is_full_and_the_last_says_so() {
    let store = empty().await;
    many(&store, 3).await;
    let page = page(&store, "host", None, now()).await;
    assert_eq!((page.results.len(), page.next), (3, None));
}

#[tokio::test]
async fn a_result_is_kept_for_thirty_days_to_the_millisecond() {
    let store = empty().await;
    let ended = many(&store, 3).await;
    let kept = Duration::from_hours(24 * DAYS_KEPT);
    let just_before = Timestamp::from_millis((now() + kept).as_millis() - 1);
    assert_eq!(page(&store, "host", None, just_before).await.results, ended);
    // The first two were settled in the first millisecond.
    assert_eq!(
        page(&store, "host", None, now() + kept).await.results,
        ended[..1]
    );
}
