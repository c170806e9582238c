//! All of it on an emulator of its own: deployed, played with, robbed of its rights, killed, and stopped without a trace.

use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use super::Verdict;
use crate::process::capture_within;
use crate::project::Project;
use crate::say;
use crate::up::emulator::processes;
use crate::up::functions::executables;
use crate::up::layout::Layout;
use crate::up::{self, Play, websocket_url};

/// Several times what each takes on two slow processors.
const WITHIN: Duration = Duration::from_mins(10);

/// How players say who they are, the second time.
const TOKENS: &str = r#"{"mode":"shared_secret","clock_skew_seconds":5}"#;

/// Brings everything up on a free port, plays, and takes everything down.
pub(super) fn check(project: &Project) -> Result<Verdict> {
    let layout = Layout::apart(project, "emulator-test");
    if let Err(missing) = up::prepare(&layout) {
        let missing = format!("{missing:#}");
        let sentence = missing.lines().next().unwrap_or_default();
        return Ok(Verdict::LeftOut(sentence.trim_end_matches(':').to_owned()));
    }
    let files = project.files()?;
    let played = play(project, &layout);
    let stopped = up::stop(&layout);
    if let Err(failure) = played.and(stopped) {
        return Ok(Verdict::Failed {
            output: format!("{failure:#}"),
            remedy: "`cargo xtask up` starts the same by hand.".to_owned(),
        });
    }
    let left = processes(&layout)?;
    ensure!(left.is_empty(), "`down` leaves processes: {left:?}");
    ensure!(
        project.files()? == files,
        "`up` leaves files outside target/: see `git status`"
    );
    Ok(Verdict::Passed)
}

fn play(project: &Project, layout: &Layout) -> Result<()> {
    let port = free_port()?;
    // As the suite's own local servers have it.
    let mut play = Play {
        queues: Some(project.root.join("tests/queues.json")),
        grace: Some(2),
        authentication: None,
        // Nobody listens there: it is about who gets credentials for it.
        turn: vec!["turn:127.0.0.1:3478".to_owned()],
    };
    let terraform = up::start(project, layout, port, &play)?;
    let url = websocket_url(&terraform.outputs()?)?;

    let players = [
        "--bin",
        "switchboard",
        "--test",
        "e2e",
        "--test",
        "emulator",
    ];
    let players = executables(
        project,
        &[&["build", "--workspace"], players.as_slice()].concat(),
    )?;
    let demo = players
        .get("switchboard")
        .context("crates/cli has no binary named switchboard")?;
    run(project, demo, &["demo", "--url", &url], &[])?;
    terraform.expect_no_drift()?;

    let endpoint = terraform.endpoint();
    let variables = [
        ("SWITCHBOARD_URL", url.as_str()),
        ("SWITCHBOARD_EMULATOR", &endpoint),
    ];
    for name in ["e2e", "emulator"] {
        let test = players
            .get(name)
            .with_context(|| format!("tests/ has no test named {name}"))?;
        run(project, test, &[], &variables)?;
    }
    // Rights and settings that were taken away are back.
    terraform.expect_no_drift()?;

    // The same once more, where players must say who they are.
    play.authentication = Some(TOKENS.to_owned());
    let terraform = up::start(project, layout, port, &play)?;
    let variables = [
        variables.as_slice(),
        &[("SWITCHBOARD_AUTHENTICATION", "shared_secret")],
    ];
    let test = players.get("emulator").context("it was there before")?;
    run(project, test, &["identity::"], &variables.concat())?;
    terraform.expect_no_drift()
}

/// Runs a program to its end, which must be a good one, and says its last line.
pub(super) fn run(
    project: &Project,
    program: &Path,
    arguments: &[&str],
    variables: &[(&str, &str)],
) -> Result<()> {
    let mut command = project.command(program);
    command.args(arguments).envs(variables.iter().copied());
    let outcome = capture_within(&mut command, WITHIN)?;
    ensure!(outcome.success, "{}", outcome.output.trim_end());
    let last = outcome.output.trim_end().lines().next_back();
    say::line(&format!("    {}", last.unwrap_or_default()));
    Ok(())
}

/// One that nobody uses now; that somebody takes it in the next second is unlikely, and said.
pub(super) fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("no port is free")?;
    Ok(listener.local_addr().context("no port is free")?.port())
}
