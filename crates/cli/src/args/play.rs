//! What can be typed after `switchboard play`.

use clap::{Args, Subcommand};
use ids::{LobbyId, QueueName};

use super::{Target, lobby_id};
use crate::help;
use crate::play::{NoughtsMoves, ScoreMoves};

/// What to play.
#[derive(Debug, Subcommand)]
pub(crate) enum PlayCommand {
    /// Noughts and crosses with a friend.
    #[command(subcommand)]
    Noughts(NoughtsCommand),
    /// A score attack against a stranger whom matchmaking finds.
    #[command(after_long_help = help::PLAY_SCORE_ATTACK)]
    ScoreAttack(ScoreAttackArgs),
}

/// How to meet the friend.
#[derive(Debug, Subcommand)]
pub(crate) enum NoughtsCommand {
    /// Open a lobby for a friend to join; the battle starts when the friend is there.
    #[command(after_long_help = help::PLAY_NOUGHTS)]
    New(NewNoughtsArgs),
    /// Join a friend's lobby; whoever comes third watches.
    #[command(after_long_help = help::PLAY_NOUGHTS)]
    Join(JoinNoughtsArgs),
}

/// What lobby to open.
#[derive(Debug, Args)]
pub(crate) struct NewNoughtsArgs {
    #[command(flatten)]
    pub(crate) target: Target,
    /// The id that the friend joins by; without it, Switchboard makes a short code.
    #[arg(value_parser = lobby_id)]
    pub(crate) lobby_id: Option<LobbyId>,
    /// Play by itself, without a terminal: tiles as `row,column` from the top left, each 0 to 2.
    #[arg(long, value_name = "TILES", value_parser = NoughtsMoves::parse)]
    pub(crate) moves: Option<NoughtsMoves>,
}

/// What lobby to join.
#[derive(Debug, Args)]
pub(crate) struct JoinNoughtsArgs {
    #[command(flatten)]
    pub(crate) target: Target,
    /// Which lobby.
    #[arg(value_parser = lobby_id)]
    pub(crate) lobby_id: LobbyId,
    /// Play by itself, without a terminal: tiles as `row,column` from the top left, each 0 to 2.
    #[arg(long, value_name = "TILES", value_parser = NoughtsMoves::parse)]
    pub(crate) moves: Option<NoughtsMoves>,
}

/// Which stranger to look for.
#[derive(Debug, Args)]
pub(crate) struct ScoreAttackArgs {
    #[command(flatten)]
    pub(crate) target: Target,
    /// Which queue.
    #[arg(long, default_value = "1v1", value_parser = queue)]
    pub(crate) queue: QueueName,
    /// How good the player is, for queues that ask, such as `ranked`.
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    pub(crate) skill: Option<i64>,
    /// Play by itself, without a terminal: `score:N`, `attack`, `wait:SECONDS`, `forfeit`, `die`.
    #[arg(long, value_name = "MOVES", value_parser = ScoreMoves::parse)]
    pub(crate) moves: Option<ScoreMoves>,
}

fn queue(text: &str) -> anyhow::Result<QueueName> {
    Ok(QueueName::parse(text)?)
}
