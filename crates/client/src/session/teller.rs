//! From what was said to what the program is told: by the faces that it knows, in order, and once.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use ids::PlayerId;
use protocol::signalling::FrameId;
use protocol::{ErrorCode, Event};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep};

use super::core::{By, Core};
use super::event::SessionEvent;
use super::peers::Hearing;
use crate::{Incoming, ambient};

/// How long a frame from somebody unknown waits for the introduction that it has overtaken.
const INTRODUCTION: Duration = Duration::from_secs(2);
/// How many of them wait at a time.
const MOST_WAITING: usize = 64;
/// How often a frame that is refused for the time being is sent again before the program is told.
const MOST_REFUSALS: u32 = 8;
/// How long it waits the first time, besides what the refusal says; twice as long each time after, and more or less by lot, so that
/// what was refused at once does not all come at once again.
const FIRST_PAUSE: Duration = Duration::from_millis(250);

/// What is to be told to the program, and what cannot be told yet.
pub(crate) struct Teller {
    core: Arc<Core>,
    output: mpsc::Sender<SessionEvent>,
    untold: VecDeque<SessionEvent>,
    /// Frames of players who were not introduced yet, and until when they wait for that.
    waiting: VecDeque<(Instant, Event)>,
}

impl Teller {
    pub(crate) fn new(core: Arc<Core>, output: mpsc::Sender<SessionEvent>) -> Self {
        Self {
            core,
            output,
            untold: VecDeque::new(),
            waiting: VecDeque::new(),
        }
    }

    /// Whether the program has room for more. While it has not, nothing more is to be read for it.
    pub(crate) fn has_room(&self) -> bool {
        self.untold.is_empty()
    }

    /// Whether the program is busy with what it was told before.
    pub(crate) fn is_behind(&self) -> bool {
        !self.untold.is_empty() || self.output.capacity() == 0
    }

    /// Has something told.
    pub(crate) fn tell(&mut self, event: SessionEvent) {
        self.untold.push_back(event);
    }

    /// Has several things told.
    pub(crate) fn tell_all(&mut self, events: Vec<SessionEvent>) {
        self.untold.extend(events);
    }

    /// Tells everything. Safe to cancel.
    pub(crate) async fn flush(&mut self) {
        while !self.untold.is_empty() {
            let Ok(room) = self.output.reserve().await else {
                // The program dropped its `SessionEvents` and wants none.
                self.untold.clear();
                return;
            };
            if let Some(event) = self.untold.pop_front() {
                room.send(event);
            }
        }
    }

    /// Tells while something else is waited for.
    pub(crate) async fn while_waiting<T>(&mut self, waited_for: impl Future<Output = T>) -> T {
        tokio::pin!(waited_for);
        loop {
            tokio::select! {
                done = &mut waited_for => return done,
                () = self.flush(), if !self.untold.is_empty() => {}
            }
        }
    }

    /// Forgets who waits for an introduction: there will be none.
    pub(crate) fn forget_waiting(&mut self) {
        self.waiting.clear();
    }

    /// Until when the first of those who wait for an introduction does.
    pub(crate) fn introduce_by(&self) -> Option<Instant> {
        self.waiting.front().map(|(until, _)| *until)
    }

    /// Puts faces to the addresses in what was said. What is to be told of it, and of what had waited for it.
    pub(crate) fn put_faces(&mut self, incoming: Incoming, by: By) -> Vec<SessionEvent> {
        let event = match incoming {
            Incoming::Event(event) => event,
            other @ (Incoming::Unknown(_) | Incoming::NotAnEvent(_)) => {
                return vec![SessionEvent::Incoming(other)];
            }
        };
        if is_own_affair(&event) || self.goes_again(&event) {
            return Vec::new();
        }
        match self.core.hear(event, by) {
            Hearing::Nothing => Vec::new(),
            Hearing::Wait(event) => self.wait(event),
            Hearing::Tell(event) => self.with_introduced(event),
            Hearing::Back(event, player) => {
                repeat_to(&self.core, player);
                self.with_introduced(event)
            }
        }
    }

