//! The tables as `terraform/tables.json` defines them: Terraform makes them from it on AWS, and [`create_tables`] elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::operation::create_table::builders::CreateTableFluentBuilder;
use aws_sdk_dynamodb::types::{
    AttributeDefinition, BillingMode, GlobalSecondaryIndex, KeySchemaElement, KeyType, Projection,
    ProjectionType, ScalarAttributeType,
};
use serde::Deserialize;

use crate::StoreError;
use crate::keys::{CONNECTIONS, LOBBIES, PLAYERS};

const DEFINITIONS: &str = include_str!("../../../terraform/tables.json");

/// A table. Every key attribute is a string.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableDefinition {
    /// The partition key.
    pub hash_key: String,
    /// The sort key, if there is one.
    pub range_key: Option<String>,
    /// The attribute that says when an item expires, in seconds since 1970.
    pub ttl: String,
    /// Its indexes by name.
    #[serde(default)]
    pub indexes: BTreeMap<String, IndexDefinition>,
}

/// A global secondary index.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IndexDefinition {
    /// The partition key.
    pub hash_key: String,
    /// The sort key.
    pub range_key: String,
    /// What it carries of an item besides its keys.
    pub projection: Vec<String>,
}

/// All tables by name, without a prefix.
#[must_use]
pub fn definitions() -> BTreeMap<String, TableDefinition> {
    serde_json::from_str(DEFINITIONS).expect("a test reads the same file")
}

/// What the tables are called where they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableNames {
    prefix: String,
    pub(crate) connections: String,
    pub(crate) players: String,
    pub(crate) lobbies: String,
}

impl TableNames {
    /// Every table under its own name with this in front: `switchboard-dev-` makes `switchboard-dev-lobbies`.
    #[must_use]
    pub fn with_prefix(prefix: &str) -> Self {
        Self {
            prefix: prefix.to_owned(),
            connections: format!("{prefix}{CONNECTIONS}"),
            players: format!("{prefix}{PLAYERS}"),
            lobbies: format!("{prefix}{LOBBIES}"),
        }
    }
}

/// Creates all tables, one after the other, where Terraform does not.
///
/// # Errors
/// [`StoreError::Unavailable`], also where a table is there already.
pub async fn create_tables(client: &Client, names: &TableNames) -> Result<(), StoreError> {
    for (name, table) in definitions() {
        let request = create_table(client, &format!("{}{name}", names.prefix), &table);
        let created = request.send().await;
        created.map_err(|error| StoreError::unavailable("CreateTable", error))?;
    }
    Ok(())
}

fn create_table(client: &Client, name: &str, table: &TableDefinition) -> CreateTableFluentBuilder {
    let indexes = table.indexes.values();
    let index_keys = indexes.flat_map(|index| [&index.hash_key, &index.range_key]);
    let attributes: BTreeSet<_> = [&table.hash_key]
        .into_iter()
        .chain(&table.range_key)
        .chain(index_keys)
        .collect();
    let keys = key_schema(&table.hash_key, table.range_key.as_deref());
    let indexes = table.indexes.iter().map(|(name, index)| {
        let projection = Projection::builder()
            .projection_type(ProjectionType::Include)
            .set_non_key_attributes(Some(index.projection.clone()))
            .build();
        GlobalSecondaryIndex::builder()
            .index_name(name)
            .set_key_schema(Some(key_schema(&index.hash_key, Some(&index.range_key))))
            .projection(projection)
            .build()
            .expect("a name and keys are set")
    });
    let indexes: Vec<_> = indexes.collect();
    client
        .create_table()
        .table_name(name)
        .billing_mode(BillingMode::PayPerRequest)
        .set_key_schema(Some(keys))
        .set_attribute_definitions(Some(attributes.into_iter().map(string).collect()))
        .set_global_secondary_indexes(Some(indexes).filter(|indexes| !indexes.is_empty()))
}

fn key_schema(hash_key: &str, range_key: Option<&str>) -> Vec<KeySchemaElement> {
    let hash_key = (hash_key, KeyType::Hash);
    let range_key = range_key.map(|key| (key, KeyType::Range));
    let element = |(name, kind)| {
        KeySchemaElement::builder()
            .attribute_name(name)
            .key_type(kind)
            .build()
            .expect("a name and a type are set")
    };
    [hash_key]
        .into_iter()
        .chain(range_key)
        .map(element)
        .collect()
}

