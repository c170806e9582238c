//! What all battles have in common: who starts one, who watches, who leaves, and what is left of it.

use client::protocol::battle::{
    BattleOptions, Die, ForfeitBattle, ListResults, RequestRematch, Rules, StartBattle,
};
use client::protocol::event::{
    BattleSettled, BattleStarted, EndReason, HostChanged, LeaveReason, MarkPlaced, Outcome,
    PlayerAway, PlayerLeft, RematchRequested, ResultList, ScoreSynced, State,
};
use client::protocol::{ErrorCode, Event, Whole};
use e2e::{Party, Player, World, battle, battle_with, mark, score};

fn game() -> StartBattle {
    battle(Rules::NoughtsAndCrosses)
}

fn fight() -> StartBattle {
    battle(Rules::ScoreAttack)
}

async fn results(player: &Player, wanted: ListResults) -> ResultList {
    let answer = player.does(wanted).await;
    let Event::ResultList(list) = answer else {
        panic!("`list_results` was answered by {answer:?}");
    };
    list
}

#[tokio::test]
async fn only_the_host_starts_a_battle_and_only_one_at_a_time() {
    let world = World::start().await;
    let Party { players, .. } = world.party(["ann", "bob"]).await;
    let [ann, bob] = &players;
    assert_eq!(bob.is_refused(game()).await.code, ErrorCode::NotHost);
    ann.starts_battle(game(), &[bob]).await;
    let refused = ann.is_refused(fight()).await;
    assert_eq!(refused.code, ErrorCode::BattleRunning);
    let alone = world.player("cem").await;
    assert_eq!(alone.is_refused(game()).await.code, ErrorCode::NotInLobby);
    alone.starts_lobby().await;
    let refused = alone.is_refused(game()).await;
    assert_eq!(refused.code, ErrorCode::TooFewPlayers);
    world.ends().await;
}

#[tokio::test]
async fn without_a_battle_there_is_nothing_to_do_in_it() {
    let world = World::start().await;
    let Party { players, .. } = world.party(["ann", "bob"]).await;
    let [ann, _bob] = &players;
    for refused in [
        ann.is_refused(mark(0, 0)).await,
        ann.is_refused(score(1)).await,
        ann.is_refused(Die {}).await,
        ann.is_refused(ForfeitBattle {}).await,
        ann.is_refused(RequestRematch {}).await,
        ann.is_refused(client::protocol::battle::GetBattle {}).await,
    ] {
        assert_eq!(refused.code, ErrorCode::NoBattle, "{refused:?}");
    }
    world.ends().await;
}

#[tokio::test]
async fn a_spectator_hears_everything_and_can_do_nothing() {
    let world = World::start().await;
    let Party { players, .. } = world.party(["ann", "bob", "cem"]).await;
    let [ann, bob, cem] = &players;
    ann.starts_battle(fight(), &[bob, cem]).await;
    ann.scores(12, &[bob, cem]).await;
    for refused in [
        cem.is_refused(score(1)).await,
        cem.is_refused(Die {}).await,
        cem.is_refused(ForfeitBattle {}).await,
        cem.is_refused(client::protocol::battle::Attack {}).await,
    ] {
        assert_eq!(refused.code, ErrorCode::NotPlaying, "{refused:?}");
    }
    bob.does(ForfeitBattle {}).await;
    ann.hears_that_it_ended(Outcome::Win).await;
    bob.hears_that_it_ended(Outcome::Lose).await;
    let watched = cem.hears::<BattleSettled>().await;
    assert_eq!(watched.settlement.result, None);
    assert_eq!(watched.settlement.results[ann.id()], Outcome::Win);
    let refused = cem.is_refused(RequestRematch {}).await;
    assert_eq!(refused.code, ErrorCode::NotPlaying);
    world.ends().await;
}

