//! The server's side of a connection, played by the test.

use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use protocol::{MAX_FRAME_BYTES, MAX_MESSAGE_BYTES};
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, accept_async_with_config};

use crate::{Client, Events, Options};

const PATIENCE: Duration = Duration::from_secs(20);

/// One accepted connection.
pub(super) struct Server {
    socket: WebSocketStream<TcpStream>,
}

/// Where connections are accepted, one after the other.
pub(super) struct Front {
    listener: TcpListener,
}

impl Front {
    pub(super) async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        Self { listener }
    }

    pub(super) fn url(&self) -> String {
        format!(
            "ws://{}",
            self.listener.local_addr().expect("a bound address")
        )
    }

    /// Accepts the next connection.
    pub(super) async fn accept(&self) -> Server {
        let accepted = timeout(PATIENCE, self.listener.accept()).await;
        let (stream, _) = accepted.expect("it comes in time").expect("a connection");
        // As strict as the platform, so that a test fails where the platform would close.
        let config = WebSocketConfig::default()
            .max_frame_size(Some(MAX_FRAME_BYTES))
            .max_message_size(Some(MAX_MESSAGE_BYTES));
        let socket = accept_async_with_config(stream, Some(config)).await;
        Server {
            socket: socket.expect("a handshake"),
        }
    }

    /// Turns the next connection away, as a server does that is not there.
    pub(super) async fn turn_away(&self) {
        let accepted = timeout(PATIENCE, self.listener.accept()).await;
        drop(accepted.expect("it comes in time").expect("a connection"));
    }
}

/// A client, its events, and the server that it talks to.
pub(super) async fn connected(options: Options) -> (Client, Events, Server) {
    let front = Front::open().await;
    let url = front.url();
    let (client, server) = tokio::join!(Client::connect(&url, options), front.accept());
    let (client, events) = client.expect("a connection");
    (client, events, server)
}

impl Server {
    /// The next thing that arrives, control frames included.
    pub(super) async fn next(&mut self) -> Option<Result<Message, Error>> {
        timeout(PATIENCE, self.socket.next())
            .await
            .expect("something arrives in time")
    }

    /// The next message, which must be text.
    pub(super) async fn text(&mut self) -> String {
        match self.next().await {
            Some(Ok(Message::Text(text))) => text.as_str().to_owned(),
            other => panic!("no text arrived: {other:?}"),
        }
    }

    /// The next message, which must be JSON.
    pub(super) async fn json(&mut self) -> Value {
        serde_json::from_str(&self.text().await).expect("JSON")
    }

    pub(super) async fn say(&mut self, text: &str) {
        self.send(Message::text(text)).await;
    }

    pub(super) async fn send(&mut self, message: Message) {
        self.socket.send(message).await.expect("the client listens");
    }

    /// Answers a message that carried an id.
    pub(super) async fn answer(&mut self, message: &Value, event: &str, content: &str) {
        let id = &message["id"];
        self.say(&format!(
            r#"{{"event":"{event}","content":{content},"reply_to":{id}}}"#
        ))
        .await;
    }
}
