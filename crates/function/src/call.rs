//! One invocation: who called, with what, and what it hears back.

use std::collections::HashMap;

use aws_lambda_events::apigw::ApiGatewayWebsocketProxyRequest;
use domain::Timestamp;
use http::header::SEC_WEBSOCKET_PROTOCOL;
use identity::{Identity, InvalidContext};
use ids::{ConnectionId, MessageId};
use protocol::envelope::{frame_id, message_id, parse, write_event};
use protocol::signalling::FrameId;
use protocol::{Actions, ErrorCode, Event, ParseError, Request, SUBPROTOCOL, event};
use serde_json::{Value, json};

use crate::limit::{Asker, Kind, Limited, Limits};
use crate::{Failure, InFull, now};

/// The connection that a call came over, as the platform vouches for it.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Which.
    pub connection_id: ConnectionId,
    /// Since when.
    pub connected_at: Timestamp,
    /// When the call came in.
    pub now: Timestamp,
    /// When what its token permits ends, where the token says so.
    pub permitted_until: Option<Timestamp>,
    /// What the player behind the connection is still to be counted for, once it is known who that is.
    pub uncounted: Option<Kind>,
}

/// A platform's event, checked.
#[derive(Clone)]
pub struct Call {
    /// Who calls.
    pub caller: Caller,
    /// Over which route.
    pub route: String,
    asker: Asker,
    body: Body,
    /// What an authorizer said of the caller, where there is one.
    authorizer: HashMap<String, Value>,
    subprotocol: Option<&'static str>,
}

#[derive(Clone)]
enum Body {
    Text(String),
    Binary,
}

impl Call {
    /// Takes what a handler needs from a platform's event.
    ///
    /// # Errors
    /// [`Failure::Broken`] where the event is none of a WebSocket API's.
    pub fn read(event: ApiGatewayWebsocketProxyRequest) -> Result<Self, Failure> {
        let asker = Asker::of(&event);
        let context = event.request_context;
        let subprotocol = event.headers.get(SEC_WEBSOCKET_PROTOCOL);
        let offered = subprotocol.and_then(|offered| offered.to_str().ok());
        let mut offered = offered.unwrap_or_default().split(',');
        let subprotocol = offered.any(|name| name.trim() == SUBPROTOCOL);
        let connection_id = context.connection_id.unwrap_or_default();
        let connection_id = ConnectionId::parse(connection_id)
            .map_err(|error| Failure::Broken(format!("an event without a connection: {error}")))?;
        let connected_at = u64::try_from(context.connected_at).unwrap_or_default();
        let body = match event.body {
            Some(_) if event.is_base64_encoded => Body::Binary,
            text => Body::Text(text.unwrap_or_default()),
        };
        // A message whose action is the name of one of the platform's own routes may come over that route.
        let is_message = context.event_type.as_deref() == Some("MESSAGE");
        let route = match context.route_key.unwrap_or_default() {
            own if is_message && own.starts_with('$') => "$default".to_owned(),
            route => route,
        };
        let authorizer = context.authorizer.fields;
        let identity = identity_in(&authorizer).ok();
        let permitted = identity.and_then(|identity| identity.permissions.expires_at);
        let caller = Caller {
            permitted_until: permitted
                .map(|seconds| Timestamp::from_millis(seconds.saturating_mul(1_000))),
            connection_id,
            connected_at: Timestamp::from_millis(connected_at),
            now: now(),
            uncounted: Kind::of(&route).filter(|_| !asker.names_player()),
        };
        Ok(Self {
            caller,
            route,
            asker,
            body,
            authorizer,
            subprotocol: subprotocol.then_some(SUBPROTOCOL),
        })
    }

    /// Who an authorizer says the caller is; `None` where the API has no authorizer, and so everybody is somebody new.
    ///
    /// # Errors
    /// [`Failure::Broken`] where it says something else.
    pub fn identity(&self) -> Result<Option<Identity>, Failure> {
        if self.authorizer.is_empty() {
            return Ok(None);
        }
        let identity = identity_in(&self.authorizer);
        identity
            .map(Some)
            .map_err(|error| Failure::Broken(InFull(&error).to_string()))
    }

