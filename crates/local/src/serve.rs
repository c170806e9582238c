//! The whole service in this process: the front, the real handlers, and DynamoDB behind the same SDK client.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ::authorizer::{Authentication, InvalidAuthentication};
use aws_lambda_events::encodings::Body;
use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use domain::matchmaking::Queues;
use function::limit::{Kind, Limit, LimitSettings, Limits};
use function::turn::Turn;
use function::{Context, DEFAULT_CHECK_UP, DEFAULT_GRACE, Failure};
use futures::future::BoxFuture;
use http::HeaderValue;
use http::header::SEC_WEBSOCKET_PROTOCOL;
use ids::ConnectionId;
use protocol::event::IceServer;
use push::{Deliver, PushError};
use schedule::{Tick, Timer};
use seal::{Sealer, WeakSecret};
use secrecy::SecretString;
use store::{Inspector, Store, StoreError};
use thiserror::Error;

use crate::ambient;
use crate::integration::{IntegrationError, IntegrationResponse};
use crate::later::{self, Consumer, Later, Scheduled, Working};
use crate::{
    Authorizer, Connections, Gateway, GatewayError, Integration, ListenError, PostError, Posted,
    Routes, RoutesError, Running, Settings,
};

/// The one list of routes: Terraform makes the API from the same file.
const ROUTES: &str = include_str!("../../../terraform/routes.json");

/// What can be set about the local server.
#[derive(Clone, Debug)]
pub struct ServerSettings {
    /// How the front behaves.
    pub front: Settings,
    /// What addresses are sealed with, at least 32 characters. None: random, and so addresses end with the server.
    pub seal_secret: Option<SecretString>,
    /// What `get_ice_servers` tells.
    pub ice_servers: Vec<IceServer>,
    /// The maker of credentials for TURN servers, which `get_ice_servers` tells too.
    pub turn: Option<Turn>,
    /// Where players can be matched.
    pub queues: Queues,
    /// How long a player whose connection has ended may stay away before it is out.
    pub grace: Duration,
    /// How often a lobby is looked at, whether those who are in it are still connected. None: never.
    pub check_up: Option<Duration>,
    /// How players prove who they are. None: everybody who comes is somebody new.
    pub authentication: Option<Authentication>,
    /// How much one client may ask for.
    pub limits: LimitSettings,
}

/// How many connections may come from one address: whoever plays here comes from the same, be it a hundred players of a test.
const CONNECTS: Limit = Limit::new(10_000, 500);

impl Default for ServerSettings {
    fn default() -> Self {
        Self {
            front: Settings::default(),
            seal_secret: None,
            ice_servers: Vec::new(),
            turn: None,
            queues: Queues::shipped(),
            grace: DEFAULT_GRACE,
            check_up: Some(DEFAULT_CHECK_UP),
            authentication: None,
            limits: LimitSettings::default().with(Kind::Connect, CONNECTS),
        }
    }
}

