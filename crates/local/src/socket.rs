//! One WebSocket while it is open: reading, writing, watching the clock, and closing it so that the client hears why.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use bytes::Bytes;
use futures::stream::{SplitSink, SplitStream};
use futures::{SinkExt, StreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Instant, sleep_until, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use crate::connections::{Outbox, Outgoing, Unread};
use crate::end::End;
use crate::event::Body;
use crate::session::Session;
use crate::settings::Settings;

/// How long a client gets to take the close frame, and again to hang up after it.
const FAREWELL: Duration = Duration::from_secs(1);

/// A fresh connection reads into this much. Whoever sends more gets a larger buffer then, so that thousands of idle
/// connections stay small.
const READ_BUFFER: usize = 2 * 1024;

type WebSocket = WebSocketStream<TcpStream>;

/// Makes a WebSocket out of an upgraded stream and what was already read from it.
pub(crate) async fn open(stream: TcpStream, read: Bytes, settings: &Settings) -> WebSocket {
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .write_buffer_size(0)
        .max_frame_size(Some(settings.max_frame))
        .max_message_size(Some(settings.max_message));
    WebSocketStream::from_partially_read(stream, read.into(), Role::Server, Some(config)).await
}

/// Serves the socket until it ends, and says why it did. The socket comes back to be closed.
pub(crate) async fn serve(
    session: &Arc<Session>,
    socket: WebSocket,
    outbox: Outbox,
) -> (WebSocket, End) {
    let Outbox { mut queue, unread } = outbox;
    let clock = Clock::start();
    let (mut sink, mut stream) = socket.split();
    let end = tokio::select! {
        end = read(session, &mut stream, &clock) => end,
        end = write(&mut sink, &mut queue, &unread, &clock) => end,
        end = clock.expire(session.settings()) => end,
        // Beside the writer, which a client that does not read keeps waiting.
        () = unread.overflowed() => End::SlowReader,
        () = session.stopped() => End::Stopped,
    };
    (
        sink.reunite(stream).expect("the two halves of one socket"),
        end,
    )
}

async fn read(session: &Arc<Session>, stream: &mut SplitStream<WebSocket>, clock: &Clock) -> End {
    loop {
        // Before the message, so that a client which sends faster than it is served is held back by TCP.
        let place = session.place().await;
        let body = match stream.next().await {
            Some(Ok(Message::Text(text))) => Body::Text(text.to_string()),
            Some(Ok(Message::Binary(bytes))) => Body::Binary(bytes),
            Some(Ok(Message::Close(frame))) => return End::from_close(frame),
            // A ping is answered by the next read, and none of these is a message that keeps a connection awake.
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => continue,
            Some(Err(error)) => return End::from_error(&error),
            None => return End::Dropped,
        };
        clock.touch();
        session.take(body, place);
    }
}

async fn write(
    sink: &mut SplitSink<WebSocket, Message>,
    queue: &mut UnboundedReceiver<Outgoing>,
    unread: &Unread,
    clock: &Clock,
) -> End {
    while let Some(outgoing) = queue.recv().await {
        let Outgoing::Text(text) = outgoing else {
            return End::Deleted;
        };
        let bytes = text.len();
        if sink.send(Message::text(text)).await.is_err() {
            return End::Dropped;
        }
        unread.remove(bytes);
        clock.touch();
    }
    // The registry lets go of an open connection without a word only where too much waits for it.
    End::SlowReader
}

/// Ends the WebSocket politely, within [`FAREWELL`] twice.
pub(crate) async fn close(mut socket: WebSocket, end: &End) {
    if *end == End::Dropped {
        return;
    }
    let goodbye = async {
        match end.close_frame() {
            Some(frame) => socket.send(Message::Close(Some(frame))).await,
            // The client closed: what is left to send is the answer, which waits in the socket already.
            None => SinkExt::close(&mut socket).await,
        }
    };
    if !matches!(timeout(FAREWELL, goodbye).await, Ok(Ok(()))) {
        return;
    }
    // Closing a TCP socket that has unread bytes resets it, and the reset overtakes the close frame: the sender of a
    // frame that was too long would never learn why. So we hang up our side and read until the client does.
    let mut stream = socket.into_inner();
    if stream.shutdown().await.is_ok() {
        let mut rest = [0_u8; 1024];
        let drained = async { while stream.read(&mut rest).await.is_ok_and(|bytes| bytes > 0) {} };
        // A client that does not hang up either gets no more of our time; that is no error.
        let _ = timeout(FAREWELL, drained).await;
    }
}

/// When the connection was opened and when it last carried a message.
struct Clock {
    opened: Instant,
    last_message: AtomicU64,
}

impl Clock {
    fn start() -> Self {
        Self {
            opened: Instant::now(),
            last_message: AtomicU64::new(0),
        }
    }

    /// A message went through, in whichever direction: for API Gateway both keep a connection awake.
    fn touch(&self) {
        let since = u64::try_from(self.opened.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last_message.store(since, Ordering::Relaxed);
    }

    /// Waits until the connection has been idle for too long or is too old.
    async fn expire(&self, settings: &Settings) -> End {
        let too_old = self.opened + settings.connection_lifetime;
        loop {
            let last_message = Duration::from_millis(self.last_message.load(Ordering::Relaxed));
            let too_idle = self.opened + last_message + settings.idle_timeout;
            let now = Instant::now();
            if now >= too_old {
                return End::Aged;
            }
            if now >= too_idle {
                return End::Idle;
            }
            sleep_until(too_old.min(too_idle)).await;
        }
    }
}
