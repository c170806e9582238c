//! Everybody sends to everybody else in its lobby, and hears what comes.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use client::{Client, Events, Incoming};
use futures::FutureExt as _;
use ids::{PeerAddress, PeerId};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, interval_at, timeout, timeout_at};

use super::frame::{self, Stamp};
use super::lobby::Seat;
use super::numbers::Numbers;
use super::tally::Tally;

/// How long the last frames may take to arrive; and how much longer than it should the sending may take.
const PATIENCE: Duration = Duration::from_secs(30);

/// How fast, and for how long.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// Between two frames of one player.
    pub(super) period: Duration,
    /// How many frames each player sends.
    pub(super) frames: u64,
}

impl Pace {
    /// So many frames in each second, for so many seconds.
    pub(super) fn new(rate: u32, seconds: u32) -> Self {
        Self {
            period: Duration::from_secs(1) / rate,
            frames: u64::from(rate) * u64::from(seconds),
        }
    }
}

/// What everybody who takes part knows.
struct Course {
    pace: Pace,
    begins: Instant,
    tally: Arc<Tally>,
}

/// Has everybody in these lobbies send and hear, from now on and until all that was sent has arrived, or no more will. Whoever
/// is still connected stays so for as long as what is returned.
pub(super) async fn run(lobbies: Vec<Vec<Seat>>, pace: Pace, tally: &Arc<Tally>) -> Vec<Listener> {
    let course = Arc::new(Course {
        pace,
        begins: Instant::now(),
        tally: Arc::clone(tally),
    });
    let over = watch::Sender::new(false);
    let (mut sending, mut hearing) = (JoinSet::new(), JoinSet::new());
    let number = u32::try_from(lobbies.iter().map(Vec::len).sum::<usize>()).unwrap_or(u32::MAX);
    let seats = lobbies.into_iter().enumerate();
    let seats = seats.flat_map(|(lobby, seats)| seats.into_iter().map(move |seat| (lobby, seat)));
    for (index, (lobby, seat)) in (0..).zip(seats) {
        // One after the other, so that they do not all send in the same moment of each period.
        let offset = pace.period * index / number.max(1);
        let talker = Talker {
            lobby,
            own: seat.own,
            client: seat.client.clone(),
            peers: seat.peers.clone(),
        };
        sending.spawn(talker.talk(Arc::clone(&course), offset));
        let listener = Listener::of(lobby, seat, Arc::clone(&course));
        hearing.spawn(listener.listen(over.subscribe()));
    }
    let ends = pace.period * u32::try_from(pace.frames).unwrap_or(u32::MAX);
    let sent = timeout_at(course.begins + ends + PATIENCE, finish(&mut sending)).await;
    if sent.is_err() {
        tally.problem("Players could not send as fast as they were to: the machine is too slow.");
        sending.shutdown().await;
    }
    // What does not arrive in time is lost, and counted so.
    timeout(PATIENCE, tally.all_arrived()).await.ok();
    over.send_replace(true);
    finish(&mut hearing).await
}

async fn finish<T: 'static>(tasks: &mut JoinSet<T>) -> Vec<T> {
    let mut all = Vec::with_capacity(tasks.len());
    while let Some(done) = tasks.join_next().await {
        all.push(done.expect("no task panics or is ended by others"));
    }
    all
}

/// Somebody who sends.
struct Talker {
    lobby: usize,
    own: PeerId,
    client: Client,
    peers: BTreeMap<PeerId, PeerAddress>,
}

impl Talker {
    async fn talk(self, course: Arc<Course>, offset: Duration) {
        let Pace { period, frames } = course.pace;
        let mut pace = interval_at(course.begins + offset, period);
        for turn in 0..frames {
            pace.tick().await;
            let (number, to, address) = self.nth(turn);
            let stamp = Stamp {
                lobby: self.lobby,
                from: self.own,
                to,
                number,
                sent: course.begins.elapsed(),
            };
            if let Err(error) = self.client.send(frame::write(&stamp, address)).await {
                course.tally.problem(error);
                return;
            }
            course.tally.sent();
        }
    }

    /// To whom its so-manieth frame goes, and which of those to that peer it is: to everybody in turn.
    fn nth(&self, turn: u64) -> (u64, PeerId, &PeerAddress) {
        let others = self.peers.len() as u64;
        let place = usize::try_from(turn % others).expect("less than there are peers");
        let (peer, address) = self.peers.iter().nth(place).expect("a peer at each place");
        (turn / others, *peer, address)
    }
}

/// Somebody who hears.
pub(super) struct Listener {
    lobby: usize,
    own: PeerId,
    client: Client,
    events: Events,
    /// By whose address which peer sends, and what has arrived from it.
    heard: BTreeMap<PeerAddress, (PeerId, Numbers)>,
    course: Arc<Course>,
}

impl Listener {
    fn of(lobby: usize, seat: Seat, course: Arc<Course>) -> Self {
        let peers = seat.peers.into_iter();
        let heard = peers.map(|(peer, address)| (address, (peer, Numbers::default())));
        Self {
            lobby,
            own: seat.own,
            client: seat.client,
            events: seat.events,
            heard: heard.collect(),
            course,
        }
    }

    /// Hears until it is over, and then whatever else has come by then.
    async fn listen(mut self, mut over: watch::Receiver<bool>) -> Self {
        loop {
            let heard = tokio::select! {
                heard = self.events.next() => heard,
                _ = over.wait_for(|is_over| *is_over) => break,
            };
            let Some(heard) = heard else {
                let end = self.client.ended().await;
                self.course
                    .tally
                    .problem(format_args!("A player was cut off: {end}"));
                return self;
            };
            self.hear(&heard);
        }
        // What was posted before this comes before its answer.
        if let Err(error) = self.client.ping().await {
            self.course.tally.problem(error);
        }
        while let Some(Some(heard)) = self.events.next().now_or_never() {
            self.hear(&heard);
        }
        self
    }

    fn hear(&mut self, heard: &Incoming) {
        let now = self.course.begins.elapsed();
        let tally = &self.course.tally;
        let Incoming::Event(event) = heard else {
            return tally.problem(format_args!("A player heard what is no event: {heard:?}"));
        };
        let Some((from, stamp)) = frame::read(event) else {
            return tally.problem(format_args!("A player heard something else: {event:?}"));
        };
        let known = self.heard.get_mut(from).filter(|(peer, _)| {
            (stamp.lobby, stamp.from, stamp.to) == (self.lobby, *peer, self.own)
        });
        let Some((_, numbers)) = known else {
            return tally
                .problem("A player heard a frame that was not for it, or not from whom it said.");
        };
        tally.arrived(numbers.hear(stamp.number), now.saturating_sub(stamp.sent));
    }
}
