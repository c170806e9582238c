//! The players, and the connections that they come and go by.

use std::time::Duration;

use domain::Timestamp;
use domain::lobby::Contact;
use ids::{ConnectionId, PlayerId};

/// How many players there are.
pub(crate) const PLAYERS: usize = 12;

/// How long the platform keeps a connection.
const LIFETIME: Duration = Duration::from_hours(2);

/// One who plays.
pub(crate) struct Player {
    /// Who.
    pub(crate) id: PlayerId,
    /// The connection that is open now.
    connection: Option<Contact>,
    /// The one that has dropped last.
    last: Option<Contact>,
    /// How many connections it has had.
    connections: u32,
}

impl Player {
    /// A player that has never connected.
    pub(crate) fn new(number: usize) -> Self {
        Self {
            id: PlayerId::parse(format!("p{number}")).expect("a player id"),
            connection: None,
            last: None,
            connections: 0,
        }
    }

    /// The connection by which it acts: the one that is open, or a new one.
    pub(crate) fn connected(&mut self, now: Timestamp) -> Contact {
        if let Some(contact) = self.open(now) {
            return contact.clone();
        }
        self.connections += 1;
        let number = self.connections;
        let name = format!("{}-{number:0>4}", self.id);
        let contact = Contact {
            player_id: self.id.clone(),
            connection_id: ConnectionId::parse(name).expect("a connection id"),
            expires_at: now + LIFETIME,
            away: false,
        };
        self.connection = Some(contact.clone());
        contact
    }

    /// The connection is gone. Returns what it was.
    pub(crate) fn dropped(&mut self) -> Option<Contact> {
        let gone = self.connection.take()?;
        self.last = Some(gone.clone());
        Some(gone)
    }

    /// Where a ticket says that it is reached: at the connection by which it acts, or, if that has dropped, as one who is away
    /// until then.
    pub(crate) fn on_a_ticket(&mut self, now: Timestamp, until: Timestamp) -> Contact {
        let last = self.last.as_ref().filter(|last| last.expires_at > now);
        match (&self.connection, last) {
            (None, Some(last)) => last.clone().lost(until),
            (Some(_), _) | (None, None) => self.connected(now),
        }
    }

    /// The connection that is open now.
    pub(crate) fn open(&self, now: Timestamp) -> Option<&Contact> {
        let connection = self.connection.as_ref();
        connection.filter(|contact| contact.expires_at > now)
    }

    /// Whether somebody is at the other end of this connection.
    pub(crate) fn is_at(&self, contact: &Contact, now: Timestamp) -> bool {
        self.open(now) == Some(contact)
    }
}
