//! Telling everybody what happened, after it has been saved, and cleaning up after those who turn out to be gone.

use std::collections::BTreeMap;

use domain::Timestamp;
use domain::lobby::{Action, Departure, Lobby, Notice, Refusal};
use futures::future::join_all;
use ids::ConnectionId;
use protocol::envelope::write_event;
use push::Posted;
use store::{Closed, Connection};
use tracing::{info, warn};

use crate::in_full::InFull;
use crate::lobby::Decide;
use crate::{Context, Failure, lobby, wire};

/// How often a farewell is begun again because a join came in between. A player whose connection is gone sends no more of
/// them, so the second time finds the last one.
const FAREWELLS_TO_TRY: usize = 4;

/// Tells everybody. A hearer's frames go one after the other, different hearers' at the same time. A connection that turns
/// out to be dead is cleaned up like one that said goodbye, and the others hear of that too.
///
/// What cannot be delivered for another reason is logged and not tried again: the state has been saved, and the next event
/// or the hearer's own next action shows it.
pub async fn announce(context: &Context, notices: Vec<Notice>, now: Timestamp) {
    let mut dead = deliver(context, notices).await;
    while let Some(connection_id) = dead.pop() {
        match depart(context, &connection_id, now).await {
            Ok(notices) => dead.extend(deliver(context, notices).await),
            Err(failure) => {
                warn!(
                    error = %InFull(&failure),
                    "a dead connection could not be cleaned up; its next farewell or expiry will"
                );
            }
        }
    }
}

/// Takes whoever was on a connection out of its lobby and forgets the connection; tells the others. Does nothing the second
/// time. 3 operations where the connection sat in no lobby, 5 where it did.
///
/// # Errors
/// [`Failure`] where the store fails; what was done until then stays done, and doing it again finishes it.
pub async fn clean_up(
    context: &Context,
    connection_id: &ConnectionId,
    now: Timestamp,
) -> Result<(), Failure> {
    let notices = depart(context, connection_id, now).await?;
    announce(context, notices, now).await;
    Ok(())
}

async fn depart(
    context: &Context,
    connection_id: &ConnectionId,
    now: Timestamp,
) -> Result<Vec<Notice>, Failure> {
    let Some(connection) = context.store.connections().find(connection_id, now).await? else {
        return Ok(Vec::new());
    };
    let mut notices = Vec::new();
    for _ in 0..FAREWELLS_TO_TRY {
        notices.extend(leave(context, &connection, now).await?);
        // Last, so that a farewell that is cut short finds the player again.
        match context.store.connections().close(&connection, now).await {
            Ok(Closed::Done) => {
                info!(player.id = %connection.player_id, "a connection has ended");
                return Ok(notices);
            }
            // A join came in between.
            Ok(Closed::StillSeated) => {}
            Err(error) if notices.is_empty() => return Err(error.into()),
            // What has been saved must be told.
            Err(error) => {
                warn!(
                    error = %InFull(&error),
                    "an ended connection is not forgotten yet"
                );
                return Ok(notices);
            }
        }
    }
    if notices.is_empty() {
        return Err(Failure::Busy("a farewell"));
    }
    Ok(notices)
}

/// Takes whoever was on a connection out of the lobby that it is in or waits for, if any.
async fn leave(
    context: &Context,
    connection: &Connection,
    now: Timestamp,
) -> Result<Vec<Notice>, Failure> {
    let Some(seat) = context
        .store
        .players()
        .seat(&connection.player_id, now)
        .await?
    else {
        return Ok(Vec::new());
    };
    match lobby::change(context, &seat.lobby_id, now, &Goodbye(connection)).await {
        // The lobby went first, or the player sits there by another connection.
        Err(Failure::Lobby(_)) => Ok(Vec::new()),
        told => told,
    }
}

/// The end of a connection, which is the end of its player's stay only where the player is not on another one by now.
struct Goodbye<'a>(&'a Connection);

impl Decide for Goodbye<'_> {
    async fn decide(&self, lobby: &Lobby) -> Result<Action, Failure> {
        let mut seated = lobby.seated();
        if seated.any(|contact| contact.connection_id == self.0.connection_id) {
            Ok(Action::Leave {
                by: self.0.player_id.clone(),
                how: Departure::Disconnected,
            })
        } else {
            Err(Refusal::NotInLobby.into())
        }
    }
}

/// Posts, and says who turned out to be gone.
async fn deliver(context: &Context, notices: Vec<Notice>) -> Vec<ConnectionId> {
    let mut hearers: BTreeMap<ConnectionId, Vec<String>> = BTreeMap::new();
    for notice in notices {
        let to = notice.to.connection_id.clone();
        let frame = write_event(&wire::encode(&context.sealer, notice), None);
        hearers.entry(to).or_default().push(frame);
    }
    let posts = hearers.into_iter().map(async |(to, frames)| {
        for frame in frames {
            match context.push.post(&to, frame).await {
                Ok(Posted::Delivered) => {}
                Ok(Posted::Gone) => return Some(to),
                Err(error) => warn!(
                    error = %InFull(&error),
                    "an event could not be delivered"
                ),
            }
        }
        None
    });
    join_all(posts).await.into_iter().flatten().collect()
}
