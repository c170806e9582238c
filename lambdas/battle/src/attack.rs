//! `attack`: freezes the other player for a while.

use domain::battle::Action;
use function::{Caller, Context, Failure, Reply};

use crate::{done, play};

/// Everyone else hears `attacked`.
pub(crate) async fn attack(context: &Context, from: &Caller) -> Result<Reply, Failure> {
    let notices = play(context, from, Action::Attack).await?;
    done(context, from, notices).await
}
