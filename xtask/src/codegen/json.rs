//! JSON as it is written to a file: the same bytes whatever features the rest of the build switches on.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use protocol::schema::Published;
use serde_json::Value;

use super::GENERATED;

/// The text of `docs/protocol.schema.json`.
pub(super) fn schema(published: &Published) -> Result<String> {
    let mut document = published.document();
    let object = document.as_object_mut().context("a schema is an object")?;
    // Sorts before everything else, so it stands on top.
    object.insert("$comment".into(), GENERATED.into());
    text(vec![("", document)])
}

/// Pretty-printed, every object's keys sorted; those of the outermost in the order given. An empty key stands for an object
/// whose entries belong to the outermost.
pub(super) fn text(outermost: Vec<(&str, Value)>) -> Result<String> {
    let mut lines = Vec::new();
    for (key, value) in outermost {
        let value = Sorted::from(value);
        match (key, value) {
            ("", Sorted::Object(entries)) => {
                for (key, value) in entries {
                    lines.push(entry(&key, &value)?);
                }
            }
            (key, value) => lines.push(entry(key, &value)?),
        }
    }
    Ok(format!("{{\n{}\n}}\n", lines.join(",\n")))
}

fn entry(key: &str, value: &Sorted) -> Result<String> {
    let value = serde_json::to_string_pretty(value).context("writing JSON")?;
    Ok(format!("  \"{key}\": {}", value.replace('\n', "\n  ")))
}

/// A [`Value`] that forgets the order of keys, which a feature of `serde_json` may or may not keep.
#[derive(serde::Serialize)]
#[serde(untagged)]
enum Sorted {
    Object(BTreeMap<String, Sorted>),
    Array(Vec<Sorted>),
    Other(Value),
}

impl From<Value> for Sorted {
    fn from(value: Value) -> Self {
        match value {
            Value::Object(object) => Self::Object(
                object
                    .into_iter()
                    .map(|(key, value)| (key, value.into()))
                    .collect(),
            ),
            Value::Array(list) => Self::Array(list.into_iter().map(Self::from).collect()),
            other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
                Self::Other(other)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn keys_are_sorted_below_the_outermost() {
        let text = text(vec![
            ("b", json!({"z": 1, "a": [{"y": 2, "x": 3}]})),
            ("a", json!(1)),
        ]);
        let text = text.expect("JSON");
        assert!(text.starts_with("{\n  \"b\": {\n    \"a\": [\n"), "{text}");
        assert!(
            text.ends_with("    \"z\": 1\n  },\n  \"a\": 1\n}\n"),
            "{text}"
        );
    }
}
