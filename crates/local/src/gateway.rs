//! The front as a whole: built, listening, stopped.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use thiserror::Error;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;
use tracing::warn;

use crate::authorizer::Authorizer;
use crate::connections::{Connections, OVERHEAD};
use crate::integration::Integration;
use crate::requests;
use crate::routes::{RouteTable, Routes, RoutesError};
use crate::settings::Settings;

/// How many connections may wait to be accepted: a crowd that arrives at once is not turned away.
const BACKLOG: u32 = 4096;

/// How long a client may take over the head of its request.
const REQUEST_TIMEOUT: Duration = Duration::from_secs(10);

/// How long requests that are still being answered get when the server stops.
const REQUEST_GRACE: Duration = Duration::from_secs(1);

/// How long accepting pauses where the machine has no socket to give.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// API Gateway's WebSocket behaviour over given integrations, ready to listen.
pub struct Gateway {
    routes: RouteTable,
    connections: Connections,
    settings: Settings,
    authorizer: Option<Arc<dyn Authorizer>>,
}

/// Why a gateway cannot be built.
#[derive(Debug, Error)]
pub enum GatewayError {
    /// The routes and the integrations do not fit together.
    #[error("the routes do not fit the functions")]
    Routes(#[from] RoutesError),
    /// A limit that would make every connection useless.
    #[error("{setting} is {value}; it must be at least {least}")]
    TooSmall {
        /// The setting's name.
        setting: &'static str,
        /// What it was set to.
        value: usize,
        /// The least that works.
        least: usize,
    },
}

/// Why a gateway does not listen.
#[derive(Debug, Error)]
pub enum ListenError {
    /// Somebody else listens there.
    #[error(
        "{address} is taken: stop what listens there, or listen on another port (port 0 takes a free one)"
    )]
    Taken {
        /// Where it was to listen.
        address: SocketAddr,
    },
    /// The machine refuses for another reason.
    #[error("cannot listen on {address}")]
    Refused {
        /// Where it was to listen.
        address: SocketAddr,
        /// What the machine says.
        #[source]
        source: io::Error,
    },
}

/// What every connection of a gateway shares.
pub(crate) struct Front {
    pub(crate) routes: RouteTable,
    pub(crate) connections: Connections,
    pub(crate) settings: Settings,
    pub(crate) authorizer: Option<Arc<dyn Authorizer>>,
    /// Where it listens, with the port that it got.
    pub(crate) address: SocketAddr,
    /// Cancelled when the server is to stop.
    pub(crate) stop: CancellationToken,
    /// Everything that a stop waits for.
    pub(crate) tasks: TaskTracker,
    /// One permit per connection that may still come.
    pub(crate) slots: Arc<Semaphore>,
}

/// A gateway that listens. Dropping it stops it without waiting.
pub struct Running {
    front: Arc<Front>,
    stop: DropGuard,
}

impl Gateway {
    /// Puts the integrations, by the name of their function, behind the routes. What the integrations post goes
    /// through the same `connections`, made with the same settings.
    ///
    /// # Errors
    /// [`GatewayError`] where a function has no integration, an integration no route, or a limit is too small to serve.
    pub fn new(
        routes: &Routes,
        integrations: &BTreeMap<String, Arc<dyn Integration>>,
        connections: Connections,
        settings: Settings,
    ) -> Result<Self, GatewayError> {
        let waiting_message = settings.max_message + OVERHEAD;
        at_least("max_in_flight", settings.max_in_flight.into(), 1)?;
        at_least("max_unread", settings.max_unread, waiting_message)?;
        let routes = RouteTable::new(routes, integrations)?;
        Ok(Self {
            routes,
            connections,
            settings,
            authorizer: None,
        })
    }

    /// The same, where an authorizer is asked before `$connect`.
    #[must_use]
    pub fn with_authorizer(self, authorizer: Arc<dyn Authorizer>) -> Self {
        Self {
            authorizer: Some(authorizer),
            ..self
        }
    }

