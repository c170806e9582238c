//! A schedule, a consumer that does what a test wants, and a clock that nobody waits for.

use std::sync::Arc;
use std::time::Duration;

use domain::Timestamp;
use function::Failure;
use futures::FutureExt;
use futures::future::BoxFuture;
use ids::{ConnectionId, QueueName};
use schedule::{Schedule, Tick, Timer};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::Instant;

use crate::later::{Consumer, Later, Settings, Tries, Working};

/// A consumer whose handler a test wrote, and what it got.
pub(super) struct Scene {
    pub(super) later: Later,
    pub(super) working: Working,
    got: UnboundedReceiver<(String, u32)>,
    started: Instant,
}

/// Hears of each message by a short name, and which try it is.
type Handle = Arc<dyn Fn(String, u32) -> BoxFuture<'static, Result<(), Failure>> + Send + Sync>;

struct Fake {
    handle: Handle,
    got: UnboundedSender<(String, u32)>,
}

impl Fake {
    fn take(&self, name: String, attempt: u32) -> BoxFuture<'_, Result<(), Failure>> {
        // A test that has seen enough does not listen any more.
        let _ = self.got.send((name.clone(), attempt));
        (self.handle)(name, attempt)
    }
}

impl Consumer for Fake {
    fn tick(&self, tick: Tick, attempt: u32) -> BoxFuture<'_, Result<(), Failure>> {
        self.take(tick.id(), attempt)
    }

    fn timer(&self, timer: Timer, attempt: u32) -> BoxFuture<'_, Result<(), Failure>> {
        let name = match timer {
            Timer::CleanUp { connection_id } => connection_id.as_str().to_owned(),
            Timer::Tick { .. } | Timer::Lobby { .. } | Timer::CheckUp { .. } => {
                panic!("no test sends it")
            }
        };
        self.take(name, attempt)
    }
}

impl Scene {
    /// A scene whose handler says this to each message.
    pub(super) fn new<F>(handle: impl Fn(String, u32) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        Self::with(Settings::default(), handle)
    }

    /// The same, otherwise set. The clock is the paused runtime's.
    pub(super) fn with<F>(
        settings: Settings,
        handle: impl Fn(String, u32) -> F + Send + Sync + 'static,
    ) -> Self
    where
        F: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        let started = Instant::now();
        let (later, jobs) = Later::new(Settings {
            clock: Arc::new(move || since(started)),
            ..settings
        });
        let (sender, got) = unbounded_channel();
        let handle = Arc::new(move |name, attempt| handle(name, attempt).boxed());
        let fake = Fake {
            handle,
            got: sender,
        };
        Self {
            later,
            working: jobs.start(Arc::new(fake)),
            got,
            started,
        }
    }

    /// Sends a tick: `tick("1v1", 4)` is told as `1v1-4`.
    pub(super) async fn tick(&self, queue: &str, bucket: u64) {
        let sent = self.later.tick(tick(queue, bucket)).await;
        sent.expect("there is room");
    }

    /// Sends a timer of this name that is due after so many milliseconds.
    pub(super) async fn timer(&self, name: &str, after_millis: u64) {
        let now = self.now();
        let at = now + Duration::from_millis(after_millis);
        let sent = self.later.timer(timer(name), at, now).await;
        sent.expect("there is room");
    }

    pub(super) fn now(&self) -> Timestamp {
        since(self.started)
    }

    /// The next message, and which try it is.
    pub(super) async fn next(&mut self) -> (String, u32) {
        self.got.recv().await.expect("the consumer lives")
    }

    /// What came until everything was quiet.
    pub(super) async fn quiet(&mut self) -> Vec<(String, u32)> {
        self.later.quiet().await;
        std::iter::from_fn(|| self.got.try_recv().ok()).collect()
    }
}

pub(super) fn tick(queue: &str, bucket: u64) -> Tick {
    Tick {
        queue: QueueName::parse(queue).expect("a queue"),
        bucket,
    }
}

pub(super) fn timer(name: &str) -> Timer {
    Timer::CleanUp {
        connection_id: ConnectionId::parse(name).expect("a connection id"),
    }
}

pub(super) fn came(name: &str, attempt: u32) -> (String, u32) {
    (name.to_owned(), attempt)
}

/// A handler that is content with everything.
pub(super) async fn content(_name: String, _attempt: u32) -> Result<(), Failure> {
    std::future::ready(Ok(())).await
}

pub(super) fn failed() -> Result<(), Failure> {
    Err(Failure::Broken("as asked".to_owned()))
}

/// Two tries of everything.
pub(super) fn two_tries() -> Settings {
    Settings {
        tries: Tries {
            most: 2,
            ..Tries::default()
        },
        ..Settings::default()
    }
}

fn since(started: Instant) -> Timestamp {
    let millis = u64::try_from(started.elapsed().as_millis()).expect("a short test");
    Timestamp::from_millis(1_000_000 + millis)
}
