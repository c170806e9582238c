//! The tickets that wait, sorted so that those who may be matched lie side by side, and the longest waiting of any such
//! stretch is found at once.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::ops::Range;

use super::super::Attribute;

/// What all tickets of a class have in common.
pub(super) type Class<'a> = (Vec<&'a Attribute>, Option<&'a str>);

/// A ticket's place among those who wait: 0 has waited longest.
pub(super) type Rank = u32;

/// One ticket on its way into a line.
pub(super) struct Entry<'a> {
    /// What it has in common with others.
    pub(super) class: Class<'a>,
    /// By which number it is sorted within its class.
    pub(super) number: i64,
    /// How many players it brings.
    pub(super) players: u32,
}

/// Tickets sorted by class and number. Every question about a stretch of them takes logarithmic time.
pub(super) struct Line<'a> {
    classes: BTreeMap<Class<'a>, u32>,
    /// Class and number at each place.
    keys: Vec<(u32, i64)>,
    /// Where each ticket stands.
    places: Vec<usize>,
    tree: Tree,
}

impl<'a> Line<'a> {
    /// Lines up tickets, the longest waiting given first.
    pub(super) fn new(entries: impl Iterator<Item = Entry<'a>>) -> Self {
        let mut classes = BTreeMap::new();
        let mut players = Vec::new();
        let mut sorted = Vec::new();
        for (rank, entry) in (0..).zip(entries) {
            let fresh = u32::try_from(classes.len()).expect("there are no more classes than ranks");
            let class = *classes.entry(entry.class).or_insert(fresh);
            sorted.push((class, entry.number, rank));
            players.push(entry.players);
        }
        sorted.sort_unstable();
        let mut places = vec![0; sorted.len()];
        for (place, (_, _, rank)) in sorted.iter().enumerate() {
            places[*rank as usize] = place;
        }
        let leaves = sorted
            .iter()
            .map(|(_, _, rank)| (*rank, players[*rank as usize]));
        Self {
            classes,
            keys: sorted
                .iter()
                .map(|(class, number, _)| (*class, *number))
                .collect(),
            tree: Tree::new(leaves),
            places,
        }
    }

    /// The stretch of a class with numbers from `least` to `most`.
    pub(super) fn stretch(&self, class: &Class<'a>, least: i64, most: i64) -> Range<usize> {
        let Some(class) = self.classes.get(class) else {
            return 0..0;
        };
        let start = self.keys.partition_point(|key| *key < (*class, least));
        let end = self.keys.partition_point(|key| *key <= (*class, most));
        start..end.max(start)
    }

    /// How many players wait in a stretch.
    pub(super) fn players(&self, stretch: Range<usize>) -> u32 {
        self.tree.look(stretch).players
    }

    /// Who waits in a stretch, the longest waiting first.
    pub(super) fn by_turn(&self, stretch: Range<usize>) -> ByTurn<'_, 'a> {
        let mut by_turn = ByTurn {
            line: self,
            parts: BinaryHeap::new(),
        };
        by_turn.push(stretch);
        by_turn
    }

    /// Somebody waits no longer.
    pub(super) fn remove(&mut self, rank: Rank) {
        self.tree.clear(self.places[rank as usize]);
    }
}

/// Who waits in a stretch, the longest waiting first: the stretch falls into two wherever somebody was taken out.
pub(super) struct ByTurn<'l, 'a> {
    line: &'l Line<'a>,
    parts: BinaryHeap<Reverse<(Rank, usize, usize)>>,
}

impl ByTurn<'_, '_> {
    fn push(&mut self, part: Range<usize>) {
        let first = self.line.tree.look(part.clone()).first;
        if first != Rank::MAX {
            self.parts.push(Reverse((first, part.start, part.end)));
        }
    }
}

impl Iterator for ByTurn<'_, '_> {
    type Item = Rank;

    fn next(&mut self) -> Option<Rank> {
        let Reverse((rank, start, end)) = self.parts.pop()?;
        let place = self.line.places[rank as usize];
        self.push(start..place);
        self.push(place + 1..end);
        Some(rank)
    }
}

/// A segment tree: at each node, the least rank below it and how many players there are.
struct Tree {
    leaves: usize,
    nodes: Vec<Node>,
}

#[derive(Clone, Copy)]
struct Node {
    first: Rank,
    players: u32,
}

impl Node {
    const EMPTY: Self = Self {
        first: Rank::MAX,
        players: 0,
    };

    fn with(self, other: Self) -> Self {
        Self {
            first: self.first.min(other.first),
            players: self.players + other.players,
        }
    }
}

impl Tree {
    fn new(leaves: impl ExactSizeIterator<Item = (Rank, u32)>) -> Self {
        let count = leaves.len();
        let mut nodes = vec![Node::EMPTY; count * 2];
        for (place, (first, players)) in leaves.enumerate() {
            nodes[count + place] = Node { first, players };
        }
        for node in (1..count).rev() {
            nodes[node] = nodes[node * 2].with(nodes[node * 2 + 1]);
        }
        Self {
            leaves: count,
            nodes,
        }
    }

    fn look(&self, range: Range<usize>) -> Node {
        let mut found = Node::EMPTY;
        let (mut start, mut end) = (range.start + self.leaves, range.end + self.leaves);
        while start < end {
            if start % 2 == 1 {
                found = found.with(self.nodes[start]);
                start += 1;
            }
            if end % 2 == 1 {
                end -= 1;
                found = found.with(self.nodes[end]);
            }
            start /= 2;
            end /= 2;
        }
        found
    }

    fn clear(&mut self, place: usize) {
        let mut node = place + self.leaves;
        self.nodes[node] = Node::EMPTY;
        while node > 1 {
            node /= 2;
            self.nodes[node] = self.nodes[node * 2].with(self.nodes[node * 2 + 1]);
        }
    }
}
