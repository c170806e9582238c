//! What is to be done about the tickets of a queue at one moment.

use ids::MatchId;

use super::agreement::{self, Agreements};
use super::{Ending, Match, Queue, ReturnReason, Ticket, matcher};
use crate::Timestamp;

/// What is to be done. Everything in it names tickets as they were read; none is named twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// New matches, in the order in which they were found. They are proposed where the queue asks players whether they accept,
    /// and made at once where it does not.
    pub found: Vec<Match>,
    /// Matches that everybody has accepted: they are to be made.
    pub agreed: Vec<(MatchId, Match)>,
    /// Tickets whose match came to nothing: they are to wait again.
    pub returned: Vec<Returned>,
    /// Tickets that are to be taken out.
    pub ended: Vec<Ended>,
    /// When to plan again because of nothing but time. `None` where time changes nothing.
    pub next: Option<Timestamp>,
}

/// A ticket whose match came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Returned {
    /// The ticket as it was read.
    pub ticket: Ticket,
    /// The match.
    pub match_id: MatchId,
    /// What became of it.
    pub why: ReturnReason,
}

/// A ticket that is to be taken out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// The ticket as it was read.
    pub ticket: Ticket,
    /// Why.
    pub why: Ending,
}

/// Says what is to be done about these tickets, all that are in the queue.
///
/// The longest waiting are served first, and those who ask for their empty seats to be filled before everybody else. What
/// the search for a match gives up so that it ends in time is told in the module `matcher`.
#[must_use]
pub fn plan(queue: &Queue, tickets: &[Ticket], now: Timestamp) -> Plan {
    let (mut ended, rest) = gone(tickets, now);
    let Agreements {
        agreed,
        returned,
        ended: unaccepted,
        pending,
        waiting,
    } = agreement::settle(rest, &ended, now);
    ended.extend(unaccepted);
    let (given_up, mut waiting): (Vec<_>, Vec<_>) = waiting
        .into_iter()
        .partition(|ticket| queue.gives_up_at(ticket.created_at) <= now);
    ended.extend(
        given_up
            .into_iter()
            .map(|ticket| end(ticket, Ending::GaveUp)),
    );
    let absent: Vec<_> = waiting.extract_if(.., |ticket| ticket.is_away()).collect();
    waiting.sort_unstable_by_key(|ticket| ticket.turn());
    let (found, left) = matcher::find(queue, &waiting, now);
    let next = next(queue, now, &returned, &found, &pending, &left, &absent);
    Plan {
        found,
        agreed,
        returned,
        ended,
        next,
    }
}

/// Sets those aside who have lost a player.
fn gone(tickets: &[Ticket], now: Timestamp) -> (Vec<Ended>, Vec<&Ticket>) {
    let mut ended = Vec::new();
    let mut rest = Vec::with_capacity(tickets.len());
    for ticket in tickets {
        if ticket.has_lost_a_player(now) {
            ended.push(end(ticket, Ending::Disconnected));
        } else {
            rest.push(ticket);
        }
    }
    (ended, rest)
}

pub(super) fn end(ticket: &Ticket, why: Ending) -> Ended {
    Ended {
        ticket: ticket.clone(),
        why,
    }
}

/// When time alone changes something: a rule loosens, a ticket has waited long enough or loses a player, a deadline passes.
/// What was put back may be matched at once.
fn next(
    queue: &Queue,
    now: Timestamp,
    returned: &[Returned],
    found: &[Match],
    pending: &[&Ticket],
    left: &[&Ticket],
    absent: &[&Ticket],
) -> Option<Timestamp> {
    let at_once = (!returned.is_empty()).then_some(now);
    let asked = found.first().and_then(|_| queue.deadline(now));
    let answers = pending.iter().filter_map(|ticket| ticket.proposal());
    let answers = answers.map(|proposal| proposal.deadline);
    let patience = left
        .iter()
        .chain(absent)
        .map(|ticket| queue.gives_up_at(ticket.created_at));
    let players = pending
        .iter()
        .chain(left)
        .chain(absent)
        .flat_map(|ticket| &ticket.players);
    let players = players.map(|player| player.expires_at);
    // Whoever waits alone gains nothing by a looser rule, and whoever comes later brings a plan of its own.
    let company = if left.len() > 1 { left } else { &[] };
    let rules = company.iter().flat_map(|ticket| {
        let waited = ticket.waited_millis(now);
        let steps = queue.rules.iter();
        let steps = steps.filter_map(move |rule| rule.loosens_after(waited));
        steps.map(|seconds| ticket.created_at + std::time::Duration::from_secs(seconds.into()))
    });
    let times = at_once.into_iter().chain(asked).chain(answers);
    times.chain(patience).chain(players).chain(rules).min()
}
