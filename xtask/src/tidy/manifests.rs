//! Every dependency says why it is there, and every package takes the workspace's lints.

use std::path::Path;

use anyhow::Result;

use super::Finding;
use crate::project::Project;

pub(super) fn check(project: &Project) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    for file in project.files()? {
        if file.file_name().is_some_and(|name| name == "Cargo.toml") {
            let text = project.text(&file)?.unwrap_or_default();
            found.extend(unexplained(&file, &text));
            if !text.contains("[workspace]") && !text.contains("[lints]\nworkspace = true") {
                found.push(Finding::new(
                    &file,
                    1,
                    "the package leaves the workspace's lints out",
                    "add `[lints]` with `workspace = true`",
                ));
            }
        }
    }
    Ok(found)
}

/// Dependencies with a version of their own, without a comment above them or above their group.
fn unexplained(file: &Path, manifest: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut in_dependencies = false;
    let mut explained = false;
    for (at, line) in manifest.lines().enumerate() {
        let line = line.trim();
        if line.starts_with('[') {
            in_dependencies = line.contains("dependencies");
            explained = false;
        } else if line.is_empty() {
            explained = false;
        } else if line.starts_with('#') {
            explained = true;
        } else if in_dependencies && !explained && brings_a_version(line) {
            let name = line.split(['=', '.', ' ']).next().unwrap_or(line);
            found.push(Finding::new(
                file,
                at + 1,
                format!("nothing says why `{name}` is there"),
                "write a comment above it, or above its group (a blank line ends a group)",
            ));
        }
    }
    found
}

fn brings_a_version(line: &str) -> bool {
    let inherits = line.contains("workspace = true");
    let is_in_the_project = line.contains("path = \"../") || line.contains("path = \".\"");
    line.contains('=') && !inherits && !is_in_the_project
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(manifest: &str) -> Vec<usize> {
        let found = unexplained(Path::new("Cargo.toml"), manifest);
        found.iter().map(|finding| finding.line).collect()
    }

    #[test]
    fn a_comment_speaks_for_its_whole_group() {
        let manifest =
            "[workspace.dependencies]\n# Data.\nbytes = \"1\"\nserde = \"1\"\n\nrand = \"1\"\n";
        assert_eq!(lines(manifest), [6]);
    }

    #[test]
    fn what_the_workspace_explains_needs_no_second_word() {
        let manifest = "[dependencies]\nids.workspace = true\nstore = { workspace = true }\n[lints]\nworkspace = true\n";
        assert_eq!(lines(manifest), [0; 0]);
    }
}
