//! What a session's handles share with the task that keeps it connected.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use ids::PlayerId;
use protocol::event::Welcome;
use protocol::{Action, Event};
use tokio::sync::{Notify, RwLock, watch};
use tokio::time::timeout;

use super::event::Resumed;
use super::options::ResumeToken;
use super::peers::{Hearing, Peers};
use crate::shared::Shared;
use crate::{Client, End, Stats};

/// How long after its loss became possible a frame is repeated, on top of the heartbeat and the grace period.
const MARGIN: Duration = Duration::from_secs(30);

/// How long the news of somebody's new address may take, where what Switchboard says gives it away that there is one.
const NEWS: Duration = Duration::from_secs(1);

/// By which connection something came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum By {
    /// The one in use.
    Current,
    /// The one before, which has its last words.
    Old,
}

/// What a session's handles share with the task that keeps it connected.
#[derive(Debug)]
pub(crate) struct Core {
    link: watch::Sender<Link>,
    identity: Mutex<Identity>,
    peers: Mutex<Peers>,
    /// Somebody was introduced by an answer: what waited for that can be told.
    pub(crate) introduced: Notify,
    /// A request was not answered in time: perhaps nobody is there.
    pub(crate) suspicion: Notify,
    /// Counts what was heard, each of which may have brought somebody's new address.
    heard: watch::Sender<u64>,
    /// Held while signalling frames go out, so that those to one peer keep their order.
    pub(crate) outbox: tokio::sync::Mutex<()>,
    /// Whoever waits for an answer shares it; a move to another connection has it alone, and so loses no answer.
    pub(crate) gate: Arc<RwLock<()>>,
    pub(crate) closing: watch::Sender<bool>,
    odometer: Mutex<Odometer>,
}

/// What has gone over the connections of a session: of all but the last two it is known once and for all.
#[derive(Debug, Default)]
struct Odometer {
    past: Stats,
    before: Option<Arc<Shared>>,
    now: Option<Arc<Shared>>,
}

/// Whether there is a connection.
#[derive(Clone, Debug)]
pub(crate) enum Link {
    Up(Line),
    Down,
    Ended(End),
}

/// One connection of a session.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub(crate) client: Client,
    /// Which of the session's connections it is.
    pub(crate) number: u64,
    /// Where the player was when it began.
    pub(crate) resumed: Arc<Resumed>,
}

/// Who the player is, and how to be it again.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    pub(crate) player_id: PlayerId,
    pub(crate) token: ResumeToken,
    pub(crate) last_sequence: Option<u64>,
    pub(crate) grace: Duration,
    heartbeat: Duration,
}

impl Identity {
    pub(crate) fn of(welcome: &Welcome, last_sequence: Option<u64>) -> Self {
        Self {
            player_id: welcome.player_id.clone(),
            token: ResumeToken::new(welcome.resume_token.clone()),
            last_sequence,
            grace: Duration::from_secs(welcome.grace_seconds.into()),
            heartbeat: Duration::from_secs(welcome.heartbeat_seconds.into()),
        }
    }

    /// Whether a frame was not heard before, going by its place among what was kept; from now on it was.
    pub(crate) fn is_news(&mut self, sequence: Option<u64>) -> bool {
        if sequence.is_none() {
            return true;
        }
        let is_news = sequence > self.last_sequence;
        self.last_sequence = sequence.max(self.last_sequence);
        is_news
    }

    /// For how long it may go unnoticed that a frame was lost: a socket that died is found out by the next heartbeat at the latest,
    /// and its player is gone once the grace period is over.
    pub(crate) fn may_be_lost(&self) -> Duration {
        self.heartbeat + self.grace + MARGIN
    }
}

impl Core {
    pub(crate) fn new(identity: Identity) -> Self {
        Self {
            link: watch::Sender::new(Link::Down),
            identity: Mutex::new(identity),
            peers: Mutex::new(Peers::new()),
            introduced: Notify::new(),
            suspicion: Notify::new(),
            heard: watch::Sender::new(0),
            outbox: tokio::sync::Mutex::new(()),
            gate: Arc::default(),
            closing: watch::Sender::new(false),
            odometer: Mutex::default(),
        }
    }

    /// Waits for a connection.
    pub(crate) async fn line(&self) -> Result<Line, End> {
        self.line_after(0).await
    }

