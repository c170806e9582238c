//! Where a game and Switchboard meet: deeds go out, answers and events come in.

use std::time::{Duration, Instant};

use client::{End, Incoming, RequestError, Session, SessionEvent, SessionEvents};
use futures::StreamExt as _;
use futures::future::BoxFuture;
use futures::stream::FuturesUnordered;
use protocol::Event;
use protocol::lobby::LeaveLobby;
use protocol::matchmaking::LeaveMatchmaking;
use tokio::time::{Interval, MissedTickBehavior, interval, timeout};

use super::game::{Deed, Game, Stage};

/// How often to measure the way to Switchboard and back. Every message is paid for, so not more often than is of use.
const PULSE: Duration = Duration::from_secs(15);
/// How long to wait for the goodbyes of one who leaves.
const GOODBYE: Duration = Duration::from_secs(2);

/// A game, and its connection to Switchboard.
pub(super) struct Table {
    pub(super) game: Game,
    pub(super) link: Link,
    session: Session,
    events: SessionEvents,
    answers: FuturesUnordered<BoxFuture<'static, Answer>>,
    pulse: Interval,
}

/// The way to Switchboard and back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    /// How long it took the last time.
    pub(crate) round_trip: Option<Duration>,
    /// Since when an answer is waited for.
    pub(crate) waiting_since: Option<Instant>,
    /// Whether there is a connection.
    pub(crate) state: LinkState,
}

/// Whether there is a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LinkState {
    /// There is.
    Connected,
    /// There is none at present, and this attempt to make one is the latest.
    Reconnecting(u32),
    /// There is none any more.
    Lost,
}

/// What was asked, and what came of it.
struct Answer {
    /// `None` for a mere ping.
    to: Option<Deed>,
    came: Result<Event, RequestError>,
    after: Duration,
}

impl Table {
    pub(super) fn new(session: Session, events: SessionEvents, game: Game) -> Self {
        let mut pulse = interval(PULSE);
        pulse.set_missed_tick_behavior(MissedTickBehavior::Skip);
        let link = Link {
            round_trip: None,
            waiting_since: None,
            state: LinkState::Connected,
        };
        Self {
            game,
            link,
            session,
            events,
            answers: FuturesUnordered::new(),
            pulse,
        }
    }

    /// Waits until something has happened, and lets the game know. Safe to cancel.
    pub(super) async fn step(&mut self) {
        self.do_deeds();
        if self.link.state == LinkState::Lost {
            // Answers to what was asked before are errors that say the same.
            return std::future::pending().await;
        }
        tokio::select! {
            event = self.events.next() => {
                if let Some(event) = event {
                    self.hear(event);
                } else {
                    let end = self.session.ended().await;
                    self.link.state = LinkState::Lost;
                    self.game.lost(&why(end));
                }
            }
            Some(answer) = self.answers.next() => self.take(answer),
            _ = self.pulse.tick() => {
                // Where an answer is due anyway, it will tell the time.
                if self.answers.is_empty() {
                    self.ask(None);
                }
            }
        }
        self.do_deeds();
    }

    fn hear(&mut self, event: SessionEvent) {
        let now = Instant::now();
        match event {
            SessionEvent::Incoming(Incoming::Event(event)) => self.game.hear(event, now),
            SessionEvent::Incoming(Incoming::Unknown(_) | Incoming::NotAnEvent(_)) => {}
            SessionEvent::Reconnecting { attempt, .. } => {
                if self.link.state == LinkState::Connected {
                    self.game.cut_off();
                }
                self.link.state = LinkState::Reconnecting(attempt);
            }
            SessionEvent::Resumed(resumed) => {
                self.link.state = LinkState::Connected;
                self.game.back_again(*resumed, now);
            }
            SessionEvent::Moved(resumed) => self.game.resumed(*resumed, now),
            SessionEvent::StartedOver { player_id } => {
                unreachable!("this session ends with its player; it goes on as {player_id}")
            }
        }
    }

    /// Leaves the lobby or the queue, so that nobody waits for this player, and says goodbye.
    pub(super) async fn leave(self) {
        let leaving = async {
            // A refusal says that there is nothing to leave.
            match self.game.stage {
                Stage::Searching(_) | Stage::Proposed(_) => {
                    self.session.request(LeaveMatchmaking {}).await.ok();
                }
                Stage::Waiting | Stage::Playing | Stage::Gone(_) => {
                    self.session.request(LeaveLobby {}).await.ok();
                }
            }
            self.session.close().await;
        };
        timeout(GOODBYE, leaving).await.ok();
    }

    fn do_deeds(&mut self) {
        while let Some(deed) = self.game.next_deed() {
            self.ask(Some(deed));
        }
    }

    fn ask(&mut self, deed: Option<Deed>) {
        let action = deed.as_ref().map_or_else(
            || protocol::connection::Ping {}.into(),
            |deed| self.game.action(deed),
        );
        let session = self.session.clone();
        let began = Instant::now();
        self.link.waiting_since.get_or_insert(began);
        self.answers.push(Box::pin(async move {
            let came = session.request(action).await;
            let after = began.elapsed();
            Answer {
                to: deed,
                came,
                after,
            }
        }));
    }

    fn take(&mut self, answer: Answer) {
        if self.answers.is_empty() {
            self.link.waiting_since = None;
        }
        if answer.came.is_ok() || matches!(answer.came, Err(RequestError::Refused(_))) {
            self.link.round_trip = Some(answer.after);
        }
        if let Some(deed) = answer.to {
            self.game.answered(&deed, answer.came, Instant::now());
        }
    }
}

/// How a connection ended, for one who plays.
fn why(end: End) -> String {
    match end {
        End::ByServer { code, reason } if reason.is_empty() => {
            format!("Switchboard closed it with code {code}.")
        }
        End::ByServer { code, reason } => {
            format!("Switchboard closed it with code {code}, {reason}.")
        }
        End::Broken(problem) => format!("The network let it go: {problem}."),
        End::Silent => "Switchboard no longer answers.".to_owned(),
        End::Closed | End::Aborted => "This side has closed it.".to_owned(),
        end @ (End::Replaced(_) | End::ResumeRefused(_) | End::GaveUp { .. }) => end.to_string(),
    }
}
