//! Moments of games, and what is made of them. The screens' tests draw the same moments.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use client::{Refused, RequestError};
use ids::{BattleId, LobbyId, MatchId, PeerId, PlayerId, QueueName, TicketId};
use protocol::battle::Rules;
use protocol::event::{
    Attacked, BattlePlayer, BattleSettled, BattleStarted, BattleState, Contestant, Effect,
    EndReason, Event, Fallen, Mark, MarkPlaced, MatchFound, MatchPlayer, MatchProposed,
    MatchmakingStarted, Ok, Outcome, PlayerAway, PlayerDied, PlayerJoined, PlayerLeft, ScoreSynced,
    Settlement, State,
};
use protocol::{ErrorCode, Metadata};

use super::{Deed, Game, Leaving, Press, Room, Stage, Will};

/// A game at some moment, which has a time of its own.
pub(in crate::play) struct Scene {
    pub(in crate::play) game: Game,
    pub(in crate::play) now: Instant,
}

pub(in crate::play) fn me() -> PlayerId {
    PlayerId::parse("me").expect("an id")
}

pub(in crate::play) fn other() -> PlayerId {
    PlayerId::parse("other").expect("an id")
}

fn peer(number: u32) -> PeerId {
    PeerId::try_from(number).expect("within range")
}

fn battle_id(name: &str) -> BattleId {
    BattleId::parse(name).expect("an id")
}

fn lobby_id() -> LobbyId {
    LobbyId::parse("K7QX2M").expect("an id")
}

impl Scene {
    /// The host of a lobby, alone.
    pub(in crate::play) fn host() -> Self {
        let room = Room {
            lobby_id: lobby_id(),
            me: peer(1),
            host: peer(1),
            others: BTreeMap::new(),
        };
        let mut game = Game::in_lobby(me(), Rules::NoughtsAndCrosses, Some(room));
        game.invite("switchboard play noughts join K7QX2M".to_owned());
        Self {
            game,
            now: Instant::now(),
        }
    }

    /// One who looks for a stranger.
    pub(in crate::play) fn searcher() -> Self {
        let now = Instant::now();
        let started = MatchmakingStarted {
            ticket_id: TicketId::parse("t1").expect("an id"),
            queue: QueueName::parse("ranked").expect("a name"),
            estimated_wait_seconds: Some(7),
        };
        let game = Game::in_queue(me(), Rules::ScoreAttack, started, now);
        Self { game, now }
    }

    /// Noughts and crosses, `first` to begin.
    pub(in crate::play) fn noughts(first: &PlayerId) -> Self {
        let mut scene = Self::host();
        scene.friend_joins();
        assert_eq!(scene.game.next_deed(), Some(Deed::Start));
        let started = noughts_started("b1", first);
        scene
            .game
            .answered(&Deed::Start, Result::Ok(started), scene.now);
        scene
    }

    /// A score attack between two who were matched.
    pub(in crate::play) fn scores() -> Self {
        let mut scene = Self::searcher();
        scene.hear(found());
        assert_eq!(scene.game.next_deed(), Some(Deed::Start));
        let started = scores_started();
        scene
            .game
            .answered(&Deed::Start, Result::Ok(started), scene.now);
        scene
    }

    /// One who has joined a lobby of two.
    pub(in crate::play) fn guest() -> Self {
        let room = Room {
            lobby_id: lobby_id(),
            me: peer(3),
            host: peer(1),
            others: BTreeMap::from([(peer(1), me()), (peer(2), other())]),
        };
        let third = PlayerId::parse("third").expect("an id");
        let game = Game::in_lobby(third, Rules::NoughtsAndCrosses, Some(room));
        let now = Instant::now();
        Self { game, now }
    }

    /// One who watches two others.
    pub(in crate::play) fn watcher() -> Self {
        let mut scene = Self::guest();
        scene.hear(noughts_started("b1", &me()));
        scene
    }

    pub(in crate::play) fn friend_joins(&mut self) {
        self.hear(PlayerJoined {
            connection_id: ids::PeerAddress::parse("x").expect("an address"),
            peer_id: peer(2),
            player_id: other(),
            metadata: Metadata::default(),
            team: None,
        });
    }

    pub(in crate::play) fn hear(&mut self, event: impl Into<Event>) {
        self.game.hear(event.into(), self.now);
    }

    pub(in crate::play) fn press(&mut self, press: Press) -> Will {
        self.game.press(press, self.now)
    }

    pub(in crate::play) fn pass(&mut self, time: Duration) {
        self.now += time;
    }

    /// Answers the next deed with `ok`.
    pub(in crate::play) fn granted(&mut self) -> Deed {
        let deed = self.game.next_deed().expect("something is wanted");
        self.game
            .answered(&deed, Result::Ok(Ok {}.into()), self.now);
        deed
    }

