//! A match in the making.

use super::super::{Limit, Queue, Ticket};

/// Who is in it so far, and how much its rules let pass.
#[derive(Clone)]
pub(super) struct Group<'a> {
    queue: &'a Queue,
    /// How long the longest waiting of them has waited.
    waited_millis: u64,
    /// How much each rule lets pass.
    limits: Vec<Limit>,
    /// Who is in it.
    present: Vec<&'a Ticket>,
}

impl<'a> Group<'a> {
    /// These are in it; the longest waiting has waited so long.
    pub(super) fn new(queue: &'a Queue, present: Vec<&'a Ticket>, waited_millis: u64) -> Self {
        Self {
            queue,
            waited_millis,
            limits: limits(queue, waited_millis),
            present,
        }
    }

    /// Whether one who has waited so long gets on with everybody in it.
    pub(super) fn admits(&self, newcomer: &Ticket, waited_millis: u64) -> bool {
        if self
            .present
            .iter()
            .any(|other| share_a_player(other, newcomer))
        {
            return false;
        }
        // Only those whose seats are filled can have waited less than a newcomer.
        if waited_millis > self.waited_millis {
            return self.allows(newcomer, &limits(self.queue, waited_millis));
        }
        self.allows(newcomer, &self.limits)
    }

    fn allows(&self, newcomer: &Ticket, limits: &[Limit]) -> bool {
        let mut rules = self.queue.rules.iter().zip(limits);
        rules.all(|(rule, limit)| rule.admits(*limit, &self.present, newcomer))
    }

    /// Takes somebody in.
    pub(super) fn add(&mut self, newcomer: &'a Ticket, waited_millis: u64) {
        if waited_millis > self.waited_millis {
            self.waited_millis = waited_millis;
            self.limits = limits(self.queue, waited_millis);
        }
        self.present.push(newcomer);
    }

    /// Whether all have the same under every rule that asks for it, and that rule still counts.
    pub(super) fn is_of_one_class(&self) -> bool {
        let mut rules = self.queue.rules.iter().zip(&self.limits);
        rules.all(|(rule, limit)| !rule.is_about_equality() || *limit != Limit::Unlimited)
    }

    /// The numbers that a newcomer may have by the first rule on a distance.
    pub(super) fn numbers(&self) -> (i64, i64) {
        let mut rules = self.queue.rules.iter().zip(&self.limits);
        let limit = rules.find(|(rule, _)| rule.is_distance());
        let Some((_, Limit::Most(most))) = limit else {
            return (i64::MIN, i64::MAX);
        };
        let numbers = self.present.iter();
        let numbers = numbers.filter_map(|ticket| self.queue.number(&ticket.attributes));
        let (least, greatest) = numbers.fold((i64::MAX, i64::MIN), |(least, greatest), number| {
            (least.min(number), greatest.max(number))
        });
        let from = greatest.saturating_sub_unsigned(*most);
        (from, least.saturating_add_unsigned(*most))
    }

    /// The first who is in it.
    pub(super) fn first(&self) -> Option<&'a Ticket> {
        self.present.first().copied()
    }
}

fn limits(queue: &Queue, waited_millis: u64) -> Vec<Limit> {
    let rules = queue.rules.iter();
    rules.map(|rule| rule.limit(waited_millis)).collect()
}

/// A player has one ticket. Should it ever have two, it is not matched with itself.
fn share_a_player(one: &Ticket, other: &Ticket) -> bool {
    let mut players = one.players.iter().map(|player| &player.player_id);
    players.any(|player_id| {
        other
            .players
            .iter()
            .any(|other| other.player_id == *player_id)
    })
}
