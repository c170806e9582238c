//! `reject_join_request`: declines to let a waiting player in.

use domain::lobby::Action;
use function::{Caller, Context, Failure, Reply};
use protocol::Text;
use protocol::lobby::RejectJoinRequest;

use crate::{change_own, done, open};

/// The player hears `join_request_rejected`.
pub(crate) async fn reject(
    context: &Context,
    from: &Caller,
    message: RejectJoinRequest,
) -> Result<Reply, Failure> {
    let connection_id = open(context, from, &message.player_connection_id)?;
    let reason = message.reason.map(Text::into_string);
    let notices = change_own(context, from, |by| Action::Reject {
        by,
        connection_id,
        reason,
    })
    .await?;
    done(context, from, notices).await
}
