//! How what happened to a ticket looks on the wire.

use domain::Timestamp;
use domain::lobby::{Contact, Member};
use domain::matchmaking::{Ending, Event as Happened, Found, ReturnReason, Team};
use protocol::event::{self, CancelReason, Event};

use seal::Sealer;

/// The event that the hearer of news of a ticket gets, if it gets it now.
pub(super) fn encode(sealer: &Sealer, to: &Contact, event: Happened, now: Timestamp) -> Event {
    match event {
        Happened::Started { ticket, estimate } => event::MatchmakingStarted {
            ticket_id: ticket.ticket_id,
            queue: ticket.queue,
            estimated_wait_seconds: estimate,
        }
        .into(),
        Happened::Resumed {
            ticket,
            waited_seconds,
        } => event::MatchmakingResumed {
            ticket_id: ticket.ticket_id,
            queue: ticket.queue,
            waited_seconds,
        }
        .into(),
        Happened::Cancelled { ticket_id, why } => event::MatchmakingCancelled {
            ticket_id,
            reason: reason(why),
        }
        .into(),
        Happened::Proposed {
            match_id,
            queue,
            players,
            deadline,
        } => event::MatchProposed {
            match_id,
            queue,
            players,
            accept_within_seconds: seconds_until(deadline, now),
        }
        .into(),
        Happened::Returned {
            match_id,
            ticket_id,
            why,
        } => event::MatchReturned {
            match_id,
            ticket_id,
            reason: match why {
                ReturnReason::Declined => event::ReturnReason::Declined,
                ReturnReason::NotAccepted => event::ReturnReason::NotAccepted,
                ReturnReason::PlayerGone => event::ReturnReason::PlayerGone,
            },
        }
        .into(),
        Happened::Found(found) => of_match(sealer, to, found).into(),
        Happened::BackfillStarted { ticket, seats } => event::BackfillStarted {
            ticket_id: ticket.ticket_id,
            queue: ticket.queue,
            seats,
        }
        .into(),
    }
}

/// Whole seconds until a time, rounded up: who is told 1 has up to one left, who is told 0 has none.
fn seconds_until(at: Timestamp, now: Timestamp) -> u32 {
    let millis = at.as_millis().saturating_sub(now.as_millis());
    u32::try_from(millis.div_ceil(1_000)).unwrap_or(u32::MAX)
}

fn of_match(sealer: &Sealer, to: &Contact, found: Found) -> event::MatchFound {
    let players = found.players.into_iter();
    let players = players.map(|member| seen_by(sealer, to, member, found.team));
    event::MatchFound {
        match_id: found.match_id,
        lobby_id: found.lobby_id,
        battle_id: found.battle_id,
        team: found.team.get(),
        host_peer_id: found.host_peer_id,
        players: players.collect(),
    }
}

fn seen_by(sealer: &Sealer, to: &Contact, member: Member, own_team: Team) -> event::MatchPlayer {
    let is_other = member.contact.player_id != to.player_id;
    event::MatchPlayer {
        connection_id: is_other.then(|| sealer.seal(&member.contact, to)),
        player_id: member.contact.player_id,
        peer_id: member.peer_id,
        // Everybody in a match's lobby has one.
        team: member.team.unwrap_or(own_team).get(),
    }
}

fn reason(why: Ending) -> CancelReason {
    match why {
        Ending::Left => CancelReason::Left,
        Ending::Disconnected => CancelReason::Disconnected,
        Ending::GaveUp => CancelReason::GaveUp,
        Ending::NotAccepted => CancelReason::NotAccepted,
        Ending::Declined => CancelReason::Declined,
        Ending::PartyChanged => CancelReason::PartyChanged,
        Ending::HostChanged => CancelReason::HostChanged,
        // Whose search it was hears of the match itself, if it is in one.
        Ending::Matched | Ending::Closed => CancelReason::Closed,
    }
}
