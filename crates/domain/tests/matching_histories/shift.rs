//! A tick is worked, as the matchmaker does it: read everybody, plan, and write one step after the other, each if its tickets
//! are still as they were read.

use std::collections::BTreeSet;

use domain::Timestamp;
use domain::lobby::Contact;
use domain::matchmaking::{Ended, Ending, Match, Owner, Plan, Pool, Ticket, plan};
use ids::MatchId;

use crate::invariants;
use crate::store::{Overtaken, Place, Room};
use crate::wishes::{Again, Wish};
use crate::world::{Step, World};

/// What was read at the beginning.
pub(crate) struct Read {
    /// When.
    pub(crate) now: Timestamp,
    /// Everybody who waited.
    pub(crate) tickets: Vec<Ticket>,
    pool: Pool,
}

/// The worker is dead; its tick comes again.
struct Killed;

/// The worker, while it lives.
struct Shift {
    now: Timestamp,
    writes_left: Option<u8>,
    look_again: bool,
    matched: Vec<Match>,
}

impl Shift {
    fn lives(&mut self) -> Result<(), Killed> {
        if let Some(left) = &mut self.writes_left {
            *left = left.checked_sub(1).ok_or(Killed)?;
        }
        Ok(())
    }
}

impl World {
    /// Works a tick, if one is on its way.
    pub(crate) fn work(
        &mut self,
        meanwhile: Vec<Wish>,
        killed: Option<u8>,
        again: Again,
    ) -> Result<(), String> {
        if self.ticks == 0 {
            return Ok(());
        }
        let is_alone = meanwhile.is_empty();
        let read = Read {
            now: self.now,
            tickets: self.store.read(),
            pool: self.store.pool.clone(),
        };
        self.note(&format!("a worker reads {} tickets", read.tickets.len()));
        for wish in meanwhile {
            self.grant(wish)?;
        }
        let plan = plan(&self.queue, &read.tickets, read.now);
        invariants::of_the_plan(self, &read, &plan)?;
        let mut shift = Shift {
            now: read.now,
            writes_left: killed,
            look_again: false,
            matched: Vec::new(),
        };
        // Another worker may have had the last tick meanwhile.
        let tick = self.ticks.min(1);
        self.ticks -= tick;
        let carried_out = self.carry_out(&mut shift, plan, &read);
        match carried_out {
            Err(Killed) => {
                self.note("the worker is killed");
                self.met.insert("Killed".to_owned());
                self.tick();
            }
            Ok(()) if again == Again::Yes => self.tick(),
            Ok(()) if is_alone => invariants::after_a_whole_tick(self, read.now)?,
            Ok(()) => {}
        }
        invariants::of_the_state(self)
    }

    fn carry_out(&mut self, shift: &mut Shift, plan: Plan, read: &Read) -> Result<(), Killed> {
        for ended in &plan.ended {
            shift.lives()?;
            self.end(shift, ended);
        }
        for returned in &plan.returned {
            shift.lives()?;
            let after = returned.ticket.returned();
            self.note(&format!(
                "{:?} waits again: {:?}",
                after.ticket_id, returned.why
            ));
            let saved = self.store.save(&returned.ticket, &after);
            self.met.insert(format!("{:?}", returned.why));
            self.overtaken(shift, &saved);
        }
        for (match_id, agreed) in plan.agreed {
            self.make(shift, &match_id, agreed)?;
        }
        for found in plan.found {
            let match_id = MatchId::parse(format!("m{}", self.fresh())).expect("a match id");
            match self.queue.deadline(shift.now) {
                None => self.make(shift, &match_id, found)?,
                Some(deadline) => {
                    shift.lives()?;
                    self.note(&format!("{match_id:?} is proposed: {}", names(&found)));
                    let saved = self.store.change(&found.proposed(&match_id, deadline));
                    self.overtaken(shift, &saved);
                }
            }
        }
        self.prepare(shift, plan.next, read)
    }

    fn overtaken(&mut self, shift: &mut Shift, written: &Result<(), Overtaken>) {
        if written.is_err() {
            self.note("overtaken");
            self.met.insert("Overtaken".to_owned());
            shift.look_again = true;
        }
    }

    fn end(&mut self, shift: &mut Shift, ended: &Ended) {
        let Ended { ticket, why } = ended;
        self.note(&format!("{:?} is out: {why:?}", ticket.ticket_id));
        match &ticket.owner {
            Owner::Player => match self.store.remove(ticket) {
                Ok(()) => self.ended(&ticket.ticket_id, *why),
                overtaken => self.overtaken(shift, &overtaken),
            },
            Owner::Party { lobby_id, .. } | Owner::Backfill { lobby_id, .. } => {
                let room = self.store.rooms.get(lobby_id).cloned();
                let room = room.filter(|room| room.ticket.as_ref() == Some(&ticket.ticket_id));
                if let Some(room) = room {
                    let members = room.members.clone();
                    self.change_room(&room, members, None, *why);
                }
            }
        }
    }

