//! The task that keeps a session connected.

use std::sync::Arc;
use std::time::Duration;

use futures::future::BoxFuture;
use protocol::Event;
use protocol::connection::Ping;
use tokio::sync::{OwnedRwLockWriteGuard, mpsc};
use tokio::time::{Instant, sleep, sleep_until};

use super::core::{By, Core, Identity, Line, Link};
use super::event::{Resumed, SessionEvent};
use super::opening::{Feed, OpenError, Opened, Who, open, open_or_start_over};
use super::options::{Patience, SessionOptions};
use super::teller::Teller;
use crate::events::Frame;
use crate::{Client, End, RequestError, ambient};

/// How long what comes by the new connection waits for the last of what comes by the old one.
const LAST_WORDS: Duration = Duration::from_secs(2);
/// How much longer than the grace period a session goes on trying: the server counts from when it finds out.
const MARGIN: Duration = Duration::from_secs(5);

/// The task that keeps a session connected.
pub(crate) struct Driver {
    core: Arc<Core>,
    url: String,
    options: SessionOptions,
    teller: Teller,
    /// How many connections there have been.
    number: u64,
    /// What comes by the connection in use; nothing more once it has ended while a move from it goes on.
    events: Option<Feed>,
    /// The connection before, until the server closes it.
    old: Option<(Client, Feed)>,
    moving: Doing<Result<Moved, OpenError>>,
    /// What the new connection has brought, while the old one has its last words.
    arrived: Option<Arrived>,
    /// A request was not answered in time: is anybody there?
    probing: Doing<Result<Event, RequestError>>,
    /// How often a move has failed since the last one that did not.
    failed_moves: u32,
}

/// Something that is done beside everything else, or nothing.
type Doing<T> = Option<BoxFuture<'static, T>>;

/// A new connection, and the right to keep requests waiting while it is taken into use.
struct Moved {
    opened: Opened,
    pass: OwnedRwLockWriteGuard<()>,
}

/// What a new connection has brought, in order, and until when it waits.
struct Arrived {
    tell: Vec<SessionEvent>,
    until: Instant,
}

/// Why a session stops listening to its connection.
enum Stop {
    Lost(End),
    Over(End),
}

impl Driver {
    pub(crate) fn new(
        core: Arc<Core>,
        url: String,
        options: SessionOptions,
        output: mpsc::Sender<SessionEvent>,
    ) -> Self {
        let teller = Teller::new(Arc::clone(&core), output);
        Self {
            core,
            url,
            options,
            teller,
            number: 0,
            events: None,
            old: None,
            moving: None,
            arrived: None,
            probing: None,
            failed_moves: 0,
        }
    }

    /// Runs until the session ends, or nobody wants it any more.
    pub(crate) async fn run(mut self, opened: Opened, mut handles: mpsc::Receiver<()>) {
        let core = Arc::clone(&self.core);
        let mut closing = core.closing.subscribe();
        let running = async {
            let end = Box::pin(self.live(opened)).await;
            tracing::debug!(session.end = %end, "a session with Switchboard ended");
            core.set(Link::Ended(end));
            self.teller.flush().await;
        };
        tokio::select! {
            () = running => {}
            _ = closing.wait_for(|closing| *closing) => {}
            // Every handle is gone: nobody ever sends.
            _ = handles.recv() => {}
        }
        core.hang_up().await;
    }

    async fn live(&mut self, opened: Opened) -> End {
        self.come_back(opened, None).await;
        loop {
            let lost = match self.listen().await {
                Stop::Over(end) => return end,
                Stop::Lost(end) => end,
            };
            self.core.set(Link::Down);
            (self.events, self.old, self.moving, self.probing) = (None, None, None, None);
            // What the connection before had brought, and had no occasion to tell.
            self.switch();
            match self.reconnect(&lost).await {
                Ok(opened) => {
                    let player_id = opened.welcome.player_id.clone();
                    let anew = SessionEvent::StartedOver { player_id };
                    self.come_back(opened, Some(anew)).await;
                }
                Err(end) => return end,
            }
        }
    }

    /// Takes a first connection into use, or one after another was lost; as a new player, with this to tell.
    async fn come_back(&mut self, opened: Opened, anew: Option<SessionEvent>) {
        let (line, tell) = if opened.welcome.resumed {
            self.take_up(opened, |resumed| Some(SessionEvent::Resumed(resumed)))
        } else {
            self.core.peers().forget_all();
            self.teller.forget_waiting();
            self.take_up(opened, |_| anew)
        };
        self.teller.tell_all(tell);
        let core = Arc::clone(&self.core);
        let _outbox = core.outbox.lock().await;
        core.set(Link::Up(line.clone()));
        core.repeat(&line, None).await;
    }

