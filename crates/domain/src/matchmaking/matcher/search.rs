//! Looking for company, one after the other.

use super::super::{Match, Queue, Ticket};
use super::group::Group;
use super::line::Rank;
use super::lines::{Lines, Stretch};
use super::making::placed;
use super::seats::{Seat, Seats, Shapes};
use super::{LOOKS, PUZZLES, SECOND_THOUGHTS, WINDOWS};
use crate::Timestamp;

/// The tickets of a queue during one pass.
pub(super) struct Search<'a> {
    pub(super) queue: &'a Queue,
    now: Timestamp,
    /// All players' and parties' tickets, by rank.
    pub(super) tickets: Vec<&'a Ticket>,
    /// Who has a match.
    is_taken: Vec<bool>,
    /// Those who can still be found by somebody.
    pub(super) lines: Lines<'a>,
    pub(super) seats: Seats,
    has_parties: bool,
    puzzles: u32,
}

/// Somebody who looks for company.
struct Seeker<'a> {
    group: Group<'a>,
    shapes: Shapes,
    players: u32,
}

/// What came of one attempt.
enum Attempt {
    /// With these the match is complete.
    Complete(Vec<Rank>),
    /// Too few. `kept_out` is the first who was let in, if others did not get on with those who were.
    Short { kept_out: Option<Rank> },
}

impl<'a> Search<'a> {
    /// Begins a pass. The tickets are sorted by turn.
    pub(super) fn new(queue: &'a Queue, tickets: Vec<&'a Ticket>, now: Timestamp) -> Self {
        Self {
            queue,
            now,
            is_taken: vec![false; tickets.len()],
            lines: Lines::new(queue, &tickets),
            seats: Seats::new(queue),
            has_parties: tickets.iter().any(|ticket| ticket.players.len() > 1),
            puzzles: PUZZLES,
            tickets,
        }
    }

