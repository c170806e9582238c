//! Players who are away: what is said to them meanwhile, and how they are taken up again on another connection.

use std::collections::HashMap;
use std::time::Duration;

use domain::Timestamp;
use domain::lobby::{Action, Contact, Event as Happened, Notice, Refusal};
use domain::matchmaking::{self, TicketRef};
use ids::{ConnectionId, PlayerId};
use protocol::envelope::write_event;
use protocol::{ErrorCode, event};
use push::Posted;
use store::{Connection, Place, Presence, Resumed, Saved, Trace};
use tracing::{info, warn};

use crate::in_full::InFull;
use crate::readdress::Move;
use crate::{Context, Failure, ambient, announce, lobby, wire};

/// How often something is tried again that another was faster at.
const RACES_TO_RUN: usize = 8;

/// How much longer than the grace period a frame is kept: it may be kept a little before the end of the connection is known.
const MARGIN: Duration = Duration::from_mins(1);

/// What became of a frame for a connection that is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Late {
    /// Its player is on another connection, this one, and has it.
    Delivered(Contact),
    /// Its player is away, and hears it when it comes back.
    Kept,
    /// Its player is away, and no more is kept for it.
    Full,
    /// Its player is gone for good.
    Gone,
}

/// Delivers a frame to a player whose connection turned out to be gone: to the connection that it is on now, or it is kept
/// until there is one, if it `may_keep` it. One operation where it is gone or has moved on, two where it is kept; two more for
/// each race. `expiry_of` tells when another's connection ends, where that is known: so that an address in the frame is the same
/// as the one told elsewhere.
///
/// # Errors
/// [`Failure`], where it is unknown what became of it.
pub async fn deliver_late(
    context: &Context,
    to: &Contact,
    frame: String,
    may_keep: bool,
    expiry_of: &(dyn Fn(&ConnectionId) -> Option<Timestamp> + Sync),
    now: Timestamp,
) -> Result<Late, Failure> {
    let players = context.store.players();
    let (mut tried, mut frame) = (to.connection_id.clone(), frame);
    for _ in 0..RACES_TO_RUN {
        let Some(presence) = players.presence(&to.player_id, now).await? else {
            return Ok(Late::Gone);
        };
        if presence.connection_id == tried {
            if !may_keep {
                return Ok(Late::Gone);
            }
            let until = now + context.grace + MARGIN;
            let nonce = ambient::nonce();
            let hidden = context.sealer.hide(&frame, &presence.player_id, nonce);
            let Ok(after) = presence.keeping(hidden, until, now) else {
                return Ok(Late::Full);
            };
            if players.save_presence(&presence, &after).await? == Saved::Done {
                return Ok(Late::Kept);
            }
        } else {
            let here = contact_at(&presence);
            let (from, to) = (&tried, &here);
            frame = Move { from, to }.readdress(&context.sealer, &frame, None, &expiry_of);
            let posted = context.push.post(&here.connection_id, frame.clone()).await;
            match posted.map_err(Failure::Push)? {
                Posted::Delivered => return Ok(Late::Delivered(here)),
                Posted::Gone => tried = here.connection_id,
            }
        }
    }
    Err(Failure::Busy("a player who is away"))
}

/// What says that somebody is an earlier player.
#[derive(Clone, Copy, Debug)]
pub enum Proof<'a> {
    /// The resume token of this one, as long as it may come back.
    Token(&'a PlayerId),
    /// Who it is said to be by the game itself: the same player however long it was away.
    Identity,
}

