//! Who handles ticks and timers, and how it is insisted on that one is handled.

use std::fmt;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use function::Failure;
use futures::FutureExt;
use futures::future::BoxFuture;
use schedule::{Tick, Timer};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tracing::{error, warn};

/// What handles messages. It logs what it did, and why it failed.
pub(crate) trait Consumer: Send + Sync + 'static {
    /// Handles a tick.
    fn tick(&self, tick: Tick, attempt: u32) -> BoxFuture<'_, Result<(), Failure>>;

    /// Handles a timer.
    fn timer(&self, timer: Timer, attempt: u32) -> BoxFuture<'_, Result<(), Failure>>;
}

/// How a message is tried.
#[derive(Clone, Debug)]
pub(crate) struct Tries {
    /// How long a handler may take; then it is dropped where it stands, as Lambda kills one.
    pub(crate) timeout: Duration,
    /// How often it is tried before it is given up, which on AWS leads to the dead-letter queue.
    pub(crate) most: u32,
    /// How long it rests after the first try, and twice as long after each further one.
    pub(crate) first_pause: Duration,
    /// The longest that it rests.
    pub(crate) longest_pause: Duration,
}

impl Default for Tries {
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(30),
            most: 10,
            first_pause: Duration::from_millis(50),
            longest_pause: Duration::from_secs(5),
        }
    }
}

impl Tries {
    /// Tries until it is done, given up, or everything stops.
    pub(super) async fn insist<F: Future<Output = Result<(), Failure>>>(
        &self,
        what: &impl fmt::Debug,
        stop: &CancellationToken,
        handle: impl Fn(u32) -> F,
    ) {
        let mut pause = self.first_pause;
        for attempt in 1..=self.most {
            // Inside the `async` block, so that a panic before the first await is caught as well.
            let handled = AssertUnwindSafe(async { handle(attempt).await }).catch_unwind();
            match timeout(self.timeout, handled).await {
                Ok(Ok(Ok(()))) => return,
                // The handler has logged why.
                Ok(Ok(Err(_))) => {}
                Ok(Err(_)) => warn!(?what, attempt, "the handler panicked"),
                Err(_) => warn!(?what, attempt, "the handler took too long"),
            }
            tokio::select! {
                () = sleep(pause) => {}
                () = stop.cancelled() => return,
            }
            pause = (2 * pause).min(self.longest_pause);
        }
        error!(?what, "given up, after {} tries", self.most);
    }
}
