//! A global secondary index: its entries in order, and of each item only what is projected.

use std::collections::BTreeSet;

use super::requests::Item;
use super::tables::{PrimaryKey, text};

/// A sparse index: an item without both of its keys is not in it.
pub(super) struct Index {
    hash_key: String,
    range_key: String,
    /// What it carries of an item.
    attributes: BTreeSet<String>,
    /// Partition, place in it, and the item there.
    entries: BTreeSet<(String, String, PrimaryKey)>,
}

impl Index {
    /// An empty index. `attributes` are those that it carries besides its keys.
    pub(super) fn new(
        hash_key: String,
        range_key: String,
        attributes: impl IntoIterator<Item = String>,
    ) -> Self {
        let keys = [hash_key.clone(), range_key.clone()];
        Self {
            attributes: attributes.into_iter().chain(keys).collect(),
            hash_key,
            range_key,
            entries: BTreeSet::new(),
        }
    }

    pub(super) fn hash_key(&self) -> &str {
        &self.hash_key
    }

    pub(super) fn range_key(&self) -> &str {
        &self.range_key
    }

    pub(super) fn insert(&mut self, key: &PrimaryKey, item: &Item) {
        self.entries.extend(self.entry(key, item));
    }

    pub(super) fn remove(&mut self, key: &PrimaryKey, item: &Item) {
        if let Some(entry) = self.entry(key, item) {
            self.entries.remove(&entry);
        }
    }

    /// The items of one partition, the last first.
    pub(super) fn backwards(&self, partition: &str) -> impl Iterator<Item = &PrimaryKey> {
        let from = |partition| (partition, String::new(), PrimaryKey::default());
        // No text is between this one and the partition's name.
        let next = format!("{partition}\0");
        let own = self.entries.range(from(partition.to_owned())..from(next));
        own.rev().map(|(_, _, key)| key)
    }

    /// What the index carries of an item.
    pub(super) fn project(&self, item: &Item) -> Item {
        let carried = item
            .iter()
            .filter(|(name, _)| self.attributes.contains(*name));
        carried
            .map(|(name, value)| (name.clone(), value.clone()))
            .collect()
    }

    fn entry(&self, key: &PrimaryKey, item: &Item) -> Option<(String, String, PrimaryKey)> {
        let partition = text(item, &self.hash_key)?;
        let place = text(item, &self.range_key)?;
        Some((partition.to_owned(), place.to_owned(), key.clone()))
    }
}
