//! The end of a connection: its player is away from then on, in its lobby and in its queue.

use std::time::Duration;

use domain::Timestamp;
use domain::lobby::{Action, Lobby, Notice, Refusal};
use domain::matchmaking::{Ticket, TicketRef};
use ids::ConnectionId;
use store::{Closed, Connection, Place, Saved};
use tracing::info;

use crate::lobby::{Decide, Deed};
use crate::{Context, Failure, announce, lobby, matchmaking};

/// How often a farewell is begun again because a join or a match came in between. A player whose connection is gone sends no
/// more messages, so the second time finds the last one.
const FAREWELLS_TO_TRY: usize = 4;

/// How often a ticket is tried to be changed that a tick is changing.
const RACES_TO_RUN: usize = 8;

/// How young a match is whose end is nobody's loss: the players have hardly heard of it.
const FRESH: Duration = Duration::from_secs(2);

/// Has whoever was on a connection be away, in its lobby or queue too, until it comes back or the grace period is over; tells
/// the others. Does nothing the second time. 3 operations where the connection sat nowhere, 5 where it did.
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
    let departed = depart(context, connection, now, &mut notices).await;
    // What has been saved must be told.
    announce(context, notices, now).await;
    departed
}

async fn depart(
    context: &Context,
    mut connection: Connection,
    now: Timestamp,
    notices: &mut Vec<Notice>,
) -> Result<(), Failure> {
    let until = now + context.grace;
    let connections = context.store.connections();
    for _ in 0..FAREWELLS_TO_TRY {
        let goodbye = Goodbye {
            connection: &connection,
            until,
            now,
        };
        let seat = lobby::place_of(context, &connection.player_id, now).await?;
        notices.extend(goodbye.say(context, seat.as_ref()).await?);
        // Last, so that a farewell that is cut short finds the player again.
        let closed = connections.close(&connection, seat.as_ref(), until, now);
        match closed.await? {
            Closed::Done => {
                info!(player.id = %connection.player_id, "a connection has ended");
                return Ok(());
            }
            // A join or a match came in between.
            Closed::SeatedElsewhere => {}
            // So did another farewell, or an earlier player who was taken up.
            Closed::NotItsPlayers => {
                let open = connections.find(&connection.connection_id, now).await?;
                let Some(open) = open else {
                    return Ok(());
                };
                connection = open;
            }
        }
    }
    Err(Failure::Busy("a farewell"))
}

/// The end of a connection, which is heard only where its player is not on another one by now.
struct Goodbye<'a> {
    connection: &'a Connection,
    until: Timestamp,
    now: Timestamp,
}

impl Goodbye<'_> {
    /// Tells the lobby or the queue that the player is in or waits for, if any.
    async fn say(&self, context: &Context, seat: Option<&Place>) -> Result<Vec<Notice>, Failure> {
        let said = match seat {
            Some(Place::Lobby { lobby_id, .. }) => {
                let goodbye = self;
                lobby::change(context, lobby_id, self.now, &Farewell { goodbye, context }).await
            }
            Some(Place::Ticket(ticket)) if self.until <= self.now => {
                let may = |ticket: &Ticket| self.is_here(ticket);
                let withdrawn = matchmaking::withdraw(context, ticket, self.now, may).await;
                // Where there is none any more, it has just become a match; the seat says which.
                withdrawn.map(|_| Vec::new())
            }
            Some(Place::Ticket(ticket)) => self.mark(context, ticket).await.map(|()| Vec::new()),
            None => Ok(Vec::new()),
        };
        match said {
            // The lobby went first, or the player is there by another connection.
            Err(Failure::Lobby(_)) => Ok(Vec::new()),
            said => said,
        }
    }

    /// Has a ticket know that its player is away: it keeps its place, and gets no match until the player is back.
    async fn mark(&self, context: &Context, reference: &TicketRef) -> Result<(), Failure> {
        let tickets = context.store.tickets();
        for _ in 0..RACES_TO_RUN {
            let Some(ticket) = tickets.find(reference, self.now).await? else {
                return Ok(());
            };
            let lost = ticket.lost(&self.connection.connection_id, self.until);
            let Some(lost) = lost.filter(|_| !ticket.is_away()) else {
                return Ok(());
            };
            if tickets.reach(&ticket, &lost, self.now).await? == Saved::Done {
                return Ok(());
            }
        }
        Err(Failure::Busy("a ticket"))
    }

    /// Whether a ticket's player waits by this connection.
    fn is_here(&self, ticket: &Ticket) -> Result<(), Failure> {
        let mut players = ticket.players.iter();
        if players.any(|contact| contact.connection_id == self.connection.connection_id) {
            Ok(())
        } else {
            Err(Refusal::NotInMatchmaking.into())
        }
    }
}

/// What the end of a connection means for a lobby: nothing, where its player is there by another one.
struct Farewell<'a> {
    goodbye: &'a Goodbye<'a>,
    context: &'a Context,
}

impl Farewell<'_> {
    /// By which connection the lobby knows the player, where that is this one, or one that the player has no more: whoever was
    /// taken up on this one may not have come as far as telling the lobby.
    async fn known_by(&self, lobby: &Lobby) -> Result<ConnectionId, Failure> {
        let Connection {
            connection_id,
            player_id,
            ..
        } = self.goodbye.connection;
        let mut seated = lobby.seated();
        let contact = seated.find(|contact| contact.player_id == *player_id);
        let contact = contact.ok_or(Refusal::NotInLobby)?;
        if contact.connection_id != *connection_id {
            let players = self.context.store.players();
            let presence = players.presence(player_id, self.goodbye.now).await?;
            if presence.is_none_or(|presence| presence.connection_id != *connection_id) {
                return Err(Refusal::NotInLobby.into());
            }
        }
        Ok(contact.connection_id.clone())
    }
}

impl Decide for Farewell<'_> {
    async fn decide(&self, lobby: &Lobby) -> Result<Deed, Failure> {
        let connection_id = self.known_by(lobby).await?;
        let Goodbye {
            connection,
            until,
            now,
        } = *self.goodbye;
        let by = connection.player_id.clone();
        if lobby.is_untouched() && now <= lobby.created_at + FRESH {
            return Ok(Deed::TakeBack(by));
        }
        Ok(Action::Lose {
            by,
            connection_id,
            until,
        }
        .into())
    }
}
