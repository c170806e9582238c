//! What Switchboard says unasked.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::Stream;
use ids::MessageId;
use protocol::Event;
use protocol::envelope::{Heard, read_event};
use serde::Deserialize;
use tokio::sync::mpsc;

/// One thing that Switchboard said unasked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Incoming {
    /// An event.
    Event(Event),
    /// An event that this crate is too old to know; it is safe to ignore.
    Unknown(UnknownEvent),
    /// Something that is no event at all: the platform's own complaint, for example.
    NotAnEvent(NotAnEvent),
}

/// An event that this crate is too old to know.
#[derive(Clone, PartialEq, Eq)]
pub struct UnknownEvent {
    /// What it is called.
    pub name: String,
    /// The whole message as it came.
    pub text: String,
}

impl fmt::Debug for UnknownEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The text may hold what no log should.
        f.debug_struct("UnknownEvent")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// A message that is no event.
#[derive(Clone, PartialEq, Eq)]
pub struct NotAnEvent {
    /// What is wrong with it.
    pub problem: String,
    /// The whole message as it came.
    pub text: String,
}

impl fmt::Debug for NotAnEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NotAnEvent")
            .field("problem", &self.problem)
            .finish_non_exhaustive()
    }
}

/// What Switchboard says unasked, in the order in which it came. It ends with the connection.
///
/// Answers to requests do not come here. Answers that nobody waits for do: a refusal of what was sent without an id, and
/// an answer that came after its request had been given up.
///
/// **A slow reader loses nothing.** Once [`Options::unread_events`](crate::Options::unread_events) wait, the client stops
/// reading from the socket until there is room again, and the network holds Switchboard back. Answers wait behind them,
/// and a request that runs out of time meanwhile says so. **Dropping `Events`** says that nobody wants them: from then on
/// they are read and thrown away, and requests go on working.
#[derive(Debug)]
pub struct Events {
    frames: mpsc::Receiver<Frame>,
}

impl Events {
    pub(crate) fn new(frames: mpsc::Receiver<Frame>) -> Self {
        Self { frames }
    }

    /// The next one; `None` once the connection has ended and everything before has been read. Safe to cancel.
    pub async fn next(&mut self) -> Option<Incoming> {
        self.frames.recv().await.map(Frame::into_incoming)
    }

    /// The next one exactly as it came. Safe to cancel.
    pub async fn next_text(&mut self) -> Option<String> {
        self.frames.recv().await.map(|frame| frame.text)
    }

    /// The next one, with all that is known of it. Safe to cancel.
    pub(crate) async fn next_frame(&mut self) -> Option<Frame> {
        self.frames.recv().await
    }
}

impl Stream for Events {
    type Item = Incoming;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Incoming>> {
        let frame = ready!(self.frames.poll_recv(context));
        Poll::Ready(frame.map(Frame::into_incoming))
    }
}

/// A message as it came, and what was made of it.
#[derive(Debug)]
pub(crate) struct Frame {
    pub(crate) text: String,
    pub(crate) reply_to: Option<MessageId>,
    heard: Result<Heard, String>,
}

impl Frame {
    pub(crate) fn read(text: String) -> Self {
        match read_event(&text) {
            Ok(heard) => Self {
                reply_to: heard.reply_to.clone(),
                heard: Ok(heard),
                text,
            },
            Err(error) => Self {
                reply_to: reply_to(&text),
                heard: Err(error.to_string()),
                text,
            },
        }
    }

    pub(crate) fn into_incoming(self) -> Incoming {
        match self.heard {
            Ok(Heard {
                event: Some(event), ..
            }) => Incoming::Event(event),
            Ok(Heard {
                event: None, name, ..
            }) => Incoming::Unknown(UnknownEvent {
                name,
                text: self.text,
            }),
            Err(problem) => Incoming::NotAnEvent(NotAnEvent {
                problem,
                text: self.text,
            }),
        }
    }

    /// The event in it; what it is called instead, where there is none.
    pub(crate) fn into_event(self) -> Result<Event, String> {
        match self.heard {
            Ok(Heard {
                event: Some(event), ..
            }) => Ok(event),
            Ok(Heard {
                event: None, name, ..
            }) => Err(name),
            Err(problem) => Err(format!("something that cannot be read ({problem})")),
        }
    }

    /// Its place among what was kept while the player was away.
    pub(crate) fn sequence(&self) -> Option<u64> {
        self.heard.as_ref().ok()?.sequence
    }

    /// The event in it, where it is one that this crate knows.
    pub(crate) fn event(&self) -> Option<&Event> {
        self.heard.as_ref().ok()?.event.as_ref()
    }
}

/// Which message is answered by an event that does not fit its name: whoever waits for it should not wait in vain.
fn reply_to(text: &str) -> Option<MessageId> {
    #[derive(Deserialize)]
    struct Answer {
        reply_to: Option<MessageId>,
    }
    serde_json::from_str::<Answer>(text).ok()?.reply_to
}

#[cfg(test)]
mod tests {
    use super::*;

    fn incoming(text: &str) -> Incoming {
        Frame::read(text.to_owned()).into_incoming()
    }

    #[test]
    fn an_event_of_a_later_version_is_surfaced_by_name() {
        let text = r#"{"event":"aurora_seen","content":{"colour":"green"}}"#;
        let expected = UnknownEvent {
            name: "aurora_seen".to_owned(),
            text: text.to_owned(),
        };
        assert_eq!(incoming(text), Incoming::Unknown(expected));
    }

    #[test]
    fn the_platforms_own_complaint_is_no_event() {
        let text = r#"{"message":"Internal server error","connectionId":"x","requestId":"y"}"#;
        assert!(matches!(incoming(text), Incoming::NotAnEvent(_)));
    }

    #[test]
    fn a_known_event_of_the_wrong_shape_still_says_what_it_answers() {
        let frame = Frame::read(r#"{"event":"welcome","content":{},"reply_to":"7"}"#.to_owned());
        assert_eq!(frame.reply_to.as_ref().map(MessageId::as_str), Some("7"));
        assert!(frame.into_event().is_err());
    }

    #[test]
    fn debug_shows_no_text_of_what_was_not_understood() {
        let debug = format!(
            "{:?}",
            incoming(r#"{"event":"aurora_seen","content":{"secret":"v=0"}}"#)
        );
        assert!(!debug.contains("v=0"), "{debug}");
    }
}
