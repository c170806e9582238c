//! How things look in the tables, and back.
//!
//! `expires_at` is for DynamoDB alone, which deletes by it: whole seconds, rounded up. Everything else goes by
//! `expires_at_millis`.

mod battle;
mod connection;
mod game;
mod lobby;
mod member;
mod pair;
mod pool;
mod result;
mod seat;
mod settlement;
mod summary;
#[cfg(test)]
mod tests;
mod ticket;

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::lobby::Metadata;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::{StoreError, keys};

pub(crate) use connection::{ConnectionItem, PresenceItem};
pub(crate) use lobby::LobbyItem;
pub(crate) use pool::PoolItem;
pub(crate) use result::ResultItem;
pub(crate) use seat::SeatItem;
pub(crate) use summary::SummaryItem;
pub(crate) use ticket::TicketItem;

/// An item as the SDK has it.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// Makes an item of something.
pub(crate) fn write(item: impl Serialize) -> Item {
    serde_dynamo::to_item(item).expect("structs with named fields are items")
}

/// Reads an item of a table.
pub(crate) fn read<T: DeserializeOwned>(table: &'static str, item: Item) -> Result<T, StoreError> {
    serde_dynamo::from_item(item).map_err(|error| StoreError::malformed(table, &error))
}

/// Metadata is kept as text: as a map it would be measured, and nested, by DynamoDB's rules instead of the game's.
fn write_metadata(metadata: &Metadata) -> String {
    serde_json::to_string(metadata).expect("an object is always JSON")
}

fn read_metadata(json: &str) -> Result<Metadata, StoreError> {
    serde_json::from_str(json).map_err(|error| StoreError::malformed(keys::LOBBIES, &error))
}
