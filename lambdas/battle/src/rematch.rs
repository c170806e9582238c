//! `request_rematch`: the caller wants another battle.

use domain::battle::Action;
use function::{Caller, Context, Failure, Reply, fresh_battle_id};

use crate::{answer, is_started, play};

/// Everyone else hears `rematch_requested`; once both have asked, everyone hears `battle_started`.
pub(crate) async fn request_rematch(context: &Context, from: &Caller) -> Result<Reply, Failure> {
    let battle_id = fresh_battle_id();
    let notices = play(context, from, Action::Rematch { battle_id }).await?;
    answer(context, from, is_started, notices).await
}