    fn make(&mut self, shift: &mut Shift, match_id: &MatchId, of: Match) -> Result<(), Killed> {
        shift.lives()?;
        self.note(&format!("{match_id:?} is made: {}", names(&of)));
        let (before, after) = match &of.backfill {
            None => (None, Some(self.assembled(match_id.clone(), &of))),
            Some(backfill) => self.filled(backfill, &of),
        };
        let Some(after) = after else {
            self.overtaken(shift, &Err(Overtaken));
            return Ok(());
        };
        let claimed = self.store.claim(&of, before.as_ref(), &after);
        if claimed.is_err() {
            self.overtaken(shift, &claimed);
            return Ok(());
        }
        for ticket in of.tickets() {
            let step = if ticket.is_backfill() {
                Step::Ended(Ending::Matched)
            } else {
                Step::Matched(match_id.clone())
            };
            self.happened_to(&ticket.ticket_id, step);
        }
        self.met.insert("Matched".to_owned());
        if of.placed.iter().any(|placed| placed.ticket.is_away()) {
            self.met.insert("MatchedWhileAway".to_owned());
        }
        // What is told to one who is away is kept for it.
        let is_gone = |by: &Contact| !by.away && !self.cast.is_reached(by, self.now);
        if before.is_none() && after.members.iter().any(is_gone) {
            shift.lives()?;
            self.take_back(&after, &of);
            shift.look_again = true;
        }
        shift.matched.push(of);
        Ok(())
    }

    fn assembled(&mut self, match_id: MatchId, of: &Match) -> Room {
        let players = of.placed.iter().flat_map(|placed| &placed.ticket.players);
        Room {
            lobby_id: self.fresh_lobby(),
            version: 1,
            members: players.cloned().collect(),
            ticket: None,
            origin: Some((match_id, of.placed.clone())),
        }
    }

    fn filled(&self, backfill: &Ticket, of: &Match) -> (Option<Room>, Option<Room>) {
        let Some(Place::Room(lobby_id)) = self.store.seats.get(&backfill.players[0].player_id)
        else {
            return (None, None);
        };
        let room = self.store.rooms[lobby_id].clone();
        if room.ticket.as_ref() != Some(&backfill.ticket_id) {
            return (None, None);
        }
        let mut after = room.clone();
        after.version += 1;
        after.ticket = None;
        let newcomers = of.placed.iter().flat_map(|placed| &placed.ticket.players);
        after.members.extend(newcomers.cloned());
        if let Some((_, placed)) = &mut after.origin {
            placed.extend(of.placed.iter().cloned());
        }
        (Some(room), Some(after))
    }

    /// Somebody dropped at the moment of the match: the others who had waited by themselves wait again.
    fn take_back(&mut self, room: &Room, of: &Match) {
        let is_there = |by: &Contact| by.away || self.cast.is_reached(by, self.now);
        let tickets = of.placed.iter().map(|placed| &placed.ticket);
        let (back, out): (Vec<_>, Vec<_>) = tickets.partition(|ticket| {
            ticket.owner == Owner::Player && ticket.players.iter().all(is_there)
        });
        let back: Vec<_> = back.into_iter().map(Ticket::returned).collect();
        if self.store.undo(room, &back).is_err() {
            return;
        }
        self.note("somebody is gone, and it is taken back");
        self.met.insert("TakenBack".to_owned());
        for ticket in &back {
            self.happened_to(&ticket.ticket_id, Step::TakenBack);
        }
        for ticket in out {
            self.happened_to(&ticket.ticket_id, Step::TakenBack);
            self.ended(&ticket.ticket_id, Ending::Disconnected);
        }
    }

    fn prepare(
        &mut self,
        shift: &mut Shift,
        next: Option<Timestamp>,
        read: &Read,
    ) -> Result<(), Killed> {
        shift.lives()?;
        if shift.look_again || next.is_some_and(|next| next <= shift.now) {
            self.tick();
        }
        let mut known = read.pool.clone();
        for matched in &shift.matched {
            known.remember(matched, shift.now);
        }
        let armed = read.pool.next_tick_at;
        let is_unarmed = |next: &Timestamp| {
            *next > shift.now && armed.is_none_or(|armed| armed <= shift.now || armed > *next)
        };
        if let Some(next) = next.filter(is_unarmed) {
            self.timers.insert(next);
            known.next_tick_at = Some(next);
        }
        shift.lives()?;
        self.store.pool = known;
        Ok(())
    }
}

fn names(of: &Match) -> String {
    let tickets: BTreeSet<_> = of
        .tickets()
        .map(|ticket| ticket.ticket_id.as_str())
        .collect();
    tickets.into_iter().collect::<Vec<_>>().join(" ")
}
