//! A match, once its tickets are known; and newcomers for a lobby with empty seats.

use super::super::{Match, Owner, Placed, Queue, Team, Ticket};
use super::LOOKS;
use super::balance::{self, Party};
use super::group::Group;
use super::line::Rank;
use super::search::Search;
use crate::lobby::Contact;

/// Who is on which team.
pub(super) type Draft<'a> = Vec<(Team, &'a Ticket)>;

impl<'a> Search<'a> {
    /// The match of somebody who has found company.
    pub(super) fn matched(&mut self, first: Rank, mut company: Vec<Rank>) -> Draft<'a> {
        company.insert(0, first);
        if self.queue.team_size.max == 1 {
            let places = company.into_iter().enumerate();
            return places
                .map(|(place, rank)| (Team::at(place), self.take(rank)))
                .collect();
        }
        let teams = vec![0; self.queue.teams as usize];
        in_order(self.seated(&company, &teams, &[]))
    }

    /// Fills a lobby's empty seats with as many as are there for them.
    pub(super) fn fill(&mut self, backfill: &'a Ticket) -> Option<Match> {
        let teams = loads(self.queue, backfill);
        let company = self.newcomers(backfill, &teams)?;
        if company.is_empty() {
            return None;
        }
        let draft = self.seated(&company, &teams, present(backfill));
        Some(Match {
            placed: placed(draft),
            backfill: Some(backfill.clone()),
        })
    }

    /// Those whom a lobby lets in that has so many players on its teams. `None` where a team has too many.
    fn newcomers(&self, backfill: &'a Ticket, teams: &[u32]) -> Option<Vec<Rank>> {
        let present: Vec<_> = present(backfill)
            .iter()
            .map(|placed| &placed.ticket)
            .collect();
        let waited = self.waited(backfill);
        // Whoever has waited longest of all may have waited longer than the lobby has.
        let oldest = self.left().next().map_or(0, |ticket| self.waited(ticket));
        let reach = Group::new(self.queue, present.clone(), waited.max(oldest));
        let stretch = self.lines.around(&reach, reach.numbers());
        let mut group = Group::new(self.queue, present, waited);
        let mut shapes = self.seats.taken(teams)?;
        // A member without a team has a seat, too.
        let seats = self.queue.most_players() as usize;
        let mut empty = seats.saturating_sub(backfill.players.len());
        let mut company = Vec::new();
        for rank in stretch.by_turn().take(LOOKS) {
            let ticket = self.tickets[rank as usize];
            if backfill.has_banned(ticket) {
                continue;
            }
            let players = ticket.players.len();
            let after = self.seats.add(shapes, players);
            let waited = self.waited(ticket);
            if players > empty || after.is_empty() || !group.admits(ticket, waited) {
                continue;
            }
            group.add(ticket, waited);
            company.push(rank);
            (shapes, empty) = (after, empty - players);
            if empty == 0 {
                break;
            }
        }
        Some(company)
    }

    /// Puts those who have found each other on teams that have so many players already.
    fn seated(&mut self, company: &[Rank], teams: &[u32], present: &[Placed]) -> Draft<'a> {
        let tickets: Vec<_> = company.iter().map(|rank| self.take(*rank)).collect();
        let number = |ticket: &Ticket| {
            let number = self.queue.number(&ticket.attributes).unwrap_or_default();
            i128::from(number) * i128::try_from(ticket.players.len()).unwrap_or_default()
        };
        let parties: Vec<_> = tickets
            .iter()
            .map(|ticket| Party {
                players: ticket.players.len(),
                number: number(ticket),
            })
            .collect();
        let mut numbers = vec![0; teams.len()];
        for placed in present {
            if let Some(team) = numbers.get_mut(placed.team.place()) {
                *team += number(&placed.ticket);
            }
        }
        let places = balance::seat(&self.seats, teams, numbers, &parties);
        places.into_iter().map(Team::at).zip(tickets).collect()
    }
}

/// The same teams, numbered by who has waited longest: the first team is that of the first.
fn in_order(mut draft: Draft<'_>) -> Draft<'_> {
    let mut order = Vec::new();
    for (team, _) in &mut draft {
        let known = order.iter().position(|known| known == team);
        let place = known.unwrap_or_else(|| {
            order.push(*team);
            order.len() - 1
        });
        *team = Team::at(place);
    }
    draft
}

/// The tickets of a draft, copied.
pub(super) fn placed(draft: Draft<'_>) -> Vec<Placed> {
    let placed = draft.into_iter().map(|(team, ticket)| Placed {
        team,
        ticket: ticket.clone(),
    });
    placed.collect()
}

/// How many players of a lobby that asks for others are on each team.
fn loads(queue: &Queue, backfill: &Ticket) -> Vec<u32> {
    let mut loads = vec![0; queue.teams as usize];
    for placed in present(backfill) {
        if let Some(load) = loads.get_mut(placed.team.place()) {
            let is_there = |player: &&Contact| {
                let mut there = backfill.players.iter();
                there.any(|other| other.player_id == player.player_id)
            };
            let there = placed.ticket.players.iter().filter(is_there).count();
            *load += u32::try_from(there).unwrap_or(u32::MAX);
        }
    }
    loads
}

/// The tickets that a lobby which asks for others was made of.
fn present(backfill: &Ticket) -> &[Placed] {
    match &backfill.owner {
        Owner::Player | Owner::Party { .. } => &[],
        Owner::Backfill { present, .. } => present,
    }
}
