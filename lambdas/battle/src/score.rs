//! `sync_score`: tells the caller's score.

use domain::battle::Action;
use function::{Caller, Context, Failure, Reply};
use protocol::battle::SyncScore;

use crate::{done, play};

/// Everyone else hears `score_synced`.
pub(crate) async fn sync_score(
    context: &Context,
    from: &Caller,
    message: &SyncScore,
) -> Result<Reply, Failure> {
    let score = message.score.get();
    let notices = play(context, from, Action::SyncScore { score }).await?;
    done(context, from, notices).await
}
