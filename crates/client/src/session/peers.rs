//! Who the other players are, by whichever address.
//!
//! An address leads from one connection to another, so it changes when either end comes back. The program is spared that: it goes
//! on using the address that it first heard for a player, the player's *face*. What is said and heard on the wire goes by the
//! address of the day, the *wire*.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use ids::{LobbyId, PeerAddress, PeerId, PlayerId};
use protocol::event::{Event, LobbyResumed};
use protocol::signalling::FrameId;
use protocol::{Action, event};

use super::frames::{FrameNames, HeardFrames, Sent, addressee, frame_id};

/// How many players are known at a time: more than a lobby holds with all who wait for it. The one met first is forgotten first.
const MOST_PEERS: usize = 128;
/// How many wires of one player are known: what was sent before it moved may arrive after.
const MOST_WIRES: usize = 8;

/// The other players.
#[derive(Debug)]
pub(crate) struct Peers {
    known: HashMap<PlayerId, Peer>,
    by_wire: HashMap<PeerAddress, PlayerId>,
    by_face: HashMap<PeerAddress, PlayerId>,
    names: FrameNames,
    met: u64,
    lobby: Option<LobbyId>,
    /// Whether what is heard comes late, by a connection that is used no more: its addresses are good for knowing who speaks only.
    is_late: bool,
}

#[derive(Debug)]
struct Peer {
    face: PeerAddress,
    /// The last one is today's.
    wires: VecDeque<PeerAddress>,
    number: Option<PeerId>,
    met: u64,
    sent: Sent,
    heard: HeardFrames,
}

/// What is to be done with an event.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Hearing {
    /// Tell the program.
    Tell(Event),
    /// It comes from somebody who has not been introduced yet, as the introduction was overtaken. Wait for that.
    Wait(Event),
    /// It was heard before, or is the session's own affair.
    Nothing,
    /// Somebody is back: tell the program, and say again what was sent to that player.
    Back(Event, PlayerId),
}

impl Peers {
    pub(crate) fn new() -> Self {
        Self {
            known: HashMap::new(),
            by_wire: HashMap::new(),
            by_face: HashMap::new(),
            names: FrameNames::new(),
            met: 0,
            lobby: None,
            is_late: false,
        }
    }

    /// The lobby that the player is in or waits for, as far as is known.
    pub(crate) fn lobby(&self) -> Option<&LobbyId> {
        self.lobby.as_ref()
    }

    /// Takes in an event, and puts faces to its addresses.
    pub(crate) fn hear(&mut self, mut event: Event) -> Hearing {
        if let Some((address, frame)) = signal(&mut event) {
            let frame = frame.clone();
            let wire = address.clone();
            return self.hear_signal(&wire, frame.as_ref(), event);
        }
        if let Event::PeerMoved(moved) = &event {
            if let Some(player) = self.by_wire.get(&moved.connection_id).cloned() {
                self.move_to(&player, &moved.new_connection_id);
            }
            return Hearing::Nothing;
        }
        if let Event::PlayerBack(back) = &mut event {
            let player = back.player_id.clone();
            self.meet(&player, Some(back.peer_id), &mut back.connection_id);
            return Hearing::Back(event, player);
        }
        self.introduce(&mut event);
        self.part(&event);
        Hearing::Tell(event)
    }

    /// As [`Peers::hear`], for what comes by a connection that is used no more.
    pub(crate) fn hear_late(&mut self, event: Event) -> Hearing {
        self.is_late = true;
        let hearing = self.hear(event);
        self.is_late = false;
        hearing
    }

    fn hear_signal(
        &mut self,
        wire: &PeerAddress,
        frame: Option<&FrameId>,
        mut event: Event,
    ) -> Hearing {
        let Some(player) = self.by_wire.get(wire) else {
            return Hearing::Wait(event);
        };
        let peer = self
            .known
            .get_mut(player)
            .expect("an index leads to a peer");
        if frame.is_some_and(|frame| !peer.heard.is_new(frame)) {
            return Hearing::Nothing;
        }
        if let Some((address, _)) = signal(&mut event) {
            address.clone_from(&peer.face);
        }
        Hearing::Tell(event)
    }

