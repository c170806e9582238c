//! What docs/limits.md and docs/security.md give as evidence is there: every test that they name exists.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;

use super::Finding;
use crate::project::Project;

const PAGES: [&str; 2] = ["docs/limits.md", "docs/security.md"];

/// What the column of evidence is called.
const COLUMN: &str = "test";

pub(super) fn check(project: &Project) -> Result<Vec<Finding>> {
    let files = project.files()?;
    let mut tests = BTreeSet::new();
    for file in &files {
        if file.extension().is_some_and(|extension| extension == "rs") {
            let text = project.text(file)?.unwrap_or_default();
            tests.extend(functions(&text).map(str::to_owned));
        }
    }
    let is_there =
        |name: &str| tests.contains(name) || files.iter().any(|file| file == Path::new(name));
    let mut found = Vec::new();
    for page in PAGES {
        let text = project.text(Path::new(page))?.unwrap_or_default();
        found.extend(unfounded(page, &text, is_there));
    }
    Ok(found)
}

/// The names of all functions of a file; a test is one of them.
fn functions(text: &str) -> impl Iterator<Item = &str> {
    let lines = text.lines().filter_map(|line| line.split_once("fn "));
    lines.filter_map(|(_, rest)| rest.split(['(', '<']).next())
}

/// Evidence in the last column of the tables that have one, which is neither a test nor a file.
fn unfounded(page: &str, text: &str, is_there: impl Fn(&str) -> bool) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut is_evidence = false;
    for (at, line) in text.lines().enumerate() {
        let Some(row) = line.strip_prefix('|') else {
            is_evidence = false;
            continue;
        };
        let last = row
            .trim_end_matches('|')
            .rsplit('|')
            .next()
            .unwrap_or(row)
            .trim();
        if last == COLUMN {
            is_evidence = true;
        } else if is_evidence {
            // Every second part stands between backticks.
            for name in last.split('`').skip(1).step_by(2) {
                if !is_there(name) {
                    found.push(Finding::new(
                        page,
                        at + 1,
                        format!("there is no test `{name}`"),
                        "name the test that shows it now, or write one",
                    ));
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "\
| who wants what | test |
|---|---|
| this | `a_test` |
| that | `another_test`, `a_test` |

| other | `column` |
|---|---|
| no evidence | `nothing` |
";

    #[test]
    fn evidence_that_is_not_there_is_found() {
        let found = unfounded("page.md", PAGE, |name| name == "a_test");
        let found: Vec<_> = found.iter().map(ToString::to_string).collect();
        assert_eq!(
            found,
            [
                "page.md:4: there is no test `another_test`; name the test that shows it now, or write one"
            ]
        );
    }

    #[test]
    fn a_test_is_found_however_it_is_written() {
        let text = "async fn one() {\n    fn two(gap in 0..1) {\n pub(super) fn three<T>() {";
        assert_eq!(functions(text).collect::<Vec<_>>(), ["one", "two", "three"]);
    }
}
