//! One connection from its upgrade to its `$disconnect`.

use std::sync::Arc;

use http::{HeaderMap, HeaderValue, StatusCode};
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tracing::{debug, error, warn};

use crate::ambient;
use crate::authorizer::judge;
use crate::connections::{Outbox, Posted};
use crate::end::End;
use crate::event::{Body, Client};
use crate::gateway::Front;
use crate::integration::{IntegrationResponse, InvocationError, chain, in_time};
use crate::routes::{CONNECT, DEFAULT, DISCONNECT, Route};
use crate::settings::{Farewells, Settings};
use crate::socket;

/// The request that asks for a WebSocket.
pub(crate) struct Opening {
    pub(crate) headers: HeaderMap,
    pub(crate) query: Option<String>,
    pub(crate) upgrade: OnUpgrade,
}

/// What was decided of an upgrade: its status, the subprotocol where it is granted, and the body where it is refused.
pub(crate) struct Verdict {
    pub(crate) status: StatusCode,
    pub(crate) body: String,
    pub(crate) subprotocol: Option<HeaderValue>,
}

/// One connection.
pub(crate) struct Session {
    front: Arc<Front>,
    client: Client,
    places: Arc<Semaphore>,
}

impl Session {
    pub(crate) fn new(front: Arc<Front>, client: Client) -> Arc<Self> {
        let places = Arc::new(Semaphore::new(front.settings.max_in_flight.into()));
        Arc::new(Self {
            front,
            client,
            places,
        })
    }

    /// Lives the connection: `$connect`, the socket, and exactly one `$disconnect` if `$connect` let it in; none where
    /// farewells get lost.
    ///
    /// It runs beside the request that opens it: should the client hang up while `$connect` is under way, `$connect`
    /// still comes to its end and is followed by its `$disconnect`.
    pub(crate) async fn run(self: Arc<Self>, opening: Opening, answer: oneshot::Sender<Verdict>) {
        let verdict = self.open(&opening).await;
        if !verdict.status.is_success() {
            // Nobody may be waiting for the refusal any more.
            let _ = answer.send(verdict);
            return;
        }
        let outbox = self.front.connections.open(self.client.id.clone());
        let end = match answer.send(verdict) {
            Ok(()) => self.talk(opening.upgrade, outbox).await,
            Err(_) => End::Dropped,
        };
        self.front.connections.close(&self.client.id);
        debug!(connection.id = ?self.client.id, ?end, "a connection has ended");
        self.all_done().await;
        self.disconnect(&end).await;
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.front.settings
    }

    /// Waits until the server is told to stop.
    pub(crate) async fn stopped(&self) {
        self.front.stop.cancelled().await;
    }

    /// Waits until one more message may be handled.
    pub(crate) async fn place(&self) -> OwnedSemaphorePermit {
        Arc::clone(&self.places)
            .acquire_owned()
            .await
            .expect("the places are never closed")
    }

    /// Handles a message beside the others of this client, as API Gateway does.
    pub(crate) fn take(self: &Arc<Self>, body: Body, place: OwnedSemaphorePermit) {
        let session = Arc::clone(self);
        self.front.tasks.spawn(async move {
            if let Some(answer) = session.message(body).await {
                session.reply(answer);
            }
            drop(place);
        });
    }

    /// Asks the authorizer, if there is one, and then `$connect`.
    async fn open(&self, opening: &Opening) -> Verdict {
        let request = ambient::name();
        if let Some(authorizer) = &self.front.authorizer {
            let event = self.client.authorise(&request, opening);
            let asked = || async { authorizer.authorise(event).await };
            let answer = in_time(asked, self.settings().integration_timeout).await;
            let authorized = match answer {
                Ok(answer) => judge(answer),
                Err(error) => {
                    self.warn(&error, &request, "authorizer");
                    Err(StatusCode::INTERNAL_SERVER_ERROR)
                }
            };
            match authorized {
                Ok(authorized) => {
                    let known = self.client.authorized.set(authorized);
                    known.expect("a connection is opened once");
                }
                Err(status) => return self.refuse(status, &request),
            }
        }
        self.connect(opening, request).await
    }

    fn refuse(&self, status: StatusCode, request: &str) -> Verdict {
        let reason = status.canonical_reason().unwrap_or("Refused");
        Verdict {
            status,
            body: self.complaint(reason, request),
            subprotocol: None,
        }
    }

