//! The lobby function: starts, joins, runs and closes lobbies.

mod accept;
mod close;
mod join;
mod kick;
mod leave;
mod list;
mod reject;
mod settings;
mod start;
mod update;

use domain::lobby::{Action as Deed, Event, Notice};
use function::lobby::{Natural, caller, change, lobby_of, tell};
use function::{Answer, Call, Caller, Context, Failure, Reply};
use ids::{ConnectionId, PeerAddress, PlayerId};
use protocol::lobby::Action;

/// Handles one of this function's actions.
pub async fn handle(context: &Context, call: Call) -> Answer {
    let (asked, action) = match call.read_action() {
        Ok(read) => read,
        Err(answer) => return answer,
    };
    let caller = &call.caller;
    asked.answer(match action {
        Action::StartLobby(message) => start::start_lobby(context, caller, message).await,
        Action::CloseLobby(_) => close::close_lobby(context, caller).await,
        Action::JoinLobby(message) => join::join_lobby(context, caller, message).await,
        Action::AcceptJoinRequest(message) => accept::accept(context, caller, message).await,
        Action::RejectJoinRequest(message) => reject::reject(context, caller, message).await,
        Action::LeaveLobby(_) => leave::leave_lobby(context, caller).await,
        Action::KickPlayer(message) => kick::kick_player(context, caller, message).await,
        Action::UpdateLobby(message) => update::update_lobby(context, caller, message).await,
        Action::ListLobbies(message) => list::list_lobbies(context, caller, message).await,
    })
}

/// Does something to the lobby that the caller is in. Four operations: who, where, the lobby, the write.
async fn change_own(
    context: &Context,
    from: &Caller,
    deed: impl FnOnce(PlayerId) -> Deed,
) -> Result<Vec<Notice>, Failure> {
    let contact = caller(context, from).await?;
    let lobby_id = lobby_of(context, &contact.player_id, from.now).await?;
    let deed = deed(contact.player_id);
    change(context, &lobby_id, from.now, &deed).await
}

/// Which connection an address names, if it was made for the caller.
fn open(context: &Context, from: &Caller, address: &PeerAddress) -> Result<ConnectionId, Failure> {
    Ok(context
        .sealer
        .open(address, &from.connection_id, from.now)?
        .target)
}

/// Tells everybody, and answers the caller with the part of its own that is the answer.
async fn answer(
    context: &Context,
    from: &Caller,
    is_answer: fn(&Event) -> bool,
    notices: Vec<Notice>,
) -> Result<Reply, Failure> {
    Ok(tell(context, from, Natural::Answer(is_answer), notices).await)
}

/// Tells everybody; the caller knows already.
async fn done(context: &Context, from: &Caller, notices: Vec<Notice>) -> Result<Reply, Failure> {
    Ok(tell(context, from, Natural::None, notices).await)
}
