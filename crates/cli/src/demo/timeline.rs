//! What happened when.

use std::sync::{Mutex, MutexGuard};

use serde::Serialize;
use tokio::time::Instant;

use super::scissors::Scissors;
use crate::output::{self, IN, OUT, QUIET};

/// One of the two players.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Side {
    /// Opens the lobby.
    Host,
    /// Joins it.
    Guest,
    /// One of two strangers.
    Ann,
    /// The other.
    Bob,
}

impl Side {
    /// What it is called in the middle of a sentence.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Host => "the host",
            Self::Guest => "the guest",
            Self::Ann | Self::Bob => self.name(),
        }
    }

    /// What it is called.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Guest => "guest",
            Self::Ann => "Ann",
            Self::Bob => "Bob",
        }
    }

    /// The other one.
    pub(super) fn other(self) -> Self {
        match self {
            Self::Host => Self::Guest,
            Self::Guest => Self::Host,
            Self::Ann => Self::Bob,
            Self::Bob => Self::Ann,
        }
    }
}

/// Defines the steps: name, and what to say of it.
macro_rules! steps {
    ($($step:ident = $text:literal;)*) => {
        /// Something that must happen for two players to meet.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub(super) enum Step {
            $(#[doc = $text] $step,)*
        }

        impl Step {
            /// What to say of it.
            fn text(self) -> &'static str {
                match self { $(Self::$step => $text,)* }
            }
        }
    };
}

steps! {
    Connected = "connected to Switchboard";
    Cut = "connection to Switchboard cut";
    Resumed = "back at Switchboard";
    LobbyStarted = "lobby opened";
    JoinRequested = "join requested";
    JoinRequestReceived = "join request received";
    Accepted = "join request accepted";
    Joined = "joined the lobby";
    Searching = "looks for an opponent";
    Matched = "matched";
    OfferSent = "offer sent";
    OfferReceived = "offer received";
    AnswerSent = "answer sent";
    AnswerReceived = "answer received";
    CandidateSent = "first candidate sent";
    CandidateReceived = "first candidate received";
    PeersConnected = "connected to the other peer";
    ChannelOpen = "data channel open";
    BattleStarted = "battle begun";
    Scored = "score told";
    Attacked = "attacked the other";
    Frozen = "frozen by the other";
    AttackRefused = "attack refused while frozen";
    Died = "died";
    Settled = "battle settled";
    FirstRound = "messages exchanged";
    SignallingClosed = "disconnected from Switchboard";
    SecondRound = "messages exchanged without Switchboard";
}

impl Step {
    /// Whether it may be made several times by each side.
    fn is_again_and_again(self) -> bool {
        matches!(self, Self::Cut | Self::Resumed)
    }
}

/// Everything that must happen for a host and a guest to meet, in the order in which it usually does.
pub(super) const MEETING: &[(Side, Step)] = &[
    (Side::Host, Step::Connected),
    (Side::Guest, Step::Connected),
    (Side::Host, Step::LobbyStarted),
    (Side::Guest, Step::JoinRequested),
    (Side::Host, Step::JoinRequestReceived),
    (Side::Host, Step::Accepted),
    (Side::Guest, Step::Joined),
    (Side::Host, Step::OfferSent),
    (Side::Guest, Step::OfferReceived),
    (Side::Guest, Step::AnswerSent),
    (Side::Host, Step::AnswerReceived),
    (Side::Host, Step::CandidateSent),
    (Side::Guest, Step::CandidateReceived),
    (Side::Guest, Step::CandidateSent),
    (Side::Host, Step::CandidateReceived),
    (Side::Host, Step::PeersConnected),
    (Side::Guest, Step::PeersConnected),
    (Side::Host, Step::ChannelOpen),
    (Side::Guest, Step::ChannelOpen),
    (Side::Host, Step::FirstRound),
    (Side::Guest, Step::FirstRound),
    (Side::Host, Step::SignallingClosed),
    (Side::Guest, Step::SignallingClosed),
    (Side::Host, Step::SecondRound),
    (Side::Guest, Step::SecondRound),
];

/// Everything that must happen for two strangers to be matched and to fight, in the order in which it usually does. Who makes
/// the offer, attacks and is frozen is for the match to say, so that is not among it.
pub(super) const MATCH: &[(Side, Step)] = &[
    (Side::Ann, Step::Connected),
    (Side::Bob, Step::Connected),
    (Side::Ann, Step::Searching),
    (Side::Bob, Step::Searching),
    (Side::Ann, Step::Matched),
    (Side::Bob, Step::Matched),
    (Side::Ann, Step::PeersConnected),
    (Side::Bob, Step::PeersConnected),
    (Side::Ann, Step::ChannelOpen),
    (Side::Bob, Step::ChannelOpen),
    (Side::Ann, Step::BattleStarted),
    (Side::Bob, Step::BattleStarted),
    (Side::Ann, Step::Scored),
    (Side::Bob, Step::Scored),
    (Side::Ann, Step::Died),
    (Side::Bob, Step::Died),
    (Side::Ann, Step::Settled),
    (Side::Bob, Step::Settled),
    (Side::Ann, Step::FirstRound),
    (Side::Bob, Step::FirstRound),
    (Side::Ann, Step::SignallingClosed),
    (Side::Bob, Step::SignallingClosed),
];

/// A step that was made.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Entry {
    milliseconds: f64,
    side: Side,
    pub(super) step: Step,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) detail: Option<String>,
}

/// Whom the timeline is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Audience {
    /// Every step is shown as it is made.
    People,
    /// Nothing is shown: the report has it all.
    Program,
}

