//! JSON Schema of everything on the wire: what the server takes and what it says, neither laxer nor stricter than it is.
//!
//! The contents come from the types; the envelopes around them are made here, because the ones that a derive makes know
//! neither `id` nor aliases nor that `content` may be left out. What no schema can say stands in [`LIMITS`].

use std::collections::BTreeMap;

use ids::MessageId;
use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value, json};

use crate::{Actions, Event, PROTOCOL_VERSION, battle, connection, lobby, matchmaking, signalling};

/// What the server checks beyond this schema.
pub const LIMITS: &str = "Beyond what a schema can say, the server refuses a message of more than 131,072 bytes, metadata of \
    more than 2,048 bytes as compact JSON, arrays and objects nested more than a hundred deep, a key that stands twice in \
    one object, and a whole number written with a fraction or an exponent (`4.0`).";

/// No control character, in a form that every dialect of regular expressions reads alike.
const PRINTABLE: &str = r"^[^\x00-\x1f\x7f-\x9f]*$";

/// One message: its name, and where its content is described.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its name on the wire.
    pub name: String,
    /// Further names that mean the same.
    pub aliases: Vec<&'static str>,
    /// The key of its content in [`Published::definitions`].
    pub content: String,
    /// The key of the whole message in [`Published::definitions`].
    pub envelope: String,
}

/// Every message there is, and the schemas that they refer to.
#[derive(Clone, Debug)]
pub struct Published {
    /// What a client may send, in the order of the types.
    pub actions: Vec<Message>,
    /// What a client may hear, in the order of the types.
    pub events: Vec<Message>,
    /// `$defs`: contents, what they are made of, and the envelopes.
    pub definitions: BTreeMap<String, Value>,
}

impl Published {
    /// The schemas of all messages.
    ///
    /// # Panics
    /// Where a type has a schema of a form that this module does not know; the tests call it.
    #[must_use]
    pub fn new() -> Self {
        let mut sent = SchemaSettings::draft2020_12().into_generator();
        let mut actions = action_messages::<connection::Action>(&mut sent);
        actions.extend(action_messages::<lobby::Action>(&mut sent));
        actions.extend(action_messages::<signalling::Action>(&mut sent));
        actions.extend(action_messages::<matchmaking::Action>(&mut sent));
        actions.extend(action_messages::<battle::Action>(&mut sent));
        sent.subschema_for::<MessageId>();
        let mut definitions = finished(sent);
        for action in &actions {
            let envelope = action_envelope(action, &definitions[&action.content]);
            definitions.insert(action.envelope.clone(), envelope);
        }

        let mut heard = SchemaSettings::draft2020_12()
            .for_serialize()
            .into_generator();
        let events = messages(&Event::json_schema(&mut heard), "event", &[]);
        for (name, definition) in opened(finished(heard), &definitions) {
            definitions.insert(name, definition);
        }
        for event in &events {
            definitions.insert(event.envelope.clone(), event_envelope(event));
        }
        let known: Vec<_> = events.iter().map(|event| &event.name).collect();
        definitions.insert("later_event".into(), later_event(&known));
        definitions.insert(
            "client".into(),
            any_of(&actions, &[], "What a client sends."),
        );
        definitions.insert(
            "server".into(),
            any_of(&events, &["later_event"], "What a client hears."),
        );
        Self {
            actions,
            events,
            definitions,
        }
    }

    /// The whole as one JSON Schema document. `#/$defs/client` and `#/$defs/server` describe the two directions.
    #[must_use]
    pub fn document(&self) -> Value {
        json!({
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": format!("Switchboard protocol, version {PROTOCOL_VERSION}"),
            "description": format!("Everything that a client and Switchboard say to each other over the WebSocket. {LIMITS}"),
            "oneOf": [{"$ref": "#/$defs/client"}, {"$ref": "#/$defs/server"}],
            "$defs": self.definitions,
        })
    }
}

impl Default for Published {
    fn default() -> Self {
        Self::new()
    }
}

