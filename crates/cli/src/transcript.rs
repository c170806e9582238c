//! A connection by hand: what is said and what is heard, line by line.

use std::io::BufRead as _;

use client::{Client, Events, RequestError};
use serde_json::{Map, Value};
use tokio::sync::mpsc;

use crate::args::Target;
use crate::output::{self, IN, OUT, QUIET};
use crate::signals;

/// Shows what was said.
pub(crate) fn said(text: &str) {
    output::line(format_args!("{OUT}=>{OUT:#} {text}"));
}

/// Shows what was heard.
pub(crate) fn heard(text: &str) {
    output::line(format_args!("{IN}<={IN:#} {text}"));
}

/// Shows what is neither.
pub(crate) fn remark(text: &str) {
    output::line(format_args!("{QUIET}   {text}{QUIET:#}"));
}

/// Connects.
pub(crate) async fn connect(target: &Target) -> anyhow::Result<(Client, Events)> {
    Ok(Client::connect(&target.url, target.options()).await?)
}

/// Says a line and shows it with its answer. What is no JSON object cannot carry an id, so its answer is the next thing
/// heard, and is left to whoever shows that.
pub(crate) async fn say(client: &Client, line: &str) -> anyhow::Result<Said> {
    let Ok(mut message) = serde_json::from_str::<Map<String, Value>>(line) else {
        said(line);
        client.send_text(line).await?;
        return Ok(Said::Unmarked);
    };
    if message.get("id").is_none_or(Value::is_null) {
        message.insert("id".to_owned(), client.fresh_id().as_str().into());
    }
    said(&Value::Object(message.clone()).to_string());
    match client.request_raw(message).await {
        Ok(answer) => {
            heard(&answer);
            Ok(Said::Answered(answer))
        }
        // An id that is no id: Switchboard shall say so itself.
        Err(RequestError::Unanswerable { .. }) => {
            client.send_text(line).await?;
            Ok(Said::Unmarked)
        }
        Err(error) => Err(error.into()),
    }
}

/// What became of a line.
pub(crate) enum Said {
    /// Its answer came, and was shown.
    Answered(String),
    /// Its answer, if any, cannot be told from other events.
    Unmarked,
}

/// Shows everything that is heard and says every line of standard input, until Ctrl-C, the end of the connection, or
/// `on_heard` fails.
pub(crate) async fn converse(
    client: &Client,
    events: &mut Events,
    mut on_heard: impl AsyncFnMut(&Client, &str) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let mut lines = lines_of_stdin();
    let mut typing = true;
    // One wait for all of it: a Ctrl-C while an answer is waited for counts too.
    let stop = signals::stop();
    tokio::pin!(stop);
    loop {
        tokio::select! {
            event = events.next_text() => match event {
                Some(text) => {
                    heard(&text);
                    on_heard(client, &text).await?;
                }
                None => return Err(client.ended().await.into()),
            },
            line = lines.recv(), if typing => match line {
                Some(line) if line.trim().is_empty() => {}
                Some(line) => drop(say(client, &line).await?),
                None => typing = false,
            },
            stopped = &mut stop => {
                stopped?;
                client.close().await;
                return Ok(());
            }
        }
    }
}

/// The lines of standard input. They are read on a thread of their own, which nobody waits for in the end: a read of a
/// terminal cannot be called off.
pub(crate) fn lines_of_stdin() -> mpsc::UnboundedReceiver<String> {
    let (sender, lines) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                return;
            }
        }
    });
    lines
}

/// An event out of its text, where it is one that this program knows.
pub(crate) fn event(text: &str) -> Option<protocol::Event> {
    protocol::envelope::read_event(text).ok()?.event
}
