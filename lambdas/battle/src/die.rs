//! `die`: ends the caller's part of a battle.

use domain::battle::Action;
use function::{Caller, Context, Failure, Reply};

use crate::{done, play};

/// Everyone else hears `player_died`; once both are dead, everyone hears so, and then `battle_settled`.
pub(crate) async fn die(context: &Context, from: &Caller) -> Result<Reply, Failure> {
    let notices = play(context, from, Action::Die).await?;
    done(context, from, notices).await
}
