//! A model of the store: what is read may be old by the time of the write, and the write's condition says so.

use std::collections::BTreeMap;

use domain::Timestamp;
use domain::lobby::Lobby;
use ids::{LobbyEra, LobbyId, PlayerId};

/// Lobbies, and which of them each player is in or waits for.
#[derive(Default)]
pub(crate) struct Store {
    lobbies: BTreeMap<LobbyId, Lobby>,
    seats: BTreeMap<PlayerId, Seat>,
}

/// Where a player has its one seat.
#[derive(Clone, PartialEq, Eq)]
struct Seat {
    lobby_id: LobbyId,
    era: LobbyEra,
    expires_at: Timestamp,
}

/// Why nothing was written.
pub(crate) enum Conflict {
    /// The lobby is not as it was read any more.
    Overtaken,
    /// A player whom the lobby would seat has its seat in this one.
    SeatedIn(LobbyId),
}

impl Store {
    /// A lobby, unless it has expired.
    pub(crate) fn lobby(&self, lobby_id: &LobbyId, now: Timestamp) -> Option<&Lobby> {
        let lobby = self.lobbies.get(lobby_id);
        lobby.filter(|lobby| lobby.expires_at() > now)
    }

    /// A lobby, expired or not: whoever comes because time has decided something reads it all the same.
    pub(crate) fn item(&self, lobby_id: &LobbyId) -> Option<&Lobby> {
        self.lobbies.get(lobby_id)
    }

    /// All lobbies, those that have expired included.
    pub(crate) fn items(&self) -> impl Iterator<Item = &Lobby> {
        self.lobbies.values()
    }

    /// All lobbies that have not expired.
    pub(crate) fn lobbies(&self, now: Timestamp) -> impl Iterator<Item = &Lobby> {
        let lobbies = self.lobbies.values();
        lobbies.filter(move |lobby| lobby.expires_at() > now)
    }

    /// Where a player has its seat, unless that has expired.
    pub(crate) fn seat(&self, player_id: &PlayerId, now: Timestamp) -> Option<&LobbyId> {
        let seat = self.seats.get(player_id);
        seat.filter(|seat| seat.expires_at > now)
            .map(|seat| &seat.lobby_id)
    }

    /// All seats that have not expired.
    pub(crate) fn seats(&self, now: Timestamp) -> impl Iterator<Item = (&PlayerId, &LobbyId)> {
        let seats = self.seats.iter();
        seats
            .filter(move |(_, seat)| seat.expires_at > now)
            .map(|(player_id, seat)| (player_id, &seat.lobby_id))
    }

    /// Writes what became of a lobby, if it is still as it was read and each player may have its seat: one transaction. Returns
    /// the lobby that has expired and was written over.
    pub(crate) fn save(
        &mut self,
        read: Option<&Lobby>,
        after: Option<&Lobby>,
        now: Timestamp,
    ) -> Result<Option<Lobby>, Conflict> {
        let Some(lobby_id) = read.or(after).map(|lobby| &lobby.lobby_id) else {
            return Ok(None);
        };
        let condition = |lobby: &Lobby| (lobby.era.clone(), lobby.version);
        let stored = match read {
            Some(_) => self.item(lobby_id),
            None => self.lobby(lobby_id, now),
        };
        if stored.map(condition) != read.map(condition) {
            return Err(Conflict::Overtaken);
        }
        let place = |lobby: &Lobby| (lobby.lobby_id.clone(), lobby.era.clone());
        for contact in after.into_iter().flat_map(Lobby::seated) {
            let seat = self.seats.get(&contact.player_id);
            let Some(seat) = seat.filter(|seat| seat.expires_at > now) else {
                continue;
            };
            if after.map(place) != Some((seat.lobby_id.clone(), seat.era.clone())) {
                return Err(Conflict::SeatedIn(seat.lobby_id.clone()));
            }
        }
        let expired = self
            .lobbies
            .get(lobby_id)
            .filter(|_| read.is_none())
            .cloned();
        let freed = read.map(place);
        self.seats
            .retain(|_, seat| Some((seat.lobby_id.clone(), seat.era.clone())) != freed);
        match after {
            None => drop(self.lobbies.remove(lobby_id)),
            Some(after) => {
                self.seats.extend(after.seated().map(|contact| {
                    let seat = Seat {
                        lobby_id: after.lobby_id.clone(),
                        era: after.era.clone(),
                        expires_at: contact.expires_at,
                    };
                    (contact.player_id.clone(), seat)
                }));
                self.lobbies.insert(lobby_id.clone(), after.clone());
            }
        }
        Ok(expired)
    }
}
