//! `kick_player`: removes a member, for now or for good.

use domain::lobby::{Action, Ban, Departure, Event};
use function::{Caller, Context, Failure, Reply};
use protocol::Text;
use protocol::lobby::KickPlayer;

use crate::{answer, change_own, open};

/// The player hears `kicked`, everyone else `player_left`.
pub(crate) async fn kick_player(
    context: &Context,
    from: &Caller,
    message: KickPlayer,
) -> Result<Reply, Failure> {
    let connection_id = open(context, from, &message.player_connection_id)?;
    let reason = message.reason.map(Text::into_string);
    let ban = if message.ban.unwrap_or_default() {
        Ban::Yes
    } else {
        Ban::No
    };
    let kick = |by| Action::Kick {
        by,
        connection_id,
        reason,
        ban,
    };
    let notices = change_own(context, from, kick).await?;
    answer(context, from, is_answer, notices).await
}

fn is_answer(event: &Event) -> bool {
    matches!(
        event,
        Event::PlayerLeft {
            how: Departure::Kicked | Departure::Banned,
            ..
        }
    )
}