    /// Refuses the next deed.
    pub(in crate::play) fn refused(&mut self, code: ErrorCode) -> Deed {
        let deed = self.game.next_deed().expect("something is wanted");
        let refused = Refused {
            code,
            message: code.sentence().to_owned(),
            action: None,
            field: None,
            retryable: code.is_retryable(),
            retry_after: None,
        };
        let answer = Err(RequestError::Refused(refused));
        self.game.answered(&deed, answer, self.now);
        deed
    }

    pub(in crate::play) fn mark(&mut self, rows: [&str; 3], turn: Option<&PlayerId>) {
        self.hear(MarkPlaced {
            player: other(),
            tile: [0, 0],
            state: board(rows, turn, &[]),
            seconds_left: Some(60),
        });
    }

    fn last_line(&self) -> &str {
        &self.game.log().last().expect("something happened").text
    }
}

/// A board out of `x`, `o` and `.`.
fn board(rows: [&str; 3], turn: Option<&PlayerId>, line: &[[u32; 2]]) -> State {
    let mut board = [[None; 3]; 3];
    for (row, text) in board.iter_mut().zip(rows) {
        for (tile, letter) in row.iter_mut().zip(text.chars()) {
            *tile = match letter {
                'x' => Some(Mark::Cross),
                'o' => Some(Mark::Nought),
                _ => None,
            };
        }
    }
    State::NoughtsAndCrosses {
        board,
        turn: turn.cloned(),
        line: line.to_vec(),
    }
}

pub(in crate::play) fn noughts_started(battle: &str, first: &PlayerId) -> Event {
    let mut players = [(me(), 1), (other(), 2)];
    if players[0].0 != *first {
        players.reverse();
    }
    let players = players.into_iter().zip([Mark::Cross, Mark::Nought]);
    let players = players.map(|((player_id, number), mark)| BattlePlayer {
        player_id,
        peer_id: peer(number),
        mark: Some(mark),
        away_seconds: None,
    });
    BattleStarted {
        battle_id: battle_id(battle),
        rules: Rules::NoughtsAndCrosses,
        players: players.collect(),
        state: board(["...", "...", "..."], Some(first), &[]),
        seconds_left: Some(60),
    }
    .into()
}

fn scores_started() -> Event {
    let player = |player_id, number| BattlePlayer {
        player_id,
        peer_id: peer(number),
        mark: None,
        away_seconds: None,
    };
    let fresh = Contestant {
        score: 0,
        spent: 0,
        frozen_seconds: 0,
        dead: false,
    };
    BattleStarted {
        battle_id: battle_id("b1"),
        rules: Rules::ScoreAttack,
        players: vec![player(me(), 1), player(other(), 2)],
        state: State::ScoreAttack {
            attack_cost: 10,
            freeze_seconds: 5,
            contestants: BTreeMap::from([(me(), fresh.clone()), (other(), fresh)]),
        },
        seconds_left: Some(600),
    }
    .into()
}

fn found() -> MatchFound {
    let player = |player_id, number| MatchPlayer {
        player_id,
        peer_id: peer(number),
        team: number,
        connection_id: None,
    };
    MatchFound {
        match_id: MatchId::parse("m1").expect("an id"),
        lobby_id: lobby_id(),
        battle_id: None,
        team: 1,
        host_peer_id: peer(1),
        players: vec![player(me(), 1), player(other(), 2)],
    }
}

pub(in crate::play) fn proposed() -> MatchProposed {
    MatchProposed {
        match_id: MatchId::parse("m1").expect("an id"),
        queue: QueueName::parse("ranked").expect("a name"),
        players: 2,
        accept_within_seconds: 20,
    }
}

pub(in crate::play) fn settled(battle: &str, mine: Outcome, reason: EndReason) -> BattleSettled {
    let theirs = match mine {
        Outcome::Win => Outcome::Lose,
        Outcome::Lose => Outcome::Win,
        Outcome::Draw => Outcome::Draw,
    };
    let scores = (reason == EndReason::Score).then(|| BTreeMap::from([(me(), 42), (other(), 30)]));
    BattleSettled {
        battle_id: battle_id(battle),
        rules: Rules::NoughtsAndCrosses,
        settlement: Settlement {
            result: Some(mine),
            reason,
            scores,
            results: BTreeMap::from([(me(), mine), (other(), theirs)]),
        },
    }
}

pub(in crate::play) fn attacked(by: PlayerId) -> Attacked {
    Attacked {
        by,
        effect: Effect::Freeze,
        seconds: 5,
    }
}

pub(in crate::play) fn synced(player: PlayerId, score: u64) -> ScoreSynced {
    ScoreSynced { player, score }
}

pub(in crate::play) fn away() -> PlayerAway {
    PlayerAway {
        peer_id: PeerId::try_from(2).expect("within range"),
        player_id: other(),
        seconds: 30,
    }
}

pub(in crate::play) fn left() -> PlayerLeft {
    PlayerLeft {
        peer_id: peer(2),
        player_id: other(),
        reason: protocol::event::LeaveReason::Disconnected,
    }
}

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
    let scores = scene.game.fight.as_ref().and_then(super::Fight::scores);
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
    let scores = scene.game.fight.as_ref().and_then(super::Fight::scores);
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
