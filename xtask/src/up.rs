//! `cargo xtask up | down | status`: the whole of Switchboard on a local AWS emulator.
//!
//! Terraform, the functions' binaries and IAM are the real ones; only AWS is not. All of it lives under
//! `target/emulator`, and `down` leaves nothing there but what is slow to fetch again.

pub(crate) mod archive;
pub(crate) mod emulator;
pub(crate) mod functions;
mod http;
pub(crate) mod layout;
mod logs;
mod mirror;
pub(crate) mod probe;
pub(crate) mod python;
pub(crate) mod shell;
pub(crate) mod terraform;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use self::emulator::Emulator;
use self::layout::Layout;
use self::shell::progress;
use self::terraform::Terraform;
use crate::project::Project;
use crate::say;

/// Long enough for a cold start on a loaded machine, short enough to wait for where it never will.
const ANSWER_WITHIN: Duration = Duration::from_secs(15);

/// Start the emulator, build and deploy everything, and print the URL. Run it again after a change.
#[derive(Debug, clap::Args)]
pub(crate) struct Up {
    /// Port of the emulator, and so of the WebSocket.
    #[arg(long, default_value_t = 4566)]
    port: u16,
    #[command(flatten)]
    play: Play,
    /// Print one JSON object instead of the URL.
    #[arg(long)]
    json: bool,
}

/// How is played there.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct Play {
    /// A file like terraform/queues.default.json: the queues in which players are matched, instead of that one's.
    #[arg(long, value_name = "FILE")]
    pub(crate) queues: Option<PathBuf>,
    /// How long whoever plays a battle may be away before it is forfeit, in seconds.
    #[arg(long, value_name = "SECONDS")]
    pub(crate) grace: Option<u32>,
    /// How players prove who they are: Terraform's `authentication`, in JSON. By default they need not.
    #[arg(long, value_name = "JSON")]
    pub(crate) authentication: Option<String>,
    /// A TURN server like turn:turn.example.org:3478, for which credentials are made; may be given several times.
    #[arg(long, value_name = "URL")]
    pub(crate) turn: Vec<String>,
}

impl Play {
    /// The same as variables of Terraform's.
    fn variables(&self) -> Result<BTreeMap<&'static str, String>> {
        let mut variables = BTreeMap::new();
        if let Some(file) = &self.queues {
            let queues = fs::read_to_string(file);
            let queues = queues.with_context(|| format!("cannot read {}", file.display()))?;
            variables.insert("queues", queues);
        }
        if let Some(seconds) = self.grace {
            variables.insert("grace_seconds", seconds.to_string());
        }
        if let Some(authentication) = &self.authentication {
            variables.insert("authentication", authentication.clone());
        }
        if !self.turn.is_empty() {
            variables.insert("turn", json!({ "urls": self.turn }).to_string());
        }
        Ok(variables)
    }
}

/// Say whether the emulator runs, and where.
#[derive(Debug, clap::Args)]
pub(crate) struct Status {
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
    /// Have Terraform compare what runs with its configuration; fails where they differ.
    #[arg(long)]
    drift: bool,
}

/// Brings everything up, or up to date.
pub(crate) fn up(project: &Project, args: &Up) -> Result<()> {
    let layout = Layout::of(project);
    let terraform = start(project, &layout, args.port, &args.play)?;
    report(&terraform, args.json)
}

/// Has everything that `start` needs but cannot make: fails where a tool is missing, or what it would fetch is out of reach.
pub(crate) fn prepare(layout: &Layout) -> Result<()> {
    Terraform::check()?;
    Emulator::install(layout)?;
    Terraform::new(layout, 0).init()
}

/// Starts an emulator where none runs, and makes it what this checkout says.
pub(crate) fn start<'a>(
    project: &Project,
    layout: &'a Layout,
    port: u16,
    play: &Play,
) -> Result<Terraform<'a>> {
    let terraform = Terraform::new(layout, port);
    Terraform::check()?;
    let variables = play.variables()?;
    // What does not build needs no emulator.
    let binaries = functions::build(project, layout)?;
    let emulator = match Emulator::running(layout)? {
        Some(running) => running.on_port(port)?,
        None => Emulator::start(layout, port)?,
    };
    layout.keep_variables(&variables)?;
    deploy(layout, &terraform, &binaries)
        .inspect_err(|_| logs::show_last(layout, &emulator))
        .context("not everything came up; `cargo xtask down` stops what did")?;
    Ok(terraform)
}

/// Stops everything.
pub(crate) fn down(project: &Project) -> Result<()> {
    stop(&Layout::of(project))
}

/// Stops an emulator and everything in it.
pub(crate) fn stop(layout: &Layout) -> Result<()> {
    match Emulator::running(layout)? {
        Some(emulator) => {
            progress("Stopping the emulator ...");
            emulator.stop()?;
        }
        None => progress("The emulator does not run."),
    }
    emulator::stop_orphans(layout)?;
    layout.clear()
}

/// Tells what runs.
pub(crate) fn status(project: &Project, args: &Status) -> Result<()> {
    let layout = Layout::of(project);
    let Some(emulator) = Emulator::running(&layout)? else {
        let nothing = "The emulator does not run: `cargo xtask up` starts it.";
        say::line(&if args.json {
            json!({ "running": false }).to_string()
        } else {
            nothing.to_owned()
        });
        return Ok(());
    };
    let terraform = Terraform::new(&layout, emulator.port());
    if args.drift {
        terraform.expect_no_drift()?;
    }
    report(&terraform, args.json)
}

fn deploy(
    layout: &Layout,
    terraform: &Terraform<'_>,
    binaries: &BTreeMap<String, PathBuf>,
) -> Result<()> {
    functions::package(layout, binaries)?;
    terraform.init()?;
    terraform.apply()?;
    progress("Waiting for the socket to answer ...");
    let outputs = terraform.outputs()?;
    let url = websocket_url(&outputs)?;
    if outputs["function_names"]["authorizer"].is_string() {
        probe::turned_away(&url, ANSWER_WITHIN)
    } else {
        probe::ping(&url, ANSWER_WITHIN)
    }
}

/// The last line on standard output is for machines, or for pasting.
fn report(terraform: &Terraform<'_>, as_json: bool) -> Result<()> {
    let outputs = terraform.outputs()?;
    let url = websocket_url(&outputs)?;
    if !as_json {
        say::line(&url);
        return Ok(());
    }
    let report = json!({
        "running": true,
        "websocket_url": url,
        "endpoint": terraform.endpoint(),
        "region": terraform::REGION,
        "outputs": outputs,
    });
    say::line(&report.to_string());
    Ok(())
}

/// Where games connect to.
pub(crate) fn websocket_url(outputs: &Value) -> Result<String> {
    let url = outputs["websocket_url"].as_str();
    Ok(url
        .context("nothing is deployed yet: run `cargo xtask up`")?
        .to_owned())
}
