//! Which parties fit onto the teams of one match together.
//!
//! What counts is how full the teams are, not which team is how full. Thirty-two seats can be taken in fewer than five hundred such
//! ways, so all of them are followed at once, and the answer is exact.

use std::collections::BTreeMap;

use super::super::Queue;

/// How full the teams of a match are, the fullest first.
type Shape = Vec<u32>;

/// Sixty-four shapes to a word; four teams of eight have the most, 495.
const WORDS: usize = 8;

/// A set of shapes: all in which the same tickets can be seated.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Shapes([u64; WORDS]);

impl Shapes {
    const NONE: Self = Self([0; WORDS]);

    fn insert(&mut self, shape: usize) {
        self.0[shape / 64] |= 1 << (shape % 64);
    }

    fn contains(self, shape: usize) -> bool {
        self.0[shape / 64] & (1 << (shape % 64)) != 0
    }

    pub(super) fn is_empty(self) -> bool {
        self == Self::NONE
    }

    /// Those that are in the other as well.
    pub(super) fn and(self, other: Self) -> Self {
        let mut both = self;
        for (word, other) in both.0.iter_mut().zip(other.0) {
            *word &= other;
        }
        both
    }

    fn iter(self) -> impl Iterator<Item = usize> {
        let words = self.0.into_iter().enumerate();
        words.flat_map(|(place, mut word)| {
            std::iter::from_fn(move || {
                let bit = usize::try_from(word.trailing_zeros()).ok()?;
                // Of a word without a bit, nothing is left to take away.
                let rest = word.checked_sub(1)?;
                word &= rest;
                Some(place * 64 + bit)
            })
        })
    }
}

/// The seats of a queue's matches.
pub(super) struct Seats {
    shapes: Vec<Shape>,
    numbers: BTreeMap<Shape, usize>,
    /// What becomes of each shape when a party of 1, 2, ... takes its seats.
    grown: Vec<Vec<Vec<usize>>>,
    /// The shapes that make a match.
    enough: Shapes,
    /// The shape with nothing but empty seats.
    empty: Shapes,
    /// The shape without an empty seat.
    full: usize,
}

impl Seats {
    pub(super) fn new(queue: &Queue) -> Self {
        let teams = queue.teams as usize;
        let size = queue.team_size;
        let mut shapes = Vec::new();
        list(teams, size.max, &mut Vec::with_capacity(teams), &mut shapes);
        let numbers: BTreeMap<Shape, usize> = shapes.iter().cloned().zip(0..).collect();
        let mut enough = Shapes::NONE;
        for (number, shape) in shapes.iter().enumerate() {
            if shape.iter().all(|load| *load >= size.min) {
                enough.insert(number);
            }
        }
        let full = numbers[&vec![size.max; teams]];
        let mut empty = Shapes::NONE;
        empty.insert(numbers[&vec![0; teams]]);
        let grow = |shape: &Shape| {
            let parties = 1..=size.max;
            parties.map(|party| grown(shape, party, &numbers)).collect()
        };
        Self {
            grown: shapes.iter().map(grow).collect(),
            shapes,
            numbers,
            enough,
            empty,
            full,
        }
    }

    /// No seat is taken.
    pub(super) fn empty(&self) -> Shapes {
        self.empty
    }

    /// These seats are taken, team by team. `None` where a team has more players than seats.
    pub(super) fn taken(&self, teams: &[u32]) -> Option<Shapes> {
        let mut shapes = Shapes::NONE;
        shapes.insert(self.number(teams)?);
        Some(shapes)
    }

    fn number(&self, teams: &[u32]) -> Option<usize> {
        let mut shape = teams.to_vec();
        shape.sort_unstable_by(|one, other| other.cmp(one));
        self.numbers.get(&shape).copied()
    }

    /// What becomes of them when a party takes its seats. Nothing, where it has no team with room for it.
    pub(super) fn add(&self, shapes: Shapes, players: usize) -> Shapes {
        let mut after = Shapes::NONE;
        for shape in shapes.iter() {
            for grown in self.grown(shape, players) {
                after.insert(*grown);
            }
        }
        after
    }

    fn grown(&self, shape: usize, players: usize) -> &[usize] {
        let party = players.checked_sub(1);
        let grown = party.and_then(|party| self.grown[shape].get(party));
        grown.map_or(&[], Vec::as_slice)
    }

    /// Whether no seat is left.
    pub(super) fn are_full(&self, shapes: Shapes) -> bool {
        shapes.contains(self.full)
    }

    /// Those that make a match.
    pub(super) fn enough(&self) -> Shapes {
        self.enough
    }

    /// The shapes in which, of the parties that are still to come, some can take seats so that one of `goal` comes about;
    /// before each party, and after the last.
    pub(super) fn within_reach(&self, goal: Shapes, parties: &[usize], seat: Seat) -> Vec<Shapes> {
        let mut reach = vec![goal];
        let mut later = goal;
        for party in parties.iter().rev() {
            let mut now = match seat {
                Seat::Some => later,
                Seat::All => Shapes::NONE,
            };
            for shape in 0..self.shapes.len() {
                let mut grown = self.grown(shape, *party).iter();
                if grown.any(|grown| later.contains(*grown)) {
                    now.insert(shape);
                }
            }
            reach.push(now);
            later = now;
        }
        reach.reverse();
        reach
    }

    /// The one of these in which the teams are closest to each other in size.
    pub(super) fn most_even(&self, shapes: Shapes) -> Shapes {
        let spread = |shape: &usize| {
            let loads = &self.shapes[*shape];
            loads
                .first()
                .zip(loads.last())
                .map(|(most, least)| most - least)
        };
        let mut even = Shapes::NONE;
        if let Some(shape) = shapes.iter().min_by_key(spread) {
            even.insert(shape);
        }
        even
    }

    /// Whether the teams, as they are, are one of these.
    pub(super) fn is_among(&self, teams: &[u32], shapes: Shapes) -> bool {
        self.number(teams)
            .is_some_and(|shape| shapes.contains(shape))
    }
}

/// Whether all parties have to be seated.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Seat {
    /// Any of them may be left out.
    Some,
    /// None may.
    All,
}

/// Lists all shapes of so many teams, none fuller than `most`.
fn list(teams: usize, most: u32, begun: &mut Shape, shapes: &mut Vec<Shape>) {
    if begun.len() == teams {
        shapes.push(begun.clone());
        return;
    }
    for load in 0..=begun.last().copied().unwrap_or(most) {
        begun.push(load);
        list(teams, most, begun, shapes);
        begun.pop();
    }
}

/// What becomes of a shape when a party takes its seats, on whichever team.
fn grown(shape: &Shape, party: u32, numbers: &BTreeMap<Shape, usize>) -> Vec<usize> {
    let mut grown = Vec::new();
    for team in 0..shape.len() {
        if team > 0 && shape[team] == shape[team - 1] {
            continue;
        }
        let mut after = shape.clone();
        after[team] += party;
        after.sort_unstable_by(|one, other| other.cmp(one));
        grown.extend(numbers.get(&after).copied());
    }
    grown
}