    /// Meets whoever an event introduces.
    fn introduce(&mut self, event: &mut Event) {
        if let Event::ReceivedJoinRequest(request) = event {
            self.meet(&request.player_id, None, &mut request.connection_id);
        } else if let Event::JoinRequestAccepted(accepted) = event {
            self.lobby = Some(accepted.lobby_id.clone());
            self.meet_members(&mut accepted.members);
            accepted.host_connection_id = self.face_of(&accepted.host_connection_id);
        } else if let Event::PlayerJoined(joined) = event {
            let (player, peer_id) = (joined.player_id.clone(), joined.peer_id);
            self.meet(&player, Some(peer_id), &mut joined.connection_id);
        } else if let Event::LobbyResumed(lobby) = event {
            self.meet_lobby(lobby);
        } else if let Event::MatchFound(found) = event {
            self.lobby = Some(found.lobby_id.clone());
            for player in &mut found.players {
                if let Some(address) = &mut player.connection_id {
                    self.meet(&player.player_id, Some(player.peer_id), address);
                }
            }
        } else if let Event::HostChanged(changed) = event {
            let host = self.by_peer_id(changed.peer_id);
            if let (Some(host), Some(address)) = (host, &mut changed.connection_id) {
                self.meet(&host, Some(changed.peer_id), address);
            }
        } else if let Event::LobbyStarted(started) = event {
            self.lobby = Some(started.lobby.lobby_id.clone());
        }
    }

    /// Parts with whoever an event says is gone.
    fn part(&mut self, event: &Event) {
        if let Event::PlayerLeft(left) = event {
            self.forget(&left.player_id);
        } else if matches!(
            event,
            Event::LobbyLeft(_) | Event::LobbyClosed(_) | Event::Kicked(_)
        ) {
            self.forget_all();
        }
    }

    /// Meets everybody in a lobby, and puts their faces to them.
    pub(crate) fn meet_lobby(&mut self, lobby: &mut LobbyResumed) {
        self.lobby = Some(lobby.lobby.lobby_id.clone());
        self.meet_members(&mut lobby.members);
        for request in &mut lobby.requests {
            self.meet(&request.player_id, None, &mut request.connection_id);
        }
    }

    /// Forgets everybody who is not in a lobby, for there is nobody else.
    pub(crate) fn keep_only(&mut self, lobby: Option<&LobbyResumed>) {
        self.lobby = lobby.map(|lobby| lobby.lobby.lobby_id.clone());
        let is_there = |player: &PlayerId| {
            lobby.is_some_and(|lobby| {
                lobby
                    .members
                    .iter()
                    .any(|member| member.player_id == *player)
                    || lobby
                        .requests
                        .iter()
                        .any(|request| request.player_id == *player)
            })
        };
        let gone: Vec<PlayerId> = self
            .known
            .keys()
            .filter(|player| !is_there(player))
            .cloned()
            .collect();
        for player in &gone {
            self.forget(player);
        }
    }

    fn meet_members(&mut self, members: &mut [event::Member]) {
        for member in members {
            self.meet(
                &member.player_id,
                Some(member.peer_id),
                &mut member.connection_id,
            );
        }
    }

    /// Learns a player's wire, and puts the player's face in its place.
    fn meet(&mut self, player: &PlayerId, peer_id: Option<PeerId>, address: &mut PeerAddress) {
        if !self.known.contains_key(player) {
            self.welcome(player, address);
        }
        self.move_to(player, address);
        let peer = self.known.get_mut(player).expect("welcomed just now");
        peer.number = peer_id.or(peer.number);
        address.clone_from(&peer.face);
    }

    fn welcome(&mut self, player: &PlayerId, face: &PeerAddress) {
        if self.known.len() >= MOST_PEERS
            && let Some((oldest, _)) = self.known.iter().min_by_key(|(_, peer)| peer.met)
        {
            self.forget(&oldest.clone());
        }
        self.met += 1;
        let peer = Peer {
            face: face.clone(),
            wires: VecDeque::new(),
            number: None,
            met: self.met,
            sent: Sent::default(),
            heard: HeardFrames::default(),
        };
        self.by_face.insert(face.clone(), player.clone());
        self.known.insert(player.clone(), peer);
    }

    fn move_to(&mut self, player: &PlayerId, wire: &PeerAddress) {
        let Some(peer) = self.known.get_mut(player) else {
            return;
        };
        let today = peer
            .wires
            .back()
            .filter(|today| self.is_late && *today != wire)
            .cloned();
        peer.wires
            .retain(|known| known != wire && Some(known) != today.as_ref());
        peer.wires.push_back(wire.clone());
        peer.wires.extend(today);
        self.by_wire.insert(wire.clone(), player.clone());
        if peer.wires.len() > MOST_WIRES
            && let Some(oldest) = peer.wires.pop_front()
        {
            self.by_wire.remove(&oldest);
        }
    }

