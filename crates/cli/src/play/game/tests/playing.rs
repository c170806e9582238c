//! What is made of what is heard, pressed and answered.

use super::*;
use crate::play::game::{Fight, Leaving};

#[test]
fn the_battle_starts_when_a_friend_joins_and_not_again_for_one_who_watches() {
    let mut scene = Scene::noughts(&me());
    assert_eq!(scene.game.stage, Stage::Playing);
    scene.hear(PlayerJoined {
        connection_id: ids::PeerAddress::parse("x").expect("an address"),
        peer_id: peer(3),
        player_id: PlayerId::parse("third").expect("an id"),
        metadata: Metadata::default(),
        team: None,
    });
    assert_eq!(scene.game.next_deed(), None);
}

#[test]
fn a_refused_mark_is_shown_and_another_can_be_placed() {
    let mut scene = Scene::noughts(&me());
    scene.press(Press::Letter('1'));
    assert_eq!(scene.refused(ErrorCode::TileTaken), Deed::Place([0, 0]));
    assert_eq!(
        scene.last_line(),
        "Refused: The tile has a mark already. (tile_taken)"
    );
    scene.press(Press::Arrow(1, 2));
    scene.press(Press::Arrow(1, 0));
    scene.press(Press::Go);
    assert_eq!(scene.game.next_deed(), Some(Deed::Place([2, 2])));
}

#[test]
fn a_mark_that_was_overtaken_by_its_reply_changes_nothing() {
    let mut scene = Scene::noughts(&me());
    scene.mark(["x..", ".o.", "..."], Some(&me()));
    scene.mark(["x..", "...", "..."], Some(&other()));
    assert!(scene.game.is_my_turn());
}

#[test]
fn a_settlement_that_overtakes_the_start_counts_when_the_battle_is_known() {
    let mut scene = Scene::host();
    scene.friend_joins();
    scene.hear(settled("b1", Outcome::Lose, EndReason::Forfeit));
    assert!(scene.game.settlement().is_none());
    scene.hear(noughts_started("b1", &me()));
    assert!(scene.game.settlement().is_some());
}

#[test]
fn a_battle_that_is_settled_twice_is_told_once() {
    let mut scene = Scene::noughts(&me());
    scene.hear(settled("b1", Outcome::Win, EndReason::Line));
    let told = scene.game.log().len();
    scene.hear(settled("b1", Outcome::Win, EndReason::Line));
    assert_eq!(scene.game.log().len(), told);
    assert_eq!(
        scene.last_line(),
        "The battle is settled. You win: three in a row."
    );
}

#[test]
fn a_rematch_is_another_battle() {
    let mut scene = Scene::noughts(&me());
    scene.hear(settled("b1", Outcome::Draw, EndReason::Full));
    scene.press(Press::Letter('r'));
    assert_eq!(scene.granted(), Deed::Rematch);
    scene.press(Press::Letter('r'));
    assert_eq!(scene.game.next_deed(), None);
    scene.hear(noughts_started("b2", &other()));
    assert!(scene.game.is_in_battle());
    assert!(!scene.game.is_my_turn());
}

#[test]
fn nobody_asks_for_a_rematch_with_one_who_has_left() {
    let mut scene = Scene::noughts(&me());
    scene.hear(left());
    scene.hear(settled("b1", Outcome::Win, EndReason::Forfeit));
    scene.press(Press::Letter('r'));
    assert_eq!(scene.game.next_deed(), None);
    // Another friend may come.
    scene.friend_joins();
    assert_eq!(scene.game.next_deed(), Some(Deed::Start));
}

#[test]
fn points_that_are_won_while_one_is_told_are_told_together() {
    let mut scene = Scene::scores();
    scene.press(Press::Go);
    assert_eq!(scene.game.next_deed(), Some(Deed::Tell(1)));
    scene.press(Press::Go);
    scene.press(Press::Go);
    scene
        .game
        .answered(&Deed::Tell(1), Result::Ok(Ok {}.into()), scene.now);
    assert_eq!(scene.game.next_deed(), Some(Deed::Tell(3)));
}

#[test]
fn a_score_that_is_refused_was_not_won() {
    let mut scene = Scene::scores();
    scene.press(Press::Go);
    scene.refused(ErrorCode::Frozen);
    let scores = scene.game.fight.as_ref().and_then(Fight::scores);
    assert_eq!(scores.map(|scores| scores.hoped), Some(0));
}

