//! What may stand between the SDK and the tables: a network that loses requests and answers, and a service that is busy.
//!
//! It is the SDK's HTTP client, so that the SDK's own timeouts and retries are exercised with everything above them. What is
//! done to each request is decided by whoever brings a [`Layer`].

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use futures::future::BoxFuture;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};

use super::{InProcess, answered};

/// Decides what becomes of each request.
pub trait Layer: Send + Sync + 'static {
    /// A request of this operation, by its name at AWS, is on its way; what is to become of it. That takes as long as this does.
    fn arrives(&self, operation: &str) -> BoxFuture<'static, Fate>;

    /// A request was done, whether or not its caller will ever hear so.
    fn applied(&self, operation: &str);

    /// A request was answered; its caller hears so once this is over. It hears nothing where this never is.
    fn answered(&self, outcome: Outcome) -> BoxFuture<'static, ()>;
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fate {
    /// It is done and answered.
    Answered,
    /// It gets lost, and nothing is done.
    Lost,
    /// It is done, and the answer gets lost.
    AnswerLost,
    /// Too much was asked of the table: nothing is done.
    Throttled,
    /// The service fails: nothing is done.
    Failed,
    /// Another transaction is at one of the items: nothing is done.
    Conflict,
    /// A transaction is cancelled as one of its items was throttled: nothing is done.
    CancelledAsThrottled,
}

/// How a request was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It was done, or had been done already.
    Done,
    /// A condition did not hold.
    ConditionFailed,
    /// It was answered by a fault.
    Fault,
    /// It makes no sense.
    Invalid,
}

/// The SDK's HTTP client with a layer in it.
#[derive(Clone)]
pub(super) struct Layered {
    tables: InProcess,
    layer: Arc<dyn Layer>,
    /// The tokens of transactions that were done: one that comes again is not done again.
    done: Arc<Mutex<BTreeSet<String>>>,
}

impl Layered {
    pub(super) fn new(tables: InProcess, layer: Arc<dyn Layer>) -> Self {
        Self {
            tables,
            layer,
            done: Arc::default(),
        }
    }

    /// Does a request, unless it is a transaction that was done before.
    fn answer(&self, request: &HttpRequest) -> (Outcome, u16, Value) {
        let token = token(request);
        let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
        if token.as_ref().is_some_and(|token| done.contains(token)) {
            return (Outcome::Done, 200, json!({}));
        }
        match self.tables.answer(request) {
            Ok(answer) => {
                done.extend(token);
                self.layer.applied(super::operation(request));
                (Outcome::Done, 200, answer)
            }
            Err(refusal) => {
                let outcome = if refusal.is_condition() {
                    Outcome::ConditionFailed
                } else {
                    Outcome::Invalid
                };
                (outcome, 400, refusal.into_body())
            }
        }
    }

    async fn call(self, request: HttpRequest, fate: BoxFuture<'static, Fate>) -> HttpResponse {
        let (outcome, status, body) = match fate.await {
            Fate::Answered => self.answer(&request),
            Fate::Lost => std::future::pending().await,
            Fate::AnswerLost => {
                self.answer(&request);
                std::future::pending().await
            }
            Fate::Throttled => fault(400, "ThrottlingException"),
            Fate::Failed => fault(500, "InternalServerError"),
            Fate::Conflict => conflict(&request),
            Fate::CancelledAsThrottled => cancelled(&request, "ThrottlingError"),
        };
        self.layer.answered(outcome).await;
        answered(status, &body)
    }
}

impl fmt::Debug for Layered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Layered")
    }
}

impl HttpConnector for Layered {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let fate = self.layer.arrives(super::operation(&request));
        let layered = self.clone();
        HttpConnectorFuture::new(async move { Ok(layered.call(request, fate).await) })
    }
}

impl HttpClient for Layered {
    fn http_connector(
        &self,
        _settings: &HttpConnectorSettings,
        _components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

/// As much of a transaction as the layer looks at.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Transaction {
    transact_items: Vec<IgnoredAny>,
    client_request_token: String,
}

fn transaction(request: &HttpRequest) -> Option<Transaction> {
    serde_json::from_slice(request.body().bytes()?).ok()
}

fn token(request: &HttpRequest) -> Option<String> {
    transaction(request).map(|transaction| transaction.client_request_token)
}

fn fault(status: u16, kind: &str) -> (Outcome, u16, Value) {
    let body = json!({ "__type": super::refusal::name(kind), "message": "a fault" });
    (Outcome::Fault, status, body)
}

/// What a write hears that meets a transaction, and a transaction that meets another.
fn conflict(request: &HttpRequest) -> (Outcome, u16, Value) {
    match transaction(request) {
        Some(_) => cancelled(request, "TransactionConflict"),
        None => fault(400, "TransactionConflictException"),
    }
}

/// A transaction that is cancelled because of its first item.
fn cancelled(request: &HttpRequest, why: &str) -> (Outcome, u16, Value) {
    let items = transaction(request).map_or(0, |transaction| transaction.transact_items.len());
    let (outcome, status, mut body) = fault(400, "TransactionCanceledException");
    let rest = std::iter::repeat_n("None", items.saturating_sub(1));
    let reasons = std::iter::once(why).chain(rest);
    body["CancellationReasons"] = reasons.map(|code| json!({ "Code": code })).collect();
    (outcome, status, body)
}
