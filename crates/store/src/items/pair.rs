//! Two of a kind.

use domain::battle::Pair;
use serde::{Deserialize, Serialize};

/// What each of the two who play has.
#[derive(Serialize, Deserialize)]
pub(super) struct PairPart<T> {
    first: T,
    second: T,
}

impl<T> PairPart<T> {
    pub(super) fn of<'a, U>(pair: &'a Pair<U>) -> Self
    where
        T: From<&'a U>,
    {
        Self {
            first: (&pair.first).into(),
            second: (&pair.second).into(),
        }
    }

    pub(super) fn into_pair<U: From<T>>(self) -> Pair<U> {
        Pair {
            first: self.first.into(),
            second: self.second.into(),
        }
    }
}
