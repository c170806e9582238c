//! The steps of `cargo xtask test`, in their order.

use std::process::Command;

use anyhow::{Context as _, Result};

use super::{Step, Verdict, docker, emulator, fuzz, terraform, turn};
use crate::process::capture;
use crate::project::Project;
use crate::tools::{CARGO_DENY, CARGO_MACHETE, TYPOS};
use crate::{codegen, say, tidy};

/// The step that runs the tests.
pub(super) const TESTS: &str = "tests";

/// Quick ones first. Clippy and rustdoc share what they compile; the tests compile once more, to run.
pub(super) const STEPS: &[Step] = &[
    Step {
        name: "format",
        about: "rustfmt",
        run: format,
    },
    Step {
        name: "tidy",
        about: "the rules of the house (cargo xtask tidy)",
        run: tidy_step,
    },
    Step {
        name: "codegen",
        about: "generated documents are current (cargo xtask codegen --check)",
        run: codegen_step,
    },
    Step {
        name: "typos",
        about: "spelling",
        run: typos,
    },
    Step {
        name: "machete",
        about: "dependencies that nothing uses (cargo-machete)",
        run: machete,
    },
    Step {
        name: "deny",
        about: "banned crates, licences, sources (cargo-deny)",
        run: deny,
    },
    Step {
        name: "advisories",
        about: "known vulnerabilities (cargo-deny)",
        run: advisories,
    },
    Step {
        name: "terraform-format",
        about: "terraform fmt",
        run: terraform_format,
    },
    Step {
        name: "terraform",
        about: "terraform validate, terraform test",
        run: terraform::check,
    },
    Step {
        name: "clippy",
        about: "lints, every warning an error",
        run: clippy,
    },
    Step {
        name: "doc",
        about: "rustdoc without warnings",
        run: doc,
    },
    Step {
        name: "turn",
        about: "two peers through a TURN server alone, and whom it refuses (coturn)",
        run: turn::check,
    },
    Step {
        name: "emulator",
        about: "everything on a local AWS emulator: demo, end-to-end suite, rights, kills, settings",
        run: emulator::check,
    },
    Step {
        name: "docker",
        about: "everything in containers: images, deployment, end-to-end suite, testcontainers",
        run: docker::check,
    },
    Step {
        name: "faults",
        about: "300 seeded runs in which everything goes wrong that can",
        run: faults,
    },
    Step {
        name: "fuzz",
        about: "every fuzz target for a few seconds (cargo-fuzz)",
        run: fuzz::check,
    },
    Step {
        name: TESTS,
        about: "cargo test --workspace",
        run: tests,
    },
];

fn format(project: &Project) -> Result<Verdict> {
    judge(
        project.cargo().args(["fmt", "--all", "--check"]),
        "Run `cargo fmt --all`.",
    )
}

fn tidy_step(project: &Project) -> Result<Verdict> {
    let findings = tidy::findings(project)?;
    if findings.is_empty() {
        return Ok(Verdict::Passed);
    }
    Ok(failed(
        tidy::written(&findings),
        "Each line says what to do.",
    ))
}

fn codegen_step(project: &Project) -> Result<Verdict> {
    let stale = codegen::stale(project)?;
    if stale.is_empty() {
        return Ok(Verdict::Passed);
    }
    Ok(failed(
        stale.join("\n"),
        "Run `cargo xtask codegen` and look at what changed.",
    ))
}

fn typos(project: &Project) -> Result<Verdict> {
    let typos = TYPOS.find(project)?;
    judge(
        project.command(typos).args(["--format", "brief"]),
        "Correct the words, or allow them in typos.toml with a reason.",
    )
}

fn machete(project: &Project) -> Result<Verdict> {
    let machete = CARGO_MACHETE.find(project)?;
    judge(
        &mut project.command(machete),
        "Remove the dependencies it names from those Cargo.toml files.",
    )
}

fn deny(project: &Project) -> Result<Verdict> {
    let deny = CARGO_DENY.find(project)?;
    judge(
        project
            .command(deny)
            .args(["--color", "never", "check", "bans", "licenses", "sources"]),
        "Choose another crate, or say in deny.toml why this one is right.",
    )
}

