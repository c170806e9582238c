//! Whether what one peer has sent to another arrives: every number, once, and in order.

use std::collections::BTreeSet;

/// How a frame arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arrival {
    /// After all that were sent before it and have arrived.
    InOrder,
    /// After one that was sent later.
    Overtaken,
    /// Again.
    Twice,
}

/// The numbers of the frames from one peer, counted from 0, that have arrived.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    /// All below have arrived, and this one has not.
    next: u64,
    /// Those above that have arrived all the same.
    ahead: BTreeSet<u64>,
}

impl Numbers {
    /// Takes in one that arrives.
    pub(super) fn hear(&mut self, number: u64) -> Arrival {
        if number < self.next || self.ahead.contains(&number) {
            return Arrival::Twice;
        }
        let is_overtaken = self.ahead.last().is_some_and(|last| *last > number);
        self.ahead.insert(number);
        while self.ahead.remove(&self.next) {
            self.next += 1;
        }
        if is_overtaken {
            Arrival::Overtaken
        } else {
            Arrival::InOrder
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Arrival::{InOrder, Overtaken, Twice};
    use super::*;

    fn hear<const N: usize>(numbers: [u64; N]) -> [Arrival; N] {
        let mut heard = Numbers::default();
        numbers.map(|number| heard.hear(number))
    }

    #[test]
    fn numbers_that_rise_are_in_order_with_gaps_and_without() {
        assert_eq!(hear([0, 1, 2]), [InOrder, InOrder, InOrder]);
        assert_eq!(hear([0, 2, 5]), [InOrder, InOrder, InOrder]);
    }

    #[test]
    fn a_number_that_comes_after_a_higher_one_was_overtaken() {
        assert_eq!(hear([0, 2, 1, 3]), [InOrder, InOrder, Overtaken, InOrder]);
        assert_eq!(hear([3, 1, 2]), [InOrder, Overtaken, Overtaken]);
    }

    #[test]
    fn a_number_that_was_heard_is_twice_however_much_came_in_between() {
        assert_eq!(hear([0, 0]), [InOrder, Twice]);
        assert_eq!(hear([0, 1, 2, 0]), [InOrder, InOrder, InOrder, Twice]);
        assert_eq!(hear([0, 2, 2]), [InOrder, InOrder, Twice]);
        assert_eq!(hear([0, 2, 1, 2]), [InOrder, InOrder, Overtaken, Twice]);
    }

    #[test]
    fn what_has_arrived_without_a_gap_is_not_kept() {
        let mut heard = Numbers::default();
        for number in 0..1_000 {
            heard.hear(number);
        }
        assert!(heard.ahead.is_empty());
    }
}
