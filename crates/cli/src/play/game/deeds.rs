//! What a game wants done, one thing after the other.

use std::collections::VecDeque;

use ids::MatchId;
use protocol::Action;
use protocol::battle::{
    Attack, Die, ForfeitBattle, GetBattle, PlaceMark, RequestRematch, Rules, Score, StartBattle,
    SyncScore,
};
use protocol::matchmaking::{AcceptMatch, DeclineMatch, ExplainMatchmaking};

/// The highest score there is.
pub(crate) const HIGHEST: u64 = 1_000_000_000_000;

/// Something to ask of Switchboard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Starts the battle.
    Start,
    /// Marks a tile.
    Place([u32; 2]),
    /// Tells the score.
    Tell(u64),
    /// Attacks.
    Attack,
    /// Dies.
    Die,
    /// Gives up.
    Forfeit,
    /// Asks for another battle.
    Rematch,
    /// Agrees to a match.
    Accept(MatchId),
    /// Does not.
    Decline(MatchId),
    /// Asks how the search goes.
    Explain,
    /// Asks for the whole battle.
    Look,
}

impl Deed {
    /// What to send for it.
    pub(super) fn action(&self, rules: Rules) -> Action {
        match self {
            Self::Start => StartBattle {
                rules,
                options: None,
            }
            .into(),
            Self::Place(tile) => PlaceMark { tile: *tile }.into(),
            Self::Tell(score) => {
                let score = Score::new((*score).min(HIGHEST)).expect("bounded just now");
                SyncScore { score }.into()
            }
            Self::Attack => Attack {}.into(),
            Self::Die => Die {}.into(),
            Self::Forfeit => ForfeitBattle {}.into(),
            Self::Rematch => RequestRematch {}.into(),
            Self::Accept(match_id) => AcceptMatch {
                match_id: match_id.clone(),
            }
            .into(),
            Self::Decline(match_id) => DeclineMatch {
                match_id: match_id.clone(),
            }
            .into(),
            Self::Explain => ExplainMatchmaking {}.into(),
            Self::Look => GetBattle {}.into(),
        }
    }
}

/// Deeds in order. One is done at a time: two messages side by side may arrive in either order.
#[derive(Debug, Default)]
pub(super) struct Deeds {
    waiting: VecDeque<Deed>,
    being_done: Option<Deed>,
}

impl Deeds {
    /// Adds one. A second wish for the same is no other wish, and a newer score replaces an older one.
    pub(super) fn push(&mut self, deed: Deed) {
        if let (Some(Deed::Tell(waiting)), Deed::Tell(newer)) = (self.waiting.back_mut(), &deed) {
            *waiting = *newer;
        } else if !self.waiting.contains(&deed) && self.being_done.as_ref() != Some(&deed) {
            self.waiting.push_back(deed);
        }
    }

    /// The next one, while none is being done.
    pub(super) fn next(&mut self) -> Option<Deed> {
        if self.being_done.is_some() {
            return None;
        }
        self.being_done = self.waiting.pop_front();
        self.being_done.clone()
    }

    /// The one that was being done is done.
    pub(super) fn done(&mut self) {
        self.being_done = None;
    }

    /// Whether nothing is wanted.
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.being_done.is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_deed_is_done_at_a_time() {
        let mut deeds = Deeds::default();
        deeds.push(Deed::Tell(1));
        deeds.push(Deed::Attack);
        assert_eq!(deeds.next(), Some(Deed::Tell(1)));
        assert_eq!(deeds.next(), None);
        deeds.done();
        assert_eq!(deeds.next(), Some(Deed::Attack));
    }

    #[test]
    fn a_newer_score_replaces_one_that_still_waits() {
        let mut deeds = Deeds::default();
        deeds.push(Deed::Tell(1));
        assert_eq!(deeds.next(), Some(Deed::Tell(1)));
        deeds.push(Deed::Tell(2));
        deeds.push(Deed::Tell(3));
        deeds.done();
        assert_eq!(deeds.next(), Some(Deed::Tell(3)));
    }

    #[test]
    fn pressing_a_key_twice_is_one_wish() {
        let mut deeds = Deeds::default();
        deeds.push(Deed::Attack);
        deeds.push(Deed::Attack);
        assert_eq!(deeds.next(), Some(Deed::Attack));
        deeds.push(Deed::Attack);
        deeds.done();
        assert!(deeds.is_empty());
    }
}
