//! Passing something on to one peer, and nobody else.

use function::{Caller, Context, Failure, Reply, report_gone};
use ids::PeerAddress;
use protocol::envelope::write_event;
use protocol::{ErrorCode, Event, MAX_MESSAGE_BYTES};
use push::{Posted, PushError};

/// Checks the address, and posts the event to the peer that it names. No operation, and one post: that the two were
/// introduced is proven by the address itself.
///
/// A peer that turns out to be gone is cleaned up soon after the sender hears `peer_gone`.
pub(crate) async fn relay(
    context: &Context,
    caller: &Caller,
    to: &PeerAddress,
    event: impl FnOnce(PeerAddress) -> Event,
) -> Result<Reply, Failure> {
    let opened = context.sealer.open(to, &caller.connection_id, caller.now)?;
    let frame = write_event(&event(opened.reply_address), None);
    if frame.len() > MAX_MESSAGE_BYTES {
        return Err(Failure::Refused(ErrorCode::MessageTooLong));
    }
    match context.push.post(&opened.target, frame).await {
        Ok(Posted::Delivered) => Ok(Reply::Done),
        Ok(Posted::Gone) => {
            report_gone(context, &[opened.target], caller.now).await;
            Err(Failure::Refused(ErrorCode::PeerGone))
        }
        Err(PushError::TooLong) => Err(Failure::Refused(ErrorCode::MessageTooLong)),
        Err(error @ PushError::Unavailable(_)) => Err(Failure::Push(error)),
    }
}