/// What happened when. A step is made once by each side; making it again changes nothing.
#[derive(Debug)]
pub(super) struct Timeline {
    started: Instant,
    audience: Audience,
    due: &'static [(Side, Step)],
    entries: Mutex<Vec<Entry>>,
    scissors: Option<Scissors>,
}

impl Timeline {
    /// Starts counting, towards everything that is due.
    pub(super) fn start(audience: Audience, due: &'static [(Side, Step)]) -> Self {
        Self {
            started: Instant::now(),
            audience,
            due,
            entries: Mutex::new(Vec::new()),
            scissors: None,
        }
    }

    /// Has a connection cut at every step that is made while players are held by these.
    pub(super) fn with(self, scissors: Scissors) -> Self {
        Self {
            scissors: Some(scissors),
            ..self
        }
    }

    /// What cuts connections, if something does.
    pub(super) fn scissors(&self) -> Option<&Scissors> {
        self.scissors.as_ref()
    }

    /// Says that a server was started. The players' time begins here only for people: programs get theirs from the steps.
    pub(super) fn server_started(&self, url: &str) {
        if self.audience == Audience::People {
            show(
                self.milliseconds(),
                QUIET,
                "",
                &format!("Switchboard started at {url}"),
            );
        }
    }

    /// A step was made.
    pub(super) fn made(&self, side: Side, step: Step) {
        self.record(side, step, None);
    }

    /// A step was made, and there is more to say of it.
    pub(super) fn made_with(&self, side: Side, step: Step, detail: impl Into<String>) {
        self.record(side, step, Some(detail.into()));
    }

    fn record(&self, side: Side, step: Step, detail: Option<String>) {
        if !self.enter(side, step, detail) || step.is_again_and_again() {
            return;
        }
        if let Some(cut) = self.scissors.as_ref().and_then(Scissors::cut) {
            self.enter(cut, Step::Cut, None);
        }
    }

    /// Enters a step; whether it was made for the first time.
    fn enter(&self, side: Side, step: Step, detail: Option<String>) -> bool {
        let milliseconds = self.milliseconds();
        let mut entries = self.lock();
        if entries
            .iter()
            .any(|entry| (entry.side, entry.step) == (side, step))
            && !step.is_again_and_again()
        {
            return false;
        }
        if self.audience == Audience::People {
            let colour = match side {
                Side::Host | Side::Ann => OUT,
                Side::Guest | Side::Bob => IN,
            };
            let detail = detail
                .as_deref()
                .map(|detail| format!(": {detail}"))
                .unwrap_or_default();
            show(
                milliseconds,
                colour,
                side.name(),
                &format!("{}{detail}", step.text()),
            );
        }
        entries.push(Entry {
            milliseconds,
            side,
            step,
            detail,
        });
        true
    }

    /// What has not happened yet, in words.
    pub(super) fn missing(&self) -> Vec<String> {
        let entries = self.lock();
        let made =
            |due: &(Side, Step)| entries.iter().any(|entry| (entry.side, entry.step) == *due);
        let missing = self.due.iter().filter(|due| !made(due));
        missing
            .map(|(side, step)| format!("{} ({})", step.text(), side.name()))
            .collect()
    }

    /// When both sides had made a step, in milliseconds from the start; `None` while one has not.
    pub(super) fn both_made(&self, step: Step) -> Option<f64> {
        let entries = self.lock();
        let of = |(side, step): &(Side, Step)| {
            entries
                .iter()
                .find(|entry| (entry.side, entry.step) == (*side, *step))
                .map(|entry| entry.milliseconds)
        };
        let both = self.due.iter().filter(|(_, due)| *due == step).map(of);
        both.reduce(|one, other| Some(one?.max(other?))).flatten()
    }

    /// Every step made, in order.
    pub(super) fn entries(&self) -> Vec<Entry> {
        self.lock().clone()
    }

    /// How often a step was made.
    #[cfg(test)]
    pub(super) fn count(&self, step: Step) -> usize {
        let entries = self.lock();
        entries.iter().filter(|entry| entry.step == step).count()
    }

    /// How long it has been going on, in milliseconds to a tenth.
    pub(super) fn milliseconds(&self) -> f64 {
        (self.started.elapsed().as_secs_f64() * 10_000.0).round() / 10.0
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.entries
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}

fn show(milliseconds: f64, colour: anstyle::Style, who: &str, text: &str) {
    output::line(format_args!(
        "{QUIET}{milliseconds:>9.1} ms{QUIET:#}  {colour}{who:<5}{colour:#}  {text}"
    ));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_named_in_the_order_in_which_it_is_due() {
        let timeline = Timeline::start(Audience::Program, MEETING);
        for (side, step) in MEETING
            .iter()
            .filter(|(_, step)| *step != Step::ChannelOpen)
        {
            timeline.made(*side, *step);
        }
        assert_eq!(
            timeline.missing(),
            ["data channel open (host)", "data channel open (guest)"]
        );
    }

    #[test]
    fn a_step_counts_once() {
        let timeline = Timeline::start(Audience::Program, MEETING);
        timeline.made_with(Side::Host, Step::CandidateSent, "first");
        timeline.made_with(Side::Host, Step::CandidateSent, "second");
        assert_eq!(timeline.entries().len(), 1);
    }

    #[test]
    fn both_sides_must_have_made_a_step() {
        let timeline = Timeline::start(Audience::Program, MEETING);
        timeline.made(Side::Host, Step::ChannelOpen);
        assert_eq!(timeline.both_made(Step::ChannelOpen), None);
        timeline.made(Side::Guest, Step::ChannelOpen);
        assert!(timeline.both_made(Step::ChannelOpen).is_some());
    }
}