fn advisories(project: &Project) -> Result<Verdict> {
    let deny = CARGO_DENY.find(project)?;
    let fetched = capture(
        project
            .command(&deny)
            .env("GIT_TERMINAL_PROMPT", "0")
            // A network that swallows packets must not hold up the run.
            .env("GIT_HTTP_LOW_SPEED_LIMIT", "1")
            .env("GIT_HTTP_LOW_SPEED_TIME", "30")
            .args(["--color", "never", "fetch", "db"]),
    )?;
    if !fetched.success {
        let mut lines = fetched.output.lines().rev();
        let why = lines.find(|line| line.starts_with("fatal") || line.contains("ERROR"));
        let why = why.unwrap_or("cargo-deny did not say why");
        return Ok(Verdict::LeftOut(format!(
            "the advisory database could not be fetched ({})",
            why.trim()
        )));
    }
    judge(
        project
            .command(deny)
            .args(["--color", "never", "check", "--disable-fetch", "advisories"]),
        "Update the crate (`cargo update -p <crate>`), or say in deny.toml why it does not concern us.",
    )
}

fn terraform_format(project: &Project) -> Result<Verdict> {
    if !project.root.join("terraform").is_dir() || !is_there("terraform") {
        return Ok(Verdict::LeftOut("terraform is not installed".into()));
    }
    judge(
        project
            .command("terraform")
            .args(["fmt", "-check", "-recursive", "-diff", "terraform"]),
        "Run `terraform fmt -recursive terraform`.",
    )
}

fn clippy(project: &Project) -> Result<Verdict> {
    judge(
        project.cargo().args([
            "clippy",
            "--workspace",
            "--all-targets",
            "--locked",
            "--",
            "-D",
            "warnings",
        ]),
        "Mend what it says; `#[expect(.., reason = \"..\")]` where it is wrong.",
    )
}

fn doc(project: &Project) -> Result<Verdict> {
    judge(
        project.cargo().env("RUSTDOCFLAGS", "-D warnings").args([
            "doc",
            "--workspace",
            "--no-deps",
            "--locked",
        ]),
        "Mend the comments that it names.",
    )
}

/// How many runs of `tests/faults` a change has to survive; ten thousand are for a release.
const FAULT_RUNS: &str = "300";

/// Built as the tests are, whose step comes next: to build everything optimised would take longer than the runs do.
fn faults(project: &Project) -> Result<Verdict> {
    let mut cargo = project.cargo();
    cargo
        .args(["test", "--workspace", "--test", "faults", "--locked"])
        .env("SWITCHBOARD_FAULT_RUNS", FAULT_RUNS);
    let outcome = capture(&mut cargo)?;
    if !outcome.success {
        let remedy = "Live through the seed that it names again, and mend what it shows; docs/testing.md says how.";
        return Ok(failed(outcome.output, remedy));
    }
    // How many runs there were, and what went wrong in them, is worth a look.
    let lines = outcome.output.lines();
    let told = lines.skip_while(|line| !line.contains(" runs from seed "));
    for line in told.take_while(|line| !line.starts_with("test ")) {
        say::line(&format!("    {line}"));
    }
    Ok(Verdict::Passed)
}

/// The one step that prints as it goes; the runner's last line is to be the run's last line, so a failure ends it here.
fn tests(project: &Project) -> Result<Verdict> {
    let status = project
        .cargo()
        .args(["test", "--workspace", "--locked", "--no-fail-fast"])
        .status()
        .context("cargo did not start")?;
    if !status.success() {
        std::process::exit(status.code().unwrap_or(1));
    }
    Ok(Verdict::Passed)
}

fn judge(command: &mut Command, remedy: &str) -> Result<Verdict> {
    let outcome = capture(command)?;
    if outcome.success {
        return Ok(Verdict::Passed);
    }
    Ok(failed(outcome.output, remedy))
}

fn failed(output: String, remedy: &str) -> Verdict {
    Verdict::Failed {
        output,
        remedy: remedy.to_owned(),
    }
}

fn is_there(program: &str) -> bool {
    capture(Command::new(program).arg("--version")).is_ok_and(|outcome| outcome.success)
}
