//! What becomes of a game whose player was cut off and is back.

use std::time::{Duration, Instant};

use client::Resumed;
use protocol::event::{BattleState, LobbyResumed, MatchmakingResumed};

use crate::play::game::{Deed, Fight, Game, Leaving, Room, Search, Stage};

impl Game {
    /// The connection is lost, and another is tried.
    pub(crate) fn cut_off(&mut self) {
        self.news("The connection is lost. Trying to come back ...");
    }

    /// The player is back.
    pub(crate) fn back_again(&mut self, resumed: Resumed, now: Instant) {
        self.news("You are back.");
        self.resumed(resumed, now);
    }

    /// Takes in where the player is, which replaces whatever was believed.
    pub(crate) fn resumed(&mut self, resumed: Resumed, now: Instant) {
        if matches!(self.stage, Stage::Gone(_)) {
            return;
        }
        match (resumed.lobby, resumed.matchmaking) {
            (Some(lobby), _) => self.in_lobby_again(lobby),
            (None, Some(search)) => self.searches_again(search, now),
            (None, None) => self.asks_where_it_is(),
        }
        if let Some(state) = resumed.battle {
            self.in_battle_again(state, now);
        } else if self.may_start() {
            self.want(Deed::Start);
        }
    }

    fn in_lobby_again(&mut self, lobby: LobbyResumed) {
        if matches!(self.stage, Stage::Searching(_) | Stage::Proposed(_)) {
            self.stage = Stage::Waiting;
        }
        let Some(me) = lobby.peer_id else {
            // It still waits to be let in.
            return;
        };
        let members = lobby.members.into_iter();
        self.room = Some(Room {
            lobby_id: lobby.lobby.lobby_id,
            me,
            host: lobby.host_peer_id,
            others: members
                .map(|member| (member.peer_id, member.player_id))
                .collect(),
        });
    }

    fn searches_again(&mut self, search: MatchmakingResumed, now: Instant) {
        if matches!(self.stage, Stage::Searching(_) | Stage::Proposed(_)) {
            // A proposal that is over says so by itself.
            return;
        }
        let waited = Duration::from_secs(search.waited_seconds.into());
        self.stage = Stage::Searching(Search {
            queue: search.queue,
            since: now.checked_sub(waited).unwrap_or(now),
            estimate: None,
            status: None,
        });
    }

    /// The player was nowhere as it came back; by now it may be where it was about to go.
    fn asks_where_it_is(&mut self) {
        self.want(match self.stage {
            Stage::Searching(_) | Stage::Proposed(_) => Deed::Explain,
            Stage::Waiting | Stage::Playing | Stage::Gone(_) => Deed::Look,
        });
    }

    fn in_battle_again(&mut self, state: BattleState, now: Instant) {
        let known = self
            .fight
            .take_if(|known| known.battle_id == state.battle_id);
        let Some(known) = known else {
            return self.looked(state, now);
        };
        let mut fight = Fight::again(state, &self.me, now);
        fight.rematch = known.rematch;
        let is_news = known.settled.is_none();
        let verdict = fight.settled.clone().filter(|_| is_news);
        self.fight = Some(fight);
        match verdict {
            Some(settlement) => {
                self.leaving = Leaving::No;
                let verdict = self.verdict(&settlement);
                self.news(format!("The battle is settled. {verdict}"));
            }
            None => self.tell_turn(),
        }
    }

    /// Whether a battle is for this player to start, and none has been.
    fn may_start(&self) -> bool {
        let others = self.room.as_ref().filter(|room| room.is_mine());
        others.is_some_and(|room| !room.others.is_empty()) && self.fight.is_none() && self.is_idle()
    }
}
