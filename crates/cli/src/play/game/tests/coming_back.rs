//! What is made of having been cut off.

use client::Resumed;
use protocol::Message as _;
use protocol::event::{LobbyResumed, MatchmakingResumed, Member};

use super::*;
use crate::play::game::{Board, Kind};

/// The lobby of [`Scene::host`], with the other in it.
fn lobby(me: u32, host: u32) -> LobbyResumed {
    let mut lobby = LobbyResumed::example();
    lobby.peer_id = Some(peer(me));
    lobby.host_peer_id = peer(host);
    lobby.lobby.lobby_id = lobby_id();
    lobby.members = vec![Member {
        connection_id: ids::PeerAddress::parse("new").expect("an address"),
        peer_id: peer(3 - me),
        player_id: other(),
        metadata: Metadata::default(),
    }];
    lobby
}

fn battle(rows: [&str; 3], turn: Option<&PlayerId>) -> BattleState {
    let Event::BattleStarted(started) = noughts_started("b1", &me()) else {
        panic!("a battle was to start");
    };
    BattleState {
        battle_id: started.battle_id,
        rules: started.rules,
        players: started.players,
        state: board(rows, turn, &[]),
        seconds_left: Some(30),
        settled: None,
    }
}

impl Scene {
    fn is_back(&mut self, resumed: Resumed) {
        self.game.cut_off();
        self.game.back_again(resumed, self.now);
    }

    /// The answer to the next deed is lost with the connection.
    fn interrupted(&mut self) -> Deed {
        let deed = self.game.next_deed().expect("something is wanted");
        let action = "place_mark".to_owned();
        let answer = Err(RequestError::Interrupted { action });
        self.game.answered(&deed, answer, self.now);
        deed
    }
}

#[test]
fn what_was_missed_of_a_battle_is_drawn() {
    let mut scene = Scene::noughts(&me());
    let rows = ["x..", ".o.", "..."];
    scene.is_back(Resumed {
        lobby: Some(lobby(1, 2)),
        battle: Some(battle(rows, Some(&me()))),
        matchmaking: None,
    });
    assert!(scene.game.is_my_turn());
    let known = &scene.game.fight.as_ref().expect("a battle").board;
    let drawn = Board::new(board(rows, Some(&me()), &[]), &me(), scene.now);
    assert_eq!(*known, drawn);
    assert_eq!(scene.game.room.as_ref().expect("a lobby").host, peer(2));
    assert_eq!(scene.last_line(), "Your turn.");
}

#[test]
fn a_settlement_that_was_missed_is_told_once() {
    let mut scene = Scene::noughts(&me());
    let settled = settled("b1", Outcome::Win, EndReason::Forfeit);
    let mut over = battle(["x..", "...", "..."], None);
    over.settled = Some(settled.settlement.clone());
    let resumed = Resumed {
        lobby: Some(lobby(1, 1)),
        battle: Some(over),
        matchmaking: None,
    };
    scene.is_back(resumed.clone());
    assert_eq!(
        scene.last_line(),
        "The battle is settled. You win: your opponent forfeits."
    );
    scene.hear(settled);
    scene.game.resumed(resumed, scene.now);
    let told = scene.game.log().iter();
    let told = told.filter(|line| line.text.starts_with("The battle is settled."));
    assert_eq!(told.count(), 1);
}

#[test]
fn a_mark_whose_answer_was_lost_is_placed_again_and_that_it_was_there_is_no_trouble() {
    let mut scene = Scene::noughts(&me());
    scene.press(Press::Letter('1'));
    assert_eq!(scene.interrupted(), Deed::Place([0, 0]));
    assert_eq!(scene.refused(ErrorCode::OutOfTurn), Deed::Place([0, 0]));
    let mut troubles = scene.game.log().iter();
    assert!(troubles.all(|line| line.kind != Kind::Trouble));
    assert!(scene.game.is_idle());
}

#[test]
fn an_attack_whose_answer_was_lost_is_not_made_twice() {
    let mut scene = Scene::scores();
    scene.hear(synced(me(), 10));
    scene.press(Press::Letter('a'));
    assert_eq!(scene.interrupted(), Deed::Attack);
    assert_eq!(scene.game.next_deed(), None);
}

#[test]
fn a_friend_who_joined_meanwhile_is_played_with() {
    let mut scene = Scene::host();
    scene.is_back(Resumed {
        lobby: Some(lobby(1, 1)),
        ..Resumed::default()
    });
    assert_eq!(scene.game.next_deed(), Some(Deed::Start));
}

#[test]
fn a_match_that_was_made_meanwhile_ends_the_search() {
    let mut scene = Scene::searcher();
    scene.is_back(Resumed {
        lobby: Some(lobby(2, 1)),
        ..Resumed::default()
    });
    assert_eq!(scene.game.stage, Stage::Waiting);
}

#[test]
fn a_search_that_goes_on_goes_on() {
    let mut scene = Scene::searcher();
    let before = scene.game.stage.clone();
    scene.is_back(Resumed {
        matchmaking: Some(MatchmakingResumed::example()),
        ..Resumed::default()
    });
    assert_eq!(scene.game.stage, before);
}

#[test]
fn whoever_has_lost_its_place_is_told_so_once_that_is_certain() {
    let mut scene = Scene::host();
    scene.is_back(Resumed::default());
    assert_eq!(scene.refused(ErrorCode::NotInLobby), Deed::Look);
    let gone = Stage::Gone("Your place was not kept: start again.".to_owned());
    assert_eq!(scene.game.stage, gone);
}

#[test]
fn whoever_took_its_place_after_it_was_back_has_it() {
    let mut scene = Scene::host();
    scene.is_back(Resumed::default());
    assert_eq!(scene.refused(ErrorCode::NoBattle), Deed::Look);
    assert_eq!(scene.game.stage, Stage::Waiting);
}
