//! What becomes of the matches that were proposed.

use std::collections::{BTreeMap, BTreeSet};

use ids::{MatchId, TicketId};

use super::plan::{Ended, Returned, end};
use super::{Ending, Match, Placed, Proposal, ReturnReason, State, Ticket};
use crate::Timestamp;

/// The tickets of a queue, by what is to become of them.
#[derive(Default)]
pub(super) struct Agreements<'a> {
    /// Matches that everybody has accepted.
    pub(super) agreed: Vec<(MatchId, Match)>,
    /// Tickets whose match came to nothing.
    pub(super) returned: Vec<Returned>,
    /// Tickets whose players did not accept in time.
    pub(super) ended: Vec<Ended>,
    /// Tickets whose players may still accept.
    pub(super) pending: Vec<&'a Ticket>,
    /// Tickets without a match.
    pub(super) waiting: Vec<&'a Ticket>,
}

/// Sorts the tickets by what is to become of them.
///
/// `gone` are tickets that have just lost a player, and are not among the others any more.
pub(super) fn settle<'a>(
    tickets: Vec<&'a Ticket>,
    gone: &[Ended],
    now: Timestamp,
) -> Agreements<'a> {
    let gone: BTreeSet<_> = gone.iter().map(|gone| &gone.ticket.ticket_id).collect();
    let mut all = Agreements::default();
    let mut proposed: BTreeMap<&MatchId, BTreeMap<&TicketId, (&Ticket, &Proposal)>> =
        BTreeMap::new();
    for ticket in tickets {
        match &ticket.state {
            State::Waiting => all.waiting.push(ticket),
            State::Proposed(proposal) => {
                let siblings = proposed.entry(&proposal.match_id).or_default();
                siblings.insert(&ticket.ticket_id, (ticket, proposal));
            }
        }
    }
    for (match_id, siblings) in proposed {
        all.settle_one(match_id, &siblings, &gone, now);
    }
    all
}

impl<'a> Agreements<'a> {
    fn settle_one(
        &mut self,
        match_id: &MatchId,
        siblings: &BTreeMap<&TicketId, (&'a Ticket, &'a Proposal)>,
        gone: &BTreeSet<&TicketId>,
        now: Timestamp,
    ) {
        let tickets = || siblings.values().copied();
        let is_whole = tickets().all(|(_, proposal)| {
            let mut named = proposal.tickets.iter();
            named.all(|ticket_id| siblings.contains_key(ticket_id))
        });
        if is_whole && tickets().all(|(ticket, proposal)| ticket.is_accepted(proposal)) {
            self.agreed.push((match_id.clone(), agreed(siblings)));
            return;
        }
        let is_late = tickets().any(|(_, proposal)| proposal.deadline <= now);
        if is_whole && !is_late {
            self.pending.extend(tickets().map(|(ticket, _)| ticket));
            return;
        }
        let mut named = tickets().flat_map(|(_, proposal)| &proposal.tickets);
        let why = if is_whole {
            ReturnReason::NotAccepted
        } else if named.any(|ticket_id| gone.contains(ticket_id)) {
            ReturnReason::PlayerGone
        } else {
            ReturnReason::Declined
        };
        for (ticket, proposal) in tickets() {
            if is_late && !ticket.is_accepted(proposal) {
                self.ended.push(end(ticket, Ending::NotAccepted));
                continue;
            }
            self.returned.push(Returned {
                ticket: ticket.clone(),
                match_id: match_id.clone(),
                why,
            });
        }
    }
}

/// The match as it was proposed.
fn agreed(siblings: &BTreeMap<&TicketId, (&Ticket, &Proposal)>) -> Match {
    let first = siblings.values().next();
    let order = first.map_or(&[][..], |(_, proposal)| &proposal.tickets);
    let in_order = order.iter().filter_map(|ticket_id| siblings.get(ticket_id));
    let mut matched = Match {
        placed: Vec::new(),
        backfill: None,
    };
    for (ticket, proposal) in in_order {
        let ticket = (*ticket).clone();
        if ticket.is_backfill() {
            matched.backfill = Some(ticket);
        } else {
            let team = proposal.team;
            matched.placed.push(Placed { team, ticket });
        }
    }
    matched
}
