//! `cargo xtask test`: every check there is, in order, the quick ones first and the tests last.

mod docker;
mod emulator;
mod fuzz;
mod packages;
mod steps;
mod terraform;
mod turn;

use std::time::Instant;

use anyhow::{Result, bail};

use crate::project::Project;
use crate::say;
use steps::STEPS;

/// Which checks to run.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Run only this step; may be given several times.
    #[arg(long, value_name = "STEP")]
    only: Vec<String>,
    /// Say which steps there are.
    #[arg(long)]
    list: bool,
}

/// One check.
struct Step {
    name: &'static str,
    about: &'static str,
    run: fn(&Project) -> Result<Verdict>,
}

/// What a check found.
enum Verdict {
    /// Nothing to complain of.
    Passed,
    /// This machine cannot do it; why.
    LeftOut(String),
    /// What the tool printed, and what to do about it.
    Failed { output: String, remedy: String },
}

/// What a step needs: it is there, or this machine cannot have it, and why.
type Found<T> = std::result::Result<T, String>;

/// Runs the steps asked for, and stops at the first that fails.
pub(crate) fn run(project: &Project, args: &Args) -> Result<()> {
    if args.list {
        for step in STEPS {
            say::line(&format!("{:<18} {}", step.name, step.about));
        }
        return Ok(());
    }
    if let Some(unknown) = args
        .only
        .iter()
        .find(|only| !STEPS.iter().any(|step| step.name == **only))
    {
        bail!("there is no step `{unknown}`; `cargo xtask test --list` says which there are");
    }
    let chosen: Vec<_> = STEPS
        .iter()
        .filter(|step| args.only.is_empty() || args.only.iter().any(|only| only == step.name))
        .collect();
    for (done, step) in chosen.iter().enumerate() {
        say::line(&format!(
            "[{}/{}] {}: {}",
            done + 1,
            chosen.len(),
            step.name,
            step.about
        ));
        let started = Instant::now();
        let verdict = (step.run)(project)?;
        let seconds = started.elapsed().as_secs_f32();
        match verdict {
            // The tests' own last line is to be the run's last line.
            Verdict::Passed if step.name == steps::TESTS => {}
            Verdict::Passed => say::line(&format!("    {seconds:.1} s, clean")),
            Verdict::LeftOut(why) => say::line(&format!("    LEFT OUT: {why}")),
            Verdict::Failed { output, remedy } => {
                say::line(output.trim_end());
                bail!("{} failed after {seconds:.1} s. {remedy}", step.name);
            }
        }
    }
    Ok(())
}
