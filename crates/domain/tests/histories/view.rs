//! A lobby, as one in it believes it to be who knows nothing but what it has heard.

use std::collections::BTreeMap;

use domain::lobby::{Admitted, Contact, Lobby, Member};
use domain::matchmaking::Found;
use ids::{PeerId, PlayerId};

/// A lobby as one in it believes it to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct View {
    /// Who is in, itself included.
    pub(crate) members: BTreeMap<PlayerId, PeerId>,
    /// Who the host is.
    pub(crate) host: PlayerId,
    /// The how-manieth host that is, if it has heard so.
    pub(crate) term: Option<u64>,
}

impl View {
    pub(crate) fn same_but_for_term(&self, other: &Self) -> bool {
        self.members == other.members && self.host == other.host
    }

    /// Whether it is what is true, as far as it goes: who has heard of no term yet knows none.
    pub(crate) fn agrees(&self, truth: &Self) -> bool {
        self.same_but_for_term(truth) && (self.term.is_none() || self.term == truth.term)
    }

    /// A lobby as it is.
    pub(crate) fn of(lobby: &Lobby) -> Self {
        let members = lobby.members.iter();
        Self {
            members: members
                .map(|(player_id, member)| (player_id.clone(), member.peer_id))
                .collect(),
            host: lobby.host.clone(),
            term: Some(lobby.term),
        }
    }

    pub(crate) fn admitted(to: &Contact, admitted: &Admitted) -> Self {
        let others = admitted.others.iter();
        let others = others.map(|other| (other.contact.player_id.clone(), other.peer_id));
        Self {
            members: others
                .chain([(to.player_id.clone(), admitted.peer_id)])
                .collect(),
            host: admitted.host.player_id.clone(),
            term: None,
        }
    }

    pub(crate) fn found(found: &Found) -> Option<Self> {
        let mut players = found.players.iter();
        let host = players.find(|player| player.peer_id == found.host_peer_id)?;
        let players = found.players.iter();
        Some(Self {
            host: host.contact.player_id.clone(),
            members: players
                .map(|player| (player.contact.player_id.clone(), player.peer_id))
                .collect(),
            term: None,
        })
    }

    pub(crate) fn joined(&mut self, member: &Member) -> Result<(), String> {
        let player_id = member.contact.player_id.clone();
        match self.members.insert(player_id, member.peer_id) {
            None => Ok(()),
            Some(_) => Err("that one is in already".to_owned()),
        }
    }

    pub(crate) fn left(&mut self, player_id: &PlayerId, peer_id: PeerId) -> Result<(), String> {
        match self.members.remove(player_id) {
            Some(was) if was == peer_id => Ok(()),
            Some(was) => Err(format!("that one had {was:?}")),
            None => Err("that one is not in".to_owned()),
        }
    }

    pub(crate) fn has(&self, player_id: &PlayerId, peer_id: PeerId) -> Result<(), String> {
        match self.members.get(player_id) {
            Some(known) if *known == peer_id => Ok(()),
            known => Err(format!("that one has {known:?}")),
        }
    }

    pub(crate) fn led_by(&mut self, host: &PlayerId, term: u64) -> Result<(), String> {
        if !self.members.contains_key(host) {
            return Err("that one is not in".to_owned());
        }
        if self.term.is_some_and(|was| was >= term) {
            return Err("that is an old term".to_owned());
        }
        self.host = host.clone();
        self.term = Some(term);
        Ok(())
    }
}