/// Why the server does not start.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The list of routes is wrong.
    #[error("terraform/routes.json is not usable")]
    Routes(#[from] RoutesError),
    /// The routes and the functions do not fit.
    #[error("the routes and the functions do not fit each other")]
    Gateway(#[from] GatewayError),
    /// The address cannot be had.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// The tables cannot be made.
    #[error("the tables could not be made")]
    Store(#[from] StoreError),
    /// The secret is none.
    #[error(transparent)]
    Secret(#[from] WeakSecret),
    /// Players could not prove who they are.
    #[error(transparent)]
    Authentication(#[from] InvalidAuthentication),
}

/// A server that runs. Dropping it stops it without waiting.
pub struct Server {
    running: Running,
    working: Working,
    later: Later,
    store: Store,
    inspector: Inspector,
    sealer: Sealer,
    posts: Arc<AtomicU64>,
}

impl fmt::Debug for Server {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Server")
            .field("url", &self.url())
            .finish_non_exhaustive()
    }
}

/// Starts the service: empty tables, and the front listening.
///
/// # Errors
/// [`ServeError`] says what is in the way.
pub async fn serve(settings: ServerSettings) -> Result<Server, ServeError> {
    let secret = settings.seal_secret.unwrap_or_else(random_secret);
    let connections = Connections::new(&settings.front);
    let posts = Arc::new(AtomicU64::new(0));
    let push = InProcess {
        connections: connections.clone(),
        posts: Arc::clone(&posts),
    };
    let (later, jobs) = Later::new(later::Settings {
        stop_timeout: settings.front.stop_timeout,
        ..later::Settings::default()
    });
    let (store, inspector) = store::in_process_inspected().await?;
    let context = Context {
        store,
        push: Arc::new(push),
        schedule: Arc::new(later.clone()),
        sealer: Sealer::new(&secret)?,
        ice_servers: settings.ice_servers.into(),
        turn: settings.turn,
        queues: Arc::new(settings.queues),
        grace: settings.grace,
        check_up: settings.check_up,
        connection_life: settings.front.connection_lifetime,
        limits: Arc::new(Limits::new(settings.limits)),
    };
    let gateway = Gateway::new(
        &Routes::parse(ROUTES)?,
        &functions(&context),
        connections,
        settings.front,
    )?;
    let gateway = match settings.authentication {
        Some(authentication) => gateway.with_authorizer(authorizer(authentication)?),
        None => gateway,
    };
    let running = gateway.listen()?;
    let working = jobs.start(Arc::new(Functions(context.clone())));
    Ok(Server {
        running,
        working,
        later,
        store: context.store,
        inspector,
        sealer: context.sealer,
        posts,
    })
}

impl Server {
    /// The URL that a client connects to.
    #[must_use]
    pub fn url(&self) -> String {
        self.running.url()
    }

    /// The tables, for whoever wants to see what is in them or count the requests to them.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// All that is in the tables, past the repositories.
    #[must_use]
    pub fn inspector(&self) -> &Inspector {
        &self.inspector
    }

    /// The maker of this server's addresses.
    #[must_use]
    pub fn sealer(&self) -> &Sealer {
        &self.sealer
    }

    /// The open connections.
    #[must_use]
    pub fn connections(&self) -> &Connections {
        self.running.connections()
    }

    /// How many frames the functions have posted to connections.
    #[must_use]
    pub fn posts(&self) -> u64 {
        self.posts.load(Ordering::Relaxed)
    }

    /// How many ticks and timers the functions have sent.
    #[must_use]
    pub fn scheduled(&self) -> Scheduled {
        self.later.sent()
    }

    /// Waits until no tick and no timer is being handled or due. Those whose time comes later are not waited for.
    pub async fn quiet(&self) {
        self.later.quiet().await;
    }

    /// Closes every socket, runs their `$disconnect`s, and waits for what is in flight. What was to happen later does not.
    pub async fn stop(self) {
        self.running.stop().await;
        self.working.stop().await;
    }
}

/// The functions of consumers.json: what ticks and timers are handled by.
struct Functions(Context);

impl Consumer for Functions {
    fn tick(&self, tick: Tick, attempt: u32) -> BoxFuture<'_, Result<(), Failure>> {
        let handle = |tick| matchmaker::handle(&self.0, tick);
        Box::pin(function::invoke_message(tick, attempt, handle))
    }

    fn timer(&self, timer: Timer, attempt: u32) -> BoxFuture<'_, Result<(), Failure>> {
        let handle = |timer| timer::handle(&self.0, timer);
        Box::pin(function::invoke_message(timer, attempt, handle))
    }
}

/// Every function under its name in routes.json.
fn functions(context: &Context) -> BTreeMap<String, Arc<dyn Integration>> {
    /// One function of a name that is its crate's.
    macro_rules! function {
        ($name:ident) => {{
            let context = context.clone();
            let handle = move |event| {
                let context = context.clone();
                async move {
                    let event = serde_json::from_value(event)?;
                    let handle = |call| $name::handle(&context, call);
                    let answer = function::invoke(&context, event, handle).await;
                    respond(answer)
                }
            };
            (
                stringify!($name).to_owned(),
                Arc::new(handle) as Arc<dyn Integration>,
            )
        }};
    }
    BTreeMap::from([
        function!(battle),
        function!(connection),
        function!(lobby),
        function!(matchmaking),
        function!(signalling),
    ])
}

/// The function that API Gateway would ask before `$connect`.
fn authorizer(
    authentication: Authentication,
) -> Result<Arc<dyn Authorizer>, InvalidAuthentication> {
    let authorizer = Arc::new(::authorizer::Authorizer::new(authentication)?);
    Ok(Arc::new(move |event| {
        let authorizer = Arc::clone(&authorizer);
        async move {
            let request = serde_json::from_value(event)?;
            let answer = ::authorizer::invoke(&authorizer, request).await?;
            Ok(serde_json::to_value(answer)?)
        }
    }))
}

fn respond(
    answer: aws_lambda_events::apigw::ApiGatewayProxyResponse,
) -> Result<IntegrationResponse, IntegrationError> {
    let chosen = answer.headers.get(SEC_WEBSOCKET_PROTOCOL);
    let chosen = chosen.map(HeaderValue::to_str).transpose()?;
    let body = match answer.body {
        Some(Body::Text(text)) => Some(text),
        None | Some(Body::Empty) => None,
        Some(other) => return Err(format!("an answer that is no text: {other:?}").into()),
    };
    Ok(IntegrationResponse {
        status_code: u16::try_from(answer.status_code)?,
        body,
        subprotocol: chosen.map(str::to_owned),
    })
}

/// Delivery within this process: what the Management API is on AWS.
struct InProcess {
    connections: Connections,
    posts: Arc<AtomicU64>,
}

impl Deliver for InProcess {
    fn post<'a>(
        &'a self,
        to: &'a ConnectionId,
        frame: String,
    ) -> BoxFuture<'a, Result<push::Posted, PushError>> {
        self.posts.fetch_add(1, Ordering::Relaxed);
        let posted = match self.connections.post(to, frame) {
            Ok(Posted::Delivered) => Ok(push::Posted::Delivered),
            Ok(Posted::Gone) => Ok(push::Posted::Gone),
            Err(PostError::TooLarge { .. }) => Err(PushError::TooLong),
        };
        Box::pin(std::future::ready(posted))
    }

    fn is_open<'a>(
        &'a self,
        connection: &'a ConnectionId,
    ) -> BoxFuture<'a, Result<bool, PushError>> {
        let is_open = self.connections.is_open(connection);
        Box::pin(std::future::ready(Ok(is_open)))
    }

    fn close<'a>(&'a self, connection: &'a ConnectionId) -> BoxFuture<'a, Result<(), PushError>> {
        // One that is gone already is closed.
        let _ = self.connections.disconnect(connection);
        Box::pin(std::future::ready(Ok(())))
    }
}

fn random_secret() -> SecretString {
    STANDARD_NO_PAD.encode(ambient::bytes::<32>()).into()
}

#[cfg(test)]
mod tests {
    use schedule::Message as _;
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn every_queue_leads_to_the_function_that_consumers_json_says() {
        let consumers = include_str!("../../../terraform/consumers.json");
        let consumers: Value = serde_json::from_str(consumers).expect("JSON");
        // As `Functions` has it.
        let own = json!({ "matchmaker": Tick::QUEUE, "timer": Timer::QUEUE });
        assert_eq!(consumers, own);
    }
}
