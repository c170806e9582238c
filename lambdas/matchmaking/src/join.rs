//! `join_matchmaking`: the caller, or its whole lobby, begins to look for opponents.

use domain::lobby::Contact;
use domain::matchmaking::{Attributes, Owner, Queue, State, Ticket};
use function::lobby::{permitted, place_of, taken};
use function::{Caller, Context, Failure, Reply, fresh_ticket_id, matchmaking};
use ids::QueueName;
use protocol::matchmaking::JoinMatchmaking;
use protocol::{ErrorCode, event};
use store::{JoinConflict, Place};

use crate::{attributes, matched, party};

/// The queue where nobody says which.
const DEFAULT_QUEUE: &str = "1v1";

/// How often a join is tried again that came at the same time as something else of the same player's.
const RACES_TO_RUN: usize = 8;

/// Answers `matchmaking_started`, which the members of a party hear too; or `match_found` once more, to somebody who is in a
/// match of this queue that goes on: the first news may have been lost.
pub(crate) async fn join(
    context: &Context,
    from: &Caller,
    message: JoinMatchmaking,
) -> Result<Reply, Failure> {
    let JoinMatchmaking {
        queue,
        attributes,
        party,
    } = message;
    let queue = queue_of(context, queue)?;
    let attributes = attributes::attributes(attributes);
    if let Some(missing) = queue.missing_attribute(&attributes) {
        return Err(Failure::Field {
            code: ErrorCode::AttributeMissing,
            field: format!("attributes.{missing}"),
        });
    }
    if party.unwrap_or_default() {
        party::join(context, from, queue, attributes).await
    } else {
        alone(context, from, queue, attributes).await
    }
}

fn queue_of(context: &Context, named: Option<QueueName>) -> Result<&Queue, Failure> {
    let named = named.or_else(|| QueueName::parse(DEFAULT_QUEUE).ok());
    let queue = named.and_then(|name| context.queues.get(&name));
    queue.ok_or(Failure::Refused(ErrorCode::QueueNotFound))
}

/// Three operations: who, how long others waited, and the write that finds the player seated nowhere. Two more where it is
/// seated: where, and that lobby.
async fn alone(
    context: &Context,
    from: &Caller,
    queue: &Queue,
    attributes: Attributes,
) -> Result<Reply, Failure> {
    let by = permitted(context, from, |may| may.may_enter(&queue.name)).await?;
    let pool = context.store.tickets().pool(&queue.name).await?;
    let ticket = Ticket {
        ticket_id: fresh_ticket_id(),
        queue: queue.name.clone(),
        owner: Owner::Player,
        players: vec![by.clone()],
        attributes,
        created_at: from.now,
        version: 1,
        state: State::Waiting,
    };
    matchmaking::arm(context, &queue.name).await?;
    if let Some(again) = put(context, from, &by, &ticket).await? {
        return Ok(again);
    }
    matchmaking::tick_if_possible(context, &queue.name).await;
    let started = event::MatchmakingStarted {
        ticket_id: ticket.ticket_id,
        queue: ticket.queue,
        estimated_wait_seconds: pool.estimate(),
    };
    Ok(Reply::Event(started.into()))
}

/// Puts the ticket into its queue; what the caller hears instead, where it is matched already.
async fn put(
    context: &Context,
    from: &Caller,
    by: &Contact,
    ticket: &Ticket,
) -> Result<Option<Reply>, Failure> {
    for _ in 0..RACES_TO_RUN {
        match context.store.tickets().join(ticket, from.now).await? {
            Ok(()) => return Ok(None),
            Err(JoinConflict::SeatTaken) => {
                let place = place_of(context, &by.player_id, from.now).await?;
                if let Some(place) = place {
                    let again = elsewhere(context, from, by, ticket, place).await?;
                    return Ok(Some(again));
                }
            }
            Err(JoinConflict::PlayerGone) => {
                return Err(Failure::Refused(ErrorCode::NotConnected));
            }
            Err(JoinConflict::LostRace) => {}
        }
    }
    Err(Failure::Busy("a place in a queue"))
}

/// What somebody hears who has a place already: its match again, or why it does not join.
async fn elsewhere(
    context: &Context,
    from: &Caller,
    by: &Contact,
    ticket: &Ticket,
    place: Place,
) -> Result<Reply, Failure> {
    match &place {
        Place::Ticket(own) => {
            // Whoever asks again may have heard no answer, from a function that was killed before it had the queue worked.
            matchmaking::tick_if_possible(context, &own.queue).await;
        }
        Place::Lobby { lobby_id, .. } => {
            let again = matched::tell_again(context, from, by, &ticket.queue, lobby_id).await?;
            if let Some(again) = again {
                return Ok(again);
            }
        }
    }
    Err(taken(place))
}