#[tokio::test]
async fn a_host_says_who_plays_and_watches_itself() {
    let world = World::start().await;
    let Party { players, .. } = world.party(["ann", "bob", "cem"]).await;
    let [ann, bob, cem] = &players;
    let peer = |number: u32| number.try_into().expect("a peer id");
    let options = BattleOptions {
        players: Some([peer(3), peer(2)]),
        ..BattleOptions::default()
    };
    let started = ann
        .starts_battle(battle_with(Rules::NoughtsAndCrosses, options), &[bob, cem])
        .await;
    let playing: Vec<_> = started
        .players
        .iter()
        .map(|player| &player.player_id)
        .collect();
    assert_eq!(playing, [cem.id(), bob.id()]);
    assert_eq!(ann.is_refused(mark(0, 0)).await.code, ErrorCode::NotPlaying);
    cem.marks(0, 0, &[ann, bob]).await;
    world.ends().await;
}

#[tokio::test]
async fn whoever_forfeits_has_lost() {
    let world = World::start().await;
    let Party { players, .. } = world.party(["ann", "bob"]).await;
    let [ann, bob] = &players;
    ann.starts_battle(game(), &[bob]).await;
    ann.does(ForfeitBattle {}).await;
    let lost = ann.hears_that_it_ended(Outcome::Lose).await;
    assert_eq!(lost.settlement.reason, EndReason::Forfeit);
    bob.hears_that_it_ended(Outcome::Win).await;
    world.ends().await;
}

#[tokio::test]
async fn whoever_leaves_the_lobby_has_lost_at_once() {
    let world = World::start().await;
    let Party { players, .. } = world.party(["ann", "bob"]).await;
    let [ann, bob] = &players;
    ann.starts_battle(game(), &[bob]).await;
    bob.leaves().await;
    ann.hears::<PlayerLeft>().await;
    let won = ann.hears_that_it_ended(Outcome::Win).await;
    assert_eq!(won.settlement.reason, EndReason::Forfeit);
    bob.looks_at_everything().await;
    assert_eq!(
        results(bob, ListResults::default()).await.results[0].result,
        Outcome::Lose
    );
    world.ends().await;
}

#[tokio::test]
async fn whoever_is_cut_off_has_lost_when_the_grace_period_is_over() {
    let world = World::start().await;
    let Party { players, .. } = world.party(["ann", "bob"]).await;
    let [ann, bob] = &players;
    ann.starts_battle(game(), &[bob]).await;
    ann.hangs_up().await;
    let away = bob.hears::<PlayerAway>().await;
    assert_eq!(&away.player_id, ann.id());
    assert!(away.seconds >= 1);
    let won = bob.hears_that_it_ended(Outcome::Win).await;
    assert_eq!(won.settlement.reason, EndReason::Forfeit);
    let left = bob.hears::<PlayerLeft>().await;
    assert_eq!(left.reason, LeaveReason::Disconnected);
    bob.hears::<HostChanged>().await;
    world.ends().await;
}

#[tokio::test]
async fn a_rematch_begins_when_both_have_asked_and_the_other_one_begins_it() {
    let world = World::start().await;
    let Party { players, .. } = world.party(["ann", "bob"]).await;
    let [ann, bob] = &players;
    let first = ann.starts_battle(game(), &[bob]).await;
    let refused = ann.is_refused(RequestRematch {}).await;
    assert_eq!(refused.code, ErrorCode::BattleRunning);
    bob.does(ForfeitBattle {}).await;
    ann.hears_that_it_ended(Outcome::Win).await;
    bob.hears_that_it_ended(Outcome::Lose).await;
    ann.does(RequestRematch {}).await;
    let asked = bob.hears::<RematchRequested>().await;
    assert_eq!(&asked.player, ann.id());
    // Asking twice is asking once.
    ann.does(RequestRematch {}).await;
    bob.does(RequestRematch {}).await;
    let started = ann.hears::<BattleStarted>().await;
    assert_ne!(started.battle_id, first.battle_id);
    assert_eq!(&started.players[0].player_id, bob.id());
    bob.looks_at_everything().await;
    ann.looks_at_everything().await;
    bob.marks(1, 1, &[ann]).await;
    world.ends().await;
}