/// Takes a player up on `own`, a connection that is open and on which nothing has been done yet: from now on it is reached
/// there, in its lobby or its queue too. The others in the lobby hear so. The player itself hears, before this returns, what
/// was kept for it beyond what it has `heard`, and then how things stand.
///
/// Done again on the same connection it does what is left to be done. Returns whether it was on another connection before.
///
/// # Errors
/// [`ErrorCode::ResumeRefused`] where that player is gone for good, [`ErrorCode::AlreadyInLobby`] where whoever is on the
/// connection is somewhere already, or whatever the store or the schedule say.
pub async fn take_up(
    context: &Context,
    own: &Connection,
    proof: Proof<'_>,
    heard: Option<u64>,
    now: Timestamp,
) -> Result<bool, Failure> {
    let player_id = match proof {
        Proof::Token(player_id) => player_id,
        Proof::Identity => &own.player_id,
    };
    let moved = move_presence(context, own, player_id, proof, heard, now).await?;
    let Moved {
        presence,
        is_new,
        replaced,
    } = moved;
    let here = contact_at(&presence);
    let notices = come_back(context, &here, now).await?;
    let latest = context.store.players().presence(player_id, now).await?;
    if let Some(latest) = latest.filter(|latest| latest.connection_id != own.connection_id) {
        // It has moved on to a third connection meanwhile: what that one has said there must be the last word.
        let notices = come_back(context, &contact_at(&latest), now).await?;
        announce(context, notices, now).await;
        return Err(Failure::Refused(ErrorCode::NotConnected));
    }
    let (own, others): (Vec<_>, Vec<_>) = notices
        .into_iter()
        .partition(|notice| notice.to.player_id == *player_id);
    announce(context, others, now).await;
    if let Some(replaced) = replaced {
        say_goodbye(context, &replaced).await;
    }
    catch_up(context, &presence, &here, own, now).await?;
    if is_new {
        info!(player.id = %player_id, "a player has come back");
    }
    Ok(is_new)
}

/// A player that is reached at a connection.
struct Moved {
    presence: Presence,
    /// Whether it was at another one before.
    is_new: bool,
    /// That one, if it was open still.
    replaced: Option<ConnectionId>,
}

/// Moves a player to a connection.
async fn move_presence(
    context: &Context,
    own: &Connection,
    player_id: &PlayerId,
    proof: Proof<'_>,
    heard: Option<u64>,
    now: Timestamp,
) -> Result<Moved, Failure> {
    let refused = || Failure::Refused(ErrorCode::ResumeRefused);
    let connections = context.store.connections();
    for _ in 0..RACES_TO_RUN {
        let presence = context.store.players().presence(player_id, now).await?;
        let presence = presence.ok_or_else(refused)?;
        if presence.connection_id == own.connection_id {
            return Ok(Moved {
                presence,
                is_new: false,
                replaced: None,
            });
        }
        let trace = connections.trace(&presence.connection_id, now).await?;
        let is_here = |trace: &Trace| trace.away_until.is_none_or(|until| until > now);
        if matches!(proof, Proof::Token(_)) && !trace.as_ref().is_some_and(is_here) {
            let latest = context.store.players().presence(player_id, now).await?;
            if latest.is_some_and(|latest| latest.connection_id != presence.connection_id) {
                // It has been taken up between the two looks, perhaps here, and so that connection is over.
                continue;
            }
            return Err(refused());
        }
        let last = trace.filter(|trace| trace.away_until.is_none());
        let last = last.as_ref().map(|trace| &trace.connection);
        let moved = connections.resume(own, &presence, last, heard, now).await?;
        match moved {
            (Resumed::Done, presence) => {
                return Ok(Moved {
                    presence,
                    is_new: true,
                    replaced: last.map(|last| last.connection_id.clone()),
                });
            }
            (Resumed::LostRace, _) => {}
            (Resumed::Seated, _) => return Err(Failure::Refused(ErrorCode::AlreadyInLobby)),
            (Resumed::Gone, _) => return Err(Failure::Refused(ErrorCode::NotConnected)),
        }
    }
    Err(Failure::Busy("a player who comes back"))
}

/// Tells the lobby or the queue that a player is in where it is reached now; what everybody hears of that.
async fn come_back(
    context: &Context,
    here: &Contact,
    now: Timestamp,
) -> Result<Vec<Notice>, Failure> {
    for _ in 0..RACES_TO_RUN {
        match lobby::place_of(context, &here.player_id, now).await? {
            None => return Ok(Vec::new()),
            Some(Place::Lobby { lobby_id, .. }) => {
                let by = here.clone();
                let back = lobby::change(context, &lobby_id, now, &Action::Return { by }).await;
                let notices = match back {
                    Err(Failure::Lobby(Refusal::NotFound { .. })) => return Ok(Vec::new()),
                    done => done?,
                };
                if let Some(ticket) = ticket_of(&notices) {
                    update_ticket(context, ticket, here, now).await?;
                }
                return Ok(notices);
            }
            Some(Place::Ticket(reference)) => {
                let tickets = context.store.tickets();
                let Some(ticket) = tickets.find(&reference, now).await? else {
                    // It has just become a match, or is over: the seat says which.
                    continue;
                };
                let Some(resumed) = ticket.resumed(here) else {
                    return Ok(Vec::new());
                };
                match tickets.reach(&ticket, &resumed, now).await? {
                    Saved::Done => {}
                    Saved::LostRace | Saved::SeatTaken => continue,
                    Saved::PlayerGone => return Err(Failure::Refused(ErrorCode::NotConnected)),
                }
                crate::matchmaking::tick_if_possible(context, &reference.queue).await;
                let waited_seconds = resumed.waited_seconds(now);
                let event = Happened::Matchmaking(matchmaking::Event::Resumed {
                    ticket: reference,
                    waited_seconds,
                });
                let to = here.clone();
                return Ok(vec![Notice { to, event }]);
            }
        }
    }
    Ok(Vec::new())
}

