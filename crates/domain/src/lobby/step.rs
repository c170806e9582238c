//! One action.

use super::{Action, Lobby, Outcome, Refusal, admit, depart, fight, govern, presence, queue};
use crate::{Timestamp, battle};

/// Does one action to a lobby. The lobby that comes out has the next version, if it changed or anybody hears of it: what is
/// told is then saved under a condition too, and nobody hears of a lobby that was read too early. Only looking at the battle
/// changes nothing.
///
/// First comes what time has done. Whoever's connection has reached its end is taken out: a lost farewell must not hold a
/// seat. A battle that is over by now is settled; what else was to be done to it is then left undone, and whoever wanted it
/// hears why.
///
/// # Errors
/// [`Refusal`] where the action is not allowed; then nothing has changed.
pub fn step(lobby: &Lobby, action: Action, now: Timestamp) -> Result<Outcome, Refusal> {
    let mut swept = depart::sweep(lobby.clone(), now);
    presence::readdress(&mut swept.notices, &action, now);
    let Some(mut current) = swept.lobby.clone() else {
        return after_the_end(lobby, swept, action);
    };
    let mut due = fight::settle_due(&mut current, now);
    presence::readdress(&mut due, &action, now);
    let means = Means::of(&action);
    let mut outcome = match means {
        Means::Play if !due.is_empty() && is_by_a_member(&action, &current) => {
            Outcome::new(Some(current), Vec::new())
        }
        Means::Play | Means::Look | Means::Ring | Means::Other => act(current, action, now)?,
    };
    outcome
        .notices
        .splice(0..0, swept.notices.into_iter().chain(due));
    if let Some(after) = &mut outcome.lobby {
        outcome.notices.extend(fight::settle_due(after, now));
        outcome.notices.extend(queue::review(lobby, after));
        outcome.alarms.extend(match means {
            Means::Ring => fight::set_next_alarm(after, now),
            Means::Play | Means::Look | Means::Other => fight::set_alarm(after),
        });
        outcome.alarms.sort_unstable();
        outcome.alarms.dedup();
        let is_told = means != Means::Look && !outcome.notices.is_empty();
        if after != lobby || is_told {
            after.version = lobby.version + 1;
        }
    }
    Ok(outcome)
}

fn is_by_a_member(action: &Action, lobby: &Lobby) -> bool {
    if let Action::Battle { by, .. } = action {
        lobby.members.contains_key(by)
    } else {
        false
    }
}

/// What an action is to the lobby's battle.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Means {
    /// Something is done to it.
    Play,
    /// Somebody looks at it.
    Look,
    /// Its alarm rings.
    Ring,
    /// Nothing, or as it comes.
    Other,
}

impl Means {
    fn of(action: &Action) -> Self {
        match action {
            Action::Battle { action, .. } => match action {
                battle::Action::View => Self::Look,
                battle::Action::Start { .. }
                | battle::Action::Attack
                | battle::Action::SyncScore { .. }
                | battle::Action::Die
                | battle::Action::PlaceMark { .. }
                | battle::Action::Forfeit
                | battle::Action::Rematch { .. } => Self::Play,
            },
            Action::Wake => Self::Ring,
            Action::Join { .. }
            | Action::Accept { .. }
            | Action::Reject { .. }
            | Action::Kick { .. }
            | Action::Update { .. }
            | Action::Close { .. }
            | Action::Leave { .. }
            | Action::Lose { .. }
            | Action::Return { .. }
            | Action::Enqueue { .. }
            | Action::Dequeue { .. }
            | Action::Fill { .. } => Self::Other,
        }
    }
}

fn act(current: Lobby, action: Action, now: Timestamp) -> Result<Outcome, Refusal> {
    match action {
        Action::Join {
            by,
            password,
            metadata,
        } => admit::join(current, by, password, metadata),
        Action::Accept {
            by,
            connection_id,
            peer_id,
        } => admit::accept(current, &by, &connection_id, peer_id),
        Action::Reject {
            by,
            connection_id,
            reason,
        } => admit::reject(current, &by, &connection_id, reason),
        Action::Kick {
            by,
            connection_id,
            reason,
            ban,
        } => govern::kick(current, &by, &connection_id, reason, ban, now),
        Action::Update { by, changes } => govern::update(current, &by, changes),
        Action::Close { by } => govern::close(&current, &by, now),
        Action::Leave { by, how } => depart::leave(current, &by, how, now),
        Action::Lose {
            by,
            connection_id,
            until,
        } => Ok(presence::lose(current, &by, &connection_id, until, now)),
        Action::Return { by } => Ok(presence::come_back(current, by, now)),
        Action::Battle { by, action } => fight::act(current, &by, action, now),
        Action::Wake => Ok(Outcome::new(Some(current), Vec::new())),
        Action::Enqueue { by, ticket, kind } => queue::enter(current, &by, ticket, kind),
        Action::Dequeue { ticket_id, why } => Ok(queue::withdraw(current, &ticket_id, why)),
        Action::Fill {
            newcomers,
            ticket_id,
        } => queue::fill(current, &newcomers, &ticket_id),
    }
}

/// What becomes of an action where the sweep has ended the lobby.
fn after_the_end(lobby: &Lobby, swept: Outcome, action: Action) -> Result<Outcome, Refusal> {
    let lobby_id = lobby.lobby_id.clone();
    match action {
        Action::Leave { by, how } => Ok(depart::leave_swept(lobby_id, swept, &by, how)),
        Action::Wake | Action::Dequeue { .. } | Action::Lose { .. } | Action::Return { .. } => {
            Ok(swept)
        }
        Action::Join { .. }
        | Action::Accept { .. }
        | Action::Reject { .. }
        | Action::Kick { .. }
        | Action::Update { .. }
        | Action::Close { .. }
        | Action::Battle { .. }
        | Action::Enqueue { .. }
        | Action::Fill { .. } => Err(Refusal::NotFound { lobby_id }),
    }
}
