//! `close_lobby`: ends the caller's lobby.

use domain::lobby::{Action, Event};
use function::{Caller, Context, Failure, Reply};

use crate::{answer, change_own};

/// Everyone in it hears `lobby_closed`, and whoever waits `join_request_rejected`. The id is free again at once.
pub(crate) async fn close_lobby(context: &Context, from: &Caller) -> Result<Reply, Failure> {
    let notices = change_own(context, from, |by| Action::Close { by }).await?;
    answer(context, from, is_answer, notices).await
}

fn is_answer(event: &Event) -> bool {
    matches!(event, Event::Closed { .. })
}
