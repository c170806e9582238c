//! `switchboard load`: many players at once, through real sockets.

mod crowd;
mod histogram;
mod matching;
mod relay;

use crate::args::LoadCommand;

/// Runs what was asked for.
///
/// # Errors
/// Where what was to hold does not, or somebody could not connect.
pub(crate) async fn run(command: LoadCommand) -> anyhow::Result<()> {
    match command {
        LoadCommand::Match(args) => matching::run(args).await,
        LoadCommand::Relay(args) => relay::run(args).await,
    }
}