    /// Waits for a connection that is none of the first so many.
    pub(crate) async fn line_after(&self, number: u64) -> Result<Line, End> {
        let mut changes = self.link.subscribe();
        let found = changes.wait_for(|link| match link {
            Link::Up(up) => up.number > number,
            Link::Down => false,
            Link::Ended(_) => true,
        });
        let link = found.await.expect("`self` keeps the sender alive").clone();
        match link {
            Link::Up(up) => Ok(up),
            Link::Ended(end) => Err(end),
            Link::Down => unreachable!("it was waited for that this is not so"),
        }
    }

    /// Whether a line is the one to use.
    pub(crate) fn is_current(&self, line: &Line) -> bool {
        matches!(&*self.link.borrow(), Link::Up(current) if current.number == line.number)
    }

    /// The line to use, if there is one.
    pub(crate) fn current(&self) -> Option<Line> {
        match &*self.link.borrow() {
            Link::Up(line) => Some(line.clone()),
            Link::Down | Link::Ended(_) => None,
        }
    }

    /// Says goodbye, where the session has not ended already.
    pub(crate) async fn hang_up(&self) {
        if let Some(line) = self.current() {
            line.client.close().await;
        }
        self.link.send_if_modified(|link| {
            let is_first = !matches!(link, Link::Ended(_));
            if is_first {
                *link = Link::Ended(End::Closed);
            }
            is_first
        });
    }

    pub(crate) fn set(&self, link: Link) {
        if let Link::Up(line) = &link {
            let mut odometer = lock(&self.odometer);
            let now = odometer.now.replace(line.client.shared());
            if let Some(past) = std::mem::replace(&mut odometer.before, now) {
                odometer.past += past.counters.read();
            }
        }
        self.link.send_replace(link);
    }

    /// Waits for the end.
    pub(crate) async fn ended(&self) -> End {
        let mut link = self.link.subscribe();
        let ended = link.wait_for(|link| matches!(link, Link::Ended(_)));
        match &*ended.await.expect("`self` keeps the sender alive") {
            Link::Ended(end) => end.clone(),
            Link::Up(_) | Link::Down => unreachable!("the end was waited for"),
        }
    }

    /// What has gone over all connections.
    pub(crate) fn stats(&self) -> Stats {
        let odometer = lock(&self.odometer);
        let mut stats = odometer.past;
        for shared in [&odometer.before, &odometer.now].into_iter().flatten() {
            stats += shared.counters.read();
        }
        stats
    }

    pub(crate) fn peers(&self) -> MutexGuard<'_, Peers> {
        lock(&self.peers)
    }

    pub(crate) fn identity(&self) -> MutexGuard<'_, Identity> {
        lock(&self.identity)
    }

    /// Puts faces to the addresses in what was said.
    pub(crate) fn hear(&self, event: Event, by: By) -> Hearing {
        let hearing = match by {
            By::Current => self.peers().hear(event),
            By::Old => self.peers().hear_late(event),
        };
        self.heard.send_modify(|count| *count += 1);
        hearing
    }

    /// Waits a while for another address than the one that this action went out to. Whether there is one.
    pub(crate) async fn finds_another_address(&self, action: &Action, sent: &Action) -> bool {
        let mut heard = self.heard.subscribe();
        let found = heard.wait_for(|_| self.peers().outgoing(action) != *sent);
        timeout(NEWS, found).await.is_ok()
    }

    /// Puts faces to the addresses in an answer.
    pub(crate) fn hear_answer(&self, event: Event) -> Event {
        let heard = self.hear(event, By::Current);
        self.introduced.notify_one();
        match heard {
            Hearing::Tell(event) | Hearing::Wait(event) | Hearing::Back(event, _) => event,
            // The frame went to where the peer is now, and so its sender has nothing to do.
            Hearing::Nothing => Event::Ok(protocol::event::Ok {}),
        }
    }

    /// Sends again what was sent to one player, or to everybody, and may have been lost. To be called with the outbox held.
    pub(crate) async fn repeat(&self, line: &Line, player: Option<&PlayerId>) {
        let age = self.identity().may_be_lost();
        let frames: Vec<Action> = match player {
            Some(player) => self.peers().sent_to(player, age),
            None => self.peers().sent_to_all(age),
        };
        for frame in frames {
            if line.client.send(frame).await.is_err() {
                // They go again after the next resume.
                return;
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex
        .lock()
        .expect("nothing panics while it holds this lock")
}
