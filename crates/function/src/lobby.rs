//! Changing a lobby: load, decide, save under the condition that nothing has changed, and again where it has.

use std::time::Duration;

use domain::Timestamp;
use domain::lobby::{Action, Contact, Lobby, Notice, Refusal, step};
use ids::{LobbyId, PlayerId};
use protocol::{ErrorCode, Event};
use store::{Saved, Seat};
use tokio::time::{Instant, sleep};

use crate::{Caller, Context, Failure, Reply, ambient, announce, wire};

/// How long a change may go on losing races. Far below the platform's 29 seconds for an invocation.
const PATIENCE: Duration = Duration::from_secs(6);

/// The first wait after a lost race; doubles up to [`LONGEST_WAIT`], and is drawn by lot below that.
const FIRST_WAIT: Duration = Duration::from_millis(4);
const LONGEST_WAIT: Duration = Duration::from_millis(128);

/// What somebody wants of a lobby, decided anew for each lobby that it is read as.
pub trait Decide: Sync {
    /// The action, given the lobby as it is.
    ///
    /// # Errors
    /// Where it cannot be told, or is refused for what only the function knows.
    fn decide(&self, lobby: &Lobby) -> impl Future<Output = Result<Action, Failure>> + Send;
}

/// An action that is the same whatever the lobby is like.
impl Decide for Action {
    async fn decide(&self, _: &Lobby) -> Result<Action, Failure> {
        Ok(self.clone())
    }
}

/// Does to a lobby what somebody wishes, given the lobby as it is. Two operations, and two more for each race lost to somebody
/// who changed the same lobby in between; the wish is asked again each time.
///
/// Returns what everybody is to be told, now that it is saved.
///
/// # Errors
/// [`Refusal::NotFound`] where there is no such lobby, other refusals as [`step`] has them, [`Failure::Busy`] after six seconds of
/// lost races, or what the store says.
pub async fn change(
    context: &Context,
    lobby_id: &LobbyId,
    now: Timestamp,
    wish: &impl Decide,
) -> Result<Vec<Notice>, Failure> {
    let deadline = Instant::now() + PATIENCE;
    let mut wait = FIRST_WAIT;
    loop {
        let lobby = context.store.lobbies().find(lobby_id, now).await?;
        let lobby = lobby.ok_or_else(|| Refusal::NotFound {
            lobby_id: lobby_id.clone(),
        })?;
        let outcome = step(&lobby, wish.decide(&lobby).await?, now)?;
        match context
            .store
            .lobbies()
            .save(&lobby, outcome.lobby.as_ref(), now)
            .await?
        {
            Saved::Done => return Ok(outcome.notices),
            Saved::LostRace if Instant::now() > deadline => return Err(Failure::Busy("a lobby")),
            // A seat elsewhere was not there a moment ago: it came by another of the player's own messages.
            Saved::SeatTaken => return Err(Failure::Refused(ErrorCode::AlreadyInLobby)),
            Saved::PlayerGone => return Err(Failure::Refused(ErrorCode::NotConnected)),
            Saved::LostRace => {
                sleep(wait.mul_f64(ambient::fraction())).await;
                wait = (wait * 2).min(LONGEST_WAIT);
            }
        }
    }
}

/// Who is on the caller's connection. One operation.
///
/// # Errors
/// [`ErrorCode::NotConnected`] where the connection has been cleaned up, or what the store says.
pub async fn caller(context: &Context, caller: &Caller) -> Result<Contact, Failure> {
    let connection = context
        .store
        .connections()
        .find(&caller.connection_id, caller.now)
        .await?;
    let connection = connection.ok_or(Failure::Refused(ErrorCode::NotConnected))?;
    Ok(Contact {
        player_id: connection.player_id,
        connection_id: connection.connection_id,
        expires_at: connection.expires_at,
    })
}

/// Where a player sits, or waits to. One operation.
///
/// # Errors
/// [`Refusal::NotInLobby`] where it does neither, or what the store says.
pub async fn seat_of(
    context: &Context,
    player_id: &PlayerId,
    now: Timestamp,
) -> Result<Seat, Failure> {
    let seat = context.store.players().seat(player_id, now).await?;
    Ok(seat.ok_or(Refusal::NotInLobby)?)
}

/// Whether an action has an event of its own for the one who did it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Natural {
    /// It has: the last thing that it hears of it.
    Answer,
    /// It has not: `ok`, where it asked by an `id`.
    None,
}

/// Tells everybody what was saved, the caller by the answer to its message.
pub async fn tell(
    context: &Context,
    caller: &Caller,
    natural: Natural,
    mut notices: Vec<Notice>,
) -> Reply {
    let own = |notice: &Notice| notice.to.connection_id == caller.connection_id;
    let answer = match natural {
        Natural::Answer => notices
            .iter()
            .rposition(own)
            .map(|place| notices.remove(place)),
        Natural::None => None,
    };
    announce(context, notices, caller.now).await;
    answer.map_or(Reply::Done, |notice| Reply::Event(encode(context, notice)))
}

fn encode(context: &Context, notice: Notice) -> Event {
    wire::encode(&context.sealer, notice)
}
