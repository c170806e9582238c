//! The two ways into a handler: Lambda's loop, and a call from the local server.

use aws_lambda_events::apigw::{ApiGatewayProxyResponse, ApiGatewayWebsocketProxyRequest};
use aws_lambda_events::encodings::Body;
use futures::future::join;
use http::HeaderValue;
use http::header::SEC_WEBSOCKET_PROTOCOL;
use lambda_runtime::{LambdaEvent, service_fn};
use protocol::envelope::write_event;
use protocol::event::GoAway;
use tokio::time::Instant;
use tracing::{error, info, warn};

use crate::call::Answer;
use crate::in_full::InFull;
use crate::{Call, Caller, Config, ConfigError, Context, init_telemetry};

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
            let handle = |call| handle(context, call);
            let answer = Box::pin(invoke(context, event.payload, handle)).await;
            Ok::<_, lambda_runtime::Error>(answer)
        },
    ))
    .await
}

/// Reads the settings, starts the log, and connects.
pub(crate) async fn start() -> Result<Context, ConfigError> {
    start_with(async |variable| Config::read(variable)?.connect().await).await
}

/// Starts the log, and makes of the environment what a function works with; logs why where it cannot.
///
/// # Errors
/// Where the log's filter is none, or `connect` fails.
pub async fn start_with<T>(
    connect: impl AsyncFnOnce(fn(&str) -> Option<String>) -> Result<T, ConfigError>,
) -> Result<T, ConfigError> {
    #[expect(
        clippy::disallowed_methods,
        reason = "this is where the environment comes in"
    )]
    let variable = |name: &str| std::env::var(name).ok();
    let made = match init_telemetry(variable("SWITCHBOARD_LOG")) {
        Ok(()) => Box::pin(connect(variable)).await,
        Err(invalid) => {
            // Where nobody can tell what to log, this is.
            init_telemetry(None)?;
            Err(invalid)
        }
    };
    made.inspect_err(|reason| error!(error = %InFull(reason), "the function cannot start"))
}

/// Handles one event of the platform, unless it is one too many of its client's.
///
/// Whoever says something on a connection that the platform will end soon hears `go_away` besides the answer.
pub async fn invoke<F: Future<Output = Answer>>(
    context: &Context,
    event: ApiGatewayWebsocketProxyRequest,
    handle: impl FnOnce(Call) -> F,
) -> ApiGatewayProxyResponse {
    let started = Instant::now();
    let call = match Call::read(event) {
        Ok(call) => call,
        Err(failure) => return respond(report("", Answer::silent(Err(failure)), started)),
    };
    let (route, caller) = (call.route.clone(), call.caller.clone());
    if let Some(refused) = call.refuse_too_much(&context.limits) {
        return respond(report(&route, refused, started));
    }
    let (answer, ()) = join(handle(call), warn_of_the_end(context, &route, &caller)).await;
    respond(report(&route, answer, started))
}

/// Tells a client that its connection ends soon, as long as there is a client.
async fn warn_of_the_end(context: &Context, route: &str, caller: &Caller) {
    let Some(left) = context.ending_in(caller) else {
        return;
    };
    if route == "$connect" || route == "$disconnect" {
        return;
    }
    let seconds = u32::try_from(left.as_secs()).unwrap_or(u32::MAX);
    let frame = write_event(&GoAway { seconds }.into(), None);
    if let Err(error) = context.push.post(&caller.connection_id, frame).await {
        warn!(error = %InFull(&error), "a client does not hear that its connection ends soon");
    }
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
    if let Some(chosen) = answer.subprotocol {
        let chosen = HeaderValue::from_static(chosen);
        response.headers.insert(SEC_WEBSOCKET_PROTOCOL, chosen);
    }
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

    fn connect(headers: &serde_json::Value, authorizer: &serde_json::Value) -> Call {
        let event = serde_json::json!({"headers": headers, "requestContext": {
            "connectedAt": 0, "requestTimeEpoch": 0, "connectionId": "C=", "eventType": "CONNECT",
            "routeKey": "$connect", "authorizer": authorizer,
        }});
        Call::read(serde_json::from_value(event).expect("an event")).expect("a call")
    }

    #[test]
    fn who_an_authorizer_says_the_caller_is_it_is() {
        let nothing = serde_json::json!({});
        let anonymous = connect(&nothing, &serde_json::Value::Null);
        assert_eq!(anonymous.identity().expect("no authorizer"), None);
        let context = serde_json::json!({
            "player_id": "ada", "permissions": r#"{"host":false}"#, "principalId": "ada",
        });
        let identity = connect(&nothing, &context).identity().expect("it is one");
        let identity = identity.expect("an authorizer");
        assert_eq!(identity.player_id.as_str(), "ada");
        assert!(!identity.permissions.host && identity.permissions.matchmake);
    }

    #[test]
    fn an_authorizer_that_says_something_else_lets_nobody_in_as_somebody_new() {
        for context in [
            serde_json::json!({ "principalId": "ada" }),
            serde_json::json!({ "player_id": "", "permissions": "{}" }),
            serde_json::json!({ "player_id": "ada", "permissions": "all" }),
            serde_json::json!({ "player_id": 7, "permissions": "{}" }),
        ] {
            let identity = connect(&serde_json::json!({}), &context).identity();
            assert!(matches!(identity, Err(Failure::Broken(_))), "{context}");
        }
    }

    #[test]
    fn our_subprotocol_is_chosen_where_it_is_offered_and_a_token_never() {
        let chosen = |offered: &str| {
            let headers = serde_json::json!({ "Sec-WebSocket-Protocol": offered });
            let call = connect(&headers, &serde_json::Value::Null);
            let answer = Answer::silent(Ok(())).with_subprotocol(call.subprotocol());
            let headers = respond(answer).headers;
            let chosen = headers.get(SEC_WEBSOCKET_PROTOCOL);
            chosen.map(|chosen| chosen.to_str().expect("a text").to_owned())
        };
        for offered in ["switchboard", "token.x, switchboard", "switchboard,token.x"] {
            assert_eq!(chosen(offered).as_deref(), Some("switchboard"), "{offered}");
        }
        for offered in ["", "token.x", "Switchboard", "switchboard2"] {
            assert_eq!(chosen(offered), None, "{offered}");
        }
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
