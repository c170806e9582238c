//! How a message looks on the wire: read from a client, written to one, and the other way round for clients.

use std::borrow::Cow;
use std::collections::BTreeMap;

use ids::MessageId;
use serde::{Deserialize, Serialize};
use serde_json::error::Category;
use serde_json::value::RawValue;
use thiserror::Error;

use crate::event::{self, Event};
use crate::signalling::FrameId;
use crate::{Action, Actions, ErrorCode};

/// The longest message that the platform carries, in bytes, either way.
pub const MAX_MESSAGE_BYTES: usize = 128 * 1024;

/// The longest WebSocket frame that the platform takes, in bytes. Longer messages come in several.
pub const MAX_FRAME_BYTES: usize = 32 * 1024;

/// A client's message, understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request<A> {
    /// What it wants.
    pub action: A,
    /// What it calls the message, if it wants to know the answer.
    pub id: Option<MessageId>,
}

/// A client's message, not understood: everything its sender needs to know of it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct ParseError {
    /// Why.
    pub code: ErrorCode,
    /// A sentence for the developer.
    pub message: String,
    /// The action, as far as it was read.
    pub action: Option<String>,
    /// The field of its content that is to blame.
    pub field: Option<String>,
    /// What the client calls the message, as far as it was read.
    pub id: Option<MessageId>,
}

impl ParseError {
    /// A refusal of the whole message.
    #[must_use]
    pub fn of_message(code: ErrorCode) -> Self {
        Self {
            code,
            message: code.sentence().to_owned(),
            action: None,
            field: None,
            id: None,
        }
    }

    /// The `error` event that tells the sender.
    #[must_use]
    pub fn into_event(self) -> Event {
        Event::Error(event::Error {
            retryable: self.code.is_retryable(),
            code: self.code,
            message: self.message,
            action: self.action,
            field: self.field,
            retry_after_seconds: None,
            frame_id: None,
        })
    }

    fn about(mut self, field: &str, problem: &str) -> Self {
        self.message = format!("`{field}`: {problem}");
        self.field = Some(field.to_owned());
        self
    }
}

/// Reads a client's message as one of a function's actions.
///
/// # Errors
/// [`ParseError`] says what is wrong with it and which message it was, as far as that could be told.
pub fn parse<A: Actions>(text: &str) -> Result<Request<A>, ParseError> {
    let envelope = Envelope::read(text)?;
    let content = envelope
        .content
        .map_or("{}", |content| match content.get() {
            "null" => "{}",
            present => present,
        });
    let refuse = |error: ParseError| ParseError {
        action: Some(shortened(&envelope.action).to_owned()),
        id: envelope.id.clone(),
        ..error
    };
    match A::read(&envelope.action, content) {
        None => Err(refuse(ParseError {
            message: format!("There is no action `{}`.", shortened(&envelope.action)),
            ..ParseError::of_message(ErrorCode::UnknownAction)
        })),
        Some(Err(error)) => Err(refuse(explain(&error))),
        Some(Ok(action)) => Ok(Request {
            action,
            id: envelope.id,
        }),
    }
}

/// What a client calls its message, as far as that can be told: for an answer to a message that is not looked into.
#[must_use]
pub fn message_id(text: &str) -> Option<MessageId> {
    Envelope::read(text).map_or_else(|refused| refused.id, |envelope| envelope.id)
}

/// What a client calls the signalling frame in its message, as far as that can be told: for an answer to a message that is not
/// looked into.
#[must_use]
pub fn frame_id(text: &str) -> Option<FrameId> {
    #[derive(Deserialize)]
    struct Named {
        frame_id: Option<FrameId>,
    }
    let content = Envelope::read(text).ok()?.content?;
    let named: Named = serde_json::from_str(content.get()).ok()?;
    named.frame_id
}

/// An event, ready to be sent: `{"event", "content"}`, with `reply_to` where it answers a message that had an id.
#[must_use]
pub fn write_event(event: &Event, reply_to: Option<&MessageId>) -> String {
    #[derive(Serialize)]
    struct Frame<'a> {
        #[serde(flatten)]
        event: &'a Event,
        #[serde(skip_serializing_if = "Option::is_none")]
        reply_to: Option<&'a MessageId>,
    }
    serde_json::to_string(&Frame { event, reply_to })
        .expect("events have text keys and no maps that can fail")
}

/// An action, ready to be sent: `{"action", "content"}`, with `id` where the sender wants to know the answer.
#[must_use]
pub fn write_action(action: &Action, id: Option<&MessageId>) -> String {
    #[derive(Serialize)]
    struct Frame<'a> {
        #[serde(flatten)]
        action: &'a Action,
        #[serde(skip_serializing_if = "Option::is_none")]
        id: Option<&'a MessageId>,
    }
    serde_json::to_string(&Frame { action, id })
        .expect("actions have text keys and no maps that can fail")
}

