//! What can be typed after `switchboard load`.

use clap::{Args, Subcommand};

use crate::help;

/// What to load.
#[derive(Debug, Subcommand)]
pub(crate) enum LoadCommand {
    /// Let many players look for opponents, and measure how long they wait.
    #[command(after_long_help = help::LOAD_MATCH)]
    Match(LoadMatchArgs),
}

/// How many look for opponents, and how fast.
#[derive(Debug, Args)]
pub(crate) struct LoadMatchArgs {
    /// A Switchboard to use; without it, one is started here.
    #[arg(long)]
    pub(crate) url: Option<String>,
    /// How many players; an even number.
    #[arg(long, default_value = "2000", value_name = "NUMBER", value_parser = even)]
    pub(crate) players: usize,
    /// How many of them begin to look in each second.
    #[arg(long, default_value = "500", value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub(crate) rate: u32,
    /// In which queue, of one player against one.
    #[arg(long, default_value = "1v1", value_name = "QUEUE")]
    pub(crate) queue: String,
    /// Print one JSON object instead of the tables.
    #[arg(long)]
    pub(crate) json: bool,
}

fn even(text: &str) -> anyhow::Result<usize> {
    let number: usize = text.parse()?;
    anyhow::ensure!(
        number.is_multiple_of(2) && (2..=20_000).contains(&number),
        "it is no even number from 2 to 20000"
    );
    Ok(number)
}
