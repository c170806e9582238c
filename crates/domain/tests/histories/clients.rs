//! The other end of each connection: what a client believes who knows nothing but what it has heard, and whose
//! addresses it has been given.

use std::collections::{BTreeMap, BTreeSet};

use domain::lobby::{Admitted, Contact, Event, Lobby, Member, Notice};
use domain::matchmaking::{self, Found};
use ids::{ConnectionId, PeerId, PlayerId};

use crate::deed::Happening;

/// All clients.
#[derive(Default)]
pub(crate) struct Clients {
    views: BTreeMap<ConnectionId, View>,
    introductions: BTreeSet<(ConnectionId, ConnectionId)>,
}

/// A lobby as one in it believes it to be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct View {
    /// Who is in, itself included.
    pub(crate) members: BTreeMap<PlayerId, PeerId>,
    /// Who the host is.
    pub(crate) host: PlayerId,
    /// The how-manieth host that is, if it has heard so.
    pub(crate) term: Option<u64>,
}

impl Clients {
    /// What the client at this connection believes to be in.
    pub(crate) fn view(&self, connection_id: &ConnectionId) -> Option<&View> {
        self.views.get(connection_id)
    }

    /// Whether one has heard the address of another.
    pub(crate) fn knows(&self, one: &ConnectionId, other: &ConnectionId) -> bool {
        self.introductions.contains(&(one.clone(), other.clone()))
    }

    /// Everybody who is reached hears its part.
    pub(crate) fn hear(
        &mut self,
        happening: &Happening,
        is_reached: impl Fn(&Contact) -> bool,
    ) -> Result<(), String> {
        for notice in happening.notices() {
            for about in introduced(notice) {
                let pair = (notice.to.connection_id.clone(), about.clone());
                self.introductions.insert(pair);
            }
            if is_reached(&notice.to) {
                self.hear_one(notice)
                    .map_err(|why| format!("{:?} hears {:?}: {why}", notice.to, notice.event))?;
            }
        }
        self.learn_from_answer(happening);
        Ok(())
    }

    fn hear_one(&mut self, Notice { to, event }: &Notice) -> Result<(), String> {
        let at = &to.connection_id;
        match event {
            Event::Started(lobby) => self.enter(at, View::of(lobby)),
            Event::Accepted(admitted) => {
                let view = View::admitted(to, admitted);
                match self.views.get(at) {
                    // Told again, because the first news may have been lost: it must be no news.
                    Some(known) if known.same_but_for_term(&view) => Ok(()),
                    Some(_) | None => self.enter(at, view),
                }
            }
            Event::Closed { .. } | Event::Kicked { .. } => {
                let was = self.views.remove(at);
                was.map(drop).ok_or_else(|| "it is in no lobby".to_owned())
            }
            Event::Left { .. } => {
                // Who takes back a request has no view to lose.
                self.views.remove(at);
                Ok(())
            }
            Event::JoinRejected { .. } if self.views.contains_key(at) => {
                Err("it is in a lobby".to_owned())
            }
            Event::JoinRejected { .. } => Ok(()),
            Event::JoinRequested { .. } if self.inside(at)?.host == to.player_id => Ok(()),
            Event::JoinRequested { .. } => Err("it is not the host".to_owned()),
            Event::PlayerJoined(member) => self.inside(at)?.joined(member),
            Event::PlayerLeft {
                player_id, peer_id, ..
            } => self.inside(at)?.left(player_id, *peer_id),
            Event::HostChanged { host, term } => {
                self.inside(at)?.led_by(&host.contact.player_id, *term)
            }
            Event::Matchmaking(matchmaking::Event::Found(found)) => {
                let view = View::found(found).ok_or_else(|| "there is no host".to_owned())?;
                self.enter(at, view)
            }
            Event::Updated(_) | Event::Battle(_) | Event::Matchmaking(_) => {
                self.inside(at).map(drop)
            }
        }
    }

    fn inside(&mut self, at: &ConnectionId) -> Result<&mut View, String> {
        self.views
            .get_mut(at)
            .ok_or_else(|| "it is in no lobby".to_owned())
    }

    fn enter(&mut self, at: &ConnectionId, view: View) -> Result<(), String> {
        let was = self.views.insert(at.clone(), view);
        was.map_or(Ok(()), |was| {
            Err(format!("it is in a lobby already: {was:?}"))
        })
    }

    /// A host that lets somebody in is not told; it knows by the answer.
    fn learn_from_answer(&mut self, happening: &Happening) {
        let (Some(whom), Some((before, Some(after)))) =
            (happening.deed.lets_in(), happening.change())
        else {
            return;
        };
        let host = &after.host().contact.connection_id;
        for (player_id, member) in &after.members {
            let is_meant = member.contact.connection_id == *whom;
            if is_meant
                && !before.members.contains_key(player_id)
                && let Some(view) = self.views.get_mut(host)
            {
                view.members.insert(player_id.clone(), member.peer_id);
            }
        }
    }
}

impl View {
    fn same_but_for_term(&self, other: &Self) -> bool {
        self.members == other.members && self.host == other.host
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

    fn admitted(to: &Contact, admitted: &Admitted) -> Self {
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

    fn found(found: &Found) -> Option<Self> {
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

    fn joined(&mut self, member: &Member) -> Result<(), String> {
        let player_id = member.contact.player_id.clone();
        match self.members.insert(player_id, member.peer_id) {
            None => Ok(()),
            Some(_) => Err("that one is in already".to_owned()),
        }
    }

    fn left(&mut self, player_id: &PlayerId, peer_id: PeerId) -> Result<(), String> {
        match self.members.remove(player_id) {
            Some(was) if was == peer_id => Ok(()),
            Some(was) => Err(format!("that one had {was:?}")),
            None => Err("that one is not in".to_owned()),
        }
    }

    fn led_by(&mut self, host: &PlayerId, term: u64) -> Result<(), String> {
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

/// Whose addresses a notice gives to its hearer.
pub(crate) fn introduced(Notice { to, event }: &Notice) -> Vec<&ConnectionId> {
    let mut others: Vec<_> = match event {
        Event::JoinRequested { by, .. } => vec![by],
        Event::Accepted(admitted) => {
            let others = admitted.others.iter().map(|other| &other.contact);
            others.chain([&admitted.host]).collect()
        }
        Event::PlayerJoined(member) | Event::HostChanged { host: member, .. } => {
            vec![&member.contact]
        }
        Event::Matchmaking(matchmaking::Event::Found(found)) => {
            let players = found.players.iter();
            players.map(|player| &player.contact).collect()
        }
        // Two of these carry a lobby, and of that the edge shows no address.
        Event::Started(_)
        | Event::Updated(_)
        | Event::Closed { .. }
        | Event::JoinRejected { .. }
        | Event::Left { .. }
        | Event::PlayerLeft { .. }
        | Event::Kicked { .. }
        | Event::Battle(_)
        | Event::Matchmaking(_) => Vec::new(),
    };
    others.retain(|contact| *contact != to);
    others
        .into_iter()
        .map(|contact| &contact.connection_id)
        .collect()
}