    /// Our own subprotocol, where the client offers it: a client that offers any is to hear one of them.
    #[must_use]
    pub fn subprotocol(&self) -> Option<&'static str> {
        self.subprotocol
    }

    /// Counts the call before anything is done for it; the answer to one that is too much.
    pub(crate) fn refuse_too_much(&self, limits: &Limits) -> Option<Answer> {
        let limited = limits.admit(&self.route, &self.asker, self.caller.now);
        limited.err().map(|limited| self.limited(limited))
    }

    fn limited(&self, limited: Limited) -> Answer {
        let (status, body) = if Kind::of(&self.route) == Some(Kind::Connect) {
            let retry_after_seconds = limited.retry_after_seconds();
            let message = "Too Many Requests";
            let body = json!({ "message": message, "retry_after_seconds": retry_after_seconds });
            (429, body.to_string())
        } else {
            let action = (!self.route.starts_with('$')).then_some(self.route.as_str());
            let (id, frame) = match &self.body {
                Body::Text(text) => (message_id(text), frame_id(text)),
                Body::Binary => (None, None),
            };
            let event = about(Failure::Limited(limited).to_event(action), frame);
            (200, write_event(&event, id.as_ref()))
        };
        Answer {
            status,
            body: Some(body),
            action: "",
            outcome: ErrorCode::RateLimited.as_str(),
            failure: None,
            subprotocol: None,
        }
    }

    /// Reads the message as one of a function's actions.
    ///
    /// # Errors
    /// The answer to a message that is none of them.
    pub fn read_action<A: Actions>(&self) -> Result<(Asked, A), Answer> {
        let Request { action, id } = self.parse::<A>().map_err(Answer::refused_unread)?;
        let asked = Asked {
            action: action.name(),
            id,
            frame: None,
        };
        Ok((asked, action))
    }

    /// Reads the message of a route that no function has, to say what is wrong with it.
    #[must_use]
    pub fn explain(&self) -> Answer {
        /// The actions of no function.
        struct Nothing;
        impl Actions for Nothing {
            const NAMES: &'static [&'static str] = &[];
            fn read(
                _: &str,
                _: &str,
            ) -> Option<Result<Self, serde_path_to_error::Error<serde_json::Error>>> {
                None
            }
            fn name(&self) -> &'static str {
                ""
            }
            fn examples() -> Vec<Self> {
                Vec::new()
            }
        }
        match self.parse::<Nothing>() {
            Ok(_) => unreachable!("`Nothing` has no action that could be read"),
            Err(error) => Answer::refused_unread(error),
        }
    }

    fn parse<A: Actions>(&self) -> Result<Request<A>, ParseError> {
        match &self.body {
            Body::Text(text) => parse(text),
            Body::Binary => Err(ParseError::of_message(ErrorCode::BinaryMessage)),
        }
    }
}

fn identity_in(authorizer: &HashMap<String, Value>) -> Result<Identity, InvalidContext> {
    Identity::from_context(|name| authorizer.get(name).and_then(Value::as_str))
}

/// What a caller asked for, to be answered.
#[derive(Clone, Debug)]
#[must_use]
pub struct Asked {
    action: &'static str,
    id: Option<MessageId>,
    frame: Option<FrameId>,
}

/// An event; where it is a refusal, one of the frame that the sender calls so.
fn about(mut event: Event, frame: Option<FrameId>) -> Event {
    if let Event::Error(error) = &mut event {
        error.frame_id = frame;
    }
    event
}

impl Asked {
    /// To pass a frame on that the sender calls so: a refusal says which it is of.
    pub fn for_frame(self, frame: Option<FrameId>) -> Self {
        Self { frame, ..self }
    }

    /// Writes the answer. A refusal is one; whatever else went wrong is answered too, and kept for the log.
    #[must_use]
    pub fn answer(self, handled: Result<Reply, Failure>) -> Answer {
        let Self { action, id, frame } = self;
        let (reply, failure) = match handled {
            Ok(reply) => (reply, None),
            Err(failure) => (
                Reply::Event(about(failure.to_event(Some(action)), frame)),
                failure.is_ours().then_some(failure),
            ),
        };
        let outcome = reply.outcome();
        let body = match (&reply, &id) {
            (Reply::Event(event), id) => Some(write_event(event, id.as_ref())),
            (Reply::Done, Some(id)) => Some(write_event(&Event::Ok(event::Ok {}), Some(id))),
            (Reply::Done, None) => None,
        };
        Answer {
            status: 200,
            body,
            action,
            outcome,
            failure,
            subprotocol: None,
        }
    }
}

/// What a handler says to its caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// The natural answer to the action.
    Event(Event),
    /// It is done, and there is nothing to say of it but to those who asked by an `id`.
    Done,
}

impl Reply {
    fn outcome(&self) -> &'static str {
        match self {
            Self::Event(Event::Error(error)) => error.code.as_str(),
            Self::Event(Event::LobbyCreationFailed(failed)) => failed.code.as_str(),
            Self::Event(Event::JoinRequestRejected(rejected)) => rejected.code.as_str(),
            Self::Event(event) => event.name(),
            Self::Done => "done",
        }
    }
}

/// What goes back to the platform, and what is logged of it.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status; decides only whether a `$connect` is let in.
    pub status: i64,
    /// What the caller hears.
    pub body: Option<String>,
    /// The action, as far as it was read.
    pub action: &'static str,
    /// The event or error code that the caller hears, or `done`.
    pub outcome: &'static str,
    /// What went wrong on our side.
    pub failure: Option<Failure>,
    /// The subprotocol that a `$connect` has chosen of those that the client offers.
    pub subprotocol: Option<&'static str>,
}

impl Answer {
    /// An answer without a word, to `$connect` and `$disconnect`.
    #[must_use]
    pub fn silent(handled: Result<(), Failure>) -> Self {
        let (status, outcome) = if handled.is_ok() {
            (200, "done")
        } else {
            (503, "unavailable")
        };
        Self {
            status,
            body: None,
            action: "",
            outcome,
            failure: handled.err(),
            subprotocol: None,
        }
    }

    /// The same, with the subprotocol that was chosen.
    #[must_use]
    pub fn with_subprotocol(self, subprotocol: Option<&'static str>) -> Self {
        Self {
            subprotocol,
            ..self
        }
    }

    fn refused_unread(mut error: ParseError) -> Self {
        let outcome = error.code.as_str();
        let id: Option<MessageId> = error.id.take();
        let body = Some(write_event(&error.into_event(), id.as_ref()));
        Self {
            status: 200,
            body,
            action: "",
            outcome,
            failure: None,
            subprotocol: None,
        }
    }
}
