//! `update_lobby`: changes the settings of the caller's lobby.

use domain::lobby::{Action, Changes, Event};
use function::{Caller, Context, Failure, Reply, password};
use protocol::lobby::UpdateLobby;
use protocol::{Metadata, Text, Whole};

use crate::{answer, change_own, settings};

/// Everyone in it hears `lobby_updated`.
pub(crate) async fn update_lobby(
    context: &Context,
    from: &Caller,
    message: UpdateLobby,
) -> Result<Reply, Failure> {
    let password = match message.password {
        Some(Some(new)) => Some(Some(password::hash(new.into_string()).await?)),
        Some(None) => Some(None),
        None => None,
    };
    let changes = Changes {
        name: message.name.map(Text::into_string),
        max_players: message.max_players.map(Whole::get),
        visibility: message.visibility.map(settings::visibility),
        join_policy: message.join_policy.map(settings::join_policy),
        locked: message.locked,
        password,
        metadata: message.metadata.map(Metadata::into_object),
    };
    let notices = change_own(context, from, |by| Action::Update { by, changes }).await?;
    answer(context, from, is_answer, notices).await
}

fn is_answer(event: &Event) -> bool {
    matches!(event, Event::Updated(_))
}
