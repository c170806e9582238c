//! The players, and the connections that they come and go by.

use std::time::Duration;

use domain::Timestamp;
use domain::lobby::Contact;
use ids::{ConnectionId, PlayerId};

/// How long the platform keeps a connection, and how long it keeps that of every third player here, so that some end while
/// their players wait.
const LIFETIME: Duration = Duration::from_hours(2);
const SHORT_LIFETIME: Duration = Duration::from_secs(25);

/// Everybody who plays.
#[derive(Default)]
pub(crate) struct Cast {
    players: Vec<Player>,
}

/// One who plays.
struct Player {
    id: PlayerId,
    connection: Option<Contact>,
    connections: u32,
}

impl Cast {
    /// So many players, of whom nobody is connected.
    pub(crate) fn of(count: usize) -> Self {
        let mut cast = Self::default();
        cast.grow(count);
        cast
    }

    /// So many more come. Returns the number of the first.
    pub(crate) fn grow(&mut self, count: usize) -> usize {
        let first = self.players.len();
        self.players
            .extend((first..first + count).map(|number| Player {
                id: PlayerId::parse(format!("p{number}")).expect("a player id"),
                connection: None,
                connections: 0,
            }));
        first
    }

    /// The number of a player.
    pub(crate) fn number(&self, player_id: &PlayerId) -> Option<usize> {
        let mut players = self.players.iter();
        players.position(|player| player.id == *player_id)
    }

    /// The connection by which a player acts: the one that is open, or a new one.
    pub(crate) fn connected(&mut self, number: usize, now: Timestamp) -> Contact {
        let players = self.players.len();
        let player = &mut self.players[number % players];
        if let Some(open) = player
            .connection
            .as_ref()
            .filter(|open| open.expires_at > now)
        {
            return open.clone();
        }
        player.connections += 1;
        let lifetime = if number.is_multiple_of(3) {
            SHORT_LIFETIME
        } else {
            LIFETIME
        };
        let name = format!("{}-{:0>3}", player.id, player.connections);
        let contact = Contact {
            player_id: player.id.clone(),
            connection_id: ConnectionId::parse(name).expect("a connection id"),
            expires_at: now + lifetime,
            away: false,
        };
        player.connection = Some(contact.clone());
        contact
    }

    /// A player's connection is gone. Returns what it was.
    pub(crate) fn dropped(&mut self, number: usize) -> Option<Contact> {
        let players = self.players.len();
        self.players[number % players].connection.take()
    }

    /// A player comes back by a new connection. Returns that and the one that was still open, if one was.
    pub(crate) fn reconnected(
        &mut self,
        number: usize,
        now: Timestamp,
    ) -> (Contact, Option<Contact>) {
        let gone = self.dropped(number);
        (self.connected(number, now), gone)
    }

    /// Whether somebody is at the other end of this connection.
    pub(crate) fn is_reached(&self, contact: &Contact, now: Timestamp) -> bool {
        let mut players = self.players.iter();
        contact.expires_at > now
            && players.any(|player| player.connection.as_ref() == Some(contact))
    }
}
