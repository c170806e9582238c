//! The task that writes, and that says `ping` when nothing else was to be said.

use std::sync::Arc;
use std::time::Duration;

use futures::SinkExt as _;
use futures::stream::SplitSink;
use protocol::connection::Ping;
use protocol::envelope::write_action;
use tokio::sync::mpsc;
use tokio::task::AbortHandle;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::End;
use crate::connect::Socket;
use crate::frame::{RawFrame, split};
use crate::heartbeat::{Beat, Pulse};
use crate::shared::Shared;

/// What the handles ask of the writer.
#[derive(Debug)]
pub(crate) enum Command {
    /// Sends a text message.
    Text(String),
    /// Sends a frame as it is.
    Frame(RawFrame),
    /// Says goodbye.
    Close,
}

/// The task that writes.
pub(crate) struct Writer {
    pub(crate) socket: SplitSink<Socket, Message>,
    pub(crate) commands: mpsc::Receiver<Command>,
    pub(crate) shared: Arc<Shared>,
    pub(crate) reader: AbortHandle,
    pub(crate) patience: Duration,
}

/// Why there is nothing more to write.
enum Done {
    Goodbye,
    Ended(End),
}

impl Writer {
    /// Writes until it is told to say goodbye, every handle is gone, or the connection ends.
    pub(crate) async fn run(mut self, pulse: Pulse) {
        let end = match self.write(pulse).await {
            Ok(Done::Ended(end)) => end,
            Ok(Done::Goodbye) => self.say_goodbye().await,
            Err(error) => self.ask_the_reader(&error).await,
        };
        self.shared.finish(end);
        self.reader.abort();
    }

    async fn write(&mut self, mut pulse: Pulse) -> Result<Done, Error> {
        let shared = Arc::clone(&self.shared);
        loop {
            tokio::select! {
                command = self.commands.recv() => match command {
                    Some(Command::Text(text)) => self.send(split(&text)).await?,
                    Some(Command::Frame(frame)) => self.send(vec![frame]).await?,
                    Some(Command::Close) | None => return Ok(Done::Goodbye),
                },
                beat = pulse.next(&shared) => match beat {
                    Beat::Ping => self.ping().await?,
                    Beat::Silence => return Ok(Done::Ended(End::Silent)),
                },
                end = shared.ended() => return Ok(Done::Ended(end)),
            }
            pulse.spoke();
        }
    }

    async fn send(&mut self, frames: Vec<RawFrame>) -> Result<(), Error> {
        for frame in frames {
            let bytes = frame.payload.len();
            self.socket.feed(Message::Frame(frame.into())).await?;
            self.shared.counters.count_sent(bytes);
        }
        self.socket.flush().await
    }

    /// Carries an id so that the `pong` can be told from one that the program asked for, and is swallowed.
    async fn ping(&mut self) -> Result<(), Error> {
        let id = self.shared.pending.wait_for_nobody();
        self.send(split(&write_action(&Ping {}.into(), Some(&id))))
            .await
    }

    /// Says goodbye and waits a while for the answer, which is the reader's to hear.
    async fn say_goodbye(&mut self) -> End {
        self.shared.start_closing();
        let goodbye = CloseFrame {
            code: CloseCode::Normal,
            reason: "".into(),
        };
        let said = self.socket.send(Message::Close(Some(goodbye))).await;
        if said.is_ok() && !self.shared.is_stalled() {
            timeout(self.patience, self.shared.ended()).await.ok();
        }
        End::Closed
    }

    /// What could not be written may be the consequence of an end that the reader is about to read of.
    async fn ask_the_reader(&mut self, error: &Error) -> End {
        let end = timeout(self.patience, self.shared.ended()).await;
        end.unwrap_or_else(|_| End::Broken(error.to_string()))
    }
}
