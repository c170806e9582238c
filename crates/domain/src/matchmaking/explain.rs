//! Why a ticket waits.

use super::{Limit, Owner, Queue, Ticket};
use crate::Timestamp;

/// What there is to know about a ticket that waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// How long it has waited.
    pub waited_seconds: u32,
    /// How many players wait whom the rules let into a match with it as they are now.
    pub compatible_now: u32,
    /// The rule that keeps most of the others out. `None` where no rule keeps anybody out.
    pub limiting_rule: Option<String>,
}

/// Says how it stands with a ticket, given all that are in its queue.
///
/// It is compared with each of the others by itself. Those whose players are asked whether they accept a match are not
/// to be had.
#[must_use]
pub fn explain(queue: &Queue, tickets: &[Ticket], own: &Ticket, now: Timestamp) -> Explanation {
    let mut compatible_now = 0;
    let mut kept_out = vec![0_usize; queue.rules.len()];
    for other in tickets
        .iter()
        .filter(|other| can_meet(queue, own, other, now))
    {
        let waited = own.waited_millis(now).max(other.waited_millis(now));
        let limits: Vec<_> = queue.rules.iter().map(|rule| rule.limit(waited)).collect();
        let against = against(queue, &limits, own, other);
        if against.is_empty() {
            compatible_now += other.players.len();
        }
        for rule in against {
            kept_out[rule] += other.players.len();
        }
    }
    let limiting = (0..kept_out.len()).filter(|rule| kept_out[*rule] > 0);
    // Of those that keep out equally many, the one that is configured first.
    let limiting = limiting.rev().max_by_key(|rule| kept_out[*rule]);
    Explanation {
        waited_seconds: own.waited_seconds(now),
        compatible_now: u32::try_from(compatible_now).unwrap_or(u32::MAX),
        limiting_rule: limiting.map(|rule| queue.rules[rule].to_string()),
    }
}

fn can_meet(queue: &Queue, own: &Ticket, other: &Ticket, now: Timestamp) -> bool {
    let is_there = other.ticket_id != own.ticket_id
        && other.proposal().is_none()
        && !other.has_lost_a_player(now)
        && queue.gives_up_at(other.created_at) > now;
    let is_barred = own.has_banned(other) || other.has_banned(own);
    is_there && !is_barred && !(own.is_backfill() && other.is_backfill())
}

/// The places of the rules that speak against the two.
fn against(queue: &Queue, limits: &[Limit], own: &Ticket, other: &Ticket) -> Vec<usize> {
    // A lobby with empty seats lets a newcomer in, never the other way round.
    let (present, newcomer) = if own.is_backfill() {
        (own, other)
    } else {
        (other, own)
    };
    let present = company(present);
    let rules = queue.rules.iter().zip(limits).enumerate();
    rules
        .filter(|(_, (rule, limit))| !rule.admits(**limit, &present, newcomer))
        .map(|(place, _)| place)
        .collect()
}

/// Whom a newcomer would meet.
fn company(ticket: &Ticket) -> Vec<&Ticket> {
    match &ticket.owner {
        Owner::Player | Owner::Party { .. } => vec![ticket],
        Owner::Backfill { present, .. } => present.iter().map(|placed| &placed.ticket).collect(),
    }
}
