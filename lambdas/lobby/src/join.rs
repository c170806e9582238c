//! `join_lobby`: the caller asks to be let in, or walks into an open lobby.

use domain::lobby::{self, Action, Contact, Event, Lobby, Notice};
use function::lobby::{Decide, Deed, caller, change, place_of, taken};
use function::{Caller, Context, Failure, Reply, code_of, password};
use protocol::lobby::JoinLobby;
use protocol::{ErrorCode, Metadata, Text, event};
use store::Place;

use crate::answer;

/// The host hears `received_join_request`; or the caller hears `join_request_rejected`; or, in an open lobby,
/// `join_request_accepted`. Four operations: who, where it sits already, the lobby, the write.
pub(crate) async fn join_lobby(
    context: &Context,
    from: &Caller,
    message: JoinLobby,
) -> Result<Reply, Failure> {
    let lobby_id = message.lobby_id.clone();
    let (code, reason) = match ask(context, from, message).await {
        Ok(notices) => return answer(context, from, is_answer, notices).await,
        Err(Failure::Lobby(refusal)) => (code_of(&refusal), refusal.to_string()),
        // In a lobby by another of its own messages, a moment ago; or in a queue.
        Err(Failure::Refused(
            code @ (ErrorCode::AlreadyInLobby | ErrorCode::AlreadyInMatchmaking),
        )) => (code, code.sentence().to_owned()),
        Err(failure) => return Err(failure),
    };
    let rejected = event::JoinRequestRejected {
        reason,
        code,
        lobby_id,
    };
    Ok(Reply::Event(rejected.into()))
}

async fn ask(context: &Context, from: &Caller, message: JoinLobby) -> Result<Vec<Notice>, Failure> {
    let JoinLobby {
        lobby_id,
        password,
        metadata,
    } = message;
    let by = caller(context, from).await?;
    match place_of(context, &by.player_id, from.now).await? {
        Some(Place::Lobby { lobby_id: own, .. }) if own == lobby_id => {}
        Some(elsewhere) => return Err(taken(elsewhere)),
        None => {}
    }
    let wish = Wish {
        by,
        password: password.map(Text::into_string),
        metadata: metadata.map(Metadata::into_object).unwrap_or_default(),
    };
    change(context, &lobby_id, from.now, &wish).await
}

/// To be let in; the password is checked against each lobby that it is read as.
struct Wish {
    by: Contact,
    password: Option<String>,
    metadata: lobby::Metadata,
}

impl Decide for Wish {
    async fn decide(&self, lobby: &Lobby) -> Result<Deed, Failure> {
        let wanted = lobby.settings.password.as_ref();
        let password = password::check(self.password.as_deref(), wanted).await?;
        let join = Action::Join {
            by: self.by.clone(),
            password,
            metadata: self.metadata.clone(),
        };
        Ok(join.into())
    }
}

fn is_answer(event: &Event) -> bool {
    matches!(event, Event::Accepted(_))
}
