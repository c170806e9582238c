//! What a client knows, from nothing but what it has heard.

use std::collections::BTreeMap;

use ids::{LobbyId, MatchId, PeerAddress, PeerId, PlayerId};
use protocol::Event;
use protocol::battle::Rules;
use protocol::event::MatchFound;

#[derive(Clone, Debug, Default)]
pub(crate) struct Knowledge {
    pub(crate) player_id: Option<PlayerId>,
    pub(crate) lobby: Option<Room>,
    /// Who wants into the client's lobby.
    pub(crate) requests: Vec<PeerAddress>,
    /// Everybody that it was ever introduced to.
    pub(crate) addresses: Vec<PeerAddress>,
    pub(crate) is_queued: bool,
    pub(crate) proposal: Option<MatchId>,
    /// By which rules its lobby fights a battle, if it does.
    pub(crate) fights: Option<Rules>,
}

/// The lobby that a client believes to be in.
#[derive(Clone, Debug)]
pub(crate) struct Room {
    pub(crate) lobby_id: LobbyId,
    pub(crate) is_host: bool,
    pub(crate) is_match: bool,
    pub(crate) peers: BTreeMap<PeerId, PeerAddress>,
}

impl Knowledge {
    #[expect(
        clippy::wildcard_enum_match_arm,
        reason = "a client ignores the events that it does not know"
    )]
    pub(crate) fn hear(&mut self, event: Event) {
        match event {
            Event::Welcome(welcome) => self.player_id = Some(welcome.player_id),
            Event::LobbyStarted(started) => {
                self.enter(started.lobby.lobby_id, true, false, BTreeMap::new());
            }
            Event::JoinRequestAccepted(accepted) => {
                let peers = accepted.members.into_iter();
                let peers = peers.map(|member| (member.peer_id, member.connection_id));
                self.enter(accepted.lobby_id, false, false, peers.collect());
            }
            Event::MatchFound(found) => self.is_matched(found),
            Event::PlayerJoined(joined) => self.meet(joined.peer_id, joined.connection_id),
            Event::ReceivedJoinRequest(request) => {
                self.addresses.push(request.connection_id.clone());
                self.requests.push(request.connection_id);
            }
            Event::HostChanged(changed) => {
                if let Some(room) = &mut self.lobby {
                    room.is_host = changed.connection_id.is_none();
                }
            }
            Event::PlayerLeft(left) => {
                if let Some(room) = &mut self.lobby {
                    room.peers.remove(&left.peer_id);
                }
            }
            Event::LobbyLeft(_) | Event::LobbyClosed(_) | Event::Kicked(_) => self.leave(),
            Event::MatchmakingStarted(_) => self.is_queued = true,
            Event::MatchmakingCancelled(_) => {
                (self.is_queued, self.proposal) = (false, None);
            }
            Event::MatchProposed(proposed) => self.proposal = Some(proposed.match_id),
            Event::MatchReturned(_) => {
                self.leave();
                self.is_queued = true;
            }
            Event::BattleStarted(started) => self.fights = Some(started.rules),
            Event::BattleSettled(_) => self.fights = None,
            // Nothing that changes where it is.
            _ => {}
        }
    }

    fn is_matched(&mut self, found: MatchFound) {
        let own = |player: &&protocol::event::MatchPlayer| player.connection_id.is_none();
        let own = found.players.iter().find(own).map(|own| own.peer_id);
        let is_host = own == Some(found.host_peer_id);
        let peers = found.players.into_iter();
        let peers = peers.filter_map(|peer| Some((peer.peer_id, peer.connection_id?)));
        self.enter(found.lobby_id, is_host, true, peers.collect());
    }

    fn enter(
        &mut self,
        lobby_id: LobbyId,
        is_host: bool,
        is_match: bool,
        peers: BTreeMap<PeerId, PeerAddress>,
    ) {
        self.leave();
        self.addresses.extend(peers.values().cloned());
        self.lobby = Some(Room {
            lobby_id,
            is_host,
            is_match,
            peers,
        });
    }

    fn meet(&mut self, peer_id: PeerId, address: PeerAddress) {
        self.addresses.push(address.clone());
        self.requests.retain(|waiting| *waiting != address);
        if let Some(room) = &mut self.lobby {
            room.peers.insert(peer_id, address);
        }
    }

    fn leave(&mut self) {
        self.lobby = None;
        self.requests.clear();
        (self.is_queued, self.proposal, self.fights) = (false, None, None);
    }
}
