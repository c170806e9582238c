//! What can be typed after `switchboard load`.

use clap::{Args, Subcommand};

use crate::help;

/// As many as a local server takes at once.
const MOST_CONNECTIONS: u32 = 10_000;

/// Short of the two hours after which the platform ends every connection.
const LONGEST_SECONDS: u32 = 6_000;

/// What one connection may send in a second for as long as it likes (docs/limits.md).
const MOST_FRAMES: u32 = 200;

/// What to load.
#[derive(Debug, Subcommand)]
pub(crate) enum LoadCommand {
    /// Let many players look for opponents, and measure how long they wait.
    #[command(after_long_help = help::LOAD_MATCH)]
    Match(LoadMatchArgs),
    /// Let many players signal to each other while others are connected, and measure what a relayed frame takes.
    #[command(after_long_help = help::LOAD_RELAY)]
    Relay(LoadRelayArgs),
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

/// How many are connected, how many of them signal, and how fast.
#[derive(Debug, Args)]
pub(crate) struct LoadRelayArgs {
    /// A Switchboard to use; without it, one is started here in a process of its own, and its memory is watched.
    #[arg(long)]
    pub(crate) url: Option<String>,
    /// How many connections.
    #[arg(long, default_value = "5000", value_name = "NUMBER", value_parser = count(2, MOST_CONNECTIONS))]
    pub(crate) connections: u32,
    /// How many of them are in lobbies and signal; the others are there and silent.
    #[arg(long, default_value = "1000", value_name = "NUMBER", value_parser = count(2, MOST_CONNECTIONS))]
    pub(crate) signalling: u32,
    /// How many are in each lobby.
    #[arg(long, default_value = "8", value_name = "NUMBER", value_parser = count(2, 64))]
    pub(crate) lobby_size: u32,
    /// For how many seconds they signal.
    #[arg(long, default_value = "300", value_name = "SECONDS", value_parser = count(1, LONGEST_SECONDS))]
    pub(crate) seconds: u32,
    /// How many frames each of them sends in a second, to the others of its lobby in turn.
    #[arg(long, default_value = "1", value_name = "NUMBER", value_parser = count(1, MOST_FRAMES))]
    pub(crate) rate: u32,
    /// Print one JSON object instead of the tables; how far it is goes to standard error.
    #[arg(long)]
    pub(crate) json: bool,
}

impl LoadRelayArgs {
    /// How many lobbies the signalling fill.
    ///
    /// # Errors
    /// Where they do not, or are more than are connected.
    pub(crate) fn lobbies(&self) -> anyhow::Result<u32> {
        let Self {
            connections,
            signalling,
            lobby_size,
            ..
        } = *self;
        anyhow::ensure!(
            signalling <= connections,
            "{signalling} of {connections} cannot signal: lower --signalling or raise --connections."
        );
        anyhow::ensure!(
            signalling.is_multiple_of(lobby_size),
            "{signalling} players do not fill lobbies of {lobby_size}: make --signalling a multiple of --lobby-size."
        );
        Ok(signalling / lobby_size)
    }
}

fn count(least: u32, most: u32) -> clap::builder::RangedI64ValueParser<u32> {
    clap::value_parser!(u32).range(i64::from(least)..=i64::from(most))
}

fn even(text: &str) -> anyhow::Result<usize> {
    let number: usize = text.parse()?;
    anyhow::ensure!(
        number.is_multiple_of(2) && (2..=20_000).contains(&number),
        "it is no even number from 2 to 20000"
    );
    Ok(number)
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::args::{Cli, Command};

    fn lobbies(arguments: &[&str]) -> anyhow::Result<u32> {
        let all = [&["switchboard", "load", "relay"], arguments].concat();
        let Command::Load(LoadCommand::Relay(args)) = Cli::try_parse_from(all)?.command else {
            panic!("another command");
        };
        args.lobbies()
    }

    #[test]
    fn whoever_signals_is_connected_and_in_a_full_lobby() {
        assert_eq!(lobbies(&[]).expect("the defaults fit"), 125);
        let none = lobbies(&["--connections", "8", "--signalling", "16"]);
        assert!(none.is_err(), "{none:?}");
        let none = lobbies(&["--signalling", "20"]);
        assert!(none.is_err(), "{none:?}");
        assert_eq!(
            lobbies(&["--signalling", "20", "--lobby-size", "5"]).expect("they fit"),
            4
        );
    }
}