#[tokio::test]
async fn any_moment_of_a_battle_can_be_drawn_anew() {
    let world = World::start().await;
    let Party { players, .. } = world.party(["ann", "bob", "cem"]).await;
    let [ann, bob, cem] = &players;
    let started = ann.starts_battle(game(), &[bob, cem]).await;
    let mut state = started.state;
    let moves = [(0, 0), (1, 0), (0, 1), (1, 1), (0, 2)];
    for (turn, (row, column)) in moves.into_iter().enumerate() {
        for player in [ann, bob, cem] {
            let seen = player.sees_battle().await;
            assert_eq!(seen.state, state);
            assert_eq!(seen.battle_id, started.battle_id);
            assert_eq!(seen.settled, None);
            assert!(seen.seconds_left.is_some());
        }
        let (active, passive) = if turn % 2 == 0 {
            (ann, bob)
        } else {
            (bob, ann)
        };
        state = active.marks(row, column, &[passive, cem]).await;
    }
    for (player, result) in [
        (ann, Some(Outcome::Win)),
        (bob, Some(Outcome::Lose)),
        (cem, None),
    ] {
        player.hears::<BattleSettled>().await;
        let seen = player.sees_battle().await;
        assert_eq!(seen.state, state);
        assert_eq!(seen.settled.expect("it is over").result, result);
    }
    world.ends().await;
}

#[tokio::test]
async fn whoever_comes_in_the_middle_of_a_battle_sees_all_of_it() {
    let world = World::start().await;
    let Party { lobby, players } = world.party(["ann", "bob"]).await;
    let [ann, bob] = &players;
    ann.starts_battle(fight(), &[bob]).await;
    ann.scores(7, &[bob]).await;
    let cem = world.player("cem").await;
    ann.lets_in(&cem, &lobby.id).await;
    bob.looks_at_everything().await;
    let State::ScoreAttack { contestants, .. } = cem.sees_battle().await.state else {
        panic!("it is a score attack");
    };
    assert_eq!(contestants[ann.id()].score, 7);
    ann.does(score(8)).await;
    for other in [bob, &cem] {
        assert_eq!(other.hears::<ScoreSynced>().await.score, 8);
    }
    world.ends().await;
}

#[tokio::test]
async fn results_are_kept_and_listed_page_by_page_the_newest_first() {
    let world = World::start().await;
    let Party { players, .. } = world.party(["ann", "bob"]).await;
    let [ann, bob] = &players;
    assert_eq!(results(ann, ListResults::default()).await.results, []);
    let mut battles = Vec::new();
    for _ in 0..3 {
        battles.push(ann.starts_battle(game(), &[bob]).await.battle_id);
        bob.does(ForfeitBattle {}).await;
        ann.hears_that_it_ended(Outcome::Win).await;
        bob.hears_that_it_ended(Outcome::Lose).await;
    }
    battles.reverse();
    for (player, result) in [(ann, Outcome::Win), (bob, Outcome::Lose)] {
        let two = ListResults {
            limit: Some(Whole::new(2).expect("within range")),
            cursor: None,
        };
        let page = results(player, two.clone()).await;
        let cursor = page.cursor.clone().expect("there is more");
        let rest = results(
            player,
            ListResults {
                cursor: Some(e2e::text(&cursor)),
                ..two
            },
        )
        .await;
        assert_eq!(rest.cursor, None);
        let all: Vec<_> = page.results.into_iter().chain(rest.results).collect();
        let listed: Vec<_> = all.iter().map(|result| result.battle_id.clone()).collect();
        assert_eq!(listed, battles);
        assert!(
            all.iter()
                .all(|one| one.result == result && one.players.len() == 2)
        );
    }
    let stranger = world.player("cem").await;
    assert_eq!(results(&stranger, ListResults::default()).await.results, []);
    world.ends().await;
}

#[tokio::test]
async fn a_battle_goes_on_while_the_lobby_changes() {
    let world = World::start().await;
    let Party { players, .. } = world.party(["ann", "bob", "cem"]).await;
    let [ann, bob, cem] = &players;
    ann.starts_battle(game(), &[bob, cem]).await;
    cem.leaves().await;
    for player in [ann, bob] {
        player.hears::<PlayerLeft>().await;
    }
    ann.does(mark(0, 0)).await;
    bob.hears::<MarkPlaced>().await;
    world.ends().await;
}
