//! `docker-compose.yml` for real: images built, Switchboard deployed and played with, and all of it removed again.

mod compose;
mod engine;
mod images;

use anyhow::{Context as _, Result, anyhow, ensure};

use super::emulator::{free_port, run};
use super::{Found, Verdict, packages};
use crate::project::Project;
use crate::say;
use crate::up::functions::test_executables;
use crate::up::probe;
use compose::Compose;
use engine::Engine;

/// Lines of a command that failed: a build says thousands before.
const LAST_LINES: usize = 60;
/// What the deployment says last.
const IS_UP: &str = "Switchboard is up: ";
const ANSWERS_WITHIN: std::time::Duration = std::time::Duration::from_secs(15);

/// Brings everything up in containers, plays, and takes everything down.
pub(super) fn check(project: &Project) -> Result<Verdict> {
    if let Err(missing) = packages::have_docker()? {
        return Ok(Verdict::LeftOut(missing));
    }
    let engine = match Engine::find(project)? {
        Ok(engine) => engine,
        Err(missing) => return Ok(Verdict::LeftOut(missing)),
    };
    let images = match images::have(project, &engine)? {
        Ok(images) => images,
        Err(missing) => return Ok(Verdict::LeftOut(missing)),
    };
    let compose = Compose::new(project, &engine, images, free_port()?)?;
    let played = build(&compose).and_then(|()| play(project, &engine, &compose));
    let removed = compose.remove();
    let stopped = engine.stop();
    Ok(match played.and(removed).and(stopped) {
        Ok(()) => Verdict::Passed,
        Err(failure) => Verdict::Failed {
            output: format!("{failure:#}"),
            remedy: "`docker compose up` starts the same by hand; localstack/README.md tells what can go wrong.".to_owned(),
        },
    })
}

fn build(compose: &Compose<'_>) -> Result<()> {
    step("building the images");
    compose.succeed(&["build"])?;
    Ok(())
}

fn play(project: &Project, engine: &Engine, compose: &Compose<'_>) -> Result<()> {
    step("deploying");
    compose.succeed(&["up", "--detach"])?;
    // Ends with the deployment.
    let said = compose.succeed(&["logs", "--follow", "--no-color", "deploy"])?;
    let url = said.lines().find_map(|line| line.split_once(IS_UP));
    let Some((_, url)) = url else {
        let emulator = compose.succeed(&["logs", "--no-color", "--tail=30", "localstack"]);
        return Err(anyhow!(
            "{}\n{}\nSwitchboard was not deployed",
            emulator.unwrap_or_default(),
            last_lines(&said)
        ));
    };
    probe::ping(url.trim(), ANSWERS_WITHIN)
        .context("the port that was published does not answer")?;
    say::line(&format!("    {IS_UP}{}", url.trim()));

    step("running the end-to-end suite in its container");
    let tested = compose.succeed(&["run", "--rm", "tests"])?;
    let result = tested
        .lines()
        .rfind(|line| line.starts_with("test result:"));
    let result = result.context("the suite in its container ended without a result")?;
    say::line(&format!("    {}", result.trim()));

    step("playing on containers that a test starts (testcontainers)");
    let tests = test_executables(project, &["--test", "containers"])?;
    let test = tests
        .get("containers")
        .context("tests/containers has no test named containers")?;
    let mut variables = vec![("SWITCHBOARD_IMAGES", compose::IMAGES)];
    variables.extend(engine.host().map(|host| ("DOCKER_HOST", host)));
    run(project, test, &["--nocapture"], &variables)
}

fn step(what: &str) {
    say::line(&format!("    {what} ..."));
}

fn last_lines(text: &str) -> String {
    let lines: Vec<_> = text.trim_end().lines().collect();
    lines[lines.len().saturating_sub(LAST_LINES)..].join("\n")
}

/// Fails with the last lines of what a command said.
fn expect_success(success: bool, what: &str, output: &str) -> Result<()> {
    ensure!(success, "{}\n`{what}` failed", last_lines(output));
    Ok(())
}
