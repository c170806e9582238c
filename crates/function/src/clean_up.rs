//! The end of a connection: its player is away from then on, in its lobby and in its queue.

use std::time::Duration;

use domain::Timestamp;
use domain::lobby::{Action, Contact, Lobby, Notice, Refusal};
use domain::matchmaking::TicketRef;
use ids::ConnectionId;
use store::{Closed, Connection, Place, Reached, Saved};
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
/// Returns whether the connection was taken for open.
///
/// # Errors
/// [`Failure`] where the store or the schedule fail; what was done until then stays done, and doing it again finishes it.
pub async fn clean_up(
    context: &Context,
    connection_id: &ConnectionId,
    now: Timestamp,
) -> Result<bool, Failure> {
    let Some(connection) = context.store.connections().find(connection_id, now).await? else {
        return Ok(false);
    };
    let mut notices = Vec::new();
    let departed = depart(context, connection, now, &mut notices).await;
    // What has been saved must be told.
    announce(context, notices, now).await;
    departed.map(|()| true)
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
            context,
            connection: &connection,
            until,
            now,
        };
        let seat = lobby::place_of(context, &connection.player_id, now).await?;
        let reached = goodbye.say(seat.as_ref(), notices).await?;
        // Last, so that a farewell that is cut short finds the player again.
        match connections.close(&connection, reached, until, now).await? {
            Closed::Done => {
                info!(player.id = %connection.player_id, "a connection has ended");
                return Ok(());
            }
            // A join or a match came in between, or the player came back.
            Closed::NotTold => {}
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
    context: &'a Context,
    connection: &'a Connection,
    until: Timestamp,
    now: Timestamp,
}

impl Goodbye<'_> {
    /// Tells the lobby or the queue that the player is in or waits for, if any; what is to be heard of that goes to `notices`.
    /// How the player is reached from now on.
    async fn say(
        &self,
        seat: Option<&Place>,
        notices: &mut Vec<Notice>,
    ) -> Result<Reached, Failure> {
        let said = match seat {
            None => return Ok(Reached::ByNone),
            Some(Place::Lobby { lobby_id, .. }) => {
                let farewell = Farewell(self);
                lobby::change(self.context, lobby_id, self.now, &farewell).await
            }
            Some(Place::Ticket(ticket)) => self.tell_queue(ticket).await.map(|()| Vec::new()),
        };
        match said {
            Ok(heard) => {
                notices.extend(heard);
                Ok(Reached::ByNone)
            }
            // The lobby went first, or the player is there by another connection.
            Err(Failure::Lobby(_)) if self.is_the_players().await? => Ok(Reached::ByNone),
            Err(Failure::Lobby(_)) => Ok(Reached::ByAnother),
            Err(failure) => Err(failure),
        }
    }

    /// Has a ticket know that its player is away: it keeps its place, and gets no match until the player is back. Where the
    /// player may not stay away at all, the ticket goes.
    async fn tell_queue(&self, reference: &TicketRef) -> Result<(), Failure> {
        let tickets = self.context.store.tickets();
        for _ in 0..RACES_TO_RUN {
            let Some(ticket) = tickets.find(reference, self.now).await? else {
                // It has just become a match; the seat says which.
                return Ok(());
            };
            let known_by = self.known_by(ticket.players.iter()).await?;
            let known_by = known_by.ok_or(Refusal::NotInMatchmaking)?;
            let told = if self.until <= self.now {
                matchmaking::try_to_withdraw(self.context, &ticket, self.now).await?
            } else {
                let Some(lost) = ticket.lost(&known_by, self.until) else {
                    // It knows.
                    return Ok(());
                };
                tickets.reach(&ticket, &lost, self.now).await?
            };
            if told == Saved::Done {
                return Ok(());
            }
        }
        Err(Failure::Busy("a ticket"))
    }

    /// By which connection a lobby or a queue knows the player, where that is this one, or one that the player has no more:
    /// whoever was taken up on this one may not have come as far as telling them.
    async fn known_by(
        &self,
        mut contacts: impl Iterator<Item = &Contact>,
    ) -> Result<Option<ConnectionId>, Failure> {
        let player_id = &self.connection.player_id;
        let Some(contact) = contacts.find(|contact| contact.player_id == *player_id) else {
            return Ok(None);
        };
        let is_known =
            contact.connection_id == self.connection.connection_id || self.is_the_players().await?;
        Ok(is_known.then(|| contact.connection_id.clone()))
    }

    /// Whether this is where the player is reached. One operation.
    async fn is_the_players(&self) -> Result<bool, Failure> {
        let Connection {
            player_id,
            connection_id,
            ..
        } = self.connection;
        let players = self.context.store.players();
        let presence = players.presence(player_id, self.now).await?;
        Ok(presence.is_none_or(|presence| presence.connection_id == *connection_id))
    }
}

/// What the end of a connection means for a lobby: nothing, where its player is there by another one.
struct Farewell<'a>(&'a Goodbye<'a>);

impl Decide for Farewell<'_> {
    async fn decide(&self, lobby: &Lobby) -> Result<Deed, Failure> {
        let Self(goodbye) = self;
        let known_by = goodbye.known_by(lobby.seated()).await?;
        let connection_id = known_by.ok_or(Refusal::NotInLobby)?;
        let by = goodbye.connection.player_id.clone();
        if lobby.is_untouched() && goodbye.now <= lobby.created_at + FRESH {
            return Ok(Deed::TakeBack(by));
        }
        Ok(Action::Lose {
            by,
            connection_id,
            until: goodbye.until,
        }
        .into())
    }
}
