//! What the emulator and the functions said last, for when something has failed.

use std::fs;

use serde_json::{Value, json};

use super::emulator::Emulator;
use super::http;
use super::layout::Layout;
use super::shell::progress;

const LINES: usize = 15;

/// Shows the end of every log. A log that cannot be read must not hide the failure itself.
pub(crate) fn show_last(layout: &Layout, emulator: &Emulator) {
    show_emulator(layout);
    for name in functions(layout) {
        let group = format!("/aws/lambda/{name}");
        let messages = messages(emulator, &group).unwrap_or_default();
        show(&group, &messages);
    }
}

/// What a function has logged, without what Lambda says about every call.
fn messages(emulator: &Emulator, group: &str) -> Option<Vec<String>> {
    const OPERATION: &str = "Logs_20140328.FilterLogEvents";
    let question = json!({ "logGroupName": group }).to_string();
    let answer = http::call(emulator.port(), "logs", OPERATION, &question).ok()?;
    let answer: Value = serde_json::from_str(&answer.body).ok()?;
    let messages = answer["events"]
        .as_array()?
        .iter()
        .filter_map(|event| event["message"].as_str());
    let own = messages.filter(|text| {
        !["START ", "END ", "REPORT "]
            .iter()
            .any(|word| text.starts_with(word))
    });
    Some(own.map(str::to_owned).collect())
}

/// Shows the end of the emulator's own log.
pub(crate) fn show_emulator(layout: &Layout) {
    let text = fs::read_to_string(layout.log()).unwrap_or_default();
    show(
        "the emulator",
        &text.lines().map(str::to_owned).collect::<Vec<_>>(),
    );
}

fn functions(layout: &Layout) -> Vec<String> {
    let names = super::functions::names(layout).unwrap_or_default();
    names
        .iter()
        .map(|name| format!("{}-{name}", super::terraform::PREFIX))
        .collect()
}

fn show(title: &str, lines: &[String]) {
    progress(&format!("--- last lines of {title} ---"));
    if lines.is_empty() {
        progress("(nothing)");
    }
    for line in &lines[lines.len().saturating_sub(LINES)..] {
        progress(line.trim_end());
    }
}
