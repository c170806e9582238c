//! The open connections, and what waits to be sent to each: the posting side of the Management API.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use ids::ConnectionId;
use thiserror::Error;
use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::settings::Settings;

/// What a waiting message costs besides its bytes, so that empty ones cannot wait without end.
pub(crate) const OVERHEAD: usize = 64;

/// The registry of open connections. A clone is the same registry.
#[derive(Clone)]
pub struct Connections {
    shared: Arc<Shared>,
}

struct Shared {
    open: RwLock<HashMap<ConnectionId, Line>>,
    max_message: usize,
    max_unread: usize,
}

/// The sending end of one connection.
struct Line {
    queue: UnboundedSender<Outgoing>,
    unread: Arc<Unread>,
}

/// What became of a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Posted {
    /// It is on its way.
    Delivered,
    /// There is no such connection: 410.
    Gone,
}

/// Why a post is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PostError {
    /// More bytes than a message may have: 413.
    #[error("the message has {bytes} bytes; {limit} is the most that can be posted")]
    TooLarge {
        /// The message's bytes.
        bytes: usize,
        /// The most there may be.
        limit: usize,
    },
}

/// What the socket is to do, in the order in which it was asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Outgoing {
    /// Send this.
    Text(String),
    /// Close, because a function wants it.
    Close,
}

/// The receiving end of one connection: what its socket takes its messages from.
pub(crate) struct Outbox {
    pub(crate) queue: UnboundedReceiver<Outgoing>,
    pub(crate) unread: Arc<Unread>,
}

/// How much waits for one client.
#[derive(Default)]
pub(crate) struct Unread {
    bytes: AtomicUsize,
    overflowed: Notify,
}

impl Connections {
    /// A registry without a connection.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        Self {
            shared: Arc::new(Shared {
                open: RwLock::default(),
                max_message: settings.max_message,
                max_unread: settings.max_unread,
            }),
        }
    }

    /// Sends a text to a connection, as `PostToConnection` does. Texts arrive in the order of their posts.
    ///
    /// A client that leaves more than [`Settings::max_unread`] bytes waiting is gone from that moment on, because
    /// to wait for it would hold up the players who post to it.
    ///
    /// # Errors
    /// [`PostError::TooLarge`] where the text is longer than a message may be.
    pub fn post(&self, id: &ConnectionId, text: String) -> Result<Posted, PostError> {
        let bytes = text.len();
        if bytes > self.shared.max_message {
            return Err(PostError::TooLarge {
                bytes,
                limit: self.shared.max_message,
            });
        }
        let open = self.read();
        let Some(line) = open.get(id) else {
            return Ok(Posted::Gone);
        };
        if line.unread.add(bytes) > self.shared.max_unread {
            line.unread.overflowed.notify_one();
            drop(open);
            self.close(id);
            return Ok(Posted::Gone);
        }
        Ok(line
            .queue
            .send(Outgoing::Text(text))
            .map_or(Posted::Gone, |()| Posted::Delivered))
    }

    /// Closes a connection, as `DeleteConnection` does: what was posted before still goes out, and from now on a
    /// post finds it gone.
    pub fn disconnect(&self, id: &ConnectionId) -> Posted {
        self.write()
            .remove(id)
            .and_then(|line| line.queue.send(Outgoing::Close).ok())
            .map_or(Posted::Gone, |()| Posted::Delivered)
    }

    /// Whether a connection is open, as `GetConnection` tells.
    #[must_use]
    pub fn is_open(&self, id: &ConnectionId) -> bool {
        self.read().contains_key(id)
    }

    /// How many connections are open.
    #[must_use]
    pub fn open_count(&self) -> usize {
        self.read().len()
    }

    /// Makes a connection known: from now on it can be posted to.
    pub(crate) fn open(&self, id: ConnectionId) -> Outbox {
        let (sender, queue) = unbounded_channel();
        let unread = Arc::new(Unread::default());
        self.write().insert(
            id,
            Line {
                queue: sender,
                unread: Arc::clone(&unread),
            },
        );
        Outbox { queue, unread }
    }

    /// Forgets a connection.
    pub(crate) fn close(&self, id: &ConnectionId) {
        self.write().remove(id);
    }

    fn read(&self) -> RwLockReadGuard<'_, HashMap<ConnectionId, Line>> {
        self.shared
            .open
            .read()
            .unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, HashMap<ConnectionId, Line>> {
        self.shared
            .open
            .write()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connections")
            .field("open", &self.open_count())
            .finish_non_exhaustive()
    }
}

