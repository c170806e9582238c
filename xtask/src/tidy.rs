//! `cargo xtask tidy`: the rules of the house that no compiler knows.

mod arrows;
mod authorizers;
mod consumers;
mod evidence;
mod manifests;
mod paths;
mod routes;
mod sources;

use std::fmt;
use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::project::Project;
use crate::say;

/// Something that breaks a rule.
pub(crate) struct Finding {
    file: PathBuf,
    line: usize,
    problem: String,
    remedy: String,
    weight: Weight,
}

/// Whether a finding stops the show.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weight {
    /// It must go.
    Error,
    /// It is worth a look.
    Note,
}

impl Finding {
    fn new(
        file: impl Into<PathBuf>,
        line: usize,
        problem: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Self {
        Self {
            file: file.into(),
            line,
            problem: problem.into(),
            remedy: remedy.into(),
            weight: Weight::Error,
        }
    }

    fn note(mut self) -> Self {
        self.weight = Weight::Note;
        self
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            file,
            line,
            problem,
            remedy,
            weight,
        } = self;
        let note = match weight {
            Weight::Error => "",
            Weight::Note => "note: ",
        };
        write!(f, "{}:{line}: {note}{problem}; {remedy}", file.display())
    }
}

/// Says everything that was found, and fails where any of it must go.
pub(crate) fn run(project: &Project) -> Result<()> {
    let (errors, notes) = look(project)?;
    for finding in notes.iter().chain(&errors) {
        say::line(&finding.to_string());
    }
    match errors.len() {
        0 => Ok(()),
        1 => bail!("1 rule is broken"),
        count => bail!("{count} rules are broken"),
    }
}

/// What must go.
pub(crate) fn findings(project: &Project) -> Result<Vec<Finding>> {
    Ok(look(project)?.0)
}

/// Findings as text, one a line.
pub(crate) fn written(findings: &[Finding]) -> String {
    let lines: Vec<_> = findings.iter().map(ToString::to_string).collect();
    lines.join("\n")
}

fn look(project: &Project) -> Result<(Vec<Finding>, Vec<Finding>)> {
    let mut found = arrows::check(project)?;
    found.extend(manifests::check(project)?);
    found.extend(sources::check(project)?);
    found.extend(routes::check(project)?);
    found.extend(consumers::check(project)?);
    found.extend(authorizers::check(project)?);
    found.extend(paths::check(project)?);
    found.extend(evidence::check(project)?);
    Ok(found
        .into_iter()
        .partition(|finding| finding.weight == Weight::Error))
}

/// The number of the first line that contains `needle`, or 1.
fn line_of(text: &str, needle: &str) -> usize {
    text.lines()
        .position(|line| line.contains(needle))
        .map_or(1, |position| position + 1)
}
