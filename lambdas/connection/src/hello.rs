//! `hello`: who the player is, and how to stay connected.

use function::{Caller, Context, FAREWELL, Failure, HEARTBEAT, Reply, lobby};
use protocol::connection::Hello;
use protocol::{ErrorCode, PROTOCOL_VERSION, event};

/// Tells the player who it is. One operation.
pub(crate) async fn hello(
    context: &Context,
    caller: &Caller,
    message: &Hello,
) -> Result<Reply, Failure> {
    if message.resume.is_some() {
        // No token has been issued yet, so none can be right.
        return Err(Failure::Refused(ErrorCode::ResumeRefused));
    }
    let contact = lobby::caller(context, caller).await?;
    let welcome = event::Welcome {
        player_id: contact.player_id,
        resume_token: None,
        heartbeat_seconds: u32::try_from(HEARTBEAT.as_secs()).unwrap_or(u32::MAX),
        // The record of a connection lasts a little longer than the connection.
        expires_at: (contact.expires_at.as_secs()).saturating_sub(FAREWELL.as_secs()),
        protocol: PROTOCOL_VERSION,
    };
    Ok(Reply::Event(welcome.into()))
}
