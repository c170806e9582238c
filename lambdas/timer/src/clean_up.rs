//! A connection turned out to be gone.

use domain::Timestamp;
use function::{Context, Failure};
use ids::ConnectionId;
use tracing::info;

/// Does what its farewell would have done. Where that was done before and yet somebody was sent there, its player has been taken up
/// on another connection, and whoever did that came no further: if that one is gone, too, nobody else would find out.
pub(crate) async fn clean_up(
    context: &Context,
    connection_id: &ConnectionId,
    now: Timestamp,
) -> Result<(), Failure> {
    if function::clean_up(context, connection_id, now).await? {
        return Ok(());
    }
    let Some(successor) = successor(context, connection_id, now).await? else {
        return Ok(());
    };
    if !context
        .push
        .is_open(&successor)
        .await
        .map_err(Failure::Push)?
    {
        info!("a connection has ended on which a player was taken up");
        function::clean_up(context, &successor, now).await?;
    }
    Ok(())
}

/// The connection on which the player of one that has ended is reached now.
async fn successor(
    context: &Context,
    connection_id: &ConnectionId,
    now: Timestamp,
) -> Result<Option<ConnectionId>, Failure> {
    let trace = context
        .store
        .connections()
        .trace(connection_id, now)
        .await?;
    let Some(trace) = trace else {
        return Ok(None);
    };
    let players = context.store.players();
    let presence = players.presence(&trace.connection.player_id, now).await?;
    let reached_at = presence.map(|presence| presence.connection_id);
    Ok(reached_at.filter(|reached_at| reached_at != connection_id))
}
