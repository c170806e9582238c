//! What a schema says, in words for a table.

use protocol::schema::Published;
use serde_json::Value;

/// A table of an object's fields; a sentence where it has none.
pub(super) fn table(definition: &Value) -> String {
    let Some(properties) = definition["properties"].as_object() else {
        return "No fields.\n".to_owned();
    };
    let required: Vec<_> = definition["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    // Required ones stand in the order of the type; the rest, whose order no schema keeps, by name.
    let mut optional: Vec<_> = properties
        .keys()
        .map(String::as_str)
        .filter(|name| !required.contains(name))
        .collect();
    optional.sort_unstable();
    let required = required.iter().map(|name| {
        let field = &properties[*name];
        format!("| `{name}` | {} | {} |\n", kind(field), meaning(field))
    });
    let optional = optional.iter().map(|name| {
        let field = &properties[*name];
        // That they may be null, too, the page says once for all of them.
        let kind = kind(field);
        let kind = kind.trim_end_matches(" or null");
        format!("| `{name}`? | {kind} | {} |\n", meaning(field))
    });
    let head = "| field | type | meaning |\n|---|---|---|\n".to_owned();
    std::iter::once(head)
        .chain(required)
        .chain(optional)
        .collect()
}

/// A type in words, with its bounds.
pub(super) fn kind(schema: &Value) -> String {
    if let Some(name) = referred(schema) {
        return format!("[{name}](#{})", name.to_lowercase());
    }
    if let Some(alternatives) = schema["anyOf"].as_array() {
        let alternatives: Vec<_> = alternatives.iter().map(kind).collect();
        return alternatives.join(" or ");
    }
    if let Some(alternatives) = schema["oneOf"].as_array() {
        let alternatives: Vec<_> = alternatives.iter().map(kind).collect();
        return alternatives.join(", ");
    }
    if let Some(constant) = schema["const"].as_str() {
        return format!("`\"{constant}\"`");
    }
    let kinds = match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        Value::String(kind) => vec![kind.as_str()],
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => Vec::new(),
    };
    let kinds: Vec<_> = kinds
        .into_iter()
        .map(|kind| bounded(kind, schema))
        .collect();
    kinds.join(" or ")
}

/// Every definition that a message's content is made of, and that is no message itself: name and schema.
pub(super) fn parts(published: &Published) -> Vec<(&String, &Value)> {
    let messages = || published.actions.iter().chain(&published.events);
    let is_part = |name: &String| {
        !messages().any(|message| message.content == *name || message.envelope == *name)
            && !["client", "server", "later_event"].contains(&name.as_str())
    };
    published
        .definitions
        .iter()
        .filter(|(name, _)| is_part(name))
        .collect()
}

/// A field's description as a table's cell: one line, no bar.
fn meaning(field: &Value) -> String {
    let text = field["description"].as_str().unwrap_or_default();
    text.replace("\n\n", " ").replace('|', "\\|")
}

fn referred(schema: &Value) -> Option<&str> {
    schema["$ref"].as_str()?.strip_prefix("#/$defs/")
}

fn bounded(kind: &str, schema: &Value) -> String {
    let bounds = |low: &str, high: &str| (schema[low].as_u64(), schema[high].as_u64());
    match kind {
        "string" => match bounds("minLength", "maxLength") {
            (None | Some(0), None) => "text".to_owned(),
            (None | Some(0), Some(high)) => format!("text, up to {} characters", grouped(high)),
            (Some(low), None) => format!("text, at least {} characters", grouped(low)),
            (Some(low), Some(high)) => {
                format!("text, {} to {} characters", grouped(low), grouped(high))
            }
        },
        "integer" => match (schema["minimum"].as_i64(), schema["maximum"].as_i64()) {
            (Some(0), None) => "whole number, 0 up".to_owned(),
            (Some(0), Some(high)) if high == i64::from(u32::MAX) => "whole number, 0 up".to_owned(),
            (Some(low), Some(high))
                if low == i64::from(i32::MIN) && high == i64::from(i32::MAX) =>
            {
                "whole number, signed, 32 bits".to_owned()
            }
            (Some(low), Some(high)) => format!("whole number, {} to {}", signed(low), signed(high)),
            _ => "whole number".to_owned(),
        },
        "array" => match bounds("minItems", "maxItems") {
            (Some(low), Some(high)) if low == high => {
                format!("list of exactly {low}: {}", kind_of_items(schema))
            }
            (Some(low), Some(high)) => format!("list of {low} to {high} {}", kind_of_items(schema)),
            (None, Some(high)) => format!("list of up to {high} {}", kind_of_items(schema)),
            _ => format!("list of {}", kind_of_items(schema)),
        },
        "object" => match (
            schema["maxProperties"].as_u64(),
            schema.get("additionalProperties"),
        ) {
            (Some(high), Some(values)) => format!("object of up to {high} {}", self::kind(values)),
            (None, Some(values)) if values.is_object() => {
                format!("object of {}", self::kind(values))
            }
            _ => "object".to_owned(),
        },
        "boolean" => "true or false".to_owned(),
        other => other.to_owned(),
    }
}

fn kind_of_items(schema: &Value) -> String {
    kind(&schema["items"])
}

/// A number that may be below zero, with its thousands set apart.
fn signed(number: i64) -> String {
    let sign = if number < 0 { "-" } else { "" };
    format!("{sign}{}", grouped(number.unsigned_abs()))
}

/// A number with its thousands set apart.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn bounds_are_said_in_words() {
        let text = json!({"type": ["string", "null"], "minLength": 1, "maxLength": 65_536});
        assert_eq!(kind(&text), "text, 1 to 65,536 characters or null");
        let number = json!({"type": "integer", "minimum": 2, "maximum": 64});
        assert_eq!(kind(&number), "whole number, 2 to 64");
        let list = json!({"type": "array", "minItems": 1, "maxItems": 32, "items": {"$ref": "#/$defs/IceCandidate"}});
        assert_eq!(kind(&list), "list of 1 to 32 [IceCandidate](#icecandidate)");
    }

    #[test]
    fn thousands_are_set_apart() {
        assert_eq!(grouped(1), "1");
        assert_eq!(grouped(2_147_483_647), "2,147,483,647");
    }
}
