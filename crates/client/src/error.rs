//! What can go wrong, each as a sentence that says what to do.

use std::time::Duration;

use protocol::event::Event;
use protocol::{ErrorCode, MAX_MESSAGE_BYTES};
use thiserror::Error;

use crate::{End, TokenError};

/// Why there is no connection.
#[derive(Debug, Error)]
pub enum ConnectError {
    /// The URL is none that leads to a WebSocket.
    #[error(
        "`{url}` is no WebSocket URL. Give one like `ws://127.0.0.1:8787` or `wss://example.org/stage`."
    )]
    Url {
        /// What was given.
        url: String,
    },
    /// Nobody answered in time.
    #[error(
        "Nothing answered at {url} within {deadline:?}. Check the address, the network and the firewall."
    )]
    Deadline {
        /// Where to.
        url: String,
        /// How long it was waited for.
        deadline: Duration,
    },
    /// Nobody listens there, or there is no way there.
    #[error(
        "Nothing could be reached at {url}. Is Switchboard running there? `switchboard serve` starts one."
    )]
    Unreachable {
        /// Where to.
        url: String,
        /// What the network said.
        source: std::io::Error,
    },
    /// Somebody answered, and it was no WebSocket, or it wants no connection from us.
    #[error("{url} refused the connection with HTTP status {status}. {}", advice(*status))]
    Rejected {
        /// Where to.
        url: String,
        /// The HTTP status.
        status: u16,
    },
    /// There is no token to show.
    #[error("The player's token could not be had ({0}). Check where `Options::token` fetches it.")]
    Token(#[source] TokenError),
    /// What was to be shown cannot be a token.
    #[error(
        "The player's token cannot be sent: it has a space, a comma, or what no header may hold. Give the token alone, as it was signed."
    )]
    InvalidToken,
    /// No secure connection could be made.
    #[error(
        "No secure connection to {url} could be made: {problem}. Check its certificate and this machine's clock."
    )]
    Tls {
        /// Where to.
        url: String,
        /// What was wrong.
        problem: String,
    },
    /// Whoever answered does not speak WebSocket as it should.
    #[error(
        "What answers at {url} is no WebSocket server: {problem}. Check the address and its path."
    )]
    Protocol {
        /// Where to.
        url: String,
        /// What was wrong.
        problem: String,
    },
}

fn advice(status: u16) -> &'static str {
    match status {
        401 | 403 => "Check the address, its path (stage) and the token.",
        404 => "Check the path: on API Gateway it is the stage's name.",
        429 => "Too many connections are opened at a time: wait a little and try again.",
        500.. => "Something is wrong over there: try again, and look into its logs.",
        _ => "Check the address and its path.",
    }
}

/// Why a message was not sent.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SendError {
    /// It is longer than the platform carries.
    #[error(
        "The message has {bytes} bytes and the platform carries {MAX_MESSAGE_BYTES} at most: send less at a time."
    )]
    TooLong {
        /// Its length.
        bytes: usize,
    },
    /// A value is outside what the protocol allows.
    #[error("`{field}` is {problem}: change it and send again.")]
    Invalid {
        /// Which field.
        field: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// There is no connection any more.
    #[error(transparent)]
    Ended(#[from] End),
}

/// What Switchboard refused, and why. The connection stays open.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("Switchboard refused{}: {message} ({})", action.as_ref().map(|action| format!(" `{action}`")).unwrap_or_default(), code.as_str())]
pub struct Refused {
    /// Why, for the program.
    pub code: ErrorCode,
    /// Why, for people.
    pub message: String,
    /// Which action.
    pub action: Option<String>,
    /// Which field of it, where one is to blame.
    pub field: Option<String>,
    /// Whether the same message, sent again, may succeed.
    pub retryable: bool,
    /// After how long it may, where Switchboard can tell.
    pub retry_after: Option<Duration>,
}

impl Refused {
    /// The refusal in an event, whichever of its three forms it has; `None` where the event is none.
    #[must_use]
    pub fn of(event: &Event) -> Option<Self> {
        if let Event::Error(error) = event {
            return Some(Self {
                code: error.code,
                message: error.message.clone(),
                action: error.action.clone(),
                field: error.field.clone(),
                retryable: error.retryable,
                retry_after: error
                    .retry_after_seconds
                    .map(|seconds| Duration::from_secs(seconds.into())),
            });
        }
        let (code, message, action) = if let Event::LobbyCreationFailed(failed) = event {
            (failed.code, &failed.reason, "start_lobby")
        } else if let Event::JoinRequestRejected(rejected) = event {
            (rejected.code, &rejected.reason, "join_lobby")
        } else {
            return None;
        };
        Some(Self {
            code,
            message: message.clone(),
            action: Some(action.to_owned()),
            field: None,
            retryable: code.is_retryable(),
            retry_after: None,
        })
    }
}

/// Why a request has no good answer.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum RequestError {
    /// Switchboard said no.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// It was not sent.
    #[error(transparent)]
    Send(SendError),
    /// No answer came in time. Whether the action was done is not known.
    #[error("`{action}` was not answered within {deadline:?}, so whether it was done is not known. {}", if *unread { UNREAD } else { UNANSWERED })]
    Deadline {
        /// Which action.
        action: String,
        /// How long it was waited for.
        deadline: Duration,
        /// Whether the answer may be stuck behind events that the program has not read.
        unread: bool,
    },
    /// The answer is not one that this action has; one of the two programs is newer than the other.
    #[error(
        "`{action}` was answered by `{answer}`, which is no answer to it: use a client of the server's version."
    )]
    Unexpected {
        /// Which action.
        action: String,
        /// What came.
        answer: String,
    },
    /// What was to be sent raw has no place for an id, or one that is taken.
    #[error("The message cannot be answered: {problem}.")]
    Unanswerable {
        /// What it lacks.
        problem: String,
    },
    /// A session lost its connection while it waited for the answer. Whether the action was done is not known, and it is not one
    /// that may be done twice. The session goes on: what came of it is in [`SessionEvent::Resumed`](crate::SessionEvent::Resumed).
    #[error(
        "The connection was lost before `{action}` was answered, so whether it was done is not known. Look at the state after `Resumed` before trying again."
    )]
    Interrupted {
        /// Which action.
        action: String,
    },
    /// The connection ended before the answer.
    #[error(transparent)]
    Ended(#[from] End),
}

impl From<SendError> for RequestError {
    /// One end is one error, whether it came before the sending or after.
    fn from(error: SendError) -> Self {
        if let SendError::Ended(end) = error {
            Self::Ended(end)
        } else {
            Self::Send(error)
        }
    }
}

const UNREAD: &str =
    "The queue of unread events is full and holds the answer back: read `Events`, or drop them.";
const UNANSWERED: &str = "Ask for the state before trying again, or connect anew.";
