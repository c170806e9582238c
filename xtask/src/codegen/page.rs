//! `docs/protocol.md`: the protocol for people.

use std::fmt::Write as _;

use anyhow::{Context as _, Result};
use protocol::envelope::{write_action, write_event};
use protocol::schema::{LIMITS, Message, Published};
use protocol::{Action, Event, PROTOCOL_VERSION};
use serde_json::Value;

use super::flows::{FLOWS, Flow, Who};
use super::{GENERATED, fields, transcript};

/// What holds for every message.
const ENVELOPE: &str = r#"A client opens a WebSocket and sends JSON text frames:

```
=> {"action": "<name>", "content": { ... }, "id": "<optional, up to 64 characters>"}
<= {"event": "<name>", "content": { ... }, "reply_to": "<that id, on answers only>"}
```

- `content` may be absent or null where every field of the action is optional. A field that no action knows is refused, and
  named.
- An action that has a natural answer always gets it. One that has none is answered `ok`, but only where the message had
  an `id`.
- Whatever is refused is answered `error`, with one of the [error codes](errors.md). The socket stays open.
- A client ignores events and fields that it does not know: new ones may come; none is renamed or removed.
- The order of messages is not promised: two messages of one client may be handled at the same time.
- Every `connection_id`, `host_connection_id` and `player_connection_id` is an address: it names one peer for one receiver,
  was made by the service, and is refused from anybody else. Compare it for equality and nothing else. It does not
  change while both connections live, two hours at most.
- Text is counted in Unicode characters. A `?` behind a field's name: it may be left out, and in an action it may be null."#;

const ENDINGS: &str = "When a connection ends, by a close, by a network that went away, or because a message to it could \
    not be delivered, its player is away: the other members hear `player_away`. It keeps its seat, its place in a queue and its \
    battle for the seconds that the event names. What is said to it meanwhile is kept, 128 frames and 96 KB of it.\n\n\
    It comes back by `hello` with the `resume_token` of its last `welcome`, on a new connection on which nothing else has been \
    said. First it hears what was kept, in order, each frame with a `sequence` beside `event` and `content`; then how things \
    stand; then `welcome`. With `last_sequence`, nothing up to there is said again. The others hear `player_back`. All addresses \
    are others from then on: those in `lobby_resumed` for the one who came back, the one in `player_back` for the others; what \
    they send to the old one still arrives. A player has one connection: where the last one is open still, it hears \
    `connection_replaced` and is closed.\n\n\
    Whoever does not come back in time is out: the others hear `player_left` with reason `disconnected`, `host_changed` where it was \
    the host, and `battle_settled` with reason `forfeit` where it was playing. Its ticket is gone, its request too. A lobby that \
    nobody is left in closes. A party comes out of its queue as soon as one of it is away.\n\n\
    Shortly before the platform ends a connection, whatever is said on it is answered by `go_away`, too: open another connection, \
    say `hello` with the token there, and then nothing is lost.";

/// The text of the page.
pub(super) fn page(published: &Published) -> Result<String> {
    let mut page = format!(
        "<!-- {GENERATED} -->\n# The protocol, version {PROTOCOL_VERSION}\n\n{ENVELOPE}\n\n{LIMITS}\n\n\
        The same for machines: [JSON Schema](protocol.schema.json) and [AsyncAPI](asyncapi.json).\n\n\
        ## Two players meet\n\nAddresses are shortened here.\n\n```\n{}\n```\n\n\
        ## Two strangers fight\n\nIds, too, are shortened here.\n\n```\n{}\n```\n\n## Actions\n",
        transcript::meeting()?,
        transcript::fight()?
    );
    let actions: Vec<_> = Action::examples();
    let events: Vec<_> = Event::examples();
    for (message, flow) in published.actions.iter().zip(FLOWS) {
        let example = actions.iter().find(|action| action.name() == message.name);
        let example = example.with_context(|| format!("`{}` has no example", message.name))?;
        action(&mut page, published, message, flow, example, &events)?;
    }
    write!(
        page,
        "\n## When a connection ends\n\n{ENDINGS}\n\n## Events\n"
    )?;
    for message in &published.events {
        let example = named(&events, &message.name)?;
        event(&mut page, published, message, example)?;
    }
    page.push_str("\n## Types\n");
    for (name, definition) in fields::parts(published) {
        let description = definition["description"].as_str().unwrap_or_default();
        write!(page, "\n### {name}\n\n{description}\n\n")?;
        if name == "ErrorCode" {
            page.push_str("[The page of error codes](errors.md) lists them.\n");
        } else if definition["type"] == "object" && definition.get("properties").is_some() {
            page.push_str(&fields::table(definition));
        } else if let Some(variants) = definition["oneOf"].as_array() {
            variants
                .iter()
                .try_for_each(|one| variant(&mut page, one))?;
        } else {
            writeln!(page, "On the wire: {}.", fields::kind(definition))?;
        }
    }
    Ok(page)
}