    /// Listens until the connection is lost or the session is over.
    async fn listen(&mut self) -> Stop {
        loop {
            let core = Arc::clone(&self.core);
            let has_room = self.teller.has_room();
            let (is_arrived, until) = match &self.arrived {
                Some(arrived) => (true, Some(arrived.until)),
                None => (false, None),
            };
            let introduce_by = self.teller.introduce_by();
            let stop = tokio::select! {
                frame = next_of(self.old.as_mut().map(|(_, feed)| feed)), if has_room => {
                    self.hear_old(frame);
                    None
                }
                // The last words of the connection before are told first.
                frame = next_of(self.events.as_mut()), if has_room && !is_arrived => match frame {
                    Some(frame) => self.hear(frame),
                    None => self.current_ended().await,
                },
                moved = done(&mut self.moving) => match moved {
                    Ok(moved) => { self.moved(moved); None }
                    Err(error) => self.move_failed(&error),
                },
                answer = done(&mut self.probing) => self.probed(&answer),
                () = core.suspicion.notified() => { self.probe(); None }
                () = core.introduced.notified() => { self.tell_introduced(); None }
                () = at(introduce_by) => { self.teller.tell_overdue(); None }
                () = at(until) => { self.switch(); None }
                () = self.teller.flush(), if !has_room => None,
            };
            if let Some(stop) = stop {
                return stop;
            }
        }
    }

    /// Takes in a frame of the connection in use.
    fn hear(&mut self, frame: Frame) -> Option<Stop> {
        if !self.core.identity().is_news(frame.sequence()) {
            return None;
        }
        if let Some(Event::GoAway(_)) = frame.event() {
            self.start_moving(Duration::ZERO);
            return None;
        }
        if let Some(Event::ConnectionReplaced(replaced)) = frame.event() {
            if self.moving.is_some() {
                // By this session's own, most likely, which says so in a moment.
                self.events = None;
                return None;
            }
            return Some(Stop::Over(End::Replaced(replaced.reason.clone())));
        }
        let tell = self.teller.put_faces(frame.into_incoming(), By::Current);
        self.teller.tell_all(tell);
        None
    }

    /// Takes in a frame of the connection before; none where it has ended.
    fn hear_old(&mut self, frame: Option<Frame>) {
        let Some(frame) = frame else {
            self.old = None;
            self.switch();
            return;
        };
        match frame.event() {
            Some(Event::ConnectionReplaced(_)) => self.switch(),
            Some(Event::GoAway(_)) => {}
            _ => {
                let tell = self.teller.put_faces(frame.into_incoming(), By::Old);
                self.teller.tell_all(tell);
            }
        }
    }

    async fn current_ended(&mut self) -> Option<Stop> {
        self.events = None;
        if self.moving.is_some() {
            return None;
        }
        let line = self.core.current();
        let end = match line {
            Some(line) => line.client.ended().await,
            None => End::Broken("it ended".to_owned()),
        };
        Some(Stop::Lost(end))
    }

    /// Begins to move to another connection, which goes on beside everything else.
    fn start_moving(&mut self, delay: Duration) {
        if self.moving.is_some() || self.arrived.is_some() {
            return;
        }
        let Some(line) = self.core.current() else {
            return;
        };
        let core = Arc::clone(&self.core);
        let (url, options) = (self.url.clone(), self.options.client.clone());
        self.moving = Some(Box::pin(async move {
            sleep(delay).await;
            // From here on no request waits for an answer, and none is begun.
            let pass = Arc::clone(&core.gate).write_owned().await;
            // Nothing that was said before is still on its way once this is answered.
            let barrier = line.client.request(Ping {}).await;
            barrier.map_err(OpenError::Hello)?;
            let who = who(&core.identity());
            let opened = open(&url, &options, who).await?;
            Ok(Moved { opened, pass })
        }));
    }

    /// Takes a new connection into use beside the old one, which is listened to until the server closes it.
    fn moved(&mut self, moved: Moved) {
        let Moved { opened, pass } = moved;
        self.failed_moves = 0;
        let old = self.core.current().map(|line| line.client);
        let events = self.events.take();
        let (line, tell) = self.take_up(opened, |resumed| Some(SessionEvent::Moved(resumed)));
        self.core.set(Link::Up(line));
        drop(pass);
        if let (Some(client), Some(events)) = (old, events) {
            self.old = Some((client, events));
            let until = Instant::now() + LAST_WORDS;
            self.arrived = Some(Arrived { tell, until });
        } else {
            self.teller.tell_all(tell);
        }
    }

    fn move_failed(&mut self, error: &OpenError) -> Option<Stop> {
        tracing::debug!(%error, "a session could not move to another connection yet");
        if self.events.is_none() {
            return Some(Stop::Lost(End::Broken(error.to_string())));
        }
        self.failed_moves += 1;
        let backoff = self.options.backoff;
        let delay = backoff.delay(self.failed_moves, ambient::fraction());
        self.start_moving(delay.max(error.retry_after()));
        None
    }

