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
use crate::keys::{CONNECTIONS, LOBBIES, PLAYERS, RESULTS, TICKETS};

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
    pub(crate) tickets: String,
    pub(crate) results: String,
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
            tickets: format!("{prefix}{TICKETS}"),
            results: format!("{prefix}{RESULTS}"),
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
mod tests;
