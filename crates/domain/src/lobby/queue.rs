//! A lobby's ticket: going into a queue, coming out of it, and those whom it has found.

use std::collections::BTreeSet;

use ids::{PlayerId, TicketId};

use super::event::tell;
use super::{
    Ending, Entry, Event, Lobby, Notice, Outcome, Refusal, assembly, depart, govern, presence,
};
use crate::battle::{self, Battle};
use crate::matchmaking::{self, Placed, TicketRef};

/// Goes into a queue. Who waits to be let into a party is turned away: the queue takes its members as they are.
pub(super) fn enter(
    lobby: Lobby,
    by: &PlayerId,
    ticket: TicketRef,
    kind: Entry,
) -> Result<Outcome, Refusal> {
    govern::only_host(&lobby, by)?;
    if lobby.ticket.is_some() {
        return Err(Refusal::InMatchmaking);
    }
    match kind {
        Entry::Party { most, estimate } => enter_as_party(lobby, ticket, most, estimate),
        Entry::Backfill => ask_for_more(lobby, ticket),
    }
}

/// Comes out of the queue. Where it is not in by this ticket any more, nothing is done.
pub(super) fn withdraw(
    mut lobby: Lobby,
    ticket_id: &TicketId,
    why: matchmaking::Ending,
) -> Outcome {
    if !is_in_by(&lobby, ticket_id) {
        return Outcome::new(Some(lobby), Vec::new());
    }
    let notices = cancelled(&lobby, why);
    lobby.ticket = None;
    Outcome::new(Some(lobby), notices)
}

/// Seats those whom the queue has found. They hear of the match, the others of them.
pub(super) fn fill(
    mut lobby: Lobby,
    newcomers: &[Placed],
    ticket_id: &TicketId,
) -> Result<Outcome, Refusal> {
    if !is_in_by(&lobby, ticket_id) {
        return Err(Refusal::NotInMatchmaking);
    }
    may_come(&lobby, newcomers)?;
    let present: BTreeSet<_> = lobby.members.keys().cloned().collect();
    let origin = lobby.origin.as_mut().ok_or(Refusal::NotAMatch)?;
    origin.tickets.extend(newcomers.iter().cloned());
    for placed in newcomers {
        assembly::seat(&mut lobby, placed);
    }
    lobby.ticket = None;
    let (old, new): (Vec<_>, Vec<_>) = lobby
        .members_by_arrival()
        .into_iter()
        .partition(|member| present.contains(&member.contact.player_id));
    let found = new
        .iter()
        .filter_map(|member| assembly::found(&lobby, member));
    let joined = new.iter().flat_map(|newcomer| {
        let joined = Event::PlayerJoined((*newcomer).clone());
        tell(old.iter().copied(), &joined).collect::<Vec<_>>()
    });
    let notices = found.chain(joined).collect();
    let alarms = presence::alarms(new.iter().copied());
    Ok(Outcome {
        lobby: Some(lobby),
        notices,
        alarms,
    })
}

/// Takes the ticket out of a lobby that is not what the ticket says of it any more.
pub(super) fn review(before: &Lobby, after: &mut Lobby) -> Vec<Notice> {
    let why = match &after.ticket {
        Some(_) if after.ticket == before.ticket => outdated(before, after),
        Some(_) | None => None,
    };
    let Some(why) = why else {
        return Vec::new();
    };
    let notices = cancelled(after, why);
    after.ticket = None;
    notices
}

/// What is heard as the lobby comes out of its queue: by all of a party, and by the host of a match that asked for more.
pub(super) fn cancelled(lobby: &Lobby, why: matchmaking::Ending) -> Vec<Notice> {
    let Some(ticket) = &lobby.ticket else {
        return Vec::new();
    };
    let ticket_id = ticket.ticket_id.clone();
    let event = Event::Matchmaking(matchmaking::Event::Cancelled { ticket_id, why });
    if lobby.is_queued_party() {
        tell(lobby.members.values(), &event).collect()
    } else {
        tell([lobby.host()], &event).collect()
    }
}

