//! What has gone over the wire.

use std::ops::AddAssign;
use std::sync::atomic::{AtomicU64, Ordering};

/// What a client has sent and received so far, heartbeats included, WebSocket's own pings and closes not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// WebSocket frames sent. A message over 32 KB takes several.
    pub frames_sent: u64,
    /// WebSocket messages received. One that came in several frames counts once: they are joined before they get here.
    pub frames_received: u64,
    /// Bytes of payload sent.
    pub bytes_sent: u64,
    /// Bytes of payload received.
    pub bytes_received: u64,
}

impl AddAssign for Stats {
    fn add_assign(&mut self, more: Self) {
        self.frames_sent += more.frames_sent;
        self.frames_received += more.frames_received;
        self.bytes_sent += more.bytes_sent;
        self.bytes_received += more.bytes_received;
    }
}

#[derive(Debug, Default)]
pub(crate) struct Counters {
    frames_sent: AtomicU64,
    frames_received: AtomicU64,
    bytes_sent: AtomicU64,
    bytes_received: AtomicU64,
}

impl Counters {
    pub(crate) fn count_sent(&self, bytes: usize) {
        self.frames_sent.fetch_add(1, Ordering::Relaxed);
        self.bytes_sent.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(crate) fn count_received(&self, bytes: usize) {
        self.frames_received.fetch_add(1, Ordering::Relaxed);
        self.bytes_received
            .fetch_add(bytes as u64, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> Stats {
        Stats {
            frames_sent: self.frames_sent.load(Ordering::Relaxed),
            frames_received: self.frames_received.load(Ordering::Relaxed),
            bytes_sent: self.bytes_sent.load(Ordering::Relaxed),
            bytes_received: self.bytes_received.load(Ordering::Relaxed),
        }
    }
}
