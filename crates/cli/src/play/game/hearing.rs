//! What becomes of what is heard.

mod battle;
mod coming_back;

use std::time::Instant;

use ids::PlayerId;
use protocol::event::{
    Event, Fallen, JoinRequestAccepted, MatchFound, MatchProposed, MatchmakingStatus, PlayerLeft,
};

use super::fight::later;
use super::words::{cancelled, capitalised, left, returned};
use super::{Consent, Deed, Game, Proposal, Room, Stage};

impl Game {
    /// Something was heard, be it as an answer or unasked.
    pub(crate) fn hear(&mut self, event: Event, now: Instant) {
        match event {
            Event::MatchmakingCancelled(over) => self.go(cancelled(over.reason).to_owned()),
            Event::MatchProposed(proposed) => self.proposed(proposed, now),
            Event::MatchReturned(back) => self.returned(returned(back.reason)),
            Event::MatchmakingStatus(status) => self.explained(status),
            Event::MatchFound(found) => self.found(found),
            Event::JoinRequestAccepted(accepted) => self.let_in(accepted),
            Event::JoinRequestRejected(rejected) => self.go(rejected.reason),
            Event::PlayerJoined(joined) => self.joined(joined.peer_id, joined.player_id),
            Event::PlayerLeft(gone) => self.left(&gone),
            Event::HostChanged(host) => {
                if let Some(room) = &mut self.room {
                    room.host = host.peer_id;
                }
            }
            Event::LobbyClosed(closed) => self.go(closed.reason),
            Event::Kicked(kicked) => self.go(format!("The host removed you. {}", kicked.reason)),
            Event::BattleStarted(started) => self.started(started, now),
            Event::BattleState(state) => self.looked(state, now),
            Event::MarkPlaced(mark) => self.marked(mark, now),
            Event::Attacked(attack) => {
                self.attacked(&attack.by, Some(later(now, attack.seconds)), now);
            }
            Event::ScoreSynced(synced) => self.scored(&synced.player, synced.score),
            Event::PlayerDied(died) => match died.player {
                Fallen::Player(player) => self.died(&player),
                Fallen::All => self.all_died(),
            },
            Event::PlayerAway(away) => {
                self.away(&away.player_id, later(now, away.seconds), away.seconds);
            }
            Event::PlayerBack(back) => self.back(&back.player_id),
            Event::ConnectionReplaced(replaced) => self.go(replaced.reason),
            Event::BattleSettled(settled) => self.settled(settled),
            Event::RematchRequested(asked) => self.rematch_wanted(&asked.player),
            Event::Error(error) => {
                self.trouble(format!(
                    "Refused: {} ({})",
                    error.message,
                    error.code.as_str()
                ));
            }
            // Nothing that this game asks for, or nothing beyond what its answer has done already.
            Event::Welcome(_)
            | Event::Pong(_)
            | Event::GoAway(_)
            | Event::LobbyResumed(_)
            | Event::MatchmakingResumed(_)
            | Event::PeerMoved(_)
            | Event::Ok(_)
            | Event::LobbyStarted(_)
            | Event::LobbyCreationFailed(_)
            | Event::ReceivedJoinRequest(_)
            | Event::LobbyLeft(_)
            | Event::LobbyUpdated(_)
            | Event::LobbyList(_)
            | Event::ReceivedSessionDescription(_)
            | Event::ReceivedIceCandidate(_)
            | Event::ReceivedIceCandidates(_)
            | Event::IceServers(_)
            | Event::MatchmakingStarted(_)
            | Event::BackfillStarted(_)
            | Event::ResultList(_) => {}
        }
    }

    fn proposed(&mut self, proposed: MatchProposed, now: Instant) {
        let Stage::Searching(search) = &self.stage else {
            return;
        };
        let seconds = proposed.accept_within_seconds;
        self.stage = Stage::Proposed(Proposal {
            search: search.clone(),
            match_id: proposed.match_id,
            players: proposed.players,
            until: later(now, seconds),
            consent: Consent::Open,
        });
        self.news(format!("A match is proposed: {seconds} seconds to agree."));
    }

    fn returned(&mut self, why: &str) {
        if let Stage::Proposed(proposal) = &self.stage {
            self.stage = Stage::Searching(proposal.search.clone());
        }
        self.news(why);
    }

    fn explained(&mut self, status: MatchmakingStatus) {
        let compatible = match status.compatible_now {
            0 => "nobody would do at present".to_owned(),
            1 => "one would do at present".to_owned(),
            more => format!("{more} would do at present"),
        };
        let limit = status
            .limiting_rule
            .map(|rule| format!("; kept out by: {rule}"));
        let text = capitalised(&format!("{compatible}{}.", limit.unwrap_or_default()));
        self.detail(&text);
        if let Stage::Searching(search) = &mut self.stage {
            search.status = Some(text);
            search.estimate = status.estimated_wait_seconds;
        }
    }

    fn found(&mut self, found: MatchFound) {
        let own = found
            .players
            .iter()
            .find(|player| self.is_me(&player.player_id));
        let Some(me) = own.map(|player| player.peer_id) else {
            return;
        };
        let others = found.players.into_iter();
        let others = others.filter(|player| player.peer_id != me);
        let room = Room {
            lobby_id: found.lobby_id,
            me,
            host: found.host_peer_id,
            others: others
                .map(|player| (player.peer_id, player.player_id))
                .collect(),
        };
        self.stage = Stage::Waiting;
        self.news(format!("Matched, in lobby {}.", room.lobby_id));
        if found.battle_id.is_none() && room.is_mine() {
            self.want(Deed::Start);
        }
        self.room = Some(room);
    }

    fn let_in(&mut self, accepted: JoinRequestAccepted) {
        let host = accepted
            .members
            .iter()
            .find(|member| member.connection_id == accepted.host_connection_id)
            .map_or(ids::PeerId::FIRST, |member| member.peer_id);
        let members = accepted.members.into_iter();
        self.news(format!("You are in lobby {}.", accepted.lobby_id));
        self.room = Some(Room {
            lobby_id: accepted.lobby_id,
            me: accepted.peer_id,
            host,
            others: members
                .map(|member| (member.peer_id, member.player_id))
                .collect(),
        });
        // Whoever comes into the middle of a battle watches it.
        self.want(Deed::Look);
    }

    fn joined(&mut self, peer_id: ids::PeerId, player_id: PlayerId) {
        let Some(room) = &mut self.room else { return };
        room.others.insert(peer_id, player_id);
        let is_second = room.is_mine() && room.others.len() == 1;
        self.news(format!("Player {peer_id} has joined."));
        if is_second
            && self
                .fight
                .as_ref()
                .is_none_or(|fight| fight.settled.is_some())
        {
            self.want(Deed::Start);
        }
    }

    fn left(&mut self, gone: &PlayerLeft) {
        self.news(self.sentence(&gone.player_id, left(gone.reason), left(gone.reason)));
        let Some(room) = &mut self.room else { return };
        room.others.remove(&gone.peer_id);
        let is_alone = room.others.is_empty();
        match (is_alone, self.fight.is_none(), self.invitation.clone()) {
            (true, _, Some(command)) => self.news(format!("A friend joins with: {command}")),
            (true, true, None) => self.go("Nobody is left to play with.".to_owned()),
            (true, false, None) | (false, ..) => {}
        }
    }
}