/// What a client heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heard {
    /// The event; `None` where this crate is too old to know it.
    pub event: Option<Event>,
    /// The event's name.
    pub name: String,
    /// Which of the client's messages it answers.
    pub reply_to: Option<MessageId>,
    /// Its place among what was kept while the player was away; goes up with each.
    pub sequence: Option<u64>,
}

/// Reads what a client heard.
///
/// # Errors
/// Where it is no event at all, or an event of a known name with a content that does not fit.
pub fn read_event(text: &str) -> Result<Heard, serde_json::Error> {
    #[derive(Deserialize)]
    struct Frame {
        event: String,
        #[serde(default)]
        reply_to: Option<MessageId>,
        #[serde(default)]
        sequence: Option<u64>,
    }
    let Frame {
        event: name,
        reply_to,
        sequence,
    } = serde_json::from_str(text)?;
    let event = if Event::NAMES.contains(&name.as_str()) {
        Some(serde_json::from_str(text)?)
    } else {
        None
    };
    Ok(Heard {
        event,
        name,
        reply_to,
        sequence,
    })
}

/// A message taken apart, its content not yet looked at.
struct Envelope<'a> {
    action: Cow<'a, str>,
    content: Option<&'a RawValue>,
    id: Option<MessageId>,
}

impl<'a> Envelope<'a> {
    fn read(text: &'a str) -> Result<Self, ParseError> {
        if text.trim_ascii().is_empty() {
            return Err(ParseError::of_message(ErrorCode::EmptyMessage));
        }
        let whole: &RawValue =
            serde_json::from_str(text).map_err(|_| ParseError::of_message(ErrorCode::NotJson))?;
        let mut fields: BTreeMap<Key<'a>, &'a RawValue> = serde_json::from_str(whole.get())
            .map_err(|error| {
                // A key with half a surrogate pair gets this far, and is no JSON text either.
                let is_json = error.classify() == Category::Data;
                ParseError::of_message(if is_json {
                    ErrorCode::NotAnObject
                } else {
                    ErrorCode::NotJson
                })
            })?;
        let id = fields.remove("id").filter(|id| id.get() != "null");
        let id = id
            .map(|id| serde_json::from_str::<MessageId>(id.get()))
            .transpose()
            .map_err(|error| {
                ParseError::of_message(ErrorCode::InvalidValue)
                    .about("id", &without_position(&error.to_string()))
            })?;
        let refuse = |error: ParseError| ParseError {
            id: id.clone(),
            ..error
        };
        let action = fields
            .remove("action")
            .ok_or_else(|| refuse(ParseError::of_message(ErrorCode::MissingAction)))?;
        let Key(action) = serde_json::from_str(action.get()).map_err(|_| {
            refuse(ParseError::of_message(ErrorCode::WrongType).about("action", "expected a text"))
        })?;
        let content = fields.remove("content");
        if let Some(Key(unknown)) = fields.into_keys().next() {
            let error = ParseError::of_message(ErrorCode::UnknownField).about(
                shortened(&unknown),
                "a message has `action`, `content` and `id` only",
            );
            return Err(refuse(ParseError {
                action: Some(shortened(&action).to_owned()),
                ..error
            }));
        }
        Ok(Self {
            action,
            content,
            id,
        })
    }
}

/// A text of the message, borrowed where it has no escapes.
#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(transparent)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

impl std::borrow::Borrow<str> for Key<'_> {
    fn borrow(&self) -> &str {
        &self.0
    }
}

/// Turns the deserializer's complaint into one of ours. Its wording is pinned by the tests below.
fn explain(error: &serde_path_to_error::Error<serde_json::Error>) -> ParseError {
    let problem = without_position(&error.inner().to_string());
    let path = error.path().to_string();
    let path = if path == "." {
        String::from("content")
    } else {
        path
    };
    if problem.starts_with("recursion limit") {
        return ParseError::of_message(ErrorCode::TooDeep);
    }
    if let Some(field) = quoted(&problem, "unknown field `") {
        return ParseError::of_message(ErrorCode::UnknownField)
            .about(shortened(field), "the action knows no such field");
    }
    if let Some(field) = quoted(&problem, "missing field `") {
        return ParseError::of_message(ErrorCode::MissingField).about(field, "it is missing");
    }
    let code = if problem.starts_with("invalid type") {
        ErrorCode::WrongType
    } else if problem.contains("longer than") {
        ErrorCode::TooLong
    } else {
        ErrorCode::InvalidValue
    };
    ParseError::of_message(code).about(shortened(&path), shortened(&problem))
}

fn quoted<'a>(problem: &'a str, before: &str) -> Option<&'a str> {
    problem.strip_prefix(before)?.split('`').next()
}

fn without_position(problem: &str) -> String {
    problem
        .rsplit_once(" at line ")
        .map_or(problem, |(problem, _)| problem)
        .to_owned()
}

/// At most 100 characters of something that a client chose, so that a refusal is never longer than its cause.
fn shortened(text: &str) -> &str {
    text.char_indices()
        .nth(100)
        .map_or(text, |(end, _)| &text[..end])
}