    /// Whether it says that a frame of the session was refused for the time being. It is sent again after a while.
    fn goes_again(&self, event: &Event) -> bool {
        let Event::Error(refused) = event else {
            return false;
        };
        let Some(frame) = refused.frame_id.as_ref().filter(|_| refused.retryable) else {
            return false;
        };
        let Some(refusals) = self.core.peers().refused(frame) else {
            return false;
        };
        let Some(pause) = pause_after(refusals, ambient::fraction()) else {
            return false;
        };
        let told = refused.retry_after_seconds.unwrap_or_default();
        let delay = Duration::from_secs(told.into()) + pause;
        repeat_later(&self.core, frame.clone(), delay);
        true
    }

    fn wait(&mut self, event: Event) -> Vec<SessionEvent> {
        self.waiting
            .push_back((Instant::now() + INTRODUCTION, event));
        let is_full = self.waiting.len() > MOST_WAITING;
        let too_many = is_full.then(|| self.waiting.pop_front()).flatten();
        too_many.into_iter().map(|(_, event)| told(event)).collect()
    }

    fn with_introduced(&mut self, event: Event) -> Vec<SessionEvent> {
        let mut tell = vec![told(event)];
        tell.extend(self.introduced());
        tell
    }

    /// What waited for an introduction that has come.
    pub(crate) fn introduced(&mut self) -> Vec<SessionEvent> {
        let mut tell = Vec::new();
        for (until, event) in std::mem::take(&mut self.waiting) {
            match self.core.peers().hear(event) {
                Hearing::Wait(event) => self.waiting.push_back((until, event)),
                Hearing::Tell(event) | Hearing::Back(event, _) => tell.push(told(event)),
                Hearing::Nothing => {}
            }
        }
        tell
    }

    /// Has told, as it came, what nobody introduces.
    pub(crate) fn tell_overdue(&mut self) {
        let now = Instant::now();
        while self.waiting.front().is_some_and(|(until, _)| *until <= now) {
            if let Some((_, event)) = self.waiting.pop_front() {
                self.tell(told(event));
            }
        }
    }
}

/// Says again what was sent to a player who is back, beside everything else.
fn repeat_to(core: &Arc<Core>, player: PlayerId) {
    let core = Arc::clone(core);
    tokio::spawn(async move {
        let _outbox = core.outbox.lock().await;
        if let Some(line) = core.current() {
            core.repeat(&line, Some(&player)).await;
        }
    });
}

/// How long a frame that has been refused so often waits, besides what the refusal says; `lot` is from 0 to 1. `None` where it is
/// not sent again.
fn pause_after(refusals: u32, lot: f64) -> Option<Duration> {
    let doublings = refusals
        .checked_sub(1)
        .filter(|_| refusals <= MOST_REFUSALS)?;
    Some((FIRST_PAUSE * 2_u32.pow(doublings)).mul_f64(0.5 + lot))
}

/// Says a frame again after a while, beside everything else. Where there is no connection then, it goes after the next resume.
fn repeat_later(core: &Arc<Core>, frame: FrameId, delay: Duration) {
    let core = Arc::clone(core);
    tokio::spawn(async move {
        tokio::select! {
            () = sleep(delay) => {}
            _ended = core.ended() => return,
        }
        let _outbox = core.outbox.lock().await;
        let action = core.peers().sent_as(&frame);
        if let (Some(line), Some(action)) = (core.current(), action) {
            // Where it fails, the connection has ended.
            let _ = line.client.send(action).await;
        }
    });
}

/// What is said to the session and not to its program: that a frame was not kept for somebody who is away. It is said again once
/// that player is back.
fn is_own_affair(event: &Event) -> bool {
    matches!(event, Event::Error(error) if error.code == ErrorCode::MailboxFull)
}

fn told(event: Event) -> SessionEvent {
    SessionEvent::Incoming(Incoming::Event(event))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_waits_twice_as_long_after_each_refusal_and_is_given_up_after_eight() {
        let pauses: Vec<_> = (1..=10)
            .map(|refusals| pause_after(refusals, 0.5))
            .collect();
        let quarters = [1, 2, 4, 8, 16, 32, 64, 128].map(|quarters| Some(FIRST_PAUSE * quarters));
        assert_eq!(pauses[..8], quarters);
        assert_eq!(pauses[8..], [None, None]);
        assert_eq!(pause_after(1, 0.0), Some(FIRST_PAUSE / 2));
    }
}