    /// Invokes `$connect`. Without such a route everybody is let in.
    async fn connect(&self, opening: &Opening, request: String) -> Verdict {
        let Some(route) = self.front.routes.get(CONNECT) else {
            return Verdict {
                status: StatusCode::OK,
                body: String::new(),
                subprotocol: None,
            };
        };
        let event = self
            .client
            .connect(&request, &opening.headers, opening.query.as_deref());
        match self.invoke(&route, &request, event).await {
            Ok(answer) => {
                let refused = self.refuse(connect_status(answer.status_code), &request);
                let body = answer.body.filter(|body| !body.is_empty());
                let chosen = answer.subprotocol.map(HeaderValue::try_from);
                Verdict {
                    body: body.unwrap_or(refused.body),
                    subprotocol: chosen.and_then(Result::ok),
                    ..refused
                }
            }
            Err(InvocationError::TimedOut(_)) => self.refuse(StatusCode::GATEWAY_TIMEOUT, &request),
            Err(InvocationError::Failed(_) | InvocationError::Panicked) => {
                self.refuse(StatusCode::INTERNAL_SERVER_ERROR, &request)
            }
        }
    }

    async fn talk(self: &Arc<Self>, upgrade: OnUpgrade, outbox: Outbox) -> End {
        let Ok(upgraded) = upgrade.await else {
            return End::Dropped;
        };
        let (stream, read) = into_tcp(upgraded);
        let socket = socket::open(stream, read, self.settings()).await;
        let (socket, end) = socket::serve(self, socket, outbox).await;
        // The farewell must not hold up `$disconnect`: others wait to hear that this player is gone.
        let farewell = end.clone();
        self.front
            .tasks
            .spawn(async move { socket::close(socket, &farewell).await });
        end
    }

    /// Handles one message. What comes back is for its sender.
    async fn message(&self, body: Body) -> Option<String> {
        let request = ambient::name();
        let route = match &body {
            Body::Text(text) => self.front.routes.of_text(text),
            Body::Binary(_) => self.front.routes.get(DEFAULT),
        };
        let Some(route) = route else {
            return Some(self.complaint("Forbidden", &request));
        };
        let event = self.client.message(route.key, &request, body);
        match self.invoke(&route, &request, event).await {
            Ok(answer) => answer.body.filter(|body| !body.is_empty()),
            Err(_) => Some(self.complaint("Internal server error", &request)),
        }
    }

    fn reply(&self, answer: String) {
        match self.front.connections.post(&self.client.id, answer) {
            Ok(Posted::Delivered) => {}
            Ok(Posted::Gone) => debug!(connection.id = ?self.client.id, "an answer came too late"),
            Err(refused) => {
                error!(connection.id = ?self.client.id, "an answer is not sent: {refused}");
                let complaint = self.complaint("Internal server error", &ambient::name());
                let _ = self.front.connections.post(&self.client.id, complaint);
            }
        }
    }

    /// Waits until no message of this client is being handled any more.
    async fn all_done(&self) {
        let all = u32::from(self.settings().max_in_flight);
        let _places = self
            .places
            .acquire_many(all)
            .await
            .expect("the places are never closed");
    }

    async fn disconnect(&self, end: &End) {
        if self.settings().farewells == Farewells::Lost {
            return;
        }
        let Some(route) = self.front.routes.get(DISCONNECT) else {
            return;
        };
        let request = ambient::name();
        let (code, reason) = end.status();
        let event = self.client.disconnect(&request, code, reason);
        // Logged already, and nobody is left to be told.
        let _ = self.invoke(&route, &request, event).await;
    }

    async fn invoke(
        &self,
        route: &Route<'_>,
        request: &str,
        event: Value,
    ) -> Result<IntegrationResponse, InvocationError> {
        let timeout = self.settings().integration_timeout;
        let called = || route.integration.invoke(event);
        let answer = in_time(called, timeout).await;
        answer.inspect_err(|error| self.warn(error, request, route.key))
    }

    fn warn(&self, error: &InvocationError, request: &str, route: &str) {
        warn!(
            connection.id = ?self.client.id,
            request.id = request,
            route,
            error = chain(error),
            "an invocation brought no answer"
        );
    }

    /// What API Gateway itself says to a client.
    fn complaint(&self, message: &str, request: &str) -> String {
        let id = self.client.id.as_str();
        json!({ "message": message, "connectionId": id, "requestId": request }).to_string()
    }
}

/// The status of the upgrade. What an upgrade cannot be answered with is a failure of the integration.
fn connect_status(code: u16) -> StatusCode {
    StatusCode::from_u16(code)
        .ok()
        .filter(|status| !status.is_informational())
        .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// The TCP stream below an upgraded request, without the layers that HTTP needed.
fn into_tcp(upgraded: Upgraded) -> (TcpStream, bytes::Bytes) {
    let parts = upgraded
        .downcast::<TokioIo<TcpStream>>()
        .expect("the gateway serves nothing but TCP streams");
    (parts.io.into_inner(), parts.read_buf)
}