    /// Has told what the new connection has brought.
    fn switch(&mut self) {
        if let Some(arrived) = self.arrived.take() {
            self.teller.tell_all(arrived.tell);
        }
    }

    /// Asks whether anybody is there, as a request was not answered.
    fn probe(&mut self) {
        if let (None, Some(line)) = (&self.probing, self.core.current()) {
            self.probing = Some(Box::pin(async move { line.client.request(Ping {}).await }));
        }
    }

    fn probed(&self, answer: &Result<Event, RequestError>) -> Option<Stop> {
        match answer {
            Err(RequestError::Deadline { unread: false, .. }) if self.moving.is_none() => {
                Some(Stop::Lost(End::Silent))
            }
            Ok(_) | Err(_) => None,
        }
    }

    fn tell_introduced(&mut self) {
        let tell = self.teller.introduced();
        self.teller.tell_all(tell);
    }

    /// Tries until there is a connection again, or there is no use in it.
    async fn reconnect(&mut self, lost: &End) -> Result<Opened, End> {
        let began = Instant::now();
        let mut reason = lost.to_string();
        let mut attempts = 0;
        let mut not_before = Duration::ZERO;
        loop {
            let attempt = attempts + 1;
            let delay = self.options.backoff.delay(attempt, ambient::fraction());
            let delay = delay.max(not_before);
            if self.is_out_of_patience(attempt, began.elapsed() + delay) {
                let problem = reason;
                return Err(End::GaveUp { attempts, problem });
            }
            if !self.teller.is_behind() {
                // A program that is behind has no use for this, and it is not to pile up.
                self.teller.tell(SessionEvent::Reconnecting {
                    attempt,
                    delay,
                    reason: reason.clone(),
                });
            }
            attempts = attempt;
            let trying = Box::pin(async {
                sleep(delay).await;
                let who = who(&self.core.identity());
                open_or_start_over(&self.url, &self.options, who).await
            });
            match self.teller.while_waiting(trying).await {
                Ok(opened) => return Ok(opened),
                Err(error) => {
                    if let Some(end) = error.end(attempts) {
                        return Err(end);
                    }
                    (reason, not_before) = (error.to_string(), error.retry_after());
                }
            }
        }
    }

    fn is_out_of_patience(&self, attempt: u32, elapsed: Duration) -> bool {
        match self.options.patience {
            Patience::Grace => elapsed > self.core.identity().grace + MARGIN,
            Patience::For(time) => elapsed > time,
            Patience::Attempts(most) => attempt > most,
        }
    }

    /// Takes in what a connection has brought, up to where it could be used: what is to be told of it, in order.
    fn take_up(
        &mut self,
        opened: Opened,
        arrival: impl FnOnce(Box<Resumed>) -> Option<SessionEvent>,
    ) -> (Line, Vec<SessionEvent>) {
        let mut resumed = opened.resumed;
        *self.core.identity() = Identity::of(&opened.welcome, opened.last_sequence);
        let wires = resumed.lobby.clone();
        if let Some(lobby) = &mut resumed.lobby {
            self.core.peers().meet_lobby(lobby);
        }
        let mut tell = self.put_faces(opened.kept);
        // What was kept may introduce players by addresses that are older than those of the lobby.
        if let Some(mut wires) = wires {
            self.core.peers().meet_lobby(&mut wires);
        }
        self.core.peers().keep_only(resumed.lobby.as_ref());
        self.number += 1;
        let line = Line {
            client: opened.client,
            number: self.number,
            resumed: Arc::new(resumed.clone()),
        };
        self.events = Some(opened.feed);
        tell.extend(arrival(Box::new(resumed)));
        tell.extend(self.teller.introduced());
        (line, tell)
    }

    fn put_faces(&mut self, frames: Vec<Frame>) -> Vec<SessionEvent> {
        let mut tell = Vec::new();
        for frame in frames {
            tell.extend(self.teller.put_faces(frame.into_incoming(), By::Current));
        }
        tell
    }
}

/// Whom to be on the next connection.
fn who(identity: &Identity) -> Who {
    Who::Again(identity.token.clone(), identity.last_sequence)
}

async fn next_of(feed: Option<&mut Feed>) -> Option<Frame> {
    match feed {
        Some(feed) => feed.next().await,
        None => std::future::pending().await,
    }
}

/// Waits for the outcome of something that is done beside everything else; where nothing is, for ever.
async fn done<T>(doing: &mut Doing<T>) -> T {
    let Some(going_on) = doing else {
        return std::future::pending().await;
    };
    let outcome = going_on.await;
    *doing = None;
    outcome
}

/// Waits for a moment; for no moment, for ever.
async fn at(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}
