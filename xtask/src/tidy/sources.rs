//! What every source file keeps to.

use std::path::Path;

use anyhow::Result;

use super::Finding;
use crate::project::Project;

/// Lines of code (no blanks, no comments, no tests) after which a file is worth a look.
const LONG: usize = 300;
/// Lines, tests aside, after which a file is too long.
const TOO_LONG: usize = 500;
/// Lines after which a file is too long even if it is all tests.
const TOO_LONG_FOR_TESTS: usize = 800;
/// The most lines of a function's `main.rs`: everything else can be tested only in its library.
const LONGEST_MAIN: usize = 10;

pub(super) fn check(project: &Project) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    for file in project.files()? {
        if file.extension().is_some_and(|extension| extension == "rs")
            && let Some(text) = project.text(&file)?
        {
            found.extend(of_file(&file, &text));
        }
    }
    Ok(found)
}

fn of_file(file: &Path, text: &str) -> Vec<Finding> {
    let lines: Vec<&str> = text.lines().collect();
    let tests_begin = tests_begin(file, &lines);
    let mut found = lengths(file, &lines, tests_begin);
    if !lines.first().is_some_and(|line| line.starts_with("//!")) {
        found.push(Finding::new(
            file,
            1,
            "nothing says what the file is for",
            "begin it with a sentence after `//!`",
        ));
    }
    for (at, line) in lines.iter().enumerate() {
        let above = at.checked_sub(1).map_or("", |above| lines[above].trim());
        if let Some((problem, remedy)) = forbidden(line.trim(), above, at >= tests_begin) {
            found.push(Finding::new(file, at + 1, problem, remedy));
        }
    }
    found
}

fn forbidden(line: &str, above: &str, in_tests: bool) -> Option<(&'static str, &'static str)> {
    if line.starts_with("//") {
        return None;
    }
    if line.starts_with("#[ignore") {
        return Some(("a test is switched off", "mend it or delete it"));
    }
    if line.starts_with("#[should_panic") {
        return Some((
            "a test passes on any panic",
            "assert the error that it is about",
        ));
    }
    if line.contains(concat!(".scan", "()")) {
        return Some((
            "a Scan reads a whole table",
            "query by a key, or add an index to terraform/tables.json",
        ));
    }
    let sleeps = line.contains("thread::sleep(") || line.contains("time::sleep(");
    if in_tests && sleeps && !above.starts_with("// Sleeps ") {
        return Some((
            "a test sleeps",
            "wait for the event itself, or say why not on the line above: `// Sleeps because ...`",
        ));
    }
    None
}

fn lengths(file: &Path, lines: &[&str], tests_begin: usize) -> Vec<Finding> {
    let (own, all) = (tests_begin.min(lines.len()), lines.len());
    let mut found = Vec::new();
    if own > TOO_LONG || all > TOO_LONG_FOR_TESTS {
        let (count, limit) = if own > TOO_LONG {
            (own, TOO_LONG)
        } else {
            (all, TOO_LONG_FOR_TESTS)
        };
        found.push(Finding::new(
            file,
            limit + 1,
            format!("{count} lines; no file has more than {limit}"),
            "split it by what it is about",
        ));
    } else {
        let code = lines[..own].iter().filter(|line| is_code(line.trim()));
        let code = code.count();
        if code > LONG {
            let finding = Finding::new(
                file,
                1,
                format!("{code} lines of code"),
                "is it still one thing?",
            );
            found.push(finding.note());
        }
    }
    let is_main_of_a_function = file.starts_with("lambdas") && file.ends_with("src/main.rs");
    if is_main_of_a_function && all > LONGEST_MAIN {
        found.push(Finding::new(
            file,
            LONGEST_MAIN + 1,
            format!("a function's main.rs has at most {LONGEST_MAIN} lines"),
            "move the rest into its lib.rs, where tests reach it",
        ));
    }
    found
}

fn is_code(line: &str) -> bool {
    !line.is_empty() && !line.starts_with("//")
}

/// The line at which a file's tests begin: 0 where all of it is tests.
fn tests_begin(file: &Path, lines: &[&str]) -> usize {
    let is_test = file
        .components()
        .any(|part| part.as_os_str() == "tests" || part.as_os_str() == "tests.rs");
    if is_test {
        return 0;
    }
    lines
        .iter()
        .position(|line| line.starts_with("#[cfg(test)]"))
        .filter(|at| {
            lines
                .get(at + 1)
                .is_some_and(|next| next.starts_with("mod ") && next.ends_with('{'))
        })
        .unwrap_or(lines.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(file: &str, text: &str) -> Vec<(usize, String)> {
        let found = of_file(Path::new(file), text);
        found
            .into_iter()
            .map(|finding| (finding.line, finding.problem))
            .collect()
    }

    #[test]
    fn a_file_says_what_it_is_for() {
        assert_eq!(problems("a.rs", "//! Is it.\n"), []);
        assert_eq!(problems("a.rs", "use x;\n").len(), 1);
    }

    #[test]
    fn only_tests_may_not_sleep_and_a_reason_lets_them() {
        // In pieces, or this file would be found out itself.
        let sleep = concat!("thread::", "sleep(SECOND);");
        let sleeping = format!("//! X.\n\n{sleep}\n");
        assert_eq!(problems("crates/a/src/a.rs", &sleeping), []);
        assert_eq!(
            problems("crates/a/tests/a.rs", &sleeping),
            [(3, "a test sleeps".to_owned())]
        );
        let explained = format!("//! X.\n// Sleeps because the platform has no event.\n{sleep}\n");
        assert_eq!(problems("crates/a/tests/a.rs", &explained), []);
    }

    #[test]
    fn a_files_tests_do_not_count_against_its_length() {
        let code = "let x = 1;\n".repeat(400);
        let tests = format!(
            "//! X.\n{}#[cfg(test)]\nmod tests {{\n{code}}}\n",
            "let x = 1;\n".repeat(200)
        );
        assert_eq!(problems("a.rs", &tests), []);
        assert_eq!(problems("a.rs", &format!("//! X.\n{code}{code}")).len(), 1);
    }

    #[test]
    fn a_functions_main_is_short() {
        let text = format!("//! X.\n{}", "let x = 1;\n".repeat(10));
        assert_eq!(problems("crates/cli/src/main.rs", &text), []);
        assert_eq!(problems("lambdas/lobby/src/main.rs", &text).len(), 1);
    }
}