/// The messages of one function, with their aliases: [`Actions::NAMES`] lists these behind the name that they stand for.
fn action_messages<A: Actions + JsonSchema>(generator: &mut SchemaGenerator) -> Vec<Message> {
    messages(&A::json_schema(generator), "action", A::NAMES)
}

/// Reads the variants of an adjacently tagged enum out of its schema.
fn messages(of: &Schema, tag: &str, names: &'static [&'static str]) -> Vec<Message> {
    let variants = of.get("oneOf").and_then(Value::as_array);
    let own: Vec<(&str, &str)> = variants
        .expect("an enum of messages has one schema per variant")
        .iter()
        .map(|variant| {
            let name = variant["properties"][tag]["const"].as_str();
            let content = variant["properties"]["content"]["$ref"].as_str();
            (
                name.expect("a variant is told by its tag"),
                content
                    .and_then(|content| content.strip_prefix("#/$defs/"))
                    .expect("a content is a type of its own"),
            )
        })
        .collect();
    let is_alias = |name: &&&str| !own.iter().any(|(own, _)| own == *name);
    own.iter()
        .map(|(name, content)| Message {
            name: (*name).to_owned(),
            aliases: names
                .iter()
                .skip_while(|other| *other != name)
                .skip(1)
                .take_while(is_alias)
                .copied()
                .collect(),
            content: (*content).to_owned(),
            envelope: format!("{tag}_{name}"),
        })
        .collect()
}

/// A generator's definitions, with what it could not know.
fn finished(mut generator: SchemaGenerator) -> BTreeMap<String, Value> {
    let mut definitions: BTreeMap<_, _> = generator.take_definitions(true).into_iter().collect();
    for (name, definition) in &mut definitions {
        visit(definition, &mut |schema| {
            bound_by_format(schema);
            unwrap_description(schema);
        });
        let bounds = match name.as_str() {
            "LobbyId" | "MessageId" => {
                json!({"minLength": 1, "maxLength": 64, "pattern": PRINTABLE})
            }
            "BattleId" | "MatchId" | "TicketId" => {
                json!({"minLength": 1, "maxLength": 64, "pattern": "^[A-Za-z0-9-]*$"})
            }
            "QueueName" => json!({"minLength": 1, "maxLength": 32, "pattern": "^[a-z0-9_-]*$"}),
            "PeerAddress" => json!({"minLength": 1, "maxLength": 512}),
            "PlayerId" => {
                json!({"minLength": 1, "maxLength": 128, "pattern": "^[A-Za-z0-9._:|@+=/-]*$"})
            }
            "PeerId" => json!({"minimum": 1, "maximum": i32::MAX}),
            "StartLobby" => {
                // Empty is allowed here and nowhere else, so the field is not a `LobbyId`.
                definition["properties"]["lobby_id"]["pattern"] = PRINTABLE.into();
                continue;
            }
            _ => continue,
        };
        merge(definition, bounds);
    }
    definitions
}

/// What events are made of: open to fields that do not exist yet, even where a client may not send any.
///
/// A type that actions and events share would be closed in one and open in the other; the open one gets its own name.
fn opened(
    events: BTreeMap<String, Value>,
    actions: &BTreeMap<String, Value>,
) -> BTreeMap<String, Value> {
    let opened: BTreeMap<_, _> = events
        .into_iter()
        .map(|(name, mut definition)| {
            visit(&mut definition, &mut |schema| {
                if schema.get("additionalProperties") == Some(&Value::Bool(false)) {
                    schema.remove("additionalProperties");
                }
            });
            (name, definition)
        })
        .collect();
    let renamed: Vec<String> = opened
        .iter()
        .filter(|(name, definition)| actions.get(*name).is_some_and(|other| other != *definition))
        .map(|(name, _)| name.clone())
        .collect();
    let rename = |name: &str| {
        if renamed.iter().any(|renamed| renamed == name) {
            format!("Heard{name}")
        } else {
            name.to_owned()
        }
    };
    let rename_reference = |schema: &mut Map<String, Value>| {
        if let Some(Value::String(reference)) = schema.get_mut("$ref")
            && let Some(name) = reference.strip_prefix("#/$defs/")
        {
            *reference = format!("#/$defs/{}", rename(name));
        }
    };
    opened
        .into_iter()
        .map(|(name, mut definition)| {
            visit(&mut definition, &mut |schema| rename_reference(schema));
            (rename(&name), definition)
        })
        .collect()
}

