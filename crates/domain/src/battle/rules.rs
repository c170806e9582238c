//! What a game is to the referee.

use super::{Mark, Options, Pair, Player, Refusal, Side, Told, Why};
use crate::Timestamp;

/// A game of two: its state, and what it makes of what its players do. Knows neither lobbies nor who is away.
pub trait Rules: Sized {
    /// What a player can do.
    type Move;
    /// What there is to see.
    type View;

    /// The game at its beginning.
    fn start(options: &Options, now: Timestamp) -> Self;

    /// Lets a player do something, and tells what is heard of it. Not called once the game is decided.
    ///
    /// # Errors
    /// [`Refusal`] where the rules do not allow it; then nothing has changed.
    fn apply(
        &mut self,
        by: Side,
        what: Self::Move,
        players: &Pair<Player>,
        now: Timestamp,
    ) -> Result<Vec<Told>, Refusal>;

    /// How it is decided by now, if it is: by what was done, or by time that has passed.
    fn decision(&self, now: Timestamp) -> Option<Decision>;

    /// When time alone decides, unless something is done.
    fn deadline(&self) -> Option<Timestamp>;

    /// How it stands, for all to see.
    fn view(&self, players: &Pair<Player>, at: Moment) -> Self::View;

    /// A player's score, where the game has such a thing.
    fn score(&self, _side: Side) -> Option<u64> {
        None
    }

    /// What a player is told by, where the game has such a thing.
    #[must_use]
    fn mark(_side: Side) -> Option<Mark> {
        None
    }
}

/// How a game is decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Decision {
    /// What decided it.
    pub why: Why,
    /// Who has won; nobody where it is a draw.
    pub winner: Option<Side>,
}

/// When a game is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// While it goes on.
    At(Timestamp),
    /// Once its battle is over, however that came.
    Over,
}
