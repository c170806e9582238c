//! `update_lobby`: changes the settings of the caller's lobby.

use domain::lobby::{Action, Changes};
use function::{Caller, Context, Failure, Reply, password};
use protocol::lobby::UpdateLobby;
use protocol::{Metadata, Text, Whole};

use crate::{answer, change_own, settings};

/// Everyone in it hears `lobby_updated`.
pub(crate) async fn update_lobby(
    context: &Context,
    from: &Caller,
    content: UpdateLobby,
) -> Result<Reply, Failure> {
    let password = match content.password {
        Some(Some(new)) => Some(Some(password::hash(new.into_string()).await?)),
        Some(None) => Some(None),
        None => None,
    };
    let changes = Changes {
        name: content.name.map(Text::into_string),
        max_players: content.max_players.map(Whole::get),
        visibility: content.visibility.map(settings::visibility),
        join_policy: content.join_policy.map(settings::join_policy),
        locked: content.locked,
        password,
        metadata: content.metadata.map(Metadata::into_object),
    };
    let notices = change_own(context, from, |by| Action::Update { by, changes }).await?;
    answer(context, from, notices).await
}
