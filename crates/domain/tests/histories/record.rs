//! What is remembered of battles and alarms beside the lobbies.

use std::collections::{BTreeMap, BTreeSet};

use domain::Timestamp;
use domain::battle::{Battle, Settlement};
use domain::lobby::{Action, Lobby};
use ids::{BattleId, LobbyEra, LobbyId};

use crate::deed::Deed;

/// When which lobby is to be woken.
pub(crate) type Alarm = (Timestamp, LobbyId, LobbyEra);

/// What the tables beside the lobbies say, and what is on its way.
#[derive(Default)]
pub(crate) struct Record {
    /// The battles that have begun.
    pub(crate) begun: BTreeSet<BattleId>,
    /// How they ended: every settlement that was written.
    pub(crate) settled: BTreeMap<BattleId, Vec<Settlement>>,
    /// Those of which nobody is left, not even to say so.
    pub(crate) lapsed: BTreeSet<BattleId>,
    /// The alarms that have not rung yet.
    pub(crate) alarms: BTreeSet<Alarm>,
    /// Those that have.
    rung: Vec<Alarm>,
}

impl Record {
    /// Sets alarms, before anything is written.
    pub(crate) fn set(&mut self, lobby: Option<&Lobby>, alarms: &[Timestamp]) {
        let Some(lobby) = lobby else {
            return;
        };
        let alarm = |at: &Timestamp| (*at, lobby.lobby_id.clone(), lobby.era.clone());
        self.alarms.extend(alarms.iter().map(alarm));
    }

    /// Notes what a write means for battles.
    pub(crate) fn note(&mut self, before: Option<&Lobby>, after: Option<&Lobby>, now: Timestamp) {
        let of = |lobby: Option<&Lobby>| lobby.and_then(|lobby| lobby.battle.clone());
        self.begun.extend(of(after).map(|battle| battle.battle_id));
        let settlement = match (before, after) {
            (Some(before), None) => before.settlement_if_ended(now),
            (_, after) => {
                let known = of(before).and_then(|battle| battle.settlement);
                let settlement = of(after).and_then(|battle| battle.settlement);
                settlement.filter(|settlement| Some(settlement) != known.as_ref())
            }
        };
        if let Some(settlement) = settlement {
            let settled = self.settled.entry(settlement.battle_id.clone());
            settled.or_default().push(settlement);
        }
    }

    /// Notes that a lobby has expired and is written over.
    pub(crate) fn lapse(&mut self, lobby: &Lobby) {
        let running = lobby.battle.as_ref().filter(|battle| battle.is_running());
        let running = running.map(|battle: &Battle| battle.battle_id.clone());
        self.lapsed.extend(running);
    }

    /// An alarm rings: the first whose time has come, or else one that has rung before.
    pub(crate) fn ring(&mut self, which: u8, now: Timestamp) -> Option<(Deed, LobbyEra)> {
        let due = self.alarms.first().filter(|(at, ..)| *at <= now).cloned();
        let alarm = if let Some(alarm) = due {
            self.alarms.remove(&alarm);
            self.rung.push(alarm.clone());
            alarm
        } else {
            let chosen = usize::from(which).checked_rem(self.rung.len())?;
            self.rung[chosen].clone()
        };
        let (_, lobby_id, era) = alarm;
        let action = Action::Wake;
        Some((Deed::Act { lobby_id, action }, era))
    }
}
