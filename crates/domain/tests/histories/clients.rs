//! The other end of each connection: what a client believes who knows nothing but what it has heard, and whose
//! addresses it has been given.

use std::collections::{BTreeMap, BTreeSet};

use domain::lobby::{Contact, Event, Lobby, Notice};
use domain::matchmaking::{self};
use ids::ConnectionId;

use crate::deed::{Deed, Happening};
use crate::view::View;

/// All clients.
#[derive(Default)]
pub(crate) struct Clients {
    /// What was met, besides what is heard.
    pub(crate) met: BTreeSet<String>,
    views: BTreeMap<ConnectionId, View>,
    introductions: BTreeSet<(ConnectionId, ConnectionId)>,
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

    /// Everybody who is reached hears its part. What is told to one who is away is kept for it, and adds up as if it were there.
    pub(crate) fn hear(
        &mut self,
        happening: &Happening,
        is_reached: impl Fn(&Contact) -> bool,
    ) -> Result<(), String> {
        self.forget(happening);
        self.move_on(happening)?;
        for notice in happening.notices() {
            for about in introduced(notice) {
                let pair = (notice.to.connection_id.clone(), about.clone());
                self.introductions.insert(pair);
            }
            let is_kept = notice.to.away && self.understands(notice);
            let is_heard = is_reached(&notice.to) && !self.is_lost_on(notice, happening);
            if is_kept || is_heard {
                self.hear_one(notice)
                    .map_err(|why| format!("{:?} hears {:?}: {why}", notice.to, notice.event))?;
            }
        }
        self.learn_from_answer(happening);
        self.forget_absent(happening);
        Ok(())
    }

    /// Whoever is away from now on and has missed something before, as nobody knew yet, knows nothing for certain. Neither does
    /// one whom a queue brings while it is away.
    fn forget(&mut self, happening: &Happening) {
        if let (Deed::Farewell { gone, .. }, Some(before)) = (&happening.deed, &happening.before) {
            let at = &gone.connection_id;
            let truth = View::of(before);
            if self.views.get(at).is_some_and(|view| !view.agrees(&truth)) {
                self.views.remove(at);
            }
        }
        let placed = happening.deed.brings().iter();
        for player in placed.flat_map(|placed| &placed.ticket.players) {
            if player.away {
                self.views.remove(&player.connection_id);
            }
        }
    }

    /// Whoever comes back knows what it knew, and what was kept for it.
    fn move_on(&mut self, happening: &Happening) -> Result<(), String> {
        let (Deed::Return { by }, Some((before, _))) = (&happening.deed, happening.change()) else {
            return Ok(());
        };
        let Some(member) = before.members.get(&by.player_id) else {
            return Ok(());
        };
        let was = &member.contact;
        let Some(view) = self.views.remove(&was.connection_id) else {
            return Ok(());
        };
        let truth = View::of(before);
        if view.agrees(&truth) {
            if was.away {
                self.met.insert("CaughtUp".to_owned());
            }
            self.views.insert(by.connection_id.clone(), view);
        } else if was.away {
            return Err(format!("{was:?} was kept {view:?}; true is {truth:?}"));
        }
        Ok(())
    }

    /// Whoever was away and is out will hear of nothing any more.
    fn forget_absent(&mut self, happening: &Happening) {
        let Some((before, after)) = happening.change() else {
            return;
        };
        let is_seated = |contact: &Contact| {
            let mut seated = after.into_iter().flat_map(Lobby::seated);
            seated.any(|other| other.connection_id == contact.connection_id)
        };
        for contact in before.seated() {
            if contact.away && !is_seated(contact) {
                self.views.remove(&contact.connection_id);
            }
        }
    }

    /// Whether one who is away can make something of this: it knows its lobby, or hears of it with this.
    fn understands(&self, Notice { to, event }: &Notice) -> bool {
        let enters = matches!(
            event,
            Event::Accepted(_) | Event::Matchmaking(matchmaking::Event::Found(_))
        );
        enters || self.views.contains_key(&to.connection_id)
    }

    /// Whether it is told to one who comes back and has missed something, ahead of what the lobby is like now.
    fn is_lost_on(&self, Notice { to, event }: &Notice, happening: &Happening) -> bool {
        let comes_back = matches!(&happening.deed, Deed::Return { by } if by == to);
        let is_enough = matches!(event, Event::Resumed(_) | Event::JoinRejected { .. });
        comes_back && !is_enough && !self.views.contains_key(&to.connection_id)
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
            Event::PlayerAway {
                player_id, peer_id, ..
            } => self.inside(at)?.has(player_id, *peer_id),
            Event::PlayerBack(member) => {
                let player_id = &member.contact.player_id;
                self.inside(at)?.has(player_id, member.peer_id)
            }
            // Whoever waits hears of it too, and knows no more of the lobby than before.
            Event::Resumed(lobby) if lobby.requests.contains_key(&to.player_id) => Ok(()),
            Event::Resumed(lobby) => {
                let truth = View::of(lobby);
                let was = self.views.insert(at.clone(), truth.clone());
                match was.filter(|was| !was.agrees(&truth)) {
                    None => Ok(()),
                    Some(was) => Err(format!("it believed {was:?}")),
                }
            }
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

/// Whose addresses a notice gives to its hearer.
pub(crate) fn introduced(Notice { to, event }: &Notice) -> Vec<&ConnectionId> {
    let mut others: Vec<_> = match event {
        Event::JoinRequested { by, .. } => vec![by],
        Event::Accepted(admitted) => {
            let others = admitted.others.iter().map(|other| &other.contact);
            others.chain([&admitted.host]).collect()
        }
        Event::PlayerJoined(member)
        | Event::PlayerBack(member)
        | Event::HostChanged { host: member, .. } => vec![&member.contact],
        // All members, and for the host those who wait.
        Event::Resumed(lobby) if lobby.host == to.player_id => lobby.seated().collect(),
        Event::Resumed(lobby) if lobby.members.contains_key(&to.player_id) => {
            let members = lobby.members.values();
            members.map(|member| &member.contact).collect()
        }
        Event::Matchmaking(matchmaking::Event::Found(found)) => {
            let players = found.players.iter();
            players.map(|player| &player.contact).collect()
        }
        // Three of these carry a lobby, and of that the edge shows no address, to one who waits for it either.
        Event::Started(_)
        | Event::Updated(_)
        | Event::Closed { .. }
        | Event::JoinRejected { .. }
        | Event::Left { .. }
        | Event::PlayerLeft { .. }
        | Event::PlayerAway { .. }
        | Event::Resumed(_)
        | Event::Kicked { .. }
        | Event::Battle(_)
        | Event::Matchmaking(_) => Vec::new(),
    };
    others.retain(|contact| contact.player_id != to.player_id);
    others
        .into_iter()
        .map(|contact| &contact.connection_id)
        .collect()
}
