//! `accept_join_request`: lets a waiting player in.

use domain::lobby::Action;
use function::{Caller, Context, Failure, Reply};
use protocol::lobby::AcceptJoinRequest;

use crate::{change_own, done, open};

/// The player hears `join_request_accepted`, the other members `player_joined`.
pub(crate) async fn accept(
    context: &Context,
    from: &Caller,
    message: AcceptJoinRequest,
) -> Result<Reply, Failure> {
    let connection_id = open(context, from, &message.player_connection_id)?;
    let peer_id = message.player_peer_id;
    let notices = change_own(context, from, |by| Action::Accept {
        by,
        connection_id,
        peer_id,
    })
    .await?;
    done(context, from, notices).await
}
