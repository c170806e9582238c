//! What the front calls: one integration per function, given API Gateway's events.

use std::error::Error;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use serde_json::Value;
use thiserror::Error;

/// What an integration answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IntegrationResponse {
    /// On `$connect`, whether the client is let in. Elsewhere API Gateway ignores it, and so does the front.
    pub status_code: u16,
    /// On a message, what the sender hears, unless it is empty.
    pub body: Option<String>,
    /// On `$connect`, the subprotocol that the client hears was chosen: the answer's `Sec-WebSocket-Protocol`.
    pub subprotocol: Option<String>,
}

/// Why an integration failed; the same type as `lambda_runtime::Error`.
pub type IntegrationError = Box<dyn Error + Send + Sync>;

/// A function behind the front. Any `Fn(Value) -> impl Future` is one.
///
/// An invocation that takes longer than the integration timeout is dropped where it stands, as Lambda kills one.
pub trait Integration: Send + Sync + 'static {
    /// Handles one event, in the JSON that `ApiGatewayWebsocketProxyRequest` parses.
    fn invoke(&self, event: Value) -> BoxFuture<'_, Result<IntegrationResponse, IntegrationError>>;
}

impl<F, Fut> Integration for F
where
    F: Fn(Value) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<IntegrationResponse, IntegrationError>> + Send + 'static,
{
    fn invoke(&self, event: Value) -> BoxFuture<'_, Result<IntegrationResponse, IntegrationError>> {
        self(event).boxed()
    }
}

/// Why an invocation brought no answer.
#[derive(Debug, Error)]
pub(crate) enum InvocationError {
    #[error("the integration failed")]
    Failed(#[source] IntegrationError),
    #[error("the integration panicked")]
    Panicked,
    #[error("the integration took longer than {} ms", .0.as_millis())]
    TimedOut(Duration),
}

/// Calls a function as the platform does: whatever happens in it, the front stays up.
pub(crate) async fn in_time<T, F: Future<Output = Result<T, IntegrationError>>>(
    call: impl FnOnce() -> F,
    timeout: Duration,
) -> Result<T, InvocationError> {
    // Inside the `async` block, so that a panic before the first await is caught as well.
    let invocation = AssertUnwindSafe(async { call().await }).catch_unwind();
    match tokio::time::timeout(timeout, invocation).await {
        Ok(Ok(answer)) => answer.map_err(InvocationError::Failed),
        Ok(Err(_)) => Err(InvocationError::Panicked),
        Err(_) => Err(InvocationError::TimedOut(timeout)),
    }
}

/// An error and all its causes on one line.
pub(crate) fn chain(error: &dyn Error) -> String {
    let mut line = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        line = format!("{line}: {error}");
        cause = error.source();
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    const AMPLE: Duration = Duration::from_secs(5);

    #[tokio::test]
    async fn an_integration_that_panics_is_an_error() {
        let panics = |event: Value| -> std::future::Ready<_> { panic!("on {event}") };
        let answer = in_time(|| panics.invoke(Value::Null), AMPLE).await;
        assert!(
            matches!(answer, Err(InvocationError::Panicked)),
            "{answer:?}"
        );
    }

    #[tokio::test]
    async fn an_integration_that_takes_too_long_is_given_up() {
        let waits = |_: Value| std::future::pending();
        let answer = in_time(|| waits.invoke(Value::Null), Duration::from_millis(10)).await;
        assert!(
            matches!(answer, Err(InvocationError::TimedOut(_))),
            "{answer:?}"
        );
    }

    #[tokio::test]
    async fn an_error_is_logged_with_its_causes() {
        let fails = |_: Value| async { Err("the table is gone".into()) };
        let error = in_time(|| fails.invoke(Value::Null), AMPLE)
            .await
            .expect_err("it fails");
        assert_eq!(chain(&error), "the integration failed: the table is gone");
    }
}
