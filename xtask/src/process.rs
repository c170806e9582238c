//! Commands whose output is kept, and shown only where it is of use.

use std::fmt::Write as _;
use std::io::{BufRead as _, BufReader, Read};
use std::process::{Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};

use crate::say;

/// How long a command may say nothing before its last line is shown as a sign of life.
const SIGN_OF_LIFE: Duration = Duration::from_secs(20);

/// What became of a command.
pub(crate) struct Outcome {
    /// Whether it says that it succeeded.
    pub(crate) success: bool,
    /// Everything that it printed, on both streams, in order.
    pub(crate) output: String,
}

/// Longer than anything takes that ends by itself.
const FOR_EVER: Duration = Duration::from_hours(24);

/// Runs a command to its end; every 20 seconds, one line says how far it is.
pub(crate) fn capture(command: &mut Command) -> Result<Outcome> {
    capture_within(command, FOR_EVER)
}

/// The same for a command that starts no others, which is ended when its time is up.
pub(crate) fn capture_within(command: &mut Command, within: Duration) -> Result<Outcome> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{} did not start", command.get_program().display()))?;
    let (sender, lines) = channel();
    for stream in [
        child
            .stdout
            .take()
            .map(|out| Box::new(out) as Box<dyn Read + Send>),
        child
            .stderr
            .take()
            .map(|err| Box::new(err) as Box<dyn Read + Send>),
    ] {
        let sender = sender.clone();
        thread::spawn(move || forward(stream, &sender));
    }
    drop(sender);
    let mut output = String::new();
    let ended = collect(&lines, within, &mut output);
    if !ended {
        child.kill().context("the command cannot be ended")?;
        writeln!(output, "It was ended after {} s.", within.as_secs())?;
    }
    let status = child.wait().context("the command's end was lost")?;
    Ok(Outcome {
        success: ended && status.success(),
        output,
    })
}

fn forward(stream: Option<impl Read>, lines: &Sender<String>) {
    for line in stream
        .map(BufReader::new)
        .into_iter()
        .flat_map(|stream| stream.split(b'\n'))
    {
        let Ok(line) = line else { return };
        if lines
            .send(String::from_utf8_lossy(&line).into_owned())
            .is_err()
        {
            return;
        }
    }
}

/// Whether the lines came to their end in time.
fn collect(lines: &Receiver<String>, within: Duration, output: &mut String) -> bool {
    let started = Instant::now();
    let mut shown = started;
    let mut last = String::new();
    loop {
        let left = within.saturating_sub(started.elapsed());
        if left.is_zero() {
            return false;
        }
        let quiet = SIGN_OF_LIFE.saturating_sub(shown.elapsed());
        match lines.recv_timeout(quiet.min(left)) {
            Ok(line) => {
                output.push_str(&line);
                output.push('\n');
                last = line;
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return true,
        }
        if shown.elapsed() >= SIGN_OF_LIFE {
            shown = Instant::now();
            let last: String = plain(&last).trim().chars().take(90).collect();
            say::line(&format!("    {:>4} s  {last}", started.elapsed().as_secs()));
        }
    }
}

/// A line without colours: cut short, it would colour all that follows.
fn plain(line: &str) -> String {
    let mut parts = line.split("\u{1b}[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        text + part
            .trim_start_matches(|sign: char| sign.is_ascii_digit() || sign == ';')
            .get(1..)
            .unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_shown_without_its_colours() {
        let line = "\u{1b}[0m\u{1b}[1;91m   Compiling\u{1b}[0m ids";
        assert_eq!(plain(line), "   Compiling ids");
        assert_eq!(plain("none [at] all"), "none [at] all");
    }

    #[test]
    fn both_streams_of_a_command_are_kept() {
        let outcome = capture(Command::new("rustc").args(["--version", "--verbose"]))
            .expect("rustc is there");
        assert!(outcome.success);
        assert!(outcome.output.starts_with("rustc "));
        let outcome =
            capture(Command::new("rustc").arg("--no-such-option")).expect("rustc is there");
        assert!(!outcome.success);
        assert!(outcome.output.contains("no-such-option"));
    }

    #[test]
    fn a_command_that_goes_on_for_too_long_is_ended() {
        let outcome = capture_within(&mut Command::new("cat"), Duration::from_secs(30))
            .expect("cat is there");
        assert!(outcome.success, "nothing to read is an end");
        let outcome = capture_within(
            Command::new("tail").args(["-f", "Cargo.toml"]),
            Duration::from_millis(200),
        )
        .expect("tail is there");
        assert!(!outcome.success);
        assert!(outcome.output.contains("It was ended after"));
    }
}
