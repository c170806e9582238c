//! The world: a clock, a store, players at their connections, and a shell around the rules as a function has one.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::Duration;

use domain::Timestamp;
use domain::lobby::{Contact, Lobby, Outcome, Refusal};
use domain::matchmaking::Placed;
use ids::{LobbyId, PlayerId};

use crate::cast::{PLAYERS, Player};
use crate::clients::Clients;
use crate::deed::{Deed, Happening};
use crate::invariants;
use crate::name::name;
use crate::record::Record;
use crate::store::{Conflict, Store};
use crate::wishes::{Farewell, Wish};

/// How long a player may stay away, unless a story says otherwise.
pub(crate) const GRACE: Duration = Duration::from_secs(30);

/// Everything.
pub(crate) struct World {
    /// What the clock says.
    pub(crate) now: Timestamp,
    /// What is stored.
    pub(crate) store: Store,
    /// Who plays.
    pub(crate) cast: Vec<Player>,
    /// What everybody makes of what it hears.
    pub(crate) clients: Clients,
    /// What is remembered of battles, and the alarms.
    pub(crate) record: Record,
    /// What was met: names of events and refusals.
    pub(crate) met: BTreeSet<String>,
    happened: Vec<Happening>,
    /// The farewells that are on their way.
    pub(crate) late: Vec<Deed>,
    /// Who was host of which lobby and is not any more.
    pub(crate) former_hosts: BTreeMap<LobbyId, Vec<PlayerId>>,
    /// How many names of eras, battles and tickets have been given.
    pub(crate) names: u32,
}

/// What was read before something else was written: a lobby, or that there is none.
struct Read(Option<Lobby>);

impl World {
    /// A world in which nothing has happened.
    pub(crate) fn new() -> Self {
        Self {
            now: Timestamp::from_millis(0),
            store: Store::default(),
            cast: (0..PLAYERS).map(Player::new).collect(),
            clients: Clients::default(),
            record: Record::default(),
            met: BTreeSet::new(),
            happened: Vec::new(),
            late: Vec::new(),
            former_hosts: BTreeMap::new(),
            names: 0,
        }
    }

    /// All that has happened, a paragraph each.
    pub(crate) fn log(&self) -> String {
        self.happened.iter().fold(String::new(), |mut log, one| {
            write!(log, "{one}").expect("a string takes everything");
            log
        })
    }

    /// Whether somebody is at the other end of this connection.
    pub(crate) fn is_reached(&self, contact: &Contact) -> bool {
        let mut cast = self.cast.iter();
        cast.any(|player| player.is_at(contact, self.now))
    }

    /// Lets a wish come true, and says which invariant that has broken.
    pub(crate) fn grant(&mut self, wish: Wish) -> Result<(), String> {
        match wish {
            Wish::Wait { minutes } => {
                self.now = self.now + Duration::from_mins(minutes.into());
                Ok(())
            }
            Wish::Bout { lobby, turns } => {
                let mut turns = turns.into_iter();
                turns.try_for_each(|turn| self.grant(Wish::Turn { lobby, turn }))
            }
            Wish::Pass { seconds } => {
                self.now = self.now + Duration::from_secs(seconds.into());
                Ok(())
            }
            Wish::Ring { which } => {
                let Some((deed, era)) = self.record.ring(which, self.now) else {
                    return Ok(());
                };
                // Whoever hears an alarm looks whether it is still that lobby, which may have come to its end by then.
                let lobby = deed.lobby_id().and_then(|id| self.store.item(id));
                match lobby.filter(|lobby| lobby.era == era).cloned() {
                    Some(lobby) => self.happens(deed, Some(Read(Some(lobby)))),
                    None => Ok(()),
                }
            }
            Wish::Drop {
                who,
                farewell,
                seconds,
            } => self.drop_connection(who, farewell, seconds),
            Wish::Arrive { which } => match self.late.len() {
                0 => Ok(()),
                late => {
                    let deed = self.late.swap_remove(usize::from(which) % late);
                    self.happens(deed, None)
                }
            },
            Wish::Repeat { which } => match self.happened.len() {
                0 => Ok(()),
                // The latest are the most likely to matter.
                happened => {
                    let back = usize::from(which) % happened.min(20);
                    let deed = self.happened[happened - 1 - back].deed.clone();
                    self.happens(deed, None)
                }
            },
            Wish::SideBySide { first, second } => {
                let [first, second] = [self.meant(*first), self.meant(*second)];
                let read = second.as_ref().map(|deed| Read(self.read(deed)));
                if let Some(first) = first {
                    self.happens(first, None)?;
                }
                second.map_or(Ok(()), |second| self.happens(second, read))
            }
            intent @ (Wish::Start { .. }
            | Wish::Join { .. }
            | Wish::Accept { .. }
            | Wish::Reject { .. }
            | Wish::Kick { .. }
            | Wish::Update { .. }
            | Wish::Close { .. }
            | Wish::Leave { .. }
            | Wish::Return { .. }
            | Wish::Play { .. }
            | Wish::Turn { .. }
            | Wish::Serve { .. }) => {
                let deed = self.meant(intent);
                deed.map_or(Ok(()), |deed| self.happens(deed, None))
            }
        }
    }

