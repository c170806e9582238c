//! How much an item takes.

use serde_json::Value;

use super::requests::Item;

/// An item's size by DynamoDB's rules: names and texts by their bytes, a number by its digits, and a little for each element.
pub(super) fn size(item: &Item) -> usize {
    let attributes = item.iter();
    attributes
        .map(|(name, value)| name.len() + size_of_value(value))
        .sum()
}

fn size_of_value(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::Array(values) => values.iter().map(|value| 1 + size_of_value(value)).sum(),
        Value::Object(tagged) => match tagged.get("M").and_then(Value::as_object) {
            Some(map) => {
                let entries = map.iter();
                3 + entries
                    .map(|(name, value)| 1 + name.len() + size_of_value(value))
                    .sum::<usize>()
            }
            None => tagged.values().map(size_of_value).sum(),
        },
        Value::Null | Value::Bool(_) | Value::Number(_) => 1,
    }
}
