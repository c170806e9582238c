//! The fuzz targets of `fuzz/`, each from its corpus and for a few seconds: long enough to find what is near.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use super::Verdict;
use crate::process::capture;
use crate::project::Project;
use crate::tools::CARGO_FUZZ;

/// How long each target runs. docs/testing.md says how it runs for longer.
const SECONDS: &str = "-max_total_time=5";

/// The longest input: as long as a message may be.
const LONGEST: &str = "-max_len=131072";

pub(super) fn check(project: &Project) -> Result<Verdict> {
    if !capture(Command::new("c++").arg("--version")).is_ok_and(|outcome| outcome.success) {
        let why = "there is no C++ compiler (`c++`), which libFuzzer is built with";
        return Ok(Verdict::LeftOut(why.to_owned()));
    }
    let fuzzer = match CARGO_FUZZ.find(project) {
        Ok(fuzzer) => fuzzer,
        Err(error) => return Ok(Verdict::LeftOut(format!("{error:#}"))),
    };
    for target in targets(&project.root.join("fuzz/targets"))? {
        // What the fuzzer finds goes into the first folder; the corpus of the project is only read.
        let found = project.target.join("fuzz/found").join(&target);
        std::fs::create_dir_all(&found).context("the target folder cannot be written to")?;
        let mut run = fuzz(project, &fuzzer, "run");
        let outcome = capture(
            run.arg(&target)
                .arg(&found)
                .arg(project.root.join("fuzz/corpus").join(&target))
                .args(["--", SECONDS, LONGEST]),
        )?;
        if !outcome.success {
            return Ok(Verdict::Failed {
                output: outcome.output,
                remedy: format!(
                    "Mend what the fuzz target `{target}` has found, and put the input that it names into \
                     fuzz/corpus/{target}."
                ),
            });
        }
    }
    Ok(Verdict::Passed)
}

/// A command of cargo-fuzz. Nothing here is unsafe, so no sanitizer is needed, and so stable Rust does.
fn fuzz(project: &Project, fuzzer: &Path, command: &str) -> Command {
    let mut fuzz = project.command(fuzzer);
    fuzz.args([command, "--dev", "--sanitizer", "none", "--target-dir"])
        .arg(project.target.join("fuzz"));
    fuzz
}

/// The targets' names: those of their files.
fn targets(folder: &Path) -> Result<Vec<String>> {
    let files = std::fs::read_dir(folder).context("fuzz/targets cannot be read")?;
    let mut targets = Vec::new();
    for file in files {
        let name = file?.path();
        let name = name.file_stem().and_then(|name| name.to_str());
        targets.extend(name.map(str::to_owned));
    }
    targets.sort();
    Ok(targets)
}
