//! A function that does what its messages ask for, and tells the test about every event it got.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures::FutureExt;
use futures::future::BoxFuture;
use local::{Integration, IntegrationError, IntegrationResponse};
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Barrier, Semaphore};

/// The routes that the fake function has.
pub(crate) const ROUTES: &str = r#"{"fake": ["$connect", "$default", "$disconnect",
    "echo", "fail", "hang", "hold", "length", "meet", "panic", "shout", "silent"]}"#;

/// The fake function.
pub(crate) struct Fake {
    events: UnboundedSender<Value>,
    /// Where two messages wait for each other.
    meeting: Barrier,
    /// What the held wait for.
    gate: Arc<Semaphore>,
    running: AtomicUsize,
    most_running: AtomicUsize,
}

impl Fake {
    /// The function, and the events that it will get.
    pub(crate) fn new() -> (Arc<Self>, UnboundedReceiver<Value>) {
        let (events, received) = unbounded_channel();
        let fake = Self {
            events,
            meeting: Barrier::new(2),
            gate: Arc::new(Semaphore::new(0)),
            running: AtomicUsize::new(0),
            most_running: AtomicUsize::new(0),
        };
        (Arc::new(fake), received)
    }

    /// Lets this many of the held go on.
    pub(crate) fn release(&self, held: usize) {
        self.gate.add_permits(held);
    }

    /// The most invocations that ever ran at a time.
    pub(crate) fn most_running(&self) -> usize {
        self.most_running.load(Ordering::SeqCst)
    }

    fn tell(&self, event: Value) {
        // A test that has seen enough does not listen any more.
        let _ = self.events.send(event);
    }

    async fn hold(&self) {
        self.gate.acquire().await.expect("the gate stays").forget();
    }

    async fn handle(&self, event: Value) -> Result<IntegrationResponse, IntegrationError> {
        let route = event["requestContext"]["routeKey"]
            .as_str()
            .expect("a route")
            .to_owned();
        self.tell(event.clone());
        let running = self.running.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_running.fetch_max(running, Ordering::SeqCst);
        let answer = match route.as_str() {
            "$connect" => self.connect(&event["queryStringParameters"]).await?,
            "$disconnect" | "silent" => ok(String::new()),
            "echo" => ok(body(&event).to_owned()),
            "fail" => return Err("the table is gone".into()),
            "hang" => std::future::pending().await,
            "hold" => {
                self.hold().await;
                self.tell(json!({ "finished": "hold" }));
                ok("held".into())
            }
            "length" => ok(body(&event).len().to_string()),
            "meet" => {
                self.meeting.wait().await;
                ok("met".into())
            }
            "panic" => panic!("as asked"),
            "shout" => ok("a".repeat(128 * 1024 + 1)),
            _ => ok(json!({ "route": route, "body": event["body"] }).to_string()),
        };
        self.running.fetch_sub(1, Ordering::SeqCst);
        Ok(answer)
    }

    /// `?refuse=403` is refused, `?fail`, `?panic` and `?hang` do so, `?hold` waits for the gate.
    async fn connect(&self, query: &Value) -> Result<IntegrationResponse, IntegrationError> {
        let asked = |name: &str| query.get(name).is_some();
        if asked("fail") {
            return Err("the table is gone".into());
        }
        assert!(!asked("panic"), "as asked");
        if asked("hang") {
            std::future::pending::<()>().await;
        }
        if asked("hold") {
            self.hold().await;
        }
        let refusal = query["refuse"].as_str().and_then(|code| code.parse().ok());
        Ok(IntegrationResponse {
            status_code: refusal.unwrap_or(200),
            body: None,
            subprotocol: query["choose"].as_str().map(str::to_owned),
        })
    }
}

impl Integration for Fake {
    fn invoke(&self, event: Value) -> BoxFuture<'_, Result<IntegrationResponse, IntegrationError>> {
        self.handle(event).boxed()
    }
}

fn body(event: &Value) -> &str {
    event["body"].as_str().expect("a body")
}

fn ok(body: String) -> IntegrationResponse {
    IntegrationResponse {
        status_code: 200,
        body: Some(body),
        subprotocol: None,
    }
}
