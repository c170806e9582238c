//! The end of a connection: its player is taken out of wherever it is, and the connection is forgotten.

use std::time::Duration;

use domain::Timestamp;
use domain::lobby::{Action, Departure, Lobby, Notice, Refusal};
use domain::matchmaking::Ticket;
use ids::ConnectionId;
use store::{Closed, Connection, Place};
use tracing::info;

use crate::lobby::{Decide, Deed};
use crate::{Context, Failure, announce, lobby, matchmaking};

/// How often a farewell is begun again because a join or a match came in between. A player whose connection is gone sends no
/// more messages, so the second time finds the last one.
const FAREWELLS_TO_TRY: usize = 4;

/// How young a match is whose end is nobody's loss: the players have hardly heard of it.
const FRESH: Duration = Duration::from_secs(2);

/// Takes whoever was on a connection out of its lobby or queue and forgets the connection; tells the others. Does nothing the
/// second time. 3 operations where the connection sat nowhere, 5 where it did.
///
/// A match that has just been made is undone, and everybody else in it keeps its place in the queue.
///
/// # Errors
/// [`Failure`] where the store or the schedule fail; what was done until then stays done, and doing it again finishes it.
pub async fn clean_up(
    context: &Context,
    connection_id: &ConnectionId,
    now: Timestamp,
) -> Result<(), Failure> {
    let Some(connection) = context.store.connections().find(connection_id, now).await? else {
        return Ok(());
    };
    let mut notices = Vec::new();
    let departed = depart(context, &connection, now, &mut notices).await;
    // What has been saved must be told.
    announce(context, notices, now).await;
    if departed.is_ok() {
        info!(player.id = %connection.player_id, "a connection has ended");
    }
    departed
}

async fn depart(
    context: &Context,
    connection: &Connection,
    now: Timestamp,
    notices: &mut Vec<Notice>,
) -> Result<(), Failure> {
    for _ in 0..FAREWELLS_TO_TRY {
        notices.extend(leave(context, connection, now).await?);
        // Last, so that a farewell that is cut short finds the player again.
        match context.store.connections().close(connection, now).await? {
            Closed::Done => return Ok(()),
            // A join or a match came in between.
            Closed::StillSeated => {}
        }
    }
    Err(Failure::Busy("a farewell"))
}

/// Takes whoever was on a connection out of the lobby or the queue that it is in or waits for, if any.
async fn leave(
    context: &Context,
    connection: &Connection,
    now: Timestamp,
) -> Result<Vec<Notice>, Failure> {
    let left = match lobby::place_of(context, &connection.player_id, now).await? {
        Some(Place::Lobby { lobby_id, .. }) => {
            lobby::change(context, &lobby_id, now, &Goodbye { connection, now }).await
        }
        Some(Place::Ticket(ticket)) => {
            let withdrawn =
                matchmaking::withdraw(context, &ticket, now, |ticket| is_here(ticket, connection));
            // Where there is none any more, it has just become a match; the seat says which.
            withdrawn.await.map(|_| Vec::new())
        }
        None => Ok(Vec::new()),
    };
    match left {
        // The lobby went first, or the player is there by another connection.
        Err(Failure::Lobby(_)) => Ok(Vec::new()),
        left => left,
    }
}

/// Whether a ticket's player waits by this connection.
fn is_here(ticket: &Ticket, connection: &Connection) -> Result<(), Failure> {
    let mut players = ticket.players.iter();
    if players.any(|contact| contact.connection_id == connection.connection_id) {
        Ok(())
    } else {
        Err(Refusal::NotInMatchmaking.into())
    }
}

/// The end of a connection, which is the end of its player's stay only where the player is not on another one by now.
struct Goodbye<'a> {
    connection: &'a Connection,
    now: Timestamp,
}

impl Decide for Goodbye<'_> {
    async fn decide(&self, lobby: &Lobby) -> Result<Deed, Failure> {
        let connection_id = &self.connection.connection_id;
        let mut seated = lobby.seated();
        if !seated.any(|contact| contact.connection_id == *connection_id) {
            return Err(Refusal::NotInLobby.into());
        }
        let by = self.connection.player_id.clone();
        if lobby.is_untouched() && self.now <= lobby.created_at + FRESH {
            return Ok(Deed::TakeBack(by));
        }
        let how = Departure::Disconnected;
        Ok(Action::Leave { by, how }.into())
    }
}