fn string(name: &String) -> AttributeDefinition {
    AttributeDefinition::builder()
        .attribute_name(name)
        .attribute_type(ScalarAttributeType::S)
        .build()
        .expect("a name and a type are set")
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;
    use domain::listing::Position;
    use domain::lobby::{Contact, JoinPolicy, Lobby, Metadata, Settings, Visibility, start};
    use ids::{ConnectionId, LobbyEra, LobbyId, PlayerId};

    use aws_sdk_dynamodb::types::AttributeValue;

    use super::*;
    use crate::Connection;
    use crate::items::{self, ConnectionItem, Item, LobbyItem, PresenceItem, SeatItem};
    use crate::keys::{self, Condition, Key};

    fn contact() -> Contact {
        Contact {
            player_id: PlayerId::parse("player").expect("a player id"),
            connection_id: ConnectionId::parse("C=").expect("a connection id"),
            expires_at: Timestamp::from_millis(2),
        }
    }

    fn lobby() -> Lobby {
        let settings = Settings {
            name: Some("name".to_owned()),
            max_players: 8,
            visibility: Visibility::Public,
            join_policy: JoinPolicy::Ask,
            locked: false,
            password: None,
            metadata: Metadata::new(),
        };
        let lobby_id = LobbyId::parse("L").expect("a lobby id");
        let era = LobbyEra::parse("era").expect("an era");
        let outcome = start(
            lobby_id,
            era,
            settings,
            contact(),
            Timestamp::from_millis(1),
        );
        outcome.lobby.expect("a new lobby")
    }

    /// One item of each kind, with the table that it goes to and the key that it is read by.
    fn items() -> Vec<(&'static str, Key, Item)> {
        let (contact, lobby) = (contact(), lobby());
        let connection = Connection {
            connection_id: contact.connection_id.clone(),
            player_id: contact.player_id.clone(),
            connected_at: Timestamp::from_millis(1),
            expires_at: contact.expires_at,
        };
        vec![
            (
                CONNECTIONS,
                keys::connection(&contact.connection_id),
                items::write(ConnectionItem::from(&connection)),
            ),
            (
                PLAYERS,
                keys::player(&contact.player_id, keys::PRESENCE),
                items::write(PresenceItem::from(&connection)),
            ),
            (
                PLAYERS,
                keys::player(&contact.player_id, keys::SEAT),
                items::write(SeatItem::new(&lobby, &contact)),
            ),
            (
                LOBBIES,
                keys::lobby(&lobby.lobby_id),
                items::write(LobbyItem::from(&lobby)),
            ),
        ]
    }

    fn names<'a>(names: impl IntoIterator<Item = &'a String>) -> BTreeSet<String> {
        names.into_iter().cloned().collect()
    }

    #[test]
    fn the_tables_are_those_that_are_used() {
        let defined: BTreeSet<_> = definitions().into_keys().collect();
        let used = [CONNECTIONS, LOBBIES, PLAYERS].map(str::to_owned);
        assert_eq!(defined, BTreeSet::from(used));
    }

    #[test]
    fn every_item_has_its_tables_key_and_says_when_it_expires() {
        for (table, key, item) in items() {
            let table = &definitions()[table];
            let defined = [&table.hash_key].into_iter().chain(&table.range_key);
            assert_eq!(names(key.keys()), names(defined));
            for (name, value) in key {
                assert_eq!(item.get(&name), Some(&value), "{name}");
            }
            let seconds = item[&table.ttl].as_n().expect("a number");
            assert_eq!(seconds, "1", "two milliseconds, rounded up");
        }
    }

    #[test]
    fn the_listing_is_queried_by_the_keys_of_its_index() {
        let index = &definitions()[LOBBIES].indexes[keys::LISTING];
        let position = Position {
            created_at: Timestamp::from_millis(1),
            lobby_id: lobby().lobby_id,
        };
        let condition = Condition::listed("0", Some(&position));
        let queried = names(condition.names.values());
        assert_eq!(queried, names([&index.hash_key, &index.range_key]));
        assert_eq!(definitions()[LOBBIES].indexes.len(), 1);
    }

    #[test]
    fn the_index_carries_exactly_what_a_summary_is_made_of() {
        let table = &definitions()[LOBBIES];
        let index = &table.indexes[keys::LISTING];
        let item = items::write(LobbyItem::from(&lobby()));
        let keys = [&table.hash_key, &index.hash_key, &index.range_key];
        let carried = names(index.projection.iter().chain(keys));
        let mut read = names(items::write(items::SummaryItem::from(&lobby())).keys());
        read.extend(names([&index.hash_key, &index.range_key]));
        assert_eq!(carried, read);
        assert!(carried.iter().all(|name| item.contains_key(name)));
    }

    #[test]
    fn every_attribute_that_a_condition_names_is_in_the_items_that_it_is_about() {
        let (lobby, contact) = (lobby(), contact());
        let now = Timestamp::from_millis(1);
        let about = |table: &str, kind: &str, condition: Condition| {
            let mut items = items().into_iter();
            let kind = AttributeValue::S(kind.to_owned());
            let is_kind = |key: &Key| key.get("kind").is_none_or(|own| *own == kind);
            let (_, _, item) = items
                .find(|(place, key, _)| *place == table && is_kind(key))
                .expect("one of each kind");
            for name in condition.names.values() {
                assert!(item.contains_key(name), "{name} in {table}");
            }
        };
        about(CONNECTIONS, "", Condition::free(now));
        about(LOBBIES, "", Condition::free(now));
        about(LOBBIES, "", Condition::as_read(&lobby.era, lobby.version));
        about(PLAYERS, keys::SEAT, Condition::free(now));
        about(PLAYERS, keys::SEAT, Condition::seat_of(&lobby.era));
        about(
            PLAYERS,
            keys::SEAT,
            Condition::seat_of_or_free(&lobby.era, now),
        );
        about(
            PLAYERS,
            keys::PRESENCE,
            Condition::presence_at(&contact.connection_id),
        );
    }
}
