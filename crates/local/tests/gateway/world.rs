//! A running front over the fake function, and clients of it.

use std::collections::BTreeMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use futures::{SinkExt, StreamExt};
use ids::ConnectionId;
use local::{Authorizer, Connections, Gateway, Integration, Routes, Running, Settings};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::fake::{Fake, ROUTES};

/// What is not there after this long never comes.
const PATIENCE: Duration = Duration::from_secs(10);

/// A front, its function and the events that the function got.
pub(crate) struct World {
    pub(crate) running: Running,
    pub(crate) connections: Connections,
    pub(crate) fake: Arc<Fake>,
    events: UnboundedReceiver<Value>,
}

/// One client.
pub(crate) struct Client {
    pub(crate) id: ConnectionId,
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

/// Settings on a free port; everything else as on AWS.
pub(crate) fn settings() -> Settings {
    Settings {
        listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
        ..Settings::default()
    }
}

/// Waits, but not for ever.
pub(crate) async fn soon<T>(what: &str, future: impl Future<Output = T>) -> T {
    let arrived = timeout(PATIENCE, future).await;
    arrived.unwrap_or_else(|_| panic!("{what} did not come"))
}

impl World {
    pub(crate) fn start() -> Self {
        Self::with(settings())
    }

    pub(crate) fn with(settings: Settings) -> Self {
        Self::with_routes(settings, ROUTES)
    }

    pub(crate) fn with_routes(settings: Settings, routes: &str) -> Self {
        Self::behind(settings, routes, |gateway| gateway)
    }

    /// One where this function is asked before `$connect`.
    pub(crate) fn guarded(settings: Settings, authorizer: impl Authorizer) -> Self {
        let guard = |gateway: Gateway| gateway.with_authorizer(Arc::new(authorizer));
        Self::behind(settings, ROUTES, guard)
    }

    fn behind(settings: Settings, routes: &str, guard: impl FnOnce(Gateway) -> Gateway) -> Self {
        let (fake, events) = Fake::new();
        let integrations =
            BTreeMap::from([("fake".to_owned(), Arc::clone(&fake) as Arc<dyn Integration>)]);
        let connections = Connections::new(&settings);
        let routes = Routes::parse(routes).expect("the routes are fine");
        let gateway = Gateway::new(&routes, &integrations, connections.clone(), settings)
            .expect("the gateway is fine");
        let running = guard(gateway).listen().expect("there is a free port");
        Self {
            running,
            connections,
            fake,
            events,
        }
    }

    /// A client that was let in.
    pub(crate) async fn client(&mut self) -> Client {
        let socket = self.connect("").await.expect("everybody is let in");
        let event = self.event("$connect").await;
        Client {
            id: id_of(&event),
            socket,
        }
    }

    /// Asks to be let in with this query.
    pub(crate) async fn connect(
        &self,
        query: &str,
    ) -> Result<WebSocketStream<MaybeTlsStream<TcpStream>>, Error> {
        let url = format!("{}/{query}", self.running.url());
        soon("an answer to the upgrade", Box::pin(connect_async(url)))
            .await
            .map(|(socket, _)| socket)
    }

    /// The next event of all.
    pub(crate) async fn next_event(&mut self) -> Value {
        soon("an event", self.events.recv())
            .await
            .expect("the function lives")
    }

    /// The next event of this route; those of others are passed over.
    pub(crate) async fn event(&mut self, route: &str) -> Value {
        loop {
            let event = self.next_event().await;
            if event["requestContext"]["routeKey"] == route {
                return event;
            }
        }
    }

    /// What the next `$disconnect` was told, and of whom.
    pub(crate) async fn disconnected(&mut self) -> (ConnectionId, u64, String) {
        let event = self.event("$disconnect").await;
        let context = &event["requestContext"];
        let code = context["disconnectStatusCode"].as_u64().expect("a code");
        let reason = context["disconnectReason"]
            .as_str()
            .expect("a reason")
            .to_owned();
        (id_of(&event), code, reason)
    }

    /// Stops the front and gives all events that were not looked at yet.
    pub(crate) async fn stop(mut self) -> Vec<Value> {
        soon("the end of the server", self.running.stop()).await;
        let mut rest = Vec::new();
        while let Ok(event) = self.events.try_recv() {
            rest.push(event);
        }
        rest
    }
}

/// Whose event it is.
pub(crate) fn id_of(event: &Value) -> ConnectionId {
    let id = event["requestContext"]["connectionId"]
        .as_str()
        .expect("an id");
    ConnectionId::parse(id).expect("the shape of an id")
}

/// How many of the events are of this route.
pub(crate) fn count(events: &[Value], route: &str) -> usize {
    events
        .iter()
        .filter(|event| event["requestContext"]["routeKey"] == route)
        .count()
}

/// A frame as it is, masked on its way out.
pub(crate) fn frame(data: Data, bytes: impl Into<Vec<u8>>, last: bool) -> Message {
    Message::Frame(Frame::message(bytes.into(), OpCode::Data(data), last))
}

impl Client {
    pub(crate) fn new(
        id: ConnectionId,
        socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    ) -> Self {
        Self { id, socket }
    }

    pub(crate) async fn send(&mut self, message: impl Into<Message>) {
        soon("room to send", self.socket.send(message.into()))
            .await
            .expect("the socket is open");
    }

    /// Sends what the server may have refused by the time it is all out.
    pub(crate) async fn try_send(&mut self, message: Message) {
        let _ = soon("room to send", self.socket.send(message)).await;
    }

    /// The next text.
    pub(crate) async fn text(&mut self) -> String {
        let message = soon("a message", self.socket.next()).await;
        let message = message.expect("the socket is open").expect("a message");
        message.into_text().expect("a text").to_string()
    }

    /// The next text, as JSON.
    pub(crate) async fn json(&mut self) -> Value {
        serde_json::from_str(&self.text().await).expect("JSON")
    }

    /// Answers pings and reads on until the server closes; its code and its reason.
    pub(crate) async fn closed(&mut self) -> (u16, String) {
        loop {
            match soon("the close", self.socket.next()).await {
                Some(Ok(Message::Close(Some(frame)))) => {
                    return (frame.code.into(), frame.reason.to_string());
                }
                Some(Ok(_)) => {}
                other => panic!("the socket ended without a close frame: {other:?}"),
            }
        }
    }

    /// Says goodbye in this way.
    pub(crate) async fn close(
        &mut self,
        frame: Option<tokio_tungstenite::tungstenite::protocol::CloseFrame>,
    ) {
        soon("the close", self.socket.close(frame))
            .await
            .expect("it was open");
    }

    /// What the server says after our goodbye.
    pub(crate) async fn farewell(&mut self) -> Message {
        soon("the farewell", self.socket.next())
            .await
            .expect("an answer")
            .expect("a frame")
    }
}