fn action(
    page: &mut String,
    published: &Published,
    message: &Message,
    flow: &Flow,
    example: &Action,
    events: &[Event],
) -> Result<()> {
    let content = &published.definitions[&message.content];
    let description = content["description"].as_str().unwrap_or_default();
    write!(page, "\n### `{}`\n\n{description}\n\n", message.name)?;
    if !message.aliases.is_empty() {
        let aliases: Vec<_> = message
            .aliases
            .iter()
            .map(|alias| format!("`{alias}`"))
            .collect();
        write!(page, "Also taken as {}.\n\n", aliases.join(", "))?;
    }
    write!(
        page,
        "Who may: {}.\n\n{}\n",
        flow.by,
        fields::table(content)
    )?;
    for heard in flow.heard {
        let who = match heard.who {
            Who::Sender => "the sender",
            Who::Other(who) => who,
        };
        let when = if heard.when.is_empty() {
            String::new()
        } else {
            format!(", {}", heard.when)
        };
        writeln!(page, "- [`{0}`](#{0}) to {who}{when}", heard.event)?;
    }
    write!(page, "\n```\n=> {}\n", write_action(example, None))?;
    let answers = flow
        .heard
        .iter()
        .filter(|heard| heard.who == Who::Sender && heard.event != "ok");
    for answer in answers.take(1) {
        let event = named(events, answer.event)?;
        writeln!(page, "<= {}", write_event(event, None))?;
    }
    page.push_str("```\n");
    Ok(())
}

fn event(
    page: &mut String,
    published: &Published,
    message: &Message,
    example: &Event,
) -> Result<()> {
    let content = &published.definitions[&message.content];
    let description = content["description"].as_str().unwrap_or_default();
    write!(page, "\n### `{}`\n\n{description}\n\n", message.name)?;
    let causes: Vec<_> = FLOWS
        .iter()
        .filter(|flow| flow.heard.iter().any(|heard| heard.event == message.name))
        .map(|flow| format!("[`{0}`](#{0})", flow.action))
        .collect();
    if !causes.is_empty() {
        write!(page, "After {}.\n\n", causes.join(", "))?;
    }
    page.push_str(&fields::table(content));
    write!(page, "\n```\n<= {}\n```\n", write_event(example, None))?;
    Ok(())
}

/// One of several things that a type can be; where it is an object, with its fields.
fn variant(page: &mut String, variant: &Value) -> Result<()> {
    let meaning = variant["description"].as_str().unwrap_or_default();
    let tag = variant["properties"].as_object().and_then(|properties| {
        properties
            .iter()
            .find(|(_, field)| field.get("const").is_some())
    });
    match tag {
        None => writeln!(page, "- {}: {meaning}", fields::kind(variant))?,
        Some((name, constant)) => {
            let value = fields::kind(constant);
            write!(
                page,
                "Where `{name}` is {value}: {meaning}\n\n{}\n",
                fields::table(variant)
            )?;
        }
    }
    Ok(())
}

fn named<'a>(events: &'a [Event], name: &str) -> Result<&'a Event> {
    events
        .iter()
        .find(|event| event.name() == name)
        .with_context(|| format!("`{name}` has no example"))
}
