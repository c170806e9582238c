//! Of lobbies in queues.

use domain::lobby::{Event, Lobby};
use domain::matchmaking;

use super::ensure;
use super::hearing::heard;
use crate::deed::Happening;
use crate::world::World;

/// Whoever a lobby's ticket speaks of is in it: where the members change, the ticket is gone.
pub(super) fn invariant_a_ticket_goes_when_the_members_change(
    _: &World,
    happening: &Happening,
) -> Result<(), String> {
    let Some((before, Some(after))) = happening.change() else {
        return Ok(());
    };
    let is_kept = before.ticket.is_some() && before.ticket == after.ticket;
    let same = before.members.keys().eq(after.members.keys());
    ensure(!is_kept || same, || format!("{:?}", after.ticket))?;
    let is_match = after.origin.is_some();
    let same_host = before.host == after.host;
    ensure(!is_kept || !is_match || same_host, || "the host".to_owned())
}

/// A party that waits to be matched is as it was when it came: nobody waits for it or is away from it, and it does nothing else
/// meanwhile.
pub(super) fn invariant_a_party_in_a_queue_takes_nobody_in_and_battles_nobody(
    world: &World,
    _: &Happening,
) -> Result<(), String> {
    each_queued(world, |lobby| {
        let battles = lobby
            .battle
            .as_ref()
            .is_some_and(domain::battle::Battle::is_running);
        let is_away = lobby.members.values().any(|member| member.contact.away);
        lobby.origin.is_some() || (lobby.requests.is_empty() && !battles && !is_away)
    })
}

/// A match that asks for others has a seat for one.
pub(super) fn invariant_only_a_match_with_free_seats_asks_for_more(
    world: &World,
    _: &Happening,
) -> Result<(), String> {
    each_queued(world, |lobby| lobby.origin.is_none() || !lobby.is_full())
}

/// Whoever's party comes into a queue or out of it hears so once; of a match's ticket its host does.
pub(super) fn invariant_whoever_is_in_a_queue_has_heard_so(
    _: &World,
    happening: &Happening,
) -> Result<(), String> {
    let Some((before, Some(after))) = happening.change() else {
        return Ok(());
    };
    let comes_in = after.ticket.is_some() && after.ticket != before.ticket;
    // Others may go out with the same step.
    let mut members = after.members.keys();
    let has_newcomers = members.any(|player_id| !before.members.contains_key(player_id));
    let is_filled = has_newcomers && !happening.deed.brings().is_empty();
    let goes_out = before.ticket.is_some() && after.ticket != before.ticket && !is_filled;
    for member in after.members.values() {
        let hearer = &member.contact;
        let is_concerned = after.origin.is_none() || after.host == hearer.player_id;
        let (mut entered, mut left) = (0, 0);
        for event in heard(happening, hearer) {
            if let Event::Matchmaking(event) = event {
                match event {
                    matchmaking::Event::Started { .. }
                    | matchmaking::Event::BackfillStarted { .. } => entered += 1,
                    matchmaking::Event::Cancelled { .. } => left += 1,
                    matchmaking::Event::Proposed { .. }
                    | matchmaking::Event::Returned { .. }
                    | matchmaking::Event::Resumed { .. }
                    | matchmaking::Event::Found(_) => {}
                }
            }
        }
        let expected = (
            usize::from(comes_in && is_concerned),
            usize::from(goes_out && is_concerned),
        );
        ensure((entered, left) == expected, || {
            format!("{hearer:?} heard {entered} and {left} times")
        })?;
    }
    Ok(())
}

fn each_queued(world: &World, holds: impl Fn(&Lobby) -> bool) -> Result<(), String> {
    let mut lobbies = world.store.lobbies(world.now);
    let broken = lobbies.find(|lobby| lobby.ticket.is_some() && !holds(lobby));
    broken.map_or(Ok(()), |lobby| Err(format!("{lobby:?}")))
}
