//! Battles: two players of a lobby, a game, and a server that referees.
//!
//! A game is a module of its own that implements [`Rules`]; `games.rs` lists them. What is the same for all games stands here:
//! who plays, who is away, what time decides, how a battle is settled exactly once, and what becomes of it afterwards. A battle
//! is a part of its [lobby](crate::lobby), whose other members watch; the lobby decides who may do what to it.

mod action;
mod course;
mod event;
mod games;
mod options;
mod pair;
mod refusal;
mod rules;
mod settlement;
mod view;

pub mod noughts_and_crosses;
pub mod score_attack;

use std::collections::{BTreeMap, BTreeSet};

use ids::{BattleId, PeerId, PlayerId};

use crate::Timestamp;

pub use action::Action;
pub use event::{Event, Fallen, Hearers, Told};
pub use games::{Game, Move, RulesName, Standing};
pub use noughts_and_crosses::Mark;
pub use options::Options;
pub use pair::{Pair, Side};
pub use refusal::Refusal;
pub use rules::{Decision, Moment, Rules};
pub use settlement::{PlayerResult, Settlement, Verdict, Why};
pub use view::{PlayerView, View};

/// A battle, from its start to its settlement and until the lobby has another.
///
/// Always: two different players; nobody away and no wish for another battle but where it fits: the first while it runs, the
/// second afterwards. Once it is settled, nothing but the wishes changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Battle {
    /// Which.
    pub battle_id: BattleId,
    /// Who plays. The first one begins.
    pub players: Pair<Player>,
    /// How the rules were set.
    pub options: Options,
    /// How it stands.
    pub game: Game,
    /// When it began.
    pub started_at: Timestamp,
    /// For when the last alarm was set: from then on its lobby is woken. Never after the [`deadline`](Self::deadline).
    pub alarm: Option<Timestamp>,
    /// Whose connection has ended, and until when each may stay away.
    pub away: BTreeMap<PlayerId, Timestamp>,
    /// Who wants another.
    pub rematch: BTreeSet<PlayerId>,
    /// How it ended, if it has.
    pub settlement: Option<Settlement>,
}

/// One of the two who play.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Player {
    /// Who.
    pub player_id: PlayerId,
    /// Its number in the lobby.
    pub peer_id: PeerId,
}
