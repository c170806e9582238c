//! Logs, on standard error so that standard output stays what was asked for.

use anyhow::Context as _;
use tracing::Metadata;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::{LevelFilter, filter_fn};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::args::{Cli, Command};

/// Starts logging: as asked, or else so that a server tells of itself and everything else only of trouble.
///
/// # Errors
/// Where the filter makes no sense.
pub(crate) fn start(cli: &Cli) -> anyhow::Result<()> {
    let by_default = match cli.command {
        Command::Serve(_) => "info",
        Command::Demo(_) | Command::Lobby(_) | Command::Send(_) | Command::Load(_) => "warn",
        // A line of log would stand in the middle of the board.
        Command::Play(_) => "off",
    };
    let filter = cli
        .log
        .as_deref()
        .filter(|filter| !filter.is_empty())
        .unwrap_or(by_default);
    let filter: EnvFilter = filter.parse().with_context(|| {
        format!("`{filter}` is no log filter: write `info`, `debug`, or `client=debug,warn`.")
    })?;
    tracing_subscriber::registry()
        .with(tracing_subscriber::fmt::layer().with_writer(std::io::stderr))
        .with(filter)
        .with(filter_fn(is_fit_to_log))
        .init();
    Ok(())
}

/// Below `info` the AWS SDK logs whole requests and answers, and with them what players keep to themselves.
fn is_fit_to_log(metadata: &Metadata<'_>) -> bool {
    !metadata.target().starts_with("aws_") || *metadata.level() <= LevelFilter::INFO
}
