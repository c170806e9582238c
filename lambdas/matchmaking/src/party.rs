//! `join_matchmaking` as a party: everybody in the caller's lobby enters as one.

use domain::lobby::{Action, Entry, Event, Lobby, Refusal};
use domain::matchmaking::{self, Attributes, Ending, Owner, Queue, State, Ticket};
use function::lobby::{Decide, Deed, change, permitted, place_of};
use function::matchmaking::{TakeOut, tick};
use function::{Caller, Context, Failure, Reply, fresh_ticket_id};
use ids::{PlayerId, TicketId};
use protocol::ErrorCode;
use store::Place;

use crate::answer;

/// Every member hears `matchmaking_started`. Five operations: who, where, how long others waited, the lobby, the write.
pub(crate) async fn join(
    context: &Context,
    from: &Caller,
    queue: &Queue,
    attributes: Attributes,
) -> Result<Reply, Failure> {
    let by = permitted(context, from, |may| may.may_enter(&queue.name)).await?;
    let by = by.player_id;
    let lobby_id = match place_of(context, &by, from.now).await? {
        Some(Place::Lobby { lobby_id, .. }) => lobby_id,
        Some(Place::Ticket(_)) => {
            return Err(Failure::Refused(ErrorCode::AlreadyInMatchmaking));
        }
        None => return Err(Refusal::NotInLobby.into()),
    };
    let pool = context.store.tickets().pool(&queue.name).await?;
    let wish = Wish {
        by,
        queue,
        attributes,
        ticket_id: fresh_ticket_id(),
        estimate: pool.estimate(),
        now: from.now,
    };
    let notices = change(context, &lobby_id, from.now, &wish).await?;
    if let Err(failure) = tick(context, &queue.name).await {
        // Nobody would look at it; so it was never there, and nobody has heard of it.
        let (ticket_id, why) = (wish.ticket_id, Ending::Left);
        change(context, &lobby_id, from.now, &TakeOut { ticket_id, why }).await?;
        return Err(failure);
    }
    answer(context, from, is_answer, notices).await
}

/// The wish of a party's host.
struct Wish<'a> {
    by: PlayerId,
    queue: &'a Queue,
    attributes: Attributes,
    ticket_id: TicketId,
    estimate: Option<u32>,
    now: domain::Timestamp,
}

impl Decide for Wish<'_> {
    async fn decide(&self, lobby: &Lobby) -> Result<Deed, Failure> {
        let members = lobby.members_by_arrival().into_iter();
        let players = members.map(|member| member.contact.clone());
        let ticket = Ticket {
            ticket_id: self.ticket_id.clone(),
            queue: self.queue.name.clone(),
            owner: Owner::Party {
                lobby_id: lobby.lobby_id.clone(),
                era: lobby.era.clone(),
            },
            players: players.filter(|one| one.expires_at > self.now).collect(),
            attributes: self.attributes.clone(),
            created_at: self.now,
            version: 1,
            state: State::Waiting,
        };
        let enqueue = Action::Enqueue {
            by: self.by.clone(),
            ticket: ticket.reference(),
            kind: Entry::Party {
                most: self.queue.team_size.max,
                estimate: self.estimate,
            },
        };
        Ok(Deed::Enqueue(enqueue, Box::new(ticket)))
    }
}

fn is_answer(event: &Event) -> bool {
    matches!(
        event,
        Event::Matchmaking(matchmaking::Event::Started { .. })
    )
}