#[test]
fn whoever_is_frozen_scores_when_it_has_thawed() {
    let mut scene = Scene::scores();
    scene.hear(attacked(other()));
    scene.press(Press::Go);
    assert_eq!(scene.game.next_deed(), None);
    scene.pass(Duration::from_secs(5));
    scene.press(Press::Go);
    assert_eq!(scene.game.next_deed(), Some(Deed::Tell(1)));
}

#[test]
fn an_attack_uses_up_points_and_freezes_the_other() {
    let mut scene = Scene::scores();
    scene.press(Press::Letter('a'));
    assert_eq!(scene.granted(), Deed::Attack);
    let scores = scene.game.fight.as_ref().and_then(Fight::scores);
    let scores = scores.expect("a score attack");
    assert_eq!(scores.contestants[&me()].spent, 10);
    assert!(scores.contestants[&other()].is_frozen(scene.now));
    assert!(!scores.contestants[&me()].is_frozen(scene.now));
}

#[test]
fn deaths_are_told_of_the_one_and_of_both() {
    let mut scene = Scene::scores();
    scene.hear(PlayerDied {
        player: Fallen::Player(other()),
    });
    assert_eq!(scene.last_line(), "Your opponent has died.");
    scene.press(Press::Letter('d'));
    assert_eq!(scene.granted(), Deed::Die);
    assert_eq!(scene.last_line(), "You have died.");
    scene.hear(PlayerDied {
        player: Fallen::All,
    });
    scene.hear(settled("b1", Outcome::Win, EndReason::Score));
    assert_eq!(
        scene.last_line(),
        "The battle is settled. You win 42 : 30: both have died."
    );
}

#[test]
fn leaving_a_battle_is_asked_about_first() {
    let mut scene = Scene::noughts(&me());
    assert_eq!(scene.press(Press::Letter('q')), Will::Stay);
    assert_eq!(scene.game.leaving, Leaving::Asked);
    assert_eq!(scene.press(Press::Letter('n')), Will::Stay);
    scene.press(Press::Letter('q'));
    assert_eq!(scene.press(Press::Letter('y')), Will::Leave);
}

#[test]
fn nobody_is_asked_about_leaving_before_a_battle_after_it_or_by_ctrl_c() {
    assert_eq!(Scene::host().press(Press::Letter('q')), Will::Leave);
    let mut scene = Scene::noughts(&me());
    assert_eq!(scene.press(Press::Interrupt), Will::Leave);
    scene.hear(settled("b1", Outcome::Lose, EndReason::TimeOut));
    assert_eq!(scene.press(Press::Letter('q')), Will::Leave);
}

#[test]
fn a_match_is_agreed_to_once() {
    let mut scene = Scene::searcher();
    scene.hear(proposed());
    scene.press(Press::Go);
    assert!(matches!(scene.granted(), Deed::Accept(_)));
    scene.press(Press::Go);
    assert_eq!(scene.game.next_deed(), None);
}

#[test]
fn a_match_whose_other_player_goes_before_the_battle_is_over() {
    let mut scene = Scene::searcher();
    scene.hear(found());
    scene.refused(ErrorCode::TooFewPlayers);
    scene.hear(left());
    assert!(matches!(scene.game.stage, Stage::Gone(_)));
}

#[test]
fn one_who_comes_after_the_battle_waits_for_the_next() {
    let mut scene = Scene::guest();
    let Event::BattleStarted(started) = noughts_started("b1", &other()) else {
        panic!("another event");
    };
    let state = BattleState {
        battle_id: started.battle_id,
        rules: started.rules,
        players: started.players,
        state: started.state,
        settled: Some(settled("b1", Outcome::Win, EndReason::Forfeit).settlement),
        seconds_left: None,
    };
    scene.hear(state);
    assert_eq!(scene.game.stage, Stage::Waiting);
    assert!(scene.game.settlement().is_none());
}

#[test]
fn a_battle_that_began_while_it_was_asked_for_is_told_once() {
    let mut scene = Scene::noughts(&me());
    let told = scene.game.log().len();
    let Event::BattleStarted(started) = noughts_started("b1", &me()) else {
        panic!("another event");
    };
    scene.hear(BattleState {
        battle_id: started.battle_id,
        rules: started.rules,
        players: started.players,
        state: started.state,
        settled: None,
        seconds_left: Some(60),
    });
    assert_eq!(scene.game.log().len(), told);
}

#[test]
fn one_who_watches_can_only_leave() {
    let mut scene = Scene::watcher();
    for press in [Press::Go, Press::Letter('f'), Press::Letter('1')] {
        scene.press(press);
    }
    assert_eq!(scene.game.next_deed(), None);
    assert_eq!(scene.game.name(&me()), "player 1");
    assert_eq!(scene.press(Press::Letter('q')), Will::Leave);
}
