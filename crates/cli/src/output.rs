//! What people read: colour on a terminal, plain text anywhere else.

use std::fmt::Display;
use std::io::Write as _;

use anstyle::{AnsiColor, Style};

/// What is beside the point.
pub(crate) const QUIET: Style = Style::new().dimmed();
/// What is good.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default().bold();
/// What is bad.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
/// What goes out, and the host.
pub(crate) const OUT: Style = AnsiColor::Cyan.on_default();
/// What comes in, and the guest.
pub(crate) const IN: Style = AnsiColor::Yellow.on_default();
/// What stands above something.
pub(crate) const HEADING: Style = Style::new().bold();

/// Prints a line to standard output. Where nobody reads it any more, nobody needs to be told.
pub(crate) fn line(text: impl Display) {
    let mut out = anstream::stdout().lock();
    writeln!(out, "{text}").and_then(|()| out.flush()).ok();
}

/// Prints a line to standard error: how far something is whose result goes to standard output.
pub(crate) fn aside(text: impl Display) {
    writeln!(anstream::stderr().lock(), "{text}").ok();
}

/// Why something failed, with its causes, in sentences one after the other.
pub(crate) fn sentences(error: &anyhow::Error) -> String {
    error
        .chain()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Prints why the command failed, with its causes, to standard error.
pub(crate) fn failure(error: &anyhow::Error) {
    let mut out = anstream::stderr().lock();
    writeln!(out, "{BAD}error:{BAD:#} {error}").ok();
    for cause in error.chain().skip(1) {
        writeln!(out, "{QUIET}  because:{QUIET:#} {cause}").ok();
    }
}
