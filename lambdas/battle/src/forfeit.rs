//! `forfeit_battle`: gives a battle up.

use domain::battle::Action;
use function::{Caller, Context, Failure, Reply};

use crate::{done, play};

/// Everyone hears `battle_settled`: the other player has won.
pub(crate) async fn forfeit_battle(context: &Context, from: &Caller) -> Result<Reply, Failure> {
    let notices = play(context, from, Action::Forfeit).await?;
    done(context, from, notices).await
}
