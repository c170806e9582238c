//! Moments of games. The screens' tests draw the same.

mod coming_back;
mod playing;

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

use super::{Deed, Game, Press, Room, Stage, Will};

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