fn enter_as_party(
    mut lobby: Lobby,
    ticket: TicketRef,
    most: u32,
    estimate: Option<u32>,
) -> Result<Outcome, Refusal> {
    if lobby.battle.as_ref().is_some_and(Battle::is_running) {
        return Err(battle::Refusal::AlreadyRunning.into());
    }
    if usize::try_from(most).is_ok_and(|most| lobby.members.len() > most) {
        return Err(Refusal::TooManyPlayers);
    }
    if lobby.members.values().any(|member| member.contact.away) {
        return Err(Refusal::MemberAway);
    }
    let mut notices = depart::turn_away(&lobby, &Ending::InMatchmaking);
    lobby.requests.clear();
    lobby.origin = None;
    for member in lobby.members.values_mut() {
        member.team = None;
    }
    lobby.ticket = Some(ticket.clone());
    let event = Event::Matchmaking(matchmaking::Event::Started { ticket, estimate });
    notices.extend(tell(lobby.members.values(), &event));
    Ok(Outcome::new(Some(lobby), notices))
}

fn ask_for_more(mut lobby: Lobby, ticket: TicketRef) -> Result<Outcome, Refusal> {
    if lobby.origin.is_none() {
        return Err(Refusal::NotAMatch);
    }
    let seats = u32::try_from(lobby.free_seats()).unwrap_or(u32::MAX);
    if seats == 0 {
        return Err(Refusal::NoFreeSeats);
    }
    lobby.ticket = Some(ticket.clone());
    let event = Event::Matchmaking(matchmaking::Event::BackfillStarted { ticket, seats });
    let notices = tell([lobby.host()], &event).collect();
    Ok(Outcome::new(Some(lobby), notices))
}

fn is_in_by(lobby: &Lobby, ticket_id: &TicketId) -> bool {
    let ticket = lobby.ticket.as_ref();
    ticket.is_some_and(|ticket| ticket.ticket_id == *ticket_id)
}

fn may_come(lobby: &Lobby, newcomers: &[Placed]) -> Result<(), Refusal> {
    let lobby_id = || lobby.lobby_id.clone();
    let players = newcomers.iter().flat_map(|placed| &placed.ticket.players);
    let mut coming = 0;
    for player in players {
        coming += 1;
        if lobby.members.contains_key(&player.player_id) {
            return Err(Refusal::AlreadyInLobby {
                lobby_id: lobby_id(),
            });
        }
        if lobby.bans.contains(&player.player_id) {
            return Err(Refusal::Banned {
                lobby_id: lobby_id(),
            });
        }
    }
    if coming > lobby.free_seats() {
        return Err(Refusal::NoFreeSeats);
    }
    Ok(())
}

/// Why the ticket does not fit the lobby any more, if it does not. A ticket says who the lobby's members are; a match's also
/// ends with the battle that it was to bring players to, and with the host who asked for them.
fn outdated(before: &Lobby, after: &Lobby) -> Option<matchmaking::Ending> {
    let has_changed = !before.members.keys().eq(after.members.keys());
    if after.is_queued_party() {
        let mut members = after.members.values();
        let has_changed = has_changed || members.any(|member| member.contact.away);
        return has_changed.then_some(matchmaking::Ending::PartyChanged);
    }
    let running = |lobby: &Lobby| {
        let battle = lobby.battle.as_ref();
        let running = battle.filter(|battle| battle.is_running());
        running.map(|battle| battle.battle_id.clone())
    };
    let battle = running(before);
    if before.host != after.host {
        Some(matchmaking::Ending::HostChanged)
    } else if after.is_full() || battle.is_some() && running(after) != battle {
        Some(matchmaking::Ending::Matched)
    } else {
        has_changed.then_some(matchmaking::Ending::PartyChanged)
    }
}
