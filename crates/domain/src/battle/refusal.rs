//! Why something is not done to a battle.

use thiserror::Error;

/// A rule of battles says no. Each has a sentence for people.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Refusal {
    /// There is none.
    #[error("There has been no battle in this lobby yet.")]
    NoBattle,
    /// The one there is must end first.
    #[error("The lobby's battle is not over yet.")]
    AlreadyRunning,
    /// Who watches does nothing.
    #[error("You watch this battle; only those who play it may do this.")]
    NotPlaying,
    /// It is over.
    #[error("The battle is over.")]
    Over,
    /// Another game has such moves.
    #[error("The rules of this battle know no such move.")]
    WrongRules,
    /// It takes two.
    #[error("A battle needs two players who are in the lobby.")]
    TooFewPlayers,
    /// An attack costs more than there is.
    #[error("Your score, less what your attacks have cost, is below the cost of an attack.")]
    BelowCost,
    /// An attack still works.
    #[error("You are frozen by an attack; wait until it is over.")]
    Frozen,
    /// The player has died.
    #[error("You have died in this battle.")]
    Dead,
    /// A score never falls.
    #[error("The score is lower than it was; a score never falls.")]
    ScoreLowered,
    /// Nobody scores that much.
    #[error("The score is higher than the rules allow.")]
    ScoreTooHigh,
    /// It is the other's turn.
    #[error("It is the other player's turn.")]
    OutOfTurn,
    /// There is a mark on it.
    #[error("That tile has a mark already.")]
    TileTaken,
    /// There is no such tile.
    #[error("The board has no such tile.")]
    OffTheBoard,
}
