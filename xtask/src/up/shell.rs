//! Running other programs, and saying how far they are.

use std::io::Write as _;
use std::process::{Command, Output};

use anyhow::{Context as _, Result, bail};

/// Progress goes to standard error: standard output holds the result alone.
pub(crate) fn progress(line: &str) {
    // Nobody listening is no reason to stop.
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// Runs a program to its end and returns what it printed; where it cannot be started, `install` says how to get it.
pub(crate) fn output(command: &mut Command, install: &str) -> Result<Output> {
    let name = name(command);
    command
        .output()
        .with_context(|| format!("cannot run `{name}`: {install}"))
}

/// Like [`output`], for a program that must succeed.
pub(crate) fn stdout(command: &mut Command, install: &str) -> Result<String> {
    let output = output(command, install)?;
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        bail!(
            "`{}` failed ({}):\n{}",
            name(command),
            output.status,
            errors.trim()
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a program that shows its own progress; its standard output joins the errors, away from our result.
pub(crate) fn run(command: &mut Command, install: &str) -> Result<()> {
    let name = name(command);
    let status = command
        .stdout(std::io::stderr())
        .status()
        .with_context(|| format!("cannot run `{name}`: {install}"))?;
    if !status.success() {
        bail!("`{name}` failed ({status})");
    }
    Ok(())
}

fn name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_is_missing_is_named_with_what_to_do() {
        let missing = &mut Command::new("switchboard-no-such-program");
        let error = stdout(missing, "install it").expect_err("nobody has it");
        let sentence = format!("{error:#}");
        let begins = "cannot run `switchboard-no-such-program`: install it";
        assert!(sentence.starts_with(begins), "{sentence}");
    }
}
