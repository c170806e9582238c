//! `hello`: who the player is, and how to stay connected.

use function::presence::{self, Proof};
use function::{Caller, Context, FAREWELL, Failure, Reply};
use ids::PlayerId;
use protocol::connection::Hello;
use protocol::{ErrorCode, Large, PROTOCOL_VERSION, event};
use store::Connection;

/// Tells the player who it is. One operation; five more where it is taken up, and two for its lobby or ticket: by a resume token,
/// or as the player that the game's own token says it is, wherever that was until now.
pub(crate) async fn hello(
    context: &Context,
    caller: &Caller,
    message: &Hello,
) -> Result<Reply, Failure> {
    let connections = context.store.connections();
    let own = connections.find(&caller.connection_id, caller.now).await?;
    let own = own.ok_or(Failure::Refused(ErrorCode::NotConnected))?;
    let heard = message.last_sequence.map(Large::get);
    let is_known = own.permissions.is_some();
    let Some(token) = &message.resume else {
        if !is_known {
            return Ok(welcome(context, &own, &own.player_id, false));
        }
        let proof = Proof::Identity;
        let resumed = presence::take_up(context, &own, proof, heard, caller.now);
        let resumed = resumed.await?;
        return Ok(welcome(context, &own, &own.player_id, resumed));
    };
    let refused = Failure::Refused(ErrorCode::ResumeRefused);
    let token = context.sealer.open_resume_token(token.as_str(), caller.now);
    let Some(player_id) = token.filter(|player_id| !is_known || *player_id == own.player_id) else {
        return Err(refused);
    };
    let proof = Proof::Token(&player_id);
    presence::take_up(context, &own, proof, heard, caller.now).await?;
    Ok(welcome(context, &own, &player_id, true))
}

fn welcome(context: &Context, own: &Connection, player_id: &PlayerId, resumed: bool) -> Reply {
    // Whoever notices the end of its connection only as it comes has the grace period from then on.
    let margin = FAREWELL.max(context.grace);
    let token_ends = own.expires_at + margin;
    let seconds = |duration: std::time::Duration| u32::try_from(duration.as_secs());
    let welcome = event::Welcome {
        player_id: player_id.clone(),
        resume_token: context.sealer.resume_token(player_id, token_ends),
        resumed,
        heartbeat_seconds: seconds(context.heartbeat()).unwrap_or(u32::MAX).max(1),
        grace_seconds: seconds(context.grace).unwrap_or(u32::MAX),
        // The record of a connection lasts a little longer than the connection.
        expires_at: own.expires_at.as_secs().saturating_sub(margin.as_secs()),
        protocol: PROTOCOL_VERSION,
    };
    Reply::Event(welcome.into())
}
