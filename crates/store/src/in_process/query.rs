//! Queries: of one partition of a table, or of an index, page by page.

use std::ops::Bound::{Excluded, Included};

use serde_json::{Value, json};

use super::expression::Expression;
use super::index::Index;
use super::refusal::Refusal;
use super::requests::{Item, Query};
use super::size::size;
use super::tables::{PrimaryKey, Table};

/// The most bytes of a page, as they are stored.
const MAX_PAGE_BYTES: usize = 1024 * 1024;

pub(super) fn answer(table: &Table, request: &Query) -> Result<Value, Refusal> {
    let condition = request.condition()?;
    match &request.index_name {
        None => of_table(table, request, &condition),
        Some(name) => {
            let index = table.indexes.get(name);
            let index = index.ok_or_else(|| Refusal::invalid("there is no such index"))?;
            of_index(table, index, request, &condition)
        }
    }
}

fn of_table(table: &Table, request: &Query, condition: &Expression) -> Result<Value, Refusal> {
    let partition = partition(condition, &table.hash_key)?;
    let first = PrimaryKey(partition.to_owned(), String::new());
    // No text is between this one and the partition's name.
    let mut end = Excluded(PrimaryKey(format!("{partition}\0"), String::new()));
    let mut start = Included(first);
    if let Some(key) = &request.exclusive_start_key {
        let key = table.exact_key(key)?;
        if key.0 != partition {
            return Err(Refusal::invalid("a page begins in the partition"));
        }
        if request.scan_index_forward {
            start = Excluded(key);
        } else {
            end = Excluded(key);
        }
    }
    let own = table.items.range((start, end)).map(|(_, item)| item);
    let found = own.filter(|item| condition.holds(Some(item)));
    let page = if request.scan_index_forward {
        Page::of(found, request.limit)
    } else {
        Page::of(found.rev(), request.limit)
    };
    Ok(page.write(keys(table), Item::clone))
}

fn of_index(
    table: &Table,
    index: &Index,
    request: &Query,
    condition: &Expression,
) -> Result<Value, Refusal> {
    if request.scan_index_forward || request.exclusive_start_key.is_some() {
        let here = "an index here is read backwards, and from a place that its condition names";
        return Err(Refusal::invalid(here));
    }
    if request.consistent_read {
        return Err(Refusal::invalid(
            "Consistent reads are not supported on global secondary indexes",
        ));
    }
    let partition = partition(condition, index.hash_key())?;
    let found = index.backwards(partition).map(|key| &table.items[key]);
    let found = found.filter(|item| condition.holds(Some(item)));
    let keys = keys(table).chain([index.hash_key(), index.range_key()]);
    Ok(Page::of(found, request.limit).write(keys, |item| index.project(item)))
}

fn partition<'a>(condition: &'a Expression, hash_key: &str) -> Result<&'a str, Refusal> {
    let partition = condition.required(hash_key);
    partition.ok_or_else(|| Refusal::invalid("a query names its partition"))
}

fn keys(table: &Table) -> impl Iterator<Item = &str> {
    let keys = [Some(&table.hash_key), table.range_key.as_ref()];
    keys.into_iter().flatten().map(String::as_str)
}

/// As many items as one answer carries.
struct Page<'a> {
    items: Vec<&'a Item>,
    rest: Rest,
}

/// What is known of the items behind a page.
#[derive(PartialEq, Eq)]
enum Rest {
    None,
    /// Like DynamoDB, which stops at the limit without looking whether anything is behind it.
    Perhaps,
}

impl<'a> Page<'a> {
    fn of(found: impl Iterator<Item = &'a Item>, limit: Option<usize>) -> Self {
        let mut items = Vec::new();
        let mut bytes = 0;
        for item in found.take(limit.unwrap_or(usize::MAX)) {
            bytes += size(item);
            if bytes > MAX_PAGE_BYTES && !items.is_empty() {
                let rest = Rest::Perhaps;
                return Self { items, rest };
            }
            items.push(item);
        }
        let rest = if limit == Some(items.len()) {
            Rest::Perhaps
        } else {
            Rest::None
        };
        Self { items, rest }
    }

    fn write<'k>(
        &self,
        keys: impl Iterator<Item = &'k str>,
        project: impl Fn(&Item) -> Item,
    ) -> Value {
        let items: Vec<_> = self.items.iter().map(|item| project(item)).collect();
        let count = items.len();
        let mut answer = json!({ "Items": items, "Count": count, "ScannedCount": count });
        if self.rest == Rest::Perhaps
            && let Some(last) = self.items.last()
        {
            let attribute = |name: &str| Some((name.to_owned(), last.get(name)?.clone()));
            let key: Option<Item> = keys.map(attribute).collect();
            answer["LastEvaluatedKey"] = json!(key);
        }
        answer
    }
}
