//! Who and what is meant by a wish, as things stand.

use domain::lobby::Contact;
use ids::MatchId;

use crate::deed::Deed;
use crate::wishes::{Comer, Post, Wish};
use crate::world::World;

impl World {
    /// What many mean at once.
    pub(crate) fn meant_by_all(&mut self, wish: &Wish) -> Vec<Deed> {
        if let Wish::Crowd { count, says } = *wish {
            let first = self.cast.grow(count.into());
            let crowd = first..first + usize::from(count);
            let join = |number| Deed::Join {
                by: self.cast.connected(number, self.now),
                says,
            };
            return crowd.map(join).collect();
        }
        let asked = self.asked().into_iter();
        let accept = |(by, match_id)| Deed::Accept { by, match_id };
        asked.map(accept).collect()
    }

    /// A message that is late, or comes again.
    pub(crate) fn on_its_way(&mut self, wish: &Wish) -> Option<Deed> {
        if let Wish::Repeat { which } = *wish {
            let chosen = usize::from(which).checked_rem(self.done.len())?;
            return Some(self.done[chosen].clone());
        }
        let Wish::Arrive { which } = *wish else {
            return None;
        };
        let chosen = usize::from(which).checked_rem(self.late.len())?;
        Some(self.late.swap_remove(chosen))
    }

    /// Who means what.
    pub(crate) fn meant(&mut self, wish: &Wish) -> Option<(Deed, Post)> {
        let one_of = |all: Vec<(Contact, MatchId)>, who: u16| {
            let chosen = usize::from(who).checked_rem(all.len())?;
            all.into_iter().nth(chosen)
        };
        match *wish {
            Wish::Join { who, says, post } => {
                let by = self.cast.connected(who.into(), self.now);
                Some((Deed::Join { by, says }, post))
            }
            Wish::Enqueue { who, says, post } => {
                let hosts = self.store.rooms.values().map(|room| &room.members[0]);
                let hosts: Vec<_> = hosts.collect();
                let chosen = usize::from(who).checked_rem(hosts.len())?;
                let by = hosts[chosen].clone();
                Some((Deed::Enqueue { by, says }, post))
            }
            Wish::Leave { who, post } => {
                let by = self.cast.connected(who.into(), self.now);
                Some((Deed::Leave { by }, post))
            }
            Wish::Accept { who, post } => {
                let (by, match_id) = one_of(self.asked(), who)?;
                Some((Deed::Accept { by, match_id }, post))
            }
            Wish::Decline { who, post } => {
                let (by, match_id) = one_of(self.asked(), who)?;
                Some((Deed::Decline { by, match_id }, post))
            }
            Wish::Drop { who, farewell } => {
                let gone = self.cast.dropped(who.into())?;
                self.note(&format!("{:?} drops", gone.player_id));
                Some((Deed::Farewell { gone }, farewell))
            }
            Wish::Return { who, post } => {
                let number = match who {
                    Comer::Anybody(who) => who.into(),
                    Comer::Away(which) => {
                        let away = self.store.away();
                        let chosen = usize::from(which).checked_rem(away.len())?;
                        self.cast.number(&away[chosen].player_id)?
                    }
                };
                let (by, gone) = self.cast.reconnected(number, self.now);
                let farewell = gone.map(|gone| Deed::Farewell { gone });
                self.late.extend(farewell);
                Some((Deed::Return { by }, post))
            }
            Wish::Crowd { .. }
            | Wish::Gather { .. }
            | Wish::AcceptAll
            | Wish::Arrive { .. }
            | Wish::Repeat { .. }
            | Wish::Wait { .. }
            | Wish::Tick { .. } => None,
        }
    }

    /// Who is asked about which match.
    fn asked(&self) -> Vec<(Contact, MatchId)> {
        let tickets = self.store.tickets.values();
        let tickets = tickets.filter(|ticket| !ticket.is_backfill());
        let asked = tickets.filter_map(|ticket| Some((ticket, ticket.proposal()?)));
        let asked = asked.flat_map(|(ticket, proposal)| {
            let players = ticket.players.iter();
            let players = players.filter(|by| !proposal.accepted.contains(&by.player_id));
            players.map(|by| (by.clone(), proposal.match_id.clone()))
        });
        asked.collect()
    }
}
