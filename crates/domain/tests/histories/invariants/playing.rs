//! Whom what is heard of battles and tickets concerns.

use domain::lobby::Contact;
use domain::{battle, matchmaking};

use super::hearing::{comes, is_in, was_in};
use crate::deed::Happening;

/// Whether this of a battle is for this hearer.
pub(super) fn battle_concerns(happening: &Happening, to: &Contact, event: &battle::Event) -> bool {
    let before = happening.before.as_ref();
    let after = happening.result.as_ref().ok();
    let after = after.and_then(|outcome| outcome.lobby.as_ref());
    match event {
        // Everybody who is in from then on.
        battle::Event::Started(view) => {
            let battle = after.and_then(|after| after.battle.as_ref());
            is_in(after, to) && battle.is_some_and(|battle| battle.battle_id == view.battle_id)
        }
        // Everybody who was in, those who go with it included.
        battle::Event::Settled(_) => was_in(happening, to),
        // Whoever has asked, or comes back.
        battle::Event::State(_) => is_in(after, to) && happening.is_by(&to.player_id),
        // Everybody who was in and is.
        battle::Event::MarkPlaced { .. } | battle::Event::PlayerDied(battle::Fallen::All) => {
            is_in(before, to) && is_in(after, to)
        }
        // The same, if it is not their own doing.
        battle::Event::Attacked { .. }
        | battle::Event::ScoreSynced { .. }
        | battle::Event::PlayerDied(battle::Fallen::Player(_))
        | battle::Event::RematchRequested { .. } => {
            is_in(before, to) && is_in(after, to) && !happening.is_by(&to.player_id)
        }
    }
}

/// Whether this of a ticket or a match is for this hearer.
pub(super) fn matchmaking_concerns(
    happening: &Happening,
    to: &Contact,
    event: &matchmaking::Event,
) -> bool {
    let before = happening.before.as_ref();
    let after = happening.result.as_ref().ok();
    let after = after.and_then(|outcome| outcome.lobby.as_ref());
    match event {
        // Everybody of the party.
        matchmaking::Event::Started { ticket, .. } => {
            after.is_some_and(|after| after.ticket.as_ref() == Some(ticket)) && is_in(after, to)
        }
        // The host.
        matchmaking::Event::BackfillStarted { ticket, .. } => after.is_some_and(|after| {
            after.ticket.as_ref() == Some(ticket) && after.host().contact == *to
        }),
        // Whoever was in when it went, and has not gone itself.
        matchmaking::Event::Cancelled { ticket_id, .. } => {
            let ticket = before.and_then(|before| before.ticket.as_ref());
            let was = ticket.is_some_and(|ticket| ticket.ticket_id == *ticket_id);
            let is_new = after.is_some_and(|after| comes(before, after, to));
            was && (was_in(happening, to) || is_new) && (after.is_none() || is_in(after, to))
        }
        // Whoever comes in because a queue has found it.
        matchmaking::Event::Found(found) => after.is_some_and(|after| {
            let mut brought = happening.deed.brings().iter();
            let players = after.members_by_arrival().into_iter();
            brought.any(|placed| placed.ticket.players.contains(to))
                && comes(before, after, to)
                && found.players.iter().eq(players)
                && found.host_peer_id == after.host().peer_id
                && after.members[&to.player_id].team == Some(found.team)
        }),
        // These are the queue's own affair.
        matchmaking::Event::Proposed { .. }
        | matchmaking::Event::Returned { .. }
        | matchmaking::Event::Resumed { .. } => false,
    }
}