    fn drop_connection(&mut self, who: u8, farewell: Farewell, seconds: u8) -> Result<(), String> {
        let Some(gone) = self.player(who).dropped() else {
            return Ok(());
        };
        let grace = Duration::from_secs(seconds.into());
        let deed = Deed::Farewell { gone, grace };
        match farewell {
            Farewell::Lost => Ok(()),
            Farewell::Prompt => self.happens(deed, None),
            Farewell::Late => {
                self.late.push(deed);
                Ok(())
            }
            Farewell::Twice => {
                self.late.push(deed.clone());
                self.happens(deed, None)
            }
        }
    }

    /// One deed from its arrival to what everybody hears of it. `read` is what it read long ago, if it did.
    fn happens(&mut self, deed: Deed, read: Option<Read>) -> Result<(), String> {
        // Nobody says hello from a connection that it has no more.
        if let Deed::Return { by } = &deed
            && !self.is_reached(by)
        {
            return Ok(());
        }
        let happening = self.served(deed, read);
        if let Err(refusal) = &happening.result {
            let refusal = format!("{refusal:?}");
            let name = refusal.split(' ').next().unwrap_or(&refusal);
            self.met.insert(name.to_owned());
        }
        if let Some((before, after)) = happening.change()
            && after.is_none_or(|after| after.host != before.host)
        {
            let former = self.former_hosts.entry(before.lobby_id.clone());
            former.or_default().push(before.host.clone());
        }
        let mut placed = happening.deed.brings().iter();
        let is_away = |placed: &Placed| placed.ticket.is_away();
        if happening.result.is_ok() && placed.any(is_away) {
            self.met.insert("FoundWhileAway".to_owned());
        }
        for notice in happening.notices() {
            self.met.insert(name(&notice.event).to_owned());
            // What is told to one who is away is kept for it.
            if notice.to.away || self.is_reached(&notice.to) {
                continue;
            }
            // The post is answered 410, and so the cleaning-up begins.
            let gone = notice.to.clone();
            let grace = GRACE;
            self.late.push(Deed::Farewell { gone, grace });
        }
        let heard = self.hear(&happening);
        let checked = heard.and_then(|()| invariants::check(self, &happening));
        self.happened.push(happening);
        checked
    }

    fn hear(&mut self, happening: &Happening) -> Result<(), String> {
        let (now, cast) = (self.now, &self.cast);
        let is_reached = |contact: &_| cast.iter().any(|player| player.is_at(contact, now));
        self.clients.hear(happening, is_reached)
    }

    /// What a function does: load, decide, set alarms, save under a condition, and once more where it was overtaken.
    fn served(&mut self, deed: Deed, mut read: Option<Read>) -> Happening {
        loop {
            let before = read.take().map_or_else(|| self.read(&deed), |read| read.0);
            let decided = self.decided(&deed, before.as_ref());
            let result = match decided {
                Err(refusal) => Err(refusal),
                Ok(outcome) if outcome.lobby == before => Ok(outcome),
                Ok(outcome) => match self.save(before.as_ref(), &outcome) {
                    Ok(()) => Ok(outcome),
                    Err(Conflict::SeatedIn(lobby_id)) => Err(Refusal::AlreadyInLobby { lobby_id }),
                    Err(Conflict::Overtaken) => {
                        self.met.insert("Overtaken".to_owned());
                        continue;
                    }
                },
            };
            let now = self.now;
            return Happening {
                now,
                deed,
                before,
                result,
            };
        }
    }

    fn save(&mut self, before: Option<&Lobby>, outcome: &Outcome) -> Result<(), Conflict> {
        let (after, now) = (outcome.lobby.as_ref(), self.now);
        self.record.set(after, &outcome.alarms);
        let lapsed = self.store.save(before, after, now)?;
        self.record.note(before, after, now);
        if let Some(lapsed) = lapsed {
            self.record.lapse(&lapsed);
        }
        Ok(())
    }

    fn read(&self, deed: &Deed) -> Option<Lobby> {
        let seat = |deed: &Deed| self.store.seat(deed.actor()?, self.now);
        let lobby_id = deed.lobby_id().or_else(|| seat(deed));
        self.store.lobby(lobby_id?, self.now).cloned()
    }
}
