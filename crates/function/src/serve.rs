//! The two ways into a handler: Lambda's loop, and a call from the local server.

use aws_lambda_events::apigw::{ApiGatewayProxyResponse, ApiGatewayWebsocketProxyRequest};
use aws_lambda_events::encodings::Body;
use lambda_runtime::{LambdaEvent, service_fn};
use tokio::time::Instant;
use tracing::{error, info};

use crate::call::Answer;
use crate::in_full::InFull;
use crate::limit::Limits;
use crate::{Call, Config, ConfigError, Context, init_telemetry};

/// Runs a function on Lambda: settings and connections once, then an event after the other, for ever.
///
/// # Errors
/// Where the settings are wrong, or Lambda's runtime API is not there.
pub async fn serve(
    handle: impl AsyncFn(&Context, Call) -> Answer,
) -> Result<(), lambda_runtime::Error> {
    let context = start().await?;
    let (context, handle) = (&context, &handle);
    lambda_runtime::run(service_fn(
        async |event: LambdaEvent<ApiGatewayWebsocketProxyRequest>| {
            let limits = &context.limits;
            let answer = invoke(limits, event.payload, |call| handle(context, call));
            let answer = Box::pin(answer).await;
            Ok::<_, lambda_runtime::Error>(answer)
        },
    ))
    .await
}

/// Reads the settings, starts the log, and connects.
pub(crate) async fn start() -> Result<Context, ConfigError> {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is where the environment comes in"
    )]
    let variable = |name: &str| std::env::var(name).ok();
    let config = match init_telemetry(variable("SWITCHBOARD_LOG")) {
        Ok(()) => Config::read(variable),
        Err(invalid) => {
            // Where nobody can tell what to log, this is.
            init_telemetry(None)?;
            Err(invalid)
        }
    };
    let context = match config {
        Ok(config) => Box::pin(config.connect()).await,
        Err(wrong) => Err(wrong),
    };
    context.inspect_err(|reason| error!(error = %InFull(reason), "the function cannot start"))
}

/// Handles one event of the platform, unless it is one too many of its client's.
pub async fn invoke<F: Future<Output = Answer>>(
    limits: &Limits,
    event: ApiGatewayWebsocketProxyRequest,
    handle: impl FnOnce(Call) -> F,
) -> ApiGatewayProxyResponse {
    let started = Instant::now();
    let call = match Call::read(event) {
        Ok(call) => call,
        Err(failure) => return respond(report("", Answer::silent(Err(failure)), started)),
    };
    let route = call.route.clone();
    if let Some(refused) = call.refuse_too_much(limits) {
        return respond(report(&route, refused, started));
    }
    let answer = handle(call).await;
    respond(report(&route, answer, started))
}

/// Writes the one log line that every invocation gets. Never anything that a client sent but its route.
fn report(route: &str, answer: Answer, started: Instant) -> Answer {
    let duration_ms = elapsed_ms(started);
    let Answer {
        action,
        outcome,
        failure,
        ..
    } = &answer;
    match failure {
        None => info!(route, action, outcome, duration_ms, "handled"),
        Some(failure) => {
            let error = InFull(failure);
            error!(route, action, outcome, duration_ms, %error, "failed");
        }
    }
    answer
}

pub(crate) fn elapsed_ms(started: Instant) -> u64 {
    u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX)
}

fn respond(answer: Answer) -> ApiGatewayProxyResponse {
    let mut response = ApiGatewayProxyResponse::default();
    response.status_code = answer.status;
    response.body = answer.body.map(Body::Text);
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Failure;

    #[test]
    fn an_event_without_a_connection_is_a_failure_and_no_panic() {
        let event =
            serde_json::json!({"requestContext": {"connectedAt": 0, "requestTimeEpoch": 0}});
        let event: ApiGatewayWebsocketProxyRequest =
            serde_json::from_value(event).expect("an event");
        assert!(matches!(Call::read(event), Err(Failure::Broken(_))));
    }

    #[test]
    fn a_message_that_names_the_platforms_own_route_is_no_beginning_and_no_end() {
        for route in ["$connect", "$disconnect"] {
            let event = serde_json::json!({"requestContext": {
                "connectedAt": 0, "requestTimeEpoch": 0, "connectionId": "C=", "eventType": "MESSAGE", "routeKey": route,
            }});
            let event = serde_json::from_value(event).expect("an event");
            assert_eq!(Call::read(event).expect("a call").route, "$default");
        }
    }
}