    fn forget(&mut self, player: &PlayerId) {
        if let Some(peer) = self.known.remove(player) {
            self.by_face.remove(&peer.face);
            for wire in &peer.wires {
                self.by_wire.remove(wire);
            }
        }
    }

    /// Forgets everybody: the lobby in which they were met is no more.
    pub(crate) fn forget_all(&mut self) {
        self.known.clear();
        self.by_wire.clear();
        self.by_face.clear();
        self.lobby = None;
    }

    /// The face of whoever is reached by a wire; the wire itself where nobody is known by it.
    fn face_of(&self, wire: &PeerAddress) -> PeerAddress {
        let peer = self
            .by_wire
            .get(wire)
            .and_then(|player| self.known.get(player));
        peer.map_or(wire, |peer| &peer.face).clone()
    }

    fn by_peer_id(&self, peer_id: PeerId) -> Option<PlayerId> {
        let mut peers = self.known.iter();
        let found = peers.find(|(_, peer)| peer.number == Some(peer_id));
        found.map(|(player, _)| player.clone())
    }

    /// An action as it goes onto the wire of the day.
    pub(crate) fn outgoing(&self, action: &Action) -> Action {
        let mut action = action.clone();
        if let Some(address) = addressee(&mut action)
            && let Some(player) = self.by_face.get(address)
            && let Some(wire) = self.known[player].wires.back()
        {
            address.clone_from(wire);
        }
        action
    }

    /// Names a signalling frame that has no name yet.
    pub(crate) fn name(&mut self, action: &mut Action) {
        if let Some(frame @ None) = frame_id(action) {
            *frame = Some(self.names.next());
        }
    }

    /// Keeps a signalling frame, to be sent again should it have been lost. Whether it is kept: only what is for somebody known is.
    pub(crate) fn keep(&mut self, action: &Action, bytes: usize) -> bool {
        let mut kept = action.clone();
        if frame_id(&mut kept).is_none() {
            return false;
        }
        let player = addressee(&mut kept).and_then(|face| self.by_face.get(face));
        let Some(peer) = player.and_then(|player| self.known.get_mut(player)) else {
            return false;
        };
        let dropped = peer.sent.keep(kept, bytes);
        if dropped > 0 {
            tracing::debug!(
                frames.dropped = dropped,
                "older signalling frames will not be repeated"
            );
        }
        true
    }

    /// What was sent to one player within this time, as it goes onto the wire of the day.
    pub(crate) fn sent_to(&mut self, player: &PlayerId, age: Duration) -> Vec<Action> {
        let peer = self.known.get_mut(player);
        let sent: Vec<Action> = peer
            .map(|peer| peer.sent.within(age).cloned().collect())
            .unwrap_or_default();
        sent.iter().map(|action| self.outgoing(action)).collect()
    }

    /// How often a frame that was sent has been refused, with this time; `None` where it is not known any more.
    pub(crate) fn refused(&mut self, frame: &FrameId) -> Option<u32> {
        let mut peers = self.known.values_mut();
        peers.find_map(|peer| peer.sent.refused(frame))
    }

    /// A frame that was sent, as it goes onto the wire of the day; `None` where it is not known any more.
    pub(crate) fn sent_as(&self, frame: &FrameId) -> Option<Action> {
        let mut peers = self.known.values();
        let sent = peers.find_map(|peer| peer.sent.named(frame))?;
        Some(self.outgoing(sent))
    }

    /// What was sent to anybody within this time, as it goes onto the wire of the day.
    pub(crate) fn sent_to_all(&mut self, age: Duration) -> Vec<Action> {
        let players: Vec<PlayerId> = self.known.keys().cloned().collect();
        let sent = players.iter().flat_map(|player| self.sent_to(player, age));
        sent.collect()
    }
}

/// The sender and the name of a signalling frame.
fn signal(event: &mut Event) -> Option<(&mut PeerAddress, &Option<FrameId>)> {
    if let Event::ReceivedSessionDescription(frame) = event {
        Some((&mut frame.connection_id, &frame.frame_id))
    } else if let Event::ReceivedIceCandidate(frame) = event {
        Some((&mut frame.connection_id, &frame.frame_id))
    } else if let Event::ReceivedIceCandidates(frame) = event {
        Some((&mut frame.connection_id, &frame.frame_id))
    } else {
        None
    }
}
