//! The half that talks.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use ids::MessageId;
use protocol::envelope::write_action;
use protocol::{Action, Event, MAX_MESSAGE_BYTES};
use serde_json::{Map, Value};
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::timeout;

use crate::events::Frame;
use crate::heartbeat::Pulse;
use crate::shared::Shared;
use crate::writer::{Command, Writer};
use crate::{
    ConnectError, End, Events, Options, RawFrame, Refused, RequestError, SendError, Stats, connect,
    reader,
};

/// How many messages wait for a slow network before sending waits too.
const UNSENT: usize = 64;

/// A connection to Switchboard: the half that talks. Clones share it; when the last is dropped it says goodbye.
#[derive(Clone, Debug)]
pub struct Client {
    commands: mpsc::Sender<Command>,
    shared: Arc<Shared>,
    deadline: Duration,
    tasks: [AbortHandle; 2],
}

impl Client {
    /// Connects. Nothing is said yet: [`Client::hello`] is worth being the first thing, for it starts the heartbeat.
    ///
    /// # Errors
    /// [`ConnectError`], a sentence that says what to do.
    pub async fn connect(url: &str, options: Options) -> Result<(Self, Events), ConnectError> {
        let (sink, stream) = connect::open(url, &options).await?.split();
        let shared = Arc::new(Shared::new());
        let (events, unread) = mpsc::channel(options.unread_events.max(1));
        let (commands, inbox) = mpsc::channel(UNSENT);
        let reader = tokio::spawn(reader::run(stream, Arc::clone(&shared), events)).abort_handle();
        let pulse = Pulse::new(&shared, &options);
        let writer = Writer {
            socket: sink,
            commands: inbox,
            shared: Arc::clone(&shared),
            reader: reader.clone(),
            patience: options.deadline,
        };
        let writer = tokio::spawn(writer.run(pulse)).abort_handle();
        let client = Self {
            commands,
            shared,
            deadline: options.deadline,
            tasks: [reader, writer],
        };
        Ok((client, Events::new(unread)))
    }

    /// Says something and waits for the answer.
    ///
    /// # Errors
    /// [`RequestError::Refused`] where Switchboard says no, by `error` or by an action's own refusal; else why there is no
    /// answer.
    pub async fn request(&self, action: impl Into<Action>) -> Result<Event, RequestError> {
        let action = action.into();
        let id = self.fresh_id();
        let answer = self
            .ask(action.name(), write_action(&action, Some(&id)), id)
            .await?;
        let event = answer
            .into_event()
            .map_err(|answer| RequestError::Unexpected {
                action: action.name().to_owned(),
                answer,
            })?;
        match Refused::of(&event) {
            Some(refused) => Err(refused.into()),
            None => Ok(event),
        }
    }

    /// Says something without asking for an answer. A refusal arrives among the [`Events`].
    ///
    /// An action that has a natural answer is answered even so, and that too arrives among the events.
    ///
    /// # Errors
    /// [`SendError`] where it is too long or the connection has ended.
    pub async fn send(&self, action: impl Into<Action>) -> Result<(), SendError> {
        self.send_text(write_action(&action.into(), None)).await
    }

    /// Sends a text as it is, be it a message or not, in as many frames as it needs. For tests and for trying things out.
    ///
    /// # Errors
    /// [`SendError`] where it is too long or the connection has ended.
    pub async fn send_text(&self, text: impl Into<String>) -> Result<(), SendError> {
        let text = text.into();
        if text.len() > MAX_MESSAGE_BYTES {
            return Err(SendError::TooLong { bytes: text.len() });
        }
        self.command(Command::Text(text)).await
    }

    /// Sends a frame as it is, however wrong: for tests of what a server does with bad ones.
    ///
    /// # Errors
    /// [`SendError::Ended`] where the connection has ended.
    pub async fn send_frame(&self, frame: RawFrame) -> Result<(), SendError> {
        self.command(Command::Frame(frame)).await
    }

    /// Sends a message, given as JSON, and waits for the answer, given as it came. A message without an `id` gets one.
    ///
    /// # Errors
    /// [`RequestError`] where there is no answer. A refusal is an answer like any other here.
    pub async fn request_raw(
        &self,
        mut message: Map<String, Value>,
    ) -> Result<String, RequestError> {
        let id = match message.get("id") {
            None | Some(Value::Null) => self.fresh_id(),
            Some(id) => {
                serde_json::from_value(id.clone()).map_err(|error| RequestError::Unanswerable {
                    problem: format!("its `id` is none: {error}"),
                })?
            }
        };
        message.insert("id".to_owned(), Value::from(id.as_str()));
        let action = message
            .get("action")
            .and_then(Value::as_str)
            .unwrap_or("message")
            .to_owned();
        let answer = self
            .ask(&action, Value::Object(message).to_string(), id)
            .await?;
        Ok(answer.text)
    }

    /// An id that this client has given no message yet.
    #[must_use]
    pub fn fresh_id(&self) -> MessageId {
        self.shared.pending.fresh_id()
    }

    /// Says goodbye, after everything sent before, and waits until the connection has ended.
    pub async fn close(&self) -> End {
        // Where the writer is gone already, so is the connection.
        self.commands.send(Command::Close).await.ok();
        self.ended().await
    }

    /// Drops the connection without a goodbye, as a crash would: for tests.
    pub fn abort(&self) {
        self.shared.finish(End::Aborted);
        for task in &self.tasks {
            task.abort();
        }
    }

    /// Waits for the end of the connection and says how it came about.
    pub async fn ended(&self) -> End {
        self.shared.ended().await
    }

    /// What has gone over the wire so far.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.shared.counters.read()
    }

    /// What it shares with its tasks, which counts on when the last handle is gone.
    pub(crate) fn shared(&self) -> Arc<Shared> {
        Arc::clone(&self.shared)
    }

    async fn ask(&self, action: &str, text: String, id: MessageId) -> Result<Frame, RequestError> {
        let mut waiting =
            self.shared
                .pending
                .wait_for(id)
                .ok_or_else(|| RequestError::Unanswerable {
                    problem: "another message with the same `id` still waits for its answer"
                        .to_owned(),
                })?;
        let asking = async {
            self.send_text(text).await?;
            match (&mut waiting.answer).await {
                Ok(answer) => Ok(answer),
                // The end has been recorded before anybody is given up on.
                Err(_) => Err(RequestError::Ended(self.ended().await)),
            }
        };
        timeout(self.deadline, asking).await.unwrap_or_else(|_| {
            Err(RequestError::Deadline {
                action: action.to_owned(),
                deadline: self.deadline,
                unread: self.shared.is_stalled(),
            })
        })
    }

    async fn command(&self, command: Command) -> Result<(), SendError> {
        if let Some(end) = self.shared.end() {
            return Err(end.into());
        }
        match self.commands.send(command).await {
            Ok(()) => Ok(()),
            Err(_) => Err(self.ended().await.into()),
        }
    }
}
