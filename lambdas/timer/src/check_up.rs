//! Whether those who are in a lobby are still connected. The platform promises no `$disconnect`, and in a lobby in which nothing
//! happens nobody is posted to; so it is looked at every now and then.

use domain::Timestamp;
use domain::lobby::Contact;
use function::lobby::watch;
use function::{Context, Failure, InFull, report_gone};
use futures::future::join_all;
use ids::{LobbyEra, LobbyId};
use tracing::warn;

/// Looks at each connection of a lobby, has those that are gone cleaned up, and has the lobby looked at again. One operation.
/// Of a lobby that is no more, or another by now, nothing is looked at ever again.
pub(crate) async fn check_up(
    context: &Context,
    lobby_id: &LobbyId,
    era: &LobbyEra,
    now: Timestamp,
) -> Result<(), Failure> {
    let lobby = context.store.lobbies().find(lobby_id, now).await?;
    let Some(lobby) = lobby.filter(|lobby| lobby.era == *era) else {
        return Ok(());
    };
    let present = lobby.seated().filter(|contact| !contact.away);
    join_all(present.map(|contact| look(context, contact, now))).await;
    // Last: where this comes again, it has not been sent yet.
    watch(context, lobby_id, era, now).await
}

/// Has a connection cleaned up if it is gone.
async fn look(context: &Context, contact: &Contact, now: Timestamp) {
    match context.push.is_open(&contact.connection_id).await {
        Ok(true) => {}
        Ok(false) => report_gone(context, &contact.connection_id, now).await,
        // The next time, then.
        Err(error) => warn!(
            error = %InFull(&error),
            "whether a connection is open could not be looked at"
        ),
    }
}
