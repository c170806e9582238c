//! The `switchboard` command: a server on this machine, a demonstration, games, and every action by hand.

mod args;
mod demo;
mod help;
mod load;
mod lobby;
mod logs;
mod output;
mod play;
mod send;
mod serve;
mod server;
mod signals;
mod transcript;

use std::process::ExitCode;

use clap::Parser as _;

use crate::args::{Cli, Command, LobbyCommand};

fn main() -> ExitCode {
    let cli = Cli::parse();
    let done = logs::start(&cli).and_then(|()| {
        let runtime = tokio::runtime::Runtime::new()?;
        runtime.block_on(run(cli.command))
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            output::failure(&error);
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Serve(args) => serve::run(args).await,
        Command::Demo(args) => demo::run(args).await,
        Command::Play(command) => play::run(command).await,
        Command::Lobby(LobbyCommand::Start(args)) => lobby::start(args).await,
        Command::Lobby(LobbyCommand::Join(args)) => lobby::join(args).await,
        Command::Lobby(LobbyCommand::List(args)) => lobby::list(args).await,
        Command::Send(args) => send::run(args).await,
        Command::Load(command) => load::run(command).await,
    }
}
