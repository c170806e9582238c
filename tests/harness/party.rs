//! Players who are in one lobby already, with everybody's address for everybody.

use std::collections::BTreeMap;

use ids::{LobbyId, PeerAddress, PlayerId};
use protocol::event::PlayerJoined;
use protocol::lobby::{JoinPolicy, StartLobby};

use crate::{Player, World};

/// Players who are in one lobby; the first is its host.
#[derive(Debug)]
pub struct Party<const N: usize> {
    /// Where they are.
    pub lobby: Lobby,
    /// Who they are, in the order of coming.
    pub players: [Player; N],
}

/// A lobby, and who was introduced to whom in it.
#[derive(Debug)]
pub struct Lobby {
    /// Its id.
    pub id: LobbyId,
    policy: JoinPolicy,
    /// By whose it is and who may use it.
    addresses: BTreeMap<(PlayerId, PlayerId), PeerAddress>,
}

impl World {
    /// Players in one lobby whose host lets in who asks.
    pub async fn party<const N: usize>(&self, names: [&str; N]) -> Party<N> {
        self.party_in(StartLobby::default(), names).await
    }

    /// Players in such a lobby.
    pub async fn party_in<const N: usize>(&self, lobby: StartLobby, names: [&str; N]) -> Party<N> {
        let mut players: Vec<Player> = Vec::with_capacity(N);
        for name in names {
            players.push(self.player(name).await);
        }
        let players: [Player; N] = players.try_into().expect("one for each name");
        let policy = lobby.join_policy.unwrap_or_default();
        let started = players[0].starts(lobby).await;
        let mut lobby = Lobby {
            id: started.lobby.lobby_id,
            policy,
            addresses: BTreeMap::new(),
        };
        for newcomer in 1..N {
            let (present, rest) = players.split_at(newcomer);
            lobby.admit(present, &rest[0]).await;
        }
        Party { lobby, players }
    }
}

impl Lobby {
    /// The address of one player for the use of another.
    #[must_use]
    pub fn address(&self, of: &Player, for_whom: &Player) -> PeerAddress {
        let pair = (of.id().clone(), for_whom.id().clone());
        let address = self.addresses.get(&pair);
        address.expect("the two were introduced").clone()
    }

    /// One more comes in, and everybody present hears of it.
    async fn admit(&mut self, present: &[Player], newcomer: &Player) {
        let (accepted, guests) = match self.policy {
            JoinPolicy::Open => (newcomer.joins(&self.id).await, present),
            JoinPolicy::Ask => {
                let (host, guests) = present.split_first().expect("a host");
                let introduction = host.lets_in(newcomer, &self.id).await;
                self.remember(newcomer.id(), host.id(), introduction.guest);
                (introduction.accepted, guests)
            }
        };
        for member in accepted.members {
            self.remember(&member.player_id, newcomer.id(), member.connection_id);
        }
        for guest in guests {
            let joined = guest.hears::<PlayerJoined>().await;
            self.remember(&joined.player_id, guest.id(), joined.connection_id);
        }
    }

    fn remember(&mut self, of: &PlayerId, for_whom: &PlayerId, address: PeerAddress) {
        self.addresses
            .insert((of.clone(), for_whom.clone()), address);
    }
}