    /// Listens, and serves until it is stopped.
    ///
    /// # Errors
    /// [`ListenError`] where the address cannot be had.
    ///
    /// # Panics
    /// Outside a Tokio runtime, because it serves on that runtime's tasks.
    pub fn listen(self) -> Result<Running, ListenError> {
        let listener = bind(self.settings.listen)?;
        let address = listener
            .local_addr()
            .map_err(|error| refused(self.settings.listen, error))?;
        let stop = CancellationToken::new();
        let front = Arc::new(Front {
            routes: self.routes,
            connections: self.connections,
            address,
            stop: stop.clone(),
            tasks: TaskTracker::new(),
            slots: Arc::new(Semaphore::new(
                self.settings.max_connections.min(Semaphore::MAX_PERMITS),
            )),
            settings: self.settings,
            authorizer: self.authorizer,
        });
        front.tasks.spawn(accept(Arc::clone(&front), listener));
        Ok(Running {
            front,
            stop: stop.drop_guard(),
        })
    }
}

impl Running {
    /// Where it listens, with the port that it got.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.front.address
    }

    /// The URL that a client connects to.
    #[must_use]
    pub fn url(&self) -> String {
        self.front.url()
    }

    /// The open connections.
    #[must_use]
    pub fn connections(&self) -> &Connections {
        &self.front.connections
    }

    /// Stops: accepts nobody any more, closes every socket with 1001, runs their `$disconnect`s and waits for what
    /// is in flight, for [`Settings::stop_timeout`] at most.
    pub async fn stop(self) {
        let Self { front, stop } = self;
        drop(stop);
        front.tasks.close();
        if tokio::time::timeout(front.settings.stop_timeout, front.tasks.wait())
            .await
            .is_err()
        {
            warn!(
                unfinished = front.tasks.len(),
                "stopped without waiting any longer"
            );
        }
    }
}

impl Front {
    pub(crate) fn url(&self) -> String {
        // An address that means "everywhere" is nowhere to connect to.
        let ip = match self.address.ip() {
            IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
            IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
            ip @ (IpAddr::V4(_) | IpAddr::V6(_)) => ip,
        };
        format!("ws://{}", SocketAddr::new(ip, self.address.port()))
    }
}

fn at_least(setting: &'static str, value: usize, least: usize) -> Result<(), GatewayError> {
    if value < least {
        return Err(GatewayError::TooSmall {
            setting,
            value,
            least,
        });
    }
    Ok(())
}

fn bind(address: SocketAddr) -> Result<TcpListener, ListenError> {
    let listen = || {
        let socket = if address.is_ipv4() {
            TcpSocket::new_v4()
        } else {
            TcpSocket::new_v6()
        }?;
        // Without it, a restart finds its own port taken for a minute.
        socket.set_reuseaddr(true)?;
        socket.bind(address)?;
        socket.listen(BACKLOG)
    };
    listen().map_err(|error| refused(address, error))
}

fn refused(address: SocketAddr, source: io::Error) -> ListenError {
    if source.kind() == io::ErrorKind::AddrInUse {
        ListenError::Taken { address }
    } else {
        ListenError::Refused { address, source }
    }
}

async fn accept(front: Arc<Front>, listener: TcpListener) {
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = front.stop.cancelled() => return,
        };
        match accepted {
            Ok((stream, peer)) => {
                front.tasks.spawn(serve(Arc::clone(&front), stream, peer));
            }
            Err(error) => {
                warn!(%error, "cannot accept a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
}

/// Serves the requests of one TCP connection. An upgraded one lives on in its session.
async fn serve(front: Arc<Front>, stream: TcpStream, peer: SocketAddr) {
    // Signalling is small messages that somebody waits for. A socket that cannot be told so is served all the same.
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| {
        let answer = requests::answer(Arc::clone(&front), peer, request);
        async move { Ok::<_, Infallible>(answer.await) }
    });
    let requests = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(REQUEST_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service)
        .with_upgrades();
    let mut requests = std::pin::pin!(requests);
    // What becomes of the request is its client's business; a broken one is no event here.
    tokio::select! {
        _ = requests.as_mut() => {}
        () = front.stop.cancelled() => {
            requests.as_mut().graceful_shutdown();
            let _ = tokio::time::timeout(REQUEST_GRACE, requests).await;
        }
    }
}
