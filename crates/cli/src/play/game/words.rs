//! How things are called.

use std::time::{Duration, Instant};

use ids::PlayerId;
use protocol::event::{CancelReason, EndReason, LeaveReason, Outcome, ReturnReason, Settlement};

use super::Game;

impl Game {
    /// What a player is called in the middle of a sentence.
    pub(crate) fn name(&self, player: &PlayerId) -> String {
        if self.is_me(player) {
            return "you".to_owned();
        }
        if self.plays() {
            let fight = self.fight.as_ref();
            let opponent = fight.and_then(|fight| fight.opponent(&self.me));
            if opponent == Some(player) {
                return "your opponent".to_owned();
            }
        }
        let fighter = self.fight.as_ref().and_then(|fight| fight.fighter(player));
        let peer_id = fighter.map(|fighter| fighter.peer_id).or_else(|| {
            let others = self.room.iter().flat_map(|room| &room.others);
            others
                .into_iter()
                .find(|(_, other)| *other == player)
                .map(|(peer_id, _)| *peer_id)
        });
        peer_id.map_or_else(
            || "somebody".to_owned(),
            |peer_id| format!("player {peer_id}"),
        )
    }

    /// What a player does, as a sentence: the first form is for this player.
    pub(super) fn sentence(&self, player: &PlayerId, mine: &str, theirs: &str) -> String {
        let doing = if self.is_me(player) { mine } else { theirs };
        capitalised(&format!("{} {doing}.", self.name(player)))
    }

    /// How a battle ended, as a sentence.
    pub(crate) fn verdict(&self, settlement: &Settlement) -> String {
        let of = |wanted| {
            let mut results = settlement.results.iter();
            results
                .find(|(_, result)| **result == wanted)
                .map(|(player, _)| player)
        };
        let why = match (settlement.reason, of(Outcome::Lose)) {
            (EndReason::Forfeit, Some(loser)) if self.is_me(loser) => "you forfeit".to_owned(),
            (EndReason::Forfeit, Some(loser)) => format!("{} forfeits", self.name(loser)),
            (EndReason::Forfeit, None) => "by forfeit".to_owned(),
            (EndReason::Score, _) => "both have died".to_owned(),
            (EndReason::Line, _) => "three in a row".to_owned(),
            (EndReason::Full, _) => "no tile is left".to_owned(),
            (EndReason::TimeOut, _) => "time is up".to_owned(),
        };
        let scores = self.final_scores(settlement);
        let what = match of(Outcome::Win) {
            None => "a draw".to_owned(),
            Some(winner) if self.is_me(winner) => "you win".to_owned(),
            Some(_) if self.plays() => "you lose".to_owned(),
            Some(winner) => format!("{} wins", self.name(winner)),
        };
        format!("{}{scores}: {why}.", capitalised(&what))
    }

    /// The scores, this player's own first; nothing where the rules have none.
    fn final_scores(&self, settlement: &Settlement) -> String {
        let Some(scores) = &settlement.scores else {
            return String::new();
        };
        let scores: Vec<String> = self
            .fighters()
            .into_iter()
            .filter_map(|fighter| scores.get(&fighter.player_id))
            .map(ToString::to_string)
            .collect();
        format!(" {}", scores.join(" : "))
    }
}

/// Why a search is over, as a sentence.
pub(super) fn cancelled(reason: CancelReason) -> &'static str {
    match reason {
        CancelReason::Left => "The search is called off.",
        CancelReason::Disconnected => "The search ended with a connection.",
        CancelReason::GaveUp => "Nobody was found for as long as the queue searches.",
        CancelReason::NotAccepted => "The match was not agreed to in time.",
        CancelReason::Declined => "The match was declined.",
        CancelReason::PartyChanged => "The search ended because the party changed.",
        CancelReason::HostChanged => "The search ended because the host changed.",
        CancelReason::Closed => "The search ended with the lobby.",
    }
}

/// Why a match did not come about, as a sentence.
pub(super) fn returned(reason: ReturnReason) -> &'static str {
    match reason {
        ReturnReason::Declined => "The other declined: the search goes on.",
        ReturnReason::NotAccepted => "The other did not agree in time: the search goes on.",
        ReturnReason::PlayerGone => "The other is gone: the search goes on.",
    }
}

/// How a player left, behind its name.
pub(super) fn left(reason: LeaveReason) -> &'static str {
    match reason {
        LeaveReason::Left => "has left",
        LeaveReason::Kicked | LeaveReason::Banned => "was removed by the host",
        LeaveReason::Disconnected => "has lost its connection",
    }
}

/// A sentence begins with a capital.
pub(super) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// How many seconds there are until then, begun ones counted; 0 where it is past.
pub(crate) fn seconds_until(then: Instant, now: Instant) -> u64 {
    let left = then.saturating_duration_since(now);
    left.as_secs() + u64::from(left.subsec_nanos() > 0)
}

/// A length of time as a clock shows it.
pub(crate) fn how_long(time: Duration) -> String {
    let seconds = time.as_secs();
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
