//! Passing something on to one peer, and nobody else.

use domain::lobby::Contact;
use function::presence::Late;
use function::{Caller, Context, Failure, Reply, Undelivered, keep_and_report, lobby, presence};
use ids::{ConnectionId, PeerAddress};
use protocol::envelope::write_event;
use protocol::{ErrorCode, Event, MAX_MESSAGE_BYTES, event};
use push::{Posted, PushError};
use seal::Opened;

/// Checks the address, and posts the event to the peer that it names. No operation, and one post: that the two were
/// introduced is proven by the address itself.
///
/// Where the peer's connection is gone, the peer itself may not be: see [`follow`].
pub(crate) async fn relay(
    context: &Context,
    caller: &Caller,
    to: &PeerAddress,
    event: impl FnOnce(PeerAddress) -> Event,
) -> Result<Reply, Failure> {
    let opened = context.sealer.open(to, &caller.connection_id, caller.now)?;
    let frame = write_event(&event(opened.reply_address.clone()), None);
    if frame.len() > MAX_MESSAGE_BYTES {
        return Err(Failure::Refused(ErrorCode::MessageTooLong));
    }
    match context.push.post(&opened.target, frame.clone()).await {
        Ok(Posted::Delivered) => Ok(Reply::Done),
        Ok(Posted::Gone) => follow(context, caller, to, &opened, frame).await,
        Err(PushError::TooLong) => Err(Failure::Refused(ErrorCode::MessageTooLong)),
        Err(error @ PushError::Unavailable(_)) => Err(Failure::Push(error)),
    }
}

/// Follows a peer whose connection is gone: to the connection that it is on now, whose address the sender hears; or the frame
/// is kept for it until it comes back. Three operations, four where it is kept.
///
/// A peer that is gone for good is cleaned up soon after the sender hears `peer_gone`, if it has not been yet.
async fn follow(
    context: &Context,
    caller: &Caller,
    old: &PeerAddress,
    opened: &Opened,
    frame: String,
) -> Result<Reply, Failure> {
    let now = caller.now;
    let gone = Failure::Refused(ErrorCode::PeerGone);
    let connections = context.store.connections();
    let Some(trace) = connections.trace(&opened.target, now).await? else {
        return Err(gone);
    };
    let to = Contact {
        player_id: trace.connection.player_id.clone(),
        connection_id: opened.target.clone(),
        expires_at: trace.connection.expires_at,
        away: trace.away_until.is_some(),
    };
    if !to.away {
        // Nobody knows yet that it has ended.
        let frames = Vec::new();
        keep_and_report(
            context,
            vec![Undelivered {
                to: to.clone(),
                frames,
            }],
            now,
        )
        .await;
    }
    let is_over = trace.away_until.is_some_and(|until| until <= now);
    let own = lobby::caller(context, caller).await?;
    let expiry_of = |peer: &ConnectionId| (*peer == own.connection_id).then_some(own.expires_at);
    match presence::deliver_late(context, &to, frame, !is_over, &expiry_of, now).await? {
        Late::Kept => Ok(Reply::Done),
        Late::Full => Err(Failure::Refused(ErrorCode::MailboxFull)),
        Late::Gone => Err(gone),
        Late::Delivered(here) => {
            let moved = event::PeerMoved {
                connection_id: old.clone(),
                new_connection_id: context.sealer.seal(&here, &own),
            };
            Ok(Reply::Event(moved.into()))
        }
    }
}
