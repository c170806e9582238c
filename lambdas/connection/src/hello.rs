//! `hello`: who the player is, and how to stay connected.

use function::{Caller, Context, FAREWELL, Failure, Reply, presence};
use ids::PlayerId;
use protocol::connection::Hello;
use protocol::{ErrorCode, PROTOCOL_VERSION, event};
use store::Connection;

/// Tells the player who it is. One operation; with a token that is another player's, five more, and two for its lobby or ticket:
/// then this connection is that player's from now on.
pub(crate) async fn hello(
    context: &Context,
    caller: &Caller,
    message: &Hello,
) -> Result<Reply, Failure> {
    let connections = context.store.connections();
    let own = connections.find(&caller.connection_id, caller.now).await?;
    let own = own.ok_or(Failure::Refused(ErrorCode::NotConnected))?;
    let Some(token) = &message.resume else {
        return Ok(welcome(context, caller, &own, &own.player_id, false));
    };
    let player_id = context
        .sealer
        .open_resume_token(token.as_str(), caller.now)
        .ok_or(Failure::Refused(ErrorCode::ResumeRefused))?;
    let heard = message.last_sequence;
    presence::take_up(context, &own, &player_id, heard, caller.now).await?;
    Ok(welcome(context, caller, &own, &player_id, true))
}

fn welcome(
    context: &Context,
    caller: &Caller,
    own: &Connection,
    player_id: &PlayerId,
    resumed: bool,
) -> Reply {
    // Whoever notices the end of its connection only as it comes has the grace period from then on.
    let token_ends = own.expires_at + FAREWELL + context.grace;
    let seconds = |duration: std::time::Duration| u32::try_from(duration.as_secs());
    let welcome = event::Welcome {
        player_id: player_id.clone(),
        resume_token: context.sealer.resume_token(player_id, token_ends),
        resumed,
        heartbeat_seconds: seconds(context.heartbeat()).unwrap_or(u32::MAX).max(1),
        grace_seconds: seconds(context.grace).unwrap_or(u32::MAX),
        expires_at: context.end_of(caller).as_secs(),
        protocol: PROTOCOL_VERSION,
    };
    Reply::Event(welcome.into())
}