    /// Who has no match.
    pub(super) fn left(&self) -> impl Iterator<Item = &'a Ticket> {
        let tickets = self.tickets.iter().zip(&self.is_taken);
        let left = tickets.filter(|(_, is_taken)| !**is_taken);
        left.map(|(ticket, _)| *ticket)
    }

    /// All new matches.
    pub(super) fn matches(&mut self) -> Vec<Match> {
        let ranks = 0..Rank::try_from(self.tickets.len()).expect("fewer tickets than ranks");
        let mut drafts = Vec::new();
        for rank in ranks {
            if self.is_taken[rank as usize] {
                continue;
            }
            // Whoever looks next looks among those who came later: this one has looked among all of them in vain.
            self.lines.remove(rank);
            if let Some(company) = self.company_of(rank) {
                drafts.push(self.matched(rank, company));
            }
        }
        // Last and all at once: copying between the searches would scatter the copies over the memory.
        let found = drafts.into_iter().map(|draft| Match {
            placed: placed(draft),
            backfill: None,
        });
        found.collect()
    }

    pub(super) fn waited(&self, ticket: &Ticket) -> u64 {
        ticket.waited_millis(self.now)
    }

    pub(super) fn take(&mut self, rank: Rank) -> &'a Ticket {
        self.is_taken[rank as usize] = true;
        self.lines.remove(rank);
        self.tickets[rank as usize]
    }

    fn company_of(&mut self, rank: Rank) -> Option<Vec<Rank>> {
        let ticket = self.tickets[rank as usize];
        let players = ticket.players.len();
        let seeker = Seeker {
            group: Group::new(self.queue, vec![ticket], self.waited(ticket)),
            shapes: self.seats.add(self.seats.empty(), players),
            players: u32::try_from(players).ok()?,
        };
        let numbers = seeker.group.numbers();
        let kept_out = match self.try_both(&seeker, numbers, &[])? {
            Attempt::Complete(company) => return Some(company),
            Attempt::Short { kept_out } => kept_out,
        };
        let around = self.lines.around(&seeker.group, numbers);
        if around.players() as usize > LOOKS
            && let Some(near) = self.lines.near(&seeker.group, numbers)
            && let Attempt::Complete(company) = self.try_in_turn(&seeker, &near, &[])
        {
            return Some(company);
        }
        self.think_again(&seeker, numbers, kept_out?)
    }

    /// Somebody who was let in kept out others: tries with other company.
    fn think_again(
        &mut self,
        seeker: &Seeker<'a>,
        numbers: (i64, i64),
        first: Rank,
    ) -> Option<Vec<Rank>> {
        let (least, most) = numbers;
        let half = least.abs_diff(most) / 2;
        for window in (0..WINDOWS).filter(|_| least > i64::MIN && most < i64::MAX) {
            let from = least.saturating_add_unsigned(half.saturating_mul(window) / (WINDOWS - 1));
            let numbers = (from, from.saturating_add_unsigned(half));
            if let Some(Attempt::Complete(company)) = self.try_both(seeker, numbers, &[]) {
                return Some(company);
            }
        }
        let mut left_out = vec![first];
        for _ in 0..SECOND_THOUGHTS {
            match self.try_both(seeker, numbers, &left_out)? {
                Attempt::Complete(company) => return Some(company),
                Attempt::Short { kept_out } => left_out.push(kept_out?),
            }
        }
        None
    }

    /// Looks for company in a stretch of numbers, whoever comes first, and then as it fits. `None` where too few wait there.
    fn try_both(
        &mut self,
        seeker: &Seeker<'a>,
        numbers: (i64, i64),
        left_out: &[Rank],
    ) -> Option<Attempt> {
        let stretch = self.lines.around(&seeker.group, numbers);
        if stretch.players() + seeker.players < self.queue.teams * self.queue.team_size.min {
            return None;
        }
        let attempt = self.try_in_turn(seeker, &stretch, left_out);
        if !self.has_parties || self.puzzles == 0 {
            return Some(attempt);
        }
        match attempt {
            Attempt::Complete(_) => Some(attempt),
            Attempt::Short { kept_out } => {
                let fitting = self.try_to_fit(seeker, &stretch, left_out);
                self.puzzles -= 1;
                let attempt = fitting.map_or(Attempt::Short { kept_out }, Attempt::Complete);
                Some(attempt)
            }
        }
    }

    /// Takes in whoever gets on with those who are in, in turn, while there are seats.
    fn try_in_turn(
        &self,
        seeker: &Seeker<'a>,
        stretch: &Stretch<'_, 'a>,
        left_out: &[Rank],
    ) -> Attempt {
        let (mut group, mut shapes) = (seeker.group.clone(), seeker.shapes);
        let mut company = Vec::new();
        let mut is_anybody_kept_out = false;
        for rank in stretch.by_turn().take(LOOKS) {
            let ticket = self.tickets[rank as usize];
            let after = self.seats.add(shapes, ticket.players.len());
            if after.is_empty() || left_out.contains(&rank) {
                continue;
            }
            let waited = self.waited(ticket);
            if !group.admits(ticket, waited) {
                is_anybody_kept_out |= seeker.group.admits(ticket, waited);
                continue;
            }
            group.add(ticket, waited);
            company.push(rank);
            shapes = after;
            if self.seats.are_full(shapes) {
                break;
            }
        }
        if shapes.and(self.seats.enough()).is_empty() {
            let first = company.first().copied();
            let kept_out = first.filter(|_| is_anybody_kept_out);
            return Attempt::Short { kept_out };
        }
        Attempt::Complete(company)
    }

    /// Takes in whoever gets on with those who are in, in turn, but only if the others can still fill the teams.
    fn try_to_fit(
        &self,
        seeker: &Seeker<'a>,
        stretch: &Stretch<'_, 'a>,
        left_out: &[Rank],
    ) -> Option<Vec<Rank>> {
        let candidates: Vec<_> = stretch
            .by_turn()
            .take(LOOKS)
            .map(|rank| (rank, self.tickets[rank as usize]))
            .filter(|(rank, _)| !left_out.contains(rank))
            .filter(|(_, ticket)| seeker.group.admits(ticket, self.waited(ticket)))
            .collect();
        let sizes = candidates.iter().map(|(_, ticket)| ticket.players.len());
        let sizes: Vec<_> = sizes.collect();
        let reach = self
            .seats
            .within_reach(self.seats.enough(), &sizes, Seat::Some);
        let (mut group, mut shapes) = (seeker.group.clone(), seeker.shapes.and(reach[0]));
        let mut company = Vec::new();
        for ((rank, ticket), later) in candidates.into_iter().zip(&reach[1..]) {
            let after = self.seats.add(shapes, ticket.players.len()).and(*later);
            let waited = self.waited(ticket);
            if !after.is_empty() && group.admits(ticket, waited) {
                group.add(ticket, waited);
                company.push(rank);
                shapes = after;
            } else {
                shapes = shapes.and(*later);
            }
        }
        (!shapes.is_empty()).then_some(company)
    }
}
