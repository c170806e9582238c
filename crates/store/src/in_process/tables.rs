//! The tables, and what each request does to them.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::index::Index;
use super::query;
use super::refusal::Refusal;
use super::requests::{
    Change, CreateTable, Delete, GetItem, Item, KeyElement, Put, Query, TransactWriteItems, Write,
    read,
};
use super::size::size;
use crate::write::MAX_WRITES;

/// The most bytes of an item, its attributes' names included.
const MAX_ITEM_BYTES: usize = 400 * 1024;

/// All tables by name.
#[derive(Default)]
pub(super) struct Tables(BTreeMap<String, Table>);

/// One of them.
pub(super) struct Table {
    pub(super) hash_key: String,
    pub(super) range_key: Option<String>,
    pub(super) items: BTreeMap<PrimaryKey, Item>,
    pub(super) indexes: BTreeMap<String, Index>,
}

/// Partition and place in it; the latter is empty in a table without a sort key.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PrimaryKey(pub(super) String, pub(super) String);

/// A text among an item's attributes.
pub(super) fn text<'a>(item: &'a Item, attribute: &str) -> Option<&'a str> {
    item.get(attribute)?.get("S")?.as_str()
}

impl Tables {
    /// Does a request, wholly or not at all.
    pub(super) fn answer(&mut self, operation: &str, body: &[u8]) -> Result<Value, Refusal> {
        match operation {
            "CreateTable" => self.create_table(read(body)?),
            "GetItem" => self.get_item(&read(body)?),
            "PutItem" => self.write_one(read::<Put>(body)?.try_into()?),
            "DeleteItem" => self.write_one(read::<Delete>(body)?.try_into()?),
            "Query" => self.query(&read(body)?),
            "TransactWriteItems" => self.write_all(read(body)?),
            _ => Err(Refusal::UnknownOperation(operation.to_owned())),
        }
    }

    /// All items of a table, in the order of their keys.
    pub(super) fn items(&self, table: &str) -> impl Iterator<Item = &Item> {
        self.0
            .get(table)
            .into_iter()
            .flat_map(|table| table.items.values())
    }

    fn create_table(&mut self, request: CreateTable) -> Result<Value, Refusal> {
        let name = request.table_name;
        if self.0.contains_key(&name) {
            return Err(Refusal::TableExists(name));
        }
        let (hash_key, range_key) = keys(request.key_schema)?;
        let mut defined = BTreeSet::from([hash_key.clone()]);
        defined.extend(range_key.clone());
        let mut indexes = BTreeMap::new();
        for index in request.global_secondary_indexes {
            let (index_hash_key, Some(index_range_key)) = keys(index.key_schema)? else {
                return Err(Refusal::invalid("an index here has a sort key"));
            };
            if index.projection.projection_type != "INCLUDE" {
                return Err(Refusal::invalid("an index here names its attributes"));
            }
            defined.extend([index_hash_key.clone(), index_range_key.clone()]);
            let table_keys = [hash_key.clone()].into_iter().chain(range_key.clone());
            let attributes = index
                .projection
                .non_key_attributes
                .into_iter()
                .chain(table_keys);
            let opened = Index::new(index_hash_key, index_range_key, attributes);
            indexes.insert(index.index_name, opened);
        }
        let attributes = request.attribute_definitions.into_iter();
        let texts = attributes.filter(|attribute| attribute.attribute_type == "S");
        if texts
            .map(|attribute| attribute.attribute_name)
            .collect::<BTreeSet<_>>()
            != defined
        {
            return Err(Refusal::invalid(
                "the keys are defined, as texts, and nothing else is",
            ));
        }
        let table = Table {
            hash_key,
            range_key,
            items: BTreeMap::new(),
            indexes,
        };
        self.0.insert(name, table);
        Ok(json!({}))
    }

    fn get_item(&self, request: &GetItem) -> Result<Value, Refusal> {
        let table = self.table(&request.table_name)?;
        let item = table.items.get(&table.exact_key(&request.key)?);
        Ok(item.map_or_else(|| json!({}), |item| json!({ "Item": item })))
    }

    fn write_one(&mut self, write: Write) -> Result<Value, Refusal> {
        if !self.may(&write)? {
            return Err(Refusal::Condition);
        }
        self.apply(write)?;
        Ok(json!({}))
    }