/// The ticket of the lobby that somebody hears of.
fn ticket_of(standing: &[Notice]) -> Option<&TicketRef> {
    standing.iter().find_map(|notice| {
        let Happened::Resumed(lobby) = &notice.event else {
            return None;
        };
        lobby.ticket.as_ref()
    })
}

/// Has the ticket of a lobby name the connection by which a member is reached now. Where it is there no more, nothing is to be
/// done.
async fn update_ticket(
    context: &Context,
    reference: &TicketRef,
    here: &Contact,
    now: Timestamp,
) -> Result<(), Failure> {
    let tickets = context.store.tickets();
    for _ in 0..RACES_TO_RUN {
        let ticket = tickets.find(reference, now).await?;
        let resumed = ticket.as_ref().and_then(|ticket| ticket.resumed(here));
        let (Some(ticket), Some(resumed)) = (ticket, resumed) else {
            return Ok(());
        };
        if tickets.save(&ticket, &resumed).await? == Saved::Done {
            return Ok(());
        }
    }
    Err(Failure::Busy("a ticket"))
}

/// Tells a connection that its player has another one now, and closes it.
async fn say_goodbye(context: &Context, replaced: &ConnectionId) {
    let reason = "The player has come by another connection.".to_owned();
    let event = event::ConnectionReplaced { reason }.into();
    let told = context.push.post(replaced, write_event(&event, None)).await;
    let closed = context.push.close(replaced).await;
    for failed in [told.err(), closed.err()].into_iter().flatten() {
        warn!(error = %InFull(&failed), "a connection that was replaced is not closed");
    }
}

/// Tells somebody who has come back what was kept for it, in order, and then how things stand.
async fn catch_up(
    context: &Context,
    presence: &Presence,
    here: &Contact,
    standing: Vec<Notice>,
    now: Timestamp,
) -> Result<(), Failure> {
    let expiry_of = ends_in(&standing);
    let kept = presence.kept.iter().filter_map(|kept| {
        let Some(frame) = context.sealer.reveal(&kept.frame, &presence.player_id) else {
            warn!("a kept frame is lost, as the sealing secret is another by now");
            return None;
        };
        let from = &kept.addressed_to;
        let moved = Move { from, to: here };
        let sequence = Some(kept.sequence);
        let expiry_of = |peer: &ConnectionId| expiry_of.get(peer).copied();
        Some(moved.readdress(&context.sealer, &frame, sequence, &expiry_of))
    });
    let kept: Vec<_> = kept.collect();
    let standing = standing.into_iter();
    let standing =
        standing.map(|notice| write_event(&wire::encode(&context.sealer, notice, now), None));
    for frame in kept.into_iter().chain(standing.collect::<Vec<_>>()) {
        match context.push.post(&here.connection_id, frame).await {
            Ok(Posted::Delivered) => {}
            // It is kept still.
            Ok(Posted::Gone) => return Err(Failure::Refused(ErrorCode::NotConnected)),
            Err(error) => return Err(Failure::Push(error)),
        }
    }
    Ok(())
}

/// When the connections end of those who are in the lobby that somebody hears of.
fn ends_in(standing: &[Notice]) -> HashMap<ConnectionId, Timestamp> {
    let mut ends = HashMap::new();
    for notice in standing {
        if let Happened::Resumed(lobby) = &notice.event {
            let seated = lobby.seated();
            ends.extend(seated.map(|one| (one.connection_id.clone(), one.expires_at)));
        }
    }
    ends
}

fn contact_at(presence: &Presence) -> Contact {
    Contact {
        player_id: presence.player_id.clone(),
        connection_id: presence.connection_id.clone(),
        expires_at: presence.expires_at,
        away: false,
    }
}