fn action_envelope(message: &Message, content: &Value) -> Value {
    let reference = reference(&message.content);
    let may_be_absent = content.get("required").is_none();
    let names = [&[message.name.as_str()], message.aliases.as_slice()].concat();
    let action = match names.as_slice() {
        [name] => json!({"const": name}),
        names => json!({"enum": names}),
    };
    json!({
        "title": message.name,
        "description": content["description"],
        "type": "object",
        "properties": {
            "action": action,
            "content": if may_be_absent { json!({"anyOf": [reference, {"type": "null"}]}) } else { reference },
            "id": {
                "description": "What the client calls this message; the answer says it as `reply_to`.",
                "anyOf": [{"$ref": "#/$defs/MessageId"}, {"type": "null"}],
            },
        },
        "required": if may_be_absent { json!(["action"]) } else { json!(["action", "content"]) },
        "additionalProperties": false,
    })
}

fn event_envelope(message: &Message) -> Value {
    json!({
        "title": message.name,
        "type": "object",
        "properties": {
            "event": {"const": message.name},
            "content": reference(&message.content),
            "reply_to": {
                "description": "The `id` of the message that this answers; on answers only.",
                "$ref": "#/$defs/MessageId",
            },
        },
        "required": ["event", "content"],
    })
}

fn later_event(known: &[&String]) -> Value {
    json!({
        "title": "an event of a later version",
        "description": "A client ignores an event that it does not know.",
        "type": "object",
        "properties": {"event": {"type": "string", "not": {"enum": known}}},
        "required": ["event"],
    })
}

fn any_of(messages: &[Message], more: &[&str], description: &str) -> Value {
    let names = messages.iter().map(|message| message.envelope.as_str());
    let references: Vec<_> = names.chain(more.iter().copied()).map(reference).collect();
    json!({"description": description, "oneOf": references})
}

fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/$defs/{name}")})
}

/// Calls `change` on a schema and on every schema within it.
fn visit(schema: &mut Value, change: &mut impl FnMut(&mut Map<String, Value>)) {
    match schema {
        Value::Object(object) => {
            change(object);
            object.values_mut().for_each(|inner| visit(inner, change));
        }
        Value::Array(list) => list.iter_mut().for_each(|inner| visit(inner, change)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A Rust integer's width is a bound, which `format` alone does not make one.
fn bound_by_format(schema: &mut Map<String, Value>) {
    let (min, max) = match schema.get("format").and_then(Value::as_str) {
        Some("int32") => (Value::from(i32::MIN), Value::from(i32::MAX)),
        Some("uint32") => (Value::from(u32::MIN), Value::from(u32::MAX)),
        _ => return,
    };
    schema.entry("minimum").or_insert(min);
    schema.entry("maximum").or_insert(max);
}

/// A doc comment's lines are wrapped where the source wraps; a description's are not.
fn unwrap_description(schema: &mut Map<String, Value>) {
    if let Some(Value::String(description)) = schema.get_mut("description") {
        let paragraphs = description.split("\n\n");
        let unwrapped: Vec<_> = paragraphs.map(|lines| lines.replace('\n', " ")).collect();
        *description = unwrapped.join("\n\n");
    }
}

fn merge(definition: &mut Value, bounds: Value) {
    if let (Some(definition), Value::Object(bounds)) = (definition.as_object_mut(), bounds) {
        definition.extend(bounds);
    }
}
