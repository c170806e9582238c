//! Connections: opened, greeted, kept alive, closed, and whatever no other function knows.

mod connect;
mod hello;
mod ping;

use function::{Answer, Call, Context, clean_up};
use protocol::connection::Action;

/// Handles one event: a connection's beginning or end, one of this function's actions, or what nobody knows.
pub async fn handle(context: &Context, call: Call) -> Answer {
    match call.route.as_str() {
        "$connect" => Answer::silent(connect::connect(context, &call).await)
            .with_subprotocol(call.subprotocol()),
        "$disconnect" => {
            let caller = &call.caller;
            let cleaned = clean_up(context, &caller.connection_id, caller.now).await;
            Answer::silent(cleaned.map(drop))
        }
        "$default" => call.explain(),
        _ => act(context, &call).await,
    }
}

async fn act(context: &Context, call: &Call) -> Answer {
    let (asked, action) = match call.read_action() {
        Ok(read) => read,
        Err(answer) => return answer,
    };
    asked.answer(match action {
        Action::Hello(message) => hello::hello(context, &call.caller, &message).await,
        Action::Ping(_) => Ok(ping::ping()),
    })
}
