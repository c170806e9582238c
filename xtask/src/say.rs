//! What the tasks say: results on standard output, errors on standard error.

use std::io::Write as _;

/// Says a line. Whoever closed our output does not want to hear it, so that is no error.
pub(crate) fn line(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// Says what went wrong.
pub(crate) fn error(text: &str) {
    let _ = writeln!(std::io::stderr(), "error: {text}");
}