    fn write_all(&mut self, request: TransactWriteItems) -> Result<Value, Refusal> {
        let writes = request.transact_items.into_iter().map(Write::try_from);
        let writes: Vec<_> = writes.collect::<Result<_, _>>()?;
        if !(1..=MAX_WRITES).contains(&writes.len()) {
            return Err(Refusal::invalid("a transaction has 1 to 100 writes"));
        }
        let mut targets = BTreeSet::new();
        let mut held = Vec::with_capacity(writes.len());
        for write in &writes {
            let key = self.table(&write.table_name)?.key(write.change.target())?;
            if !targets.insert((&write.table_name, key)) {
                return Err(Refusal::invalid("a transaction writes an item once"));
            }
            held.push(self.may(write)?);
        }
        if held.contains(&false) {
            return Err(Refusal::Cancelled(held));
        }
        for write in writes {
            self.apply(write)?;
        }
        Ok(json!({}))
    }

    fn query(&self, request: &Query) -> Result<Value, Refusal> {
        query::answer(self.table(&request.table_name)?, request)
    }

    fn table(&self, name: &str) -> Result<&Table, Refusal> {
        let table = self.0.get(name);
        table.ok_or_else(|| Refusal::NoTable(name.to_owned()))
    }

    /// Whether a write's condition holds, once it has been seen to make sense.
    fn may(&self, write: &Write) -> Result<bool, Refusal> {
        let table = self.table(&write.table_name)?;
        let key = match &write.change {
            Change::Put(item) => {
                table.check(item)?;
                table.key(item)?
            }
            Change::Delete(key) | Change::Check(key) => table.exact_key(key)?,
        };
        let item = table.items.get(&key);
        let condition = write.condition.as_ref();
        Ok(condition.is_none_or(|condition| condition.holds(item)))
    }

    fn apply(&mut self, write: Write) -> Result<(), Refusal> {
        if let Change::Check(_) = write.change {
            return Ok(());
        }
        let table = self.0.get_mut(&write.table_name);
        let table = table.ok_or(Refusal::NoTable(write.table_name))?;
        let key = table.key(write.change.target())?;
        if let Some(old) = table.items.remove(&key) {
            for index in table.indexes.values_mut() {
                index.remove(&key, &old);
            }
        }
        if let Change::Put(item) = write.change {
            for index in table.indexes.values_mut() {
                index.insert(&key, &item);
            }
            table.items.insert(key, item);
        }
        Ok(())
    }
}

impl Table {
    /// The key of an item of this table.
    fn key(&self, item: &Item) -> Result<PrimaryKey, Refusal> {
        let part = |name| {
            let part = text(item, name).filter(|part| !part.is_empty());
            part.ok_or_else(|| Refusal::invalid(format!("the key {name} is missing")))
        };
        let range_key = self.range_key.as_deref().map(part).transpose()?;
        let hash_key = part(&self.hash_key)?;
        Ok(PrimaryKey(
            hash_key.to_owned(),
            range_key.unwrap_or_default().to_owned(),
        ))
    }

    /// The key that is given by its own attributes and no others.
    pub(super) fn exact_key(&self, key: &Item) -> Result<PrimaryKey, Refusal> {
        if key.len() == 1 + usize::from(self.range_key.is_some()) {
            self.key(key)
        } else {
            Err(Refusal::invalid("the key does not match the table's"))
        }
    }

    /// Refuses an item that DynamoDB would not take.
    fn check(&self, item: &Item) -> Result<(), Refusal> {
        if size(item) > MAX_ITEM_BYTES {
            return Err(Refusal::invalid(
                "Item size has exceeded the maximum allowed size",
            ));
        }
        let index_keys = self.indexes.values();
        let mut index_keys = index_keys.flat_map(|index| [index.hash_key(), index.range_key()]);
        let is_text = |name: &str| text(item, name).is_some_and(|text| !text.is_empty());
        if index_keys.all(|name| !item.contains_key(name) || is_text(name)) {
            Ok(())
        } else {
            Err(Refusal::invalid("an index key is no text, or empty"))
        }
    }
}

fn keys(schema: Vec<KeyElement>) -> Result<(String, Option<String>), Refusal> {
    let mut hash_key = None;
    let mut range_key = None;
    for element in schema {
        match element.key_type.as_str() {
            "HASH" => hash_key = Some(element.attribute_name),
            _ => range_key = Some(element.attribute_name),
        }
    }
    let hash_key = hash_key.ok_or_else(|| Refusal::invalid("No Hash Key specified"))?;
    Ok((hash_key, range_key))
}
