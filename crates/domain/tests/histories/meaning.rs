//! Who and what is meant by a wish, as things stand.

use domain::lobby::{Action, Contact, Departure, JoinRequest, Lobby, Metadata};
use ids::{ConnectionId, LobbyId, PeerId, PlayerId};

use crate::cast::Player;
use crate::deed::Deed;
use crate::wishes::{Comer, Who, Whom, Wish};
use crate::world::{GRACE, World};

/// How many lobby ids there are.
const LOBBIES: u8 = 3;

impl World {
    /// The player of this number.
    pub(crate) fn player(&mut self, who: u8) -> &mut Player {
        let players = self.cast.len();
        &mut self.cast[usize::from(who) % players]
    }

    /// What somebody wishes to do; `None` where nobody is meant, or it is nobody's doing.
    pub(crate) fn meant(&mut self, wish: Wish) -> Option<Deed> {
        let (lobby_id, action) = match wish {
            Wish::Start {
                who,
                lobby,
                settings,
            } => {
                return Some(Deed::Start {
                    lobby_id: lobby_id(lobby),
                    settings,
                    host: self.connected(who),
                });
            }
            Wish::Join {
                who,
                lobby,
                password,
            } => {
                let by = self.connected(who);
                let metadata = Metadata::new();
                let action = Action::Join {
                    by,
                    password,
                    metadata,
                };
                (lobby_id(lobby), action)
            }
            Wish::Accept { who, whom, peer_id } => {
                let (lobby_id, by, connection_id) = self.pair(who, whom)?;
                let action = Action::Accept {
                    by,
                    connection_id,
                    peer_id: peer_id.and_then(|number| PeerId::try_from(number).ok()),
                };
                (lobby_id, action)
            }
            Wish::Reject { who, whom } => {
                let (lobby_id, by, connection_id) = self.pair(who, whom)?;
                let action = Action::Reject {
                    by,
                    connection_id,
                    reason: None,
                };
                (lobby_id, action)
            }
            Wish::Kick { who, whom, ban } => {
                let (lobby_id, by, connection_id) = self.pair(who, whom)?;
                let action = Action::Kick {
                    by,
                    connection_id,
                    reason: None,
                    ban,
                };
                (lobby_id, action)
            }
            Wish::Update { who, changes } => {
                let (lobby_id, by) = self.actor(who)?;
                (lobby_id, Action::Update { by, changes })
            }
            Wish::Close { who } => {
                let (lobby_id, by) = self.actor(who)?;
                (lobby_id, Action::Close { by })
            }
            Wish::Leave { who } => {
                let (lobby_id, by) = self.actor(who)?;
                let how = Departure::Left;
                (lobby_id, Action::Leave { by, how })
            }
            Wish::Play { who, play } => {
                let (lobby_id, by) = self.actor(who)?;
                let action = self.played(&lobby_id, by, play)?;
                (lobby_id, action)
            }
            Wish::Turn { lobby, turn } => {
                let lobby_id = lobby_id(lobby);
                let action = self.turn(&lobby_id, turn)?;
                (lobby_id, action)
            }
            Wish::Return { who } => return self.come_back(who),
            Wish::Serve { lobby, service } => {
                return self.served_by_queue(lobby_id(lobby), service);
            }
            Wish::Bout { .. }
            | Wish::Ring { .. }
            | Wish::Pass { .. }
            | Wish::Drop { .. }
            | Wish::Arrive { .. }
            | Wish::Wait { .. }
            | Wish::Repeat { .. }
            | Wish::SideBySide { .. } => return None,
        };
        Some(Deed::Act { lobby_id, action })
    }

    pub(crate) fn connected(&mut self, who: u8) -> Contact {
        let now = self.now;
        self.player(who).connected(now)
    }

    /// Where a player is reached as a queue finds it.
    pub(crate) fn on_a_ticket(&mut self, who: u8) -> Contact {
        let now = self.now;
        self.player(who).on_a_ticket(now, now + GRACE)
    }

    /// Who comes back. Its old connection, if it is still open, ends with that, and is found out later.
    fn come_back(&mut self, who: Comer) -> Option<Deed> {
        let number = match who {
            Comer::Anybody(who) => who,
            Comer::Away(which) => {
                let lobbies = self.store.lobbies(self.now);
                let away = lobbies.flat_map(Lobby::seated).filter(|seated| seated.away);
                let away: Vec<_> = away.map(|seated| &seated.player_id).collect();
                let chosen = usize::from(which).checked_rem(away.len())?;
                let mut cast = self.cast.iter();
                let number = cast.position(|player| player.id == *away[chosen])?;
                u8::try_from(number).ok()?
            }
        };
        if let Some(gone) = self.player(number).dropped() {
            let grace = GRACE;
            self.late.push(Deed::Farewell { gone, grace });
        }
        let by = self.connected(number);
        Some(Deed::Return { by })
    }

    pub(crate) fn stored(&self, lobby_id: &LobbyId) -> Option<&Lobby> {
        self.store.lobby(lobby_id, self.now)
    }

    fn actor(&mut self, who: Who) -> Option<(LobbyId, PlayerId)> {
        match who {
            Who::Host(lobby) => {
                let lobby_id = lobby_id(lobby);
                let host = self.stored(&lobby_id)?.host.clone();
                Some((lobby_id, host))
            }
            Who::FormerHost(lobby) => {
                let lobby_id = lobby_id(lobby);
                let host = self.former_hosts.get(&lobby_id)?.last()?.clone();
                Some((lobby_id, host))
            }
            Who::Anybody(who) => {
                let player_id = self.player(who).id.clone();
                let lobby_id = self.store.seat(&player_id, self.now)?;
                Some((lobby_id.clone(), player_id))
            }
            Who::Intruder(who, lobby) => Some((lobby_id(lobby), self.player(who).id.clone())),
        }
    }

    fn pair(&mut self, who: Who, whom: Whom) -> Option<(LobbyId, PlayerId, ConnectionId)> {
        let (lobby_id, by) = self.actor(who)?;
        let connection_id = match whom {
            Whom::Waiting(which) => {
                let requests: Vec<&JoinRequest> = self.stored(&lobby_id)?.requests_by_arrival();
                let chosen = usize::from(which).checked_rem(requests.len())?;
                requests[chosen].contact.connection_id.clone()
            }
            Whom::Member(which) => {
                let members = self.stored(&lobby_id)?.members_by_arrival();
                let chosen = usize::from(which).checked_rem(members.len())?;
                members[chosen].contact.connection_id.clone()
            }
            Whom::Anybody(who) => self.connected(who).connection_id,
        };
        Some((lobby_id, by, connection_id))
    }
}

fn lobby_id(number: u8) -> LobbyId {
    LobbyId::parse(format!("lobby-{}", number % LOBBIES)).expect("a lobby id")
}
