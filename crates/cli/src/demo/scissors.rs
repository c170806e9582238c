//! `--cut`: at every step, one of the two connections to Switchboard is cut.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard};

use client::Session;

use super::timeline::Side;

/// What cuts the connections of two players, one at each step.
#[derive(Debug)]
pub(super) struct Scissors {
    inner: Mutex<Inner>,
}

#[derive(Debug)]
struct Inner {
    chance: u64,
    sessions: BTreeMap<&'static str, (Side, Session)>,
}

impl Scissors {
    /// Some that cut the same sides at the same steps for the same seed.
    pub(super) fn new(seed: u64) -> Self {
        let inner = Inner {
            chance: seed,
            sessions: BTreeMap::new(),
        };
        Self {
            inner: Mutex::new(inner),
        }
    }

    /// From now on this one may be cut.
    pub(super) fn hold(&self, side: Side, session: &Session) {
        let held = (side, session.clone());
        self.lock().sessions.insert(side.name(), held);
    }

    /// From now on this one is left alone.
    pub(super) fn let_go(&self, side: Side) {
        self.lock().sessions.remove(side.name());
    }

    /// Cuts one of those that may be; which.
    pub(super) fn cut(&self) -> Option<Side> {
        let mut inner = self.lock();
        let count = u64::try_from(inner.sessions.len()).unwrap_or_default();
        let drawn = inner.draw().checked_rem(count)?;
        let drawn = usize::try_from(drawn).unwrap_or_default();
        let (side, session) = inner.sessions.values().nth(drawn)?;
        session.cut();
        Some(*side)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.inner
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}

impl Inner {
    /// Numbers that look random and are the same for the same seed (splitmix64).
    fn draw(&mut self) -> u64 {
        self.chance = self.chance.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.chance;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
