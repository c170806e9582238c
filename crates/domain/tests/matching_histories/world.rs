//! The world: a clock, a store, players at their connections, ticks and timers, and what is told of it all.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use domain::Timestamp;
use domain::matchmaking::{Ending, Queue, Ticket};
use ids::{ConnectionId, LobbyId, MatchId, TicketId};

use crate::cast::Cast;
use crate::deed::Deed;
use crate::invariants;
use crate::store::Store;
use crate::wishes::{Post, Wish};

/// How many players there are at first.
const PLAYERS: usize = 24;

/// How long a player may stay away.
pub(crate) const GRACE: Duration = Duration::from_secs(6);

/// How many ticks are on their way at most.
const TICKS: usize = 3;

/// How many of the messages that have arrived may do so again.
const REMEMBERED: usize = 20;

/// Everything.
pub(crate) struct World {
    /// In which queue everybody waits.
    pub(crate) queue: Queue,
    /// What the clock says.
    pub(crate) now: Timestamp,
    /// What is stored.
    pub(crate) store: Store,
    /// Who plays.
    pub(crate) cast: Cast,
    /// How many ticks are on their way.
    pub(crate) ticks: usize,
    /// When timers go off.
    pub(crate) timers: BTreeSet<Timestamp>,
    /// Which connections have been cleaned up.
    pub(crate) forgotten: BTreeSet<ConnectionId>,
    /// What has become of each ticket that there ever was.
    pub(crate) fates: BTreeMap<TicketId, Fate>,
    /// What was met: endings, and what happens to ticks.
    pub(crate) met: BTreeSet<String>,
    /// What is still on its way.
    pub(crate) late: Vec<Deed>,
    /// What arrived last.
    pub(crate) done: Vec<Deed>,
    log: Vec<String>,
    numbers: u32,
}

/// What has become of a ticket.
pub(crate) struct Fate {
    /// As it was at first.
    pub(crate) first: Ticket,
    /// What happened to it since.
    pub(crate) steps: Vec<Step>,
}

/// Something that happens to a ticket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// It is in a match.
    Matched(MatchId),
    /// The match was taken back, and it waits again.
    TakenBack,
    /// It is out.
    Ended(Ending),
}

impl World {
    /// A world in which nothing has happened.
    pub(crate) fn new(queue: Queue) -> Self {
        Self {
            queue,
            now: Timestamp::from_millis(0),
            store: Store::default(),
            cast: Cast::of(PLAYERS),
            ticks: 0,
            timers: BTreeSet::new(),
            forgotten: BTreeSet::new(),
            fates: BTreeMap::new(),
            met: BTreeSet::new(),
            late: Vec::new(),
            done: Vec::new(),
            log: Vec::new(),
            numbers: 0,
        }
    }

    /// Writes down what has happened.
    pub(crate) fn note(&mut self, what: &str) {
        let millis = self.now.as_millis();
        self.log.push(format!("{millis:>7}  {what}\n"));
    }

    /// All that has happened, a line each.
    pub(crate) fn log(&self) -> String {
        format!("queue {:?}\n{}", self.queue, self.log.concat())
    }

    /// A tick is sent. Of many at once, most are taken for one.
    pub(crate) fn tick(&mut self) {
        self.ticks = (self.ticks + 1).min(TICKS);
    }

    /// A number that was never used.
    pub(crate) fn fresh(&mut self) -> u32 {
        self.numbers += 1;
        self.numbers
    }

    /// An id for a lobby that never was.
    pub(crate) fn fresh_lobby(&mut self) -> LobbyId {
        LobbyId::parse(format!("lobby-{}", self.fresh())).expect("a lobby id")
    }

    /// Lets a wish come true, and says which invariant that has broken.
    pub(crate) fn grant(&mut self, wish: Wish) -> Result<(), String> {
        match wish {
            Wish::Tick {
                meanwhile,
                killed,
                again,
            } => self.work(meanwhile, killed, again),
            Wish::Wait { millis } => {
                self.passes(Duration::from_millis(millis.into()));
                Ok(())
            }
            Wish::Gather { who, size } => {
                self.gather(who.into(), size.into());
                Ok(())
            }
            wish @ (Wish::Crowd { .. } | Wish::AcceptAll) => {
                for deed in self.meant_by_all(&wish) {
                    self.arrives(deed);
                }
                invariants::of_the_state(self)
            }
            wish @ (Wish::Arrive { .. } | Wish::Repeat { .. }) => {
                let deed = self.on_its_way(&wish);
                deed.map_or(Ok(()), |deed| self.happens(deed))
            }
            wish @ (Wish::Join { .. }
            | Wish::Enqueue { .. }
            | Wish::Leave { .. }
            | Wish::Accept { .. }
            | Wish::Decline { .. }
            | Wish::Drop { .. }
            | Wish::Return { .. }) => {
                let meant = self.meant(&wish);
                meant.map_or(Ok(()), |(deed, post)| self.send(deed, post))
            }
        }
    }

    fn send(&mut self, deed: Deed, post: Post) -> Result<(), String> {
        match post {
            Post::Lost => {
                self.note(&format!("lost: {deed:?}"));
                Ok(())
            }
            Post::Prompt => self.happens(deed),
            Post::Late => {
                self.late.push(deed);
                Ok(())
            }
            Post::Twice => {
                self.late.push(deed.clone());
                self.happens(deed)
            }
            Post::Killed => {
                self.late.push(deed.clone());
                let ticks = self.ticks;
                self.note("killed before its tick:");
                let done = self.happens(deed);
                self.ticks = ticks;
                done
            }
        }
    }

    /// One message from its arrival to what has come of it.
    fn happens(&mut self, deed: Deed) -> Result<(), String> {
        self.arrives(deed);
        invariants::of_the_state(self)
    }

    fn arrives(&mut self, deed: Deed) {
        self.note(&format!("{deed:?}"));
        self.serve(&deed);
        self.done.push(deed);
        let forgotten = self.done.len().saturating_sub(REMEMBERED);
        self.done.drain(..forgotten);
    }

    /// Time passes, and timers go off.
    fn passes(&mut self, time: Duration) {
        self.now = self.now + time;
        let later = self
            .timers
            .split_off(&(self.now + Duration::from_millis(1)));
        let due = std::mem::replace(&mut self.timers, later);
        for _ in due {
            self.tick();
        }
        self.end_absences();
    }

    /// Everything that is still on its way arrives, and time passes until nothing is left to happen.
    pub(crate) fn comes_to_rest(&mut self) -> Result<(), String> {
        self.note("nobody does anything any more");
        for _ in 0..10_000 {
            if let Some(deed) = self.late.pop() {
                self.happens(deed)?;
            } else if self.ticks > 0 {
                self.work(Vec::new(), None, crate::wishes::Again::No)?;
            } else if let Some(next) = self.timers.first() {
                let millis = next.as_millis().saturating_sub(self.now.as_millis());
                self.passes(Duration::from_millis(millis));
            } else {
                return invariants::at_rest(self);
            }
        }
        Err("it never comes to rest".to_owned())
    }
}
