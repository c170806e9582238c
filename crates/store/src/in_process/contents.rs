//! Everything that is in the tables, for tests that look whether it agrees. No function can look at it so.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_dynamodb::types::AttributeValue;
use domain::battle::Settlement;
use domain::lobby::Lobby;
use domain::matchmaking::Ticket;
use ids::PlayerId;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::requests::Item as Stored;
use super::tables::Tables;
use crate::items::{
    self, ConnectionItem, Item, LobbyItem, PresenceItem, ResultItem, SeatItem, TicketItem,
};
use crate::{Presence, Seat, StoreError, TableNames, Trace, keys};

/// A look into the tables of a store in this process.
#[derive(Clone)]
pub struct Inspector {
    pub(super) tables: Arc<Mutex<Tables>>,
    pub(super) names: TableNames,
}

/// What the tables hold, what has expired included.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Contents {
    /// Who is on which connection, or was.
    pub connections: Vec<Trace>,
    /// Where each player is reached, and what is kept for it.
    pub presences: Vec<Presence>,
    /// Where each player is.
    pub seats: Vec<(PlayerId, Seat)>,
    /// The lobbies, with their battles.
    pub lobbies: Vec<Lobby>,
    /// Who waits in a queue.
    pub tickets: Vec<Ticket>,
    /// How battles have ended, once for each item.
    pub results: Vec<(PlayerId, Settlement)>,
}

/// Whose an item of the players' or the results' table is.
#[derive(Deserialize)]
struct Owner {
    player_id: PlayerId,
    #[serde(default)]
    kind: String,
}

impl std::fmt::Debug for Inspector {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Inspector")
    }
}

impl Inspector {
    /// All of it, as one moment left it. No operation.
    ///
    /// # Errors
    /// [`StoreError::Malformed`] where an item is not what the store writes.
    pub fn contents(&self) -> Result<Contents, StoreError> {
        let mut contents = Contents::default();
        for item in self.items(&self.names.connections) {
            let item: ConnectionItem = items::read(keys::CONNECTIONS, item)?;
            contents.connections.push(item.into());
        }
        for item in self.items(&self.names.players) {
            contents.read_player(item)?;
        }
        for item in self.items(&self.names.lobbies) {
            let item: LobbyItem = items::read(keys::LOBBIES, item)?;
            contents.lobbies.push(item.into_lobby()?);
        }
        for item in self.items(&self.names.tickets) {
            if !keys::is_pool(&item) {
                let item: TicketItem = items::read(keys::TICKETS, item)?;
                contents.tickets.push(item.into_ticket()?);
            }
        }
        for item in self.items(&self.names.results) {
            let Owner { player_id, .. } = items::read(keys::RESULTS, item.clone())?;
            let item: ResultItem = items::read(keys::RESULTS, item)?;
            contents.results.push((player_id, item.into_settlement()?));
        }
        Ok(contents)
    }

    /// Every item as it is stored, as text.
    #[must_use]
    pub fn texts(&self) -> Vec<String> {
        let tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        let names = &self.names;
        let all = [
            &names.connections,
            &names.players,
            &names.lobbies,
            &names.tickets,
            &names.results,
        ];
        let items = all.into_iter().flat_map(|table| tables.items(table));
        let texts = items.map(|item| serde_json::to_string(item).expect("it was JSON"));
        texts.collect()
    }

    fn items(&self, table: &str) -> Vec<Item> {
        let tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        tables.items(table).map(attributes).collect()
    }
}

impl Contents {
    fn read_player(&mut self, item: Item) -> Result<(), StoreError> {
        let Owner { player_id, kind } = read(item.clone())?;
        match kind.as_str() {
            keys::SEAT => {
                let seat: SeatItem = read(item)?;
                self.seats.push((player_id, seat.into_seat()?));
            }
            keys::PRESENCE => {
                let presence: PresenceItem = read(item)?;
                self.presences.push(presence.into());
            }
            // Nothing that says where a player is.
            _ => {}
        }
        Ok(())
    }
}

fn read<T: DeserializeOwned>(item: Item) -> Result<T, StoreError> {
    items::read(keys::PLAYERS, item)
}

/// An item as the SDK would have it.
fn attributes(item: &Stored) -> Item {
    let attributes = item.iter();
    attributes
        .map(|(name, value)| (name.clone(), attribute(value)))
        .collect()
}

/// Every kind of value that the repositories write.
fn attribute(value: &serde_json::Value) -> AttributeValue {
    let tagged = value.as_object().and_then(|value| value.iter().next());
    let (tag, value) = tagged.expect("the SDK has written one tag for each value");
    let text = || value.as_str().unwrap_or_default().to_owned();
    let texts = || {
        let texts = value.as_array().into_iter().flatten();
        texts.filter_map(|text| text.as_str().map(str::to_owned))
    };
    match tag.as_str() {
        "S" => AttributeValue::S(text()),
        "N" => AttributeValue::N(text()),
        "BOOL" => AttributeValue::Bool(value.as_bool().unwrap_or_default()),
        "SS" => AttributeValue::Ss(texts().collect()),
        "L" => AttributeValue::L(
            value
                .as_array()
                .into_iter()
                .flatten()
                .map(attribute)
                .collect(),
        ),
        "M" => {
            let entries = value.as_object().into_iter().flatten();
            let entries = entries.map(|(name, value)| (name.clone(), attribute(value)));
            AttributeValue::M(entries.collect())
        }
        _ => AttributeValue::Null(true),
    }
}
