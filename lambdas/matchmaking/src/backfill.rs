//! `request_backfill`: the host of a match asks for the empty seats to be filled.

use domain::lobby::{Action, Entry, Event, Lobby, Notice, Refusal};
use domain::matchmaking::{self, Attributes, Owner, State, Ticket};
use function::lobby::{Decide, Deed, change, lobby_of, permitted};
use function::matchmaking::{arm, tick_if_possible};
use function::{Caller, Context, Failure, Reply, fresh_ticket_id};
use ids::{PlayerId, TicketId};

use crate::answer;

/// Answers `backfill_started`. Four operations: who, where, the lobby, the write.
pub(crate) async fn request_backfill(context: &Context, from: &Caller) -> Result<Reply, Failure> {
    let by = permitted(context, from, |may| may.matchmake)
        .await?
        .player_id;
    let lobby_id = lobby_of(context, &by, from.now).await?;
    let request = Request {
        context,
        by,
        ticket_id: fresh_ticket_id(),
        now: from.now,
    };
    let notices = change(context, &lobby_id, from.now, &request).await?;
    if let Some(queue) = queue_in(&notices) {
        tick_if_possible(context, queue).await;
    }
    answer(context, from, is_answer, notices).await
}

/// The wish of a match's host.
struct Request<'a> {
    context: &'a Context,
    by: PlayerId,
    ticket_id: TicketId,
    now: domain::Timestamp,
}

impl Decide for Request<'_> {
    async fn decide(&self, lobby: &Lobby) -> Result<Deed, Failure> {
        if lobby.host != self.by {
            return Err(Refusal::NotHost.into());
        }
        let origin = lobby.origin.as_ref().ok_or(Refusal::NotAMatch)?;
        arm(self.context, &origin.queue).await?;
        let members = lobby.members_by_arrival().into_iter();
        let players = members.map(|member| member.contact.clone());
        let ticket = Ticket {
            ticket_id: self.ticket_id.clone(),
            queue: origin.queue.clone(),
            owner: Owner::Backfill {
                lobby_id: lobby.lobby_id.clone(),
                era: lobby.era.clone(),
                present: origin.tickets.clone(),
                banned: lobby.bans.clone(),
            },
            players: players.filter(|one| one.expires_at > self.now).collect(),
            attributes: Attributes::new(),
            created_at: self.now,
            version: 1,
            state: State::Waiting,
        };
        let enqueue = Action::Enqueue {
            by: self.by.clone(),
            ticket: ticket.reference(),
            kind: Entry::Backfill,
        };
        Ok(Deed::Enqueue(enqueue, Box::new(ticket)))
    }
}

fn queue_in(notices: &[Notice]) -> Option<&ids::QueueName> {
    notices.iter().find_map(|notice| {
        if let Event::Matchmaking(matchmaking::Event::BackfillStarted { ticket, .. }) =
            &notice.event
        {
            Some(&ticket.queue)
        } else {
            None
        }
    })
}

fn is_answer(event: &Event) -> bool {
    matches!(
        event,
        Event::Matchmaking(matchmaking::Event::BackfillStarted { .. })
    )
}
