//! A proxy between a client and Switchboard that sees frames, and cuts connections by plan.
//!
//! What it cuts it cuts as a network does: the client's socket is reset, without a WebSocket close. Switchboard's is reset too, or it
//! is left open and nobody reads it, as when a phone drops out of its network.

use std::collections::VecDeque;
use std::fmt;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::http::Uri;
use tokio_tungstenite::tungstenite::{Error as WsError, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, accept_async, connect_async_with_config};

/// How long either side may take to hang up after a goodbye.
const HANG_UP: Duration = Duration::from_secs(1);

type Near = WebSocketStream<TcpStream>;
type Far = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Where a connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// At which frame, counted from 1 in both directions together.
    pub frame: usize,
    /// Whether that frame still gets through.
    pub moment: Moment,
    /// What Switchboard sees of it.
    pub end: FarEnd,
}

/// Whether a frame gets through before its connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// It does not.
    Before,
    /// It does.
    After,
}

/// What Switchboard sees of a cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FarEnd {
    /// Its socket is reset as well.
    Reset,
    /// Nothing: what it sends goes nowhere.
    Open,
}

/// A proxy. Dropped, it drops every connection.
pub struct Proxy {
    url: String,
    seen: Arc<Mutex<Seen>>,
    accepting: AbortHandle,
}

#[derive(Debug, Default)]
struct Seen {
    /// The cuts to come, one for each connection.
    plan: VecDeque<Option<Cut>>,
    /// How many frames each connection has carried.
    frames: Vec<usize>,
    cuts: usize,
}

impl Proxy {
    /// A proxy for the Switchboard at this URL, with a cut, or none, for each connection in order. Later ones are left alone.
    pub async fn start(upstream: &str, plan: impl IntoIterator<Item = Option<Cut>>) -> Self {
        let upstream: Uri = upstream.parse().expect("a URL");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await;
        let listener = listener.expect("a free port");
        let address = listener.local_addr().expect("a bound address");
        let url = format!("ws://{address}");
        let seen = Arc::new(Mutex::new(Seen {
            plan: plan.into_iter().collect(),
            ..Seen::default()
        }));
        let accepting = tokio::spawn(accept(listener, upstream, Arc::clone(&seen)));
        Self {
            url,
            seen,
            accepting: accepting.abort_handle(),
        }
    }

    /// Where a client connects to.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// How many frames each connection has carried, in both directions, in the order of connecting.
    #[must_use]
    pub fn frames(&self) -> Vec<usize> {
        self.lock().frames.clone()
    }

    /// How many connections were cut.
    #[must_use]
    pub fn cuts(&self) -> usize {
        self.lock().cuts
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Seen> {
        lock(&self.seen)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Proxy").field(&self.url).finish()
    }
}

fn lock(seen: &Mutex<Seen>) -> std::sync::MutexGuard<'_, Seen> {
    seen.lock()
        .expect("nothing panics while it holds this lock")
}

/// Accepts connections. Dropped, it drops them all.
async fn accept(listener: TcpListener, upstream: Uri, seen: Arc<Mutex<Seen>>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else { return };
                connections.spawn(connect(stream, upstream.clone(), Arc::clone(&seen)));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Connects onwards, and passes on what comes.
async fn connect(stream: TcpStream, upstream: Uri, seen: Arc<Mutex<Seen>>) {
    // As the client and the server do: small frames do not wait for each other.
    stream.set_nodelay(true).ok();
    let Ok(near) = accept_async(stream).await else {
        return;
    };
    let Ok((far, _)) = connect_async_with_config(upstream, None, true).await else {
        return;
    };
    let (cut, number) = {
        let mut seen = lock(&seen);
        seen.frames.push(0);
        (seen.plan.pop_front().flatten(), seen.frames.len() - 1)
    };
    let wire = Wire {
        near,
        far,
        seen,
        number,
    };
    // A side that is gone is what the other is about to notice.
    wire.carry(cut).await.ok();
}

struct Wire {
    near: Near,
    far: Far,
    seen: Arc<Mutex<Seen>>,
    number: usize,
}

impl Wire {
    async fn carry(mut self, cut: Option<Cut>) -> Result<(), WsError> {
        loop {
            let (message, is_to_far) = tokio::select! {
                message = self.near.next() => (message, true),
                message = self.far.next() => (message, false),
            };
            let Some(message) = message.transpose()? else {
                return Ok(());
            };
            let is_here = message.is_text() && {
                let frame = self.count();
                cut.is_some_and(|cut| cut.frame == frame)
            };
            let cut = cut.filter(|_| is_here);
            if let Some(Cut {
                moment: Moment::Before,
                end,
                ..
            }) = cut
            {
                return self.cut(end).await;
            }
            let is_goodbye = message.is_close();
            self.pass(message, is_to_far).await?;
            if let Some(Cut { end, .. }) = cut {
                return self.cut(end).await;
            }
            if is_goodbye {
                return self.hang_up().await;
            }
        }
    }

    fn count(&self) -> usize {
        let frames = &mut lock(&self.seen).frames[self.number];
        *frames += 1;
        *frames
    }

    async fn pass(&mut self, message: Message, is_to_far: bool) -> Result<(), WsError> {
        match message {
            // Each side's are answered where they arrive.
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => Ok(()),
            Message::Text(_) | Message::Binary(_) | Message::Close(_) if is_to_far => {
                self.far.send(message).await
            }
            Message::Text(_) | Message::Binary(_) | Message::Close(_) => {
                self.near.send(message).await
            }
        }
    }

    async fn cut(self, end: FarEnd) -> Result<(), WsError> {
        let Self {
            near,
            mut far,
            seen,
            ..
        } = self;
        lock(&seen).cuts += 1;
        if let (FarEnd::Reset, MaybeTlsStream::Plain(stream)) = (end, far.get_ref()) {
            stream.set_zero_linger()?;
        }
        // Dropped, it is reset, without what is still to be sent.
        near.get_ref().set_zero_linger()?;
        drop(near);
        if end == FarEnd::Open {
            while far.next().await.is_some_and(|message| message.is_ok()) {}
        }
        Ok(())
    }

    /// Waits a while for the sides to finish their goodbyes, which reading on is what answers.
    async fn hang_up(&mut self) -> Result<(), WsError> {
        let near = async {
            while self
                .near
                .next()
                .await
                .is_some_and(|message| message.is_ok())
            {}
        };
        let far = async { while self.far.next().await.is_some_and(|message| message.is_ok()) {} };
        timeout(HANG_UP, async { tokio::join!(near, far) })
            .await
            .ok();
        Ok(())
    }
}
