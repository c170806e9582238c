//! `leave_lobby`: the caller goes, or no longer waits.

use domain::lobby::{Action, Departure, Event};
use function::{Caller, Context, Failure, Reply};

use crate::{answer, change_own};

/// The others hear `player_left`, and where the host went, `host_changed`.
pub(crate) async fn leave_lobby(context: &Context, from: &Caller) -> Result<Reply, Failure> {
    let leave = |by| Action::Leave {
        by,
        how: Departure::Left,
    };
    let notices = change_own(context, from, leave).await?;
    answer(context, from, is_answer, notices).await
}

fn is_answer(event: &Event) -> bool {
    matches!(event, Event::Left { .. })
}
