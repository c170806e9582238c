//! The task that reads.

use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt as _;
use futures::stream::SplitStream;
use protocol::Event;
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TrySendError;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use crate::End;
use crate::connect::Socket;
use crate::events::Frame;
use crate::shared::Shared;

/// The WebSocket close code for "none was given" (RFC 6455, 7.1.5).
const NO_CODE: u16 = 1005;
/// How long a server may take to hang up after its goodbye.
const HANG_UP: Duration = Duration::from_secs(1);

/// Reads until the connection ends, and says how it did.
pub(crate) async fn run(
    mut socket: SplitStream<Socket>,
    shared: Arc<Shared>,
    events: mpsc::Sender<Frame>,
) {
    let end = read(&mut socket, &shared, &events).await;
    shared.finish(end);
    if let Some(end) = shared.end() {
        tracing::debug!(connection.end = %end, "a connection to Switchboard ended");
    }
}

async fn read(
    socket: &mut SplitStream<Socket>,
    shared: &Shared,
    events: &mpsc::Sender<Frame>,
) -> End {
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => {
                shared.counters.count_received(text.len());
                deliver(Frame::read(text.as_str().to_owned()), shared, events).await;
            }
            Some(Ok(Message::Binary(bytes))) => {
                shared.counters.count_received(bytes.len());
                // Not part of the protocol; shown as what it is, and no event.
                let text = String::from_utf8_lossy(&bytes).into_owned();
                deliver(Frame::read(text), shared, events).await;
            }
            Some(Ok(Message::Close(frame))) => {
                // Reading on is what sends the answer. The server is to hang up first (RFC 6455, 7.1.1); one that does
                // not is not waited for.
                timeout(HANG_UP, socket.next()).await.ok();
                return by_server(frame);
            }
            Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Frame(_))) => {}
            None => return End::Broken("it ended without a goodbye".to_owned()),
            Some(Err(error)) => return End::Broken(error.to_string()),
        }
    }
}

fn by_server(frame: Option<CloseFrame>) -> End {
    match frame {
        Some(frame) => End::ByServer {
            code: frame.code.into(),
            reason: frame.reason.as_str().to_owned(),
        },
        None => End::ByServer {
            code: NO_CODE,
            reason: String::new(),
        },
    }
}

/// To the request that waits for it, or to the reader of events, waiting for room there.
async fn deliver(frame: Frame, shared: &Shared, events: &mpsc::Sender<Frame>) {
    if let Some(Event::Welcome(welcome)) = frame.event() {
        shared.set_heartbeat(Duration::from_secs(welcome.heartbeat_seconds.into()));
    }
    let Some(frame) = shared.pending.answer(frame) else {
        return;
    };
    match events.try_send(frame) {
        // A closed queue: the program dropped its `Events` and wants none.
        Ok(()) | Err(TrySendError::Closed(_)) => {}
        Err(TrySendError::Full(frame)) => {
            shared.set_stalled(true);
            events.send(frame).await.ok();
            shared.set_stalled(false);
        }
    }
}
