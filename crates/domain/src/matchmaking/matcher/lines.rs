//! The lines in which the tickets stand.

use super::super::{Attribute, Queue, Rule, Ticket};
use super::group::Group;
use super::line::{Entry, Line, Rank};
use std::ops::Range;

/// The same tickets in several lines, of which each answers another question.
pub(super) struct Lines<'a> {
    equal: Vec<&'a Rule>,
    regions: Option<&'a Rule>,
    /// By what rules want to be equal.
    tight: Line<'a>,
    /// By nothing, for those who have waited until equality does not count. Where there is none, `tight` does.
    loose: Option<Line<'a>>,
    /// By what rules want to be equal and by the nearest region, where a rule is on latencies.
    near: Option<Line<'a>>,
}

/// A stretch of one of the lines.
pub(super) struct Stretch<'l, 'a> {
    pub(super) line: &'l Line<'a>,
    pub(super) places: Range<usize>,
}

impl Stretch<'_, '_> {
    /// How many players wait in it.
    pub(super) fn players(&self) -> u32 {
        self.line.players(self.places.clone())
    }

    /// Who waits in it, the longest waiting first.
    pub(super) fn by_turn(&self) -> impl Iterator<Item = Rank> {
        self.line.by_turn(self.places.clone())
    }
}

impl<'a> Lines<'a> {
    pub(super) fn new(queue: &'a Queue, tickets: &[&'a Ticket]) -> Self {
        let equal: Vec<_> = queue
            .rules
            .iter()
            .filter(|rule| rule.is_about_equality())
            .collect();
        let regions = queue.rules.iter().find(|rule| rule.kind.is_about_regions());
        let line = |equal: &[&'a Rule], regions: Option<&'a Rule>| {
            Line::new(tickets.iter().map(|ticket| Entry {
                class: (class(equal, ticket), nearest(regions, ticket)),
                number: queue.number(&ticket.attributes).unwrap_or_default(),
                players: u32::try_from(ticket.players.len()).unwrap_or(u32::MAX),
            }))
        };
        Self {
            tight: line(&equal, None),
            loose: (!equal.is_empty()).then(|| line(&[], None)),
            near: regions.map(|rule| line(&equal, Some(rule))),
            equal,
            regions,
        }
    }

    /// Those among whom everybody is who may join the group, with numbers in these bounds.
    pub(super) fn around(&self, group: &Group<'a>, numbers: (i64, i64)) -> Stretch<'_, 'a> {
        let (least, most) = numbers;
        let (line, class) = match (&self.loose, group.first()) {
            (Some(_), Some(first)) if group.is_of_one_class() => {
                (&self.tight, class(&self.equal, first))
            }
            (Some(loose), _) => (loose, Vec::new()),
            (None, _) => (&self.tight, Vec::new()),
        };
        Stretch {
            line,
            places: line.stretch(&(class, None), least, most),
        }
    }

    /// Those who have the group's equal attributes and nearest region, where a rule is on latencies.
    pub(super) fn near(&self, group: &Group<'a>, numbers: (i64, i64)) -> Option<Stretch<'_, 'a>> {
        let (least, most) = numbers;
        let line = self.near.as_ref()?;
        let first = group.first()?;
        let class = (class(&self.equal, first), nearest(self.regions, first));
        Some(Stretch {
            line,
            places: line.stretch(&class, least, most),
        })
    }

    /// Somebody waits no longer.
    pub(super) fn remove(&mut self, rank: Rank) {
        self.tight.remove(rank);
        for line in self.loose.iter_mut().chain(&mut self.near) {
            line.remove(rank);
        }
    }
}

fn class<'a>(equal: &[&Rule], ticket: &'a Ticket) -> Vec<&'a Attribute> {
    let rules = equal.iter();
    rules
        .filter_map(|rule| ticket.attributes.get(&rule.attribute))
        .collect()
}

fn nearest<'a>(regions: Option<&Rule>, ticket: &'a Ticket) -> Option<&'a str> {
    regions?.nearest_region(ticket)
}
