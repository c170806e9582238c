//! One attempt at changing a lobby that was read.

use domain::Timestamp;
use domain::lobby::{Action, Lobby, Notice, Outcome, Refusal, step};
use domain::matchmaking::Ticket;
use futures::future::try_join_all;
use ids::{LobbyEra, LobbyId, QueueName};
use schedule::Timer;
use store::Saved;

use super::Deed;
use crate::{Context, Failure, matchmaking};

/// What a deed makes of a lobby, if it can be saved.
pub(crate) struct Attempt {
    /// What everybody hears.
    pub(crate) notices: Vec<Notice>,
    /// The queue that is to be worked because of it.
    pub(crate) to_work: Option<QueueName>,
}

/// Decides, arms and saves.
pub(super) async fn attempt(
    context: &Context,
    lobby: &Lobby,
    deed: Deed,
    now: Timestamp,
) -> Result<(Saved, Attempt), Failure> {
    match deed {
        Deed::Act(action) => act(context, lobby, action, now).await,
        Deed::Enqueue(action, ticket) => enqueue(context, lobby, action, &ticket, now).await,
        Deed::TakeBack(player_id) => {
            matchmaking::try_to_take_back(context, lobby, &[player_id], now).await
        }
    }
}

async fn act(
    context: &Context,
    lobby: &Lobby,
    action: Action,
    now: Timestamp,
) -> Result<(Saved, Attempt), Failure> {
    let outcome = step(lobby, action, now)?;
    // Where nothing has changed, `save` writes nothing; but what is to ring again has to.
    arm(context, lobby, &outcome.alarms, now).await?;
    let after = outcome.lobby.as_ref();
    let saved = context.store.lobbies().save(lobby, after, now).await?;
    Ok((saved, Attempt::of(lobby, outcome)))
}

async fn enqueue(
    context: &Context,
    lobby: &Lobby,
    action: Action,
    ticket: &Ticket,
    now: Timestamp,
) -> Result<(Saved, Attempt), Failure> {
    let outcome = step(lobby, action, now)?;
    let Some(after) = &outcome.lobby else {
        let lobby_id = lobby.lobby_id.clone();
        return Err(Refusal::NotFound { lobby_id }.into());
    };
    arm(context, lobby, &outcome.alarms, now).await?;
    let lobbies = context.store.lobbies();
    let saved = lobbies.enqueue(lobby, after, ticket, now).await?;
    Ok((saved, Attempt::of(lobby, outcome)))
}

impl Attempt {
    /// What the rules made of a lobby. A ticket that it has no more leaves others waiting who were to play with it.
    fn of(before: &Lobby, outcome: Outcome) -> Self {
        let kept = outcome.lobby.as_ref();
        let kept = kept.and_then(|after| after.ticket.as_ref());
        let withdrawn = before.ticket.as_ref().filter(|old| Some(*old) != kept);
        Self {
            to_work: withdrawn.map(|ticket| ticket.queue.clone()),
            notices: outcome.notices,
        }
    }
}

/// Has a lobby woken at these times. Before the write that they belong to: a timer that is about nothing does nothing.
///
/// # Errors
/// What the schedule says.
pub async fn arm(
    context: &Context,
    lobby: &Lobby,
    alarms: &[Timestamp],
    now: Timestamp,
) -> Result<(), Failure> {
    let timers = alarms.iter().map(|at| {
        let timer = Timer::Lobby {
            lobby_id: lobby.lobby_id.clone(),
            era: lobby.era.clone(),
            at: *at,
        };
        context.schedule.timer(timer, *at, now)
    });
    try_join_all(timers).await?;
    Ok(())
}

/// Has it looked at, after a while, whether those who are in a lobby are still connected. Before the lobby is opened: of a
/// lobby that is not there nothing is looked at.
///
/// # Errors
/// What the schedule says.
pub async fn watch(
    context: &Context,
    lobby_id: &LobbyId,
    era: &LobbyEra,
    now: Timestamp,
) -> Result<(), Failure> {
    if let Some(every) = context.check_up {
        let timer = Timer::CheckUp {
            lobby_id: lobby_id.clone(),
            era: era.clone(),
        };
        context.schedule.timer(timer, now + every, now).await?;
    }
    Ok(())
}
