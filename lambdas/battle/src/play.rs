//! Doing something to the battle of the lobby that the caller is in.

use std::sync::atomic::{AtomicBool, Ordering};

use domain::Timestamp;
use domain::battle::{Action, Battle};
use domain::lobby::{Action as LobbyAction, Lobby, Notice};
use function::lobby::{Decide, Deed, caller, change, lobby_of};
use function::{Caller, Context, Failure, announce};

/// Does something to the battle of the caller's lobby. Four operations: who, where, the lobby, the write.
///
/// Where time has decided the battle and nobody has noticed yet, that comes first, with two operations more: then the rules say
/// what the action is worth now.
pub(crate) async fn play(
    context: &Context,
    from: &Caller,
    action: Action,
) -> Result<Vec<Notice>, Failure> {
    let by = caller(context, from).await?.player_id;
    let lobby_id = lobby_of(context, &by, from.now).await?;
    let wish = Wish {
        action: LobbyAction::Battle { by, action },
        now: from.now,
        is_late: AtomicBool::new(false),
    };
    let notices = change(context, &lobby_id, from.now, &wish).await?;
    if !wish.is_late.load(Ordering::Relaxed) {
        return Ok(notices);
    }
    announce(context, notices, from.now).await;
    change(context, &lobby_id, from.now, &wish).await
}

struct Wish {
    action: LobbyAction,
    now: Timestamp,
    /// Whether something else had to be done first.
    is_late: AtomicBool,
}

impl Decide for Wish {
    async fn decide(&self, lobby: &Lobby) -> Result<Deed, Failure> {
        let deadline = lobby.battle.as_ref().and_then(Battle::deadline);
        let is_late = deadline.is_some_and(|deadline| deadline <= self.now);
        self.is_late.store(is_late, Ordering::Relaxed);
        Ok(if is_late {
            LobbyAction::Wake.into()
        } else {
            self.action.clone().into()
        })
    }
}
