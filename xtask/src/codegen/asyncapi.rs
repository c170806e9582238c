//! `docs/asyncapi.json`: the protocol as an AsyncAPI 3.0 document, written from Switchboard's side of the socket.

use anyhow::{Context as _, Result};
use protocol::envelope::{write_action, write_event};
use protocol::schema::{LIMITS, Message, Published};
use protocol::{Action, Event, PROTOCOL_VERSION};
use serde_json::{Map, Value, json};

use super::flows::{FLOWS, Flow, Who};
use super::{GENERATED, json};

/// The text of the document.
pub(super) fn document(published: &Published) -> Result<String> {
    json::text(vec![
        ("asyncapi", json!("3.0.0")),
        ("x-generated", json!(GENERATED)),
        ("info", info()),
        ("defaultContentType", json!("application/json")),
        ("servers", servers()),
        ("channels", channels(published)),
        ("operations", operations(published)),
        ("components", components(published)?),
    ])
}

fn info() -> Value {
    json!({
        "title": "Switchboard",
        "version": format!("{PROTOCOL_VERSION}.0.0"),
        "description": format!("Lobbies, WebRTC signalling, matchmaking and battles over one WebSocket. Written from the server's side: it \
            receives actions and sends events. {LIMITS}"),
        "license": {"name": "MIT OR Apache-2.0"},
    })
}

fn servers() -> Value {
    json!({
        "local": {
            "host": "127.0.0.1:8787",
            "protocol": "ws",
            "description": "The local server, `cargo run -- serve`.",
        },
        "aws": {
            "host": "{api}.execute-api.{region}.amazonaws.com",
            "pathname": "/{stage}",
            "protocol": "wss",
            "description": "What Terraform deploys; its output `websocket_url` is the whole address.",
            "variables": {
                "api": {"description": "API Gateway's id of the deployment."},
                "region": {"description": "The AWS region."},
                "stage": {"description": "The stage's name."},
            },
        },
    })
}

fn channels(published: &Published) -> Value {
    let messages: Map<String, Value> = published
        .actions
        .iter()
        .chain(&published.events)
        .map(|message| {
            let reference = json!({"$ref": format!("#/components/messages/{}", message.name)});
            (message.name.clone(), reference)
        })
        .collect();
    json!({
        "socket": {
            "address": "/",
            "description": "The one WebSocket of a client.",
            "messages": messages,
        },
    })
}

fn operations(published: &Published) -> Value {
    let mut operations = Map::new();
    for (message, flow) in published.actions.iter().zip(FLOWS) {
        let content = &published.definitions[&message.content];
        let mut operation = json!({
            "action": "receive",
            "channel": {"$ref": "#/channels/socket"},
            "summary": content["description"],
            "description": format!("Who may: {}.", flow.by),
            "messages": [in_channel(&message.name)],
        });
        operation["reply"] = json!({
            "channel": {"$ref": "#/channels/socket"},
            "messages": replies(flow).into_iter().map(in_channel).collect::<Vec<_>>(),
        });
        operations.insert(format!("on_{}", message.name), operation);
    }
    for message in &published.events {
        let content = &published.definitions[&message.content];
        let operation = json!({
            "action": "send",
            "channel": {"$ref": "#/channels/socket"},
            "summary": content["description"],
            "messages": [in_channel(&message.name)],
        });
        operations.insert(format!("send_{}", message.name), operation);
    }
    Value::Object(operations)
}

/// What the sender of an action may hear of it.
fn replies(flow: &Flow) -> Vec<&'static str> {
    let answers = flow.heard.iter().filter(|heard| heard.who == Who::Sender);
    answers
        .map(|heard| heard.event)
        .chain(std::iter::once("error"))
        .collect()
}

fn in_channel(name: &str) -> Value {
    json!({"$ref": format!("#/channels/socket/messages/{name}")})
}

fn components(published: &Published) -> Result<Value> {
    let mut messages = Map::new();
    for example in Action::examples() {
        let message = named(&published.actions, example.name())?;
        messages.insert(
            message.name.clone(),
            component(published, message, &write_action(&example, None))?,
        );
    }
    for example in Event::examples() {
        let message = named(&published.events, example.name())?;
        messages.insert(
            message.name.clone(),
            component(published, message, &write_event(&example, None))?,
        );
    }
    // The document names messages one by one; the unions over all of them are the JSON Schema's.
    let schemas: Map<String, Value> = published
        .definitions
        .iter()
        .filter(|(name, _)| !["client", "server", "later_event"].contains(&name.as_str()))
        .map(|(name, schema)| (name.clone(), moved(schema)))
        .collect();
    Ok(json!({"messages": messages, "schemas": schemas}))
}

fn component(published: &Published, message: &Message, example: &str) -> Result<Value> {
    let content = &published.definitions[&message.content];
    let example: Value = serde_json::from_str(example).context("an example is JSON")?;
    Ok(json!({
        "name": message.name,
        "title": message.name,
        "summary": content["description"],
        "payload": {"$ref": format!("#/components/schemas/{}", message.envelope)},
        "examples": [{"name": message.name, "payload": example}],
    }))
}

fn named<'a>(messages: &'a [Message], name: &str) -> Result<&'a Message> {
    messages
        .iter()
        .find(|message| message.name == name)
        .with_context(|| format!("`{name}` has an example and no schema"))
}

/// A schema whose references point to where this document keeps them.
fn moved(schema: &Value) -> Value {
    match schema {
        Value::Object(object) => object
            .iter()
            .map(|(key, value)| {
                let value = match value.as_str() {
                    Some(reference) if key == "$ref" => reference
                        .replacen("#/$defs/", "#/components/schemas/", 1)
                        .into(),
                    _ => moved(value),
                };
                (key.clone(), value)
            })
            .collect(),
        Value::Array(list) => list.iter().map(moved).collect(),
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => {
            other.clone()
        }
    }
}
