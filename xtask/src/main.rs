//! Development tasks: `cargo xtask --help` lists them.
#![expect(
    clippy::disallowed_methods,
    reason = "a tool takes its settings from the environment, like the tools that it calls"
)]

mod codegen;
mod package;
mod process;
mod project;
mod say;
mod test;
mod tidy;
mod tools;
mod up;

use std::process::ExitCode;

use clap::Parser;

use project::Project;

/// Development tasks of Switchboard.
#[derive(Parser)]
#[command(bin_name = "cargo xtask", version, disable_help_subcommand = true)]
enum Task {
    /// Check everything, as CI does: format, rules of the house, lints, docs, dependencies, tests.
    Test(test::Args),
    /// Check the rules of the house that no compiler knows.
    Tidy,
    /// Write the documents that are generated from the protocol's types.
    Codegen(codegen::Args),
    Up(up::Up),
    /// Stop the emulator and everything in it.
    Down,
    Status(up::Status),
    Package(package::Package),
}

fn main() -> ExitCode {
    let task = Task::parse();
    let done = Project::find().and_then(|project| match task {
        Task::Test(args) => test::run(&project, &args),
        Task::Tidy => tidy::run(&project),
        Task::Codegen(args) => codegen::run(&project, &args),
        Task::Up(args) => up::up(&project, &args),
        Task::Down => up::down(&project),
        Task::Status(args) => up::status(&project, &args),
        Task::Package(args) => package::run(&project, &args),
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say::error(&format!("{error:#}"));
            ExitCode::FAILURE
        }
    }
}