impl Unread {
    /// One more text waits. How much waits in all.
    fn add(&self, bytes: usize) -> usize {
        let cost = bytes + OVERHEAD;
        self.bytes.fetch_add(cost, Ordering::Relaxed) + cost
    }

    /// A text is out.
    pub(crate) fn remove(&self, bytes: usize) {
        self.bytes.fetch_sub(bytes + OVERHEAD, Ordering::Relaxed);
    }

    /// Waits until more waits than may.
    pub(crate) async fn overflowed(&self) {
        self.overflowed.notified().await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(text: &str) -> ConnectionId {
        ConnectionId::parse(text).expect("an id")
    }

    fn connections(max_unread: usize) -> Connections {
        Connections::new(&Settings {
            max_message: 10,
            max_unread,
            ..Settings::default()
        })
    }

    #[test]
    fn a_post_to_nobody_is_gone() {
        assert_eq!(
            connections(1000).post(&id("a="), "hello".into()),
            Ok(Posted::Gone)
        );
    }

    #[tokio::test]
    async fn posts_arrive_in_order() {
        let connections = connections(1000);
        let mut outbox = connections.open(id("a="));
        for text in ["one", "two"] {
            assert_eq!(
                connections.post(&id("a="), text.into()),
                Ok(Posted::Delivered)
            );
        }
        assert_eq!(
            outbox.queue.recv().await,
            Some(Outgoing::Text("one".into()))
        );
        assert_eq!(
            outbox.queue.recv().await,
            Some(Outgoing::Text("two".into()))
        );
    }

    #[test]
    fn a_message_over_the_limit_is_refused_and_one_at_the_limit_is_not() {
        let connections = connections(1000);
        let _outbox = connections.open(id("a="));
        assert_eq!(
            connections.post(&id("a="), "x".repeat(10)),
            Ok(Posted::Delivered)
        );
        assert_eq!(
            connections.post(&id("a="), "x".repeat(11)),
            Err(PostError::TooLarge {
                bytes: 11,
                limit: 10
            })
        );
    }

    #[tokio::test]
    async fn a_client_that_leaves_too_much_unread_is_gone() {
        let connections = connections(2 * (10 + OVERHEAD));
        let mut outbox = connections.open(id("a="));
        let post = || connections.post(&id("a="), "x".repeat(10));
        assert_eq!(
            (post(), post()),
            (Ok(Posted::Delivered), Ok(Posted::Delivered))
        );
        outbox.queue.recv().await.expect("the first one");
        outbox.unread.remove(10);
        assert_eq!((post(), post()), (Ok(Posted::Delivered), Ok(Posted::Gone)));
        outbox.unread.overflowed().await;
        assert_eq!(connections.open_count(), 0);
    }

    #[tokio::test]
    async fn a_deleted_connection_hears_what_was_posted_before_and_is_gone_for_what_comes_after() {
        let connections = connections(1000);
        let mut outbox = connections.open(id("a="));
        assert_eq!(
            connections.post(&id("a="), "before".into()),
            Ok(Posted::Delivered)
        );
        assert_eq!(connections.disconnect(&id("a=")), Posted::Delivered);
        assert_eq!(
            connections.post(&id("a="), "after".into()),
            Ok(Posted::Gone)
        );
        assert_eq!(connections.disconnect(&id("a=")), Posted::Gone);
        assert_eq!(
            outbox.queue.recv().await,
            Some(Outgoing::Text("before".into()))
        );
        assert_eq!(outbox.queue.recv().await, Some(Outgoing::Close));
        assert_eq!(outbox.queue.recv().await, None);
    }
}
