//! `join_matchmaking` as a party: everybody in the caller's lobby enters as one.

use domain::lobby::{Action, Entry, Event, Lobby, Refusal};
use domain::matchmaking::{self, Attributes, Owner, Queue, State, Ticket};
use function::lobby::{Decide, Deed, change, permitted, place_of};
use function::matchmaking::{arm, tick_if_possible};
use function::{Caller, Context, Failure, Reply, fresh_ticket_id};
use ids::{PlayerId, TicketId};
use protocol::ErrorCode;
use store::Place;

use crate::{answer, matched};

/// Every member hears `matchmaking_started`. Five operations: who, where, how long others waited, the lobby, the write; one
/// more where it is refused.
pub(crate) async fn join(
    context: &Context,
    from: &Caller,
    queue: &Queue,
    attributes: Attributes,
) -> Result<Reply, Failure> {
    let by = permitted(context, from, |may| may.may_enter(&queue.name)).await?;
    let lobby_id = match place_of(context, &by.player_id, from.now).await? {
        Some(Place::Lobby { lobby_id, .. }) => lobby_id,
        Some(Place::Ticket(_)) => {
            return Err(Failure::Refused(ErrorCode::AlreadyInMatchmaking));
        }
        None => return Err(Refusal::NotInLobby.into()),
    };
    let pool = context.store.tickets().pool(&queue.name).await?;
    let wish = Wish {
        by: by.player_id.clone(),
        queue,
        attributes,
        ticket_id: fresh_ticket_id(),
        estimate: pool.estimate(),
        now: from.now,
    };
    arm(context, &queue.name).await?;
    match change(context, &lobby_id, from.now, &wish).await {
        Ok(notices) => {
            tick_if_possible(context, &queue.name).await;
            answer(context, from, is_answer, notices).await
        }
        Err(refused @ Failure::Lobby(_)) => {
            // A party that has been matched is in that match's lobby, and its host may not have heard.
            let again = matched::tell_again(context, from, &by, &queue.name, &lobby_id).await?;
            again.ok_or(refused)
        }
        Err(failure) => Err(failure),
    }
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
