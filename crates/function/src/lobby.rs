//! Changing a lobby: load, decide, save under the condition that nothing has changed, and again where it has.

mod attempt;

use std::time::Duration;

use domain::Timestamp;
use domain::lobby::{Action, Contact, Event as Happened, Lobby, Notice, Refusal};
use domain::matchmaking::Ticket;
use identity::Permissions;
use ids::{LobbyId, PlayerId};
use protocol::{ErrorCode, Event};
use store::{Place, Saved};
use tokio::time::{Instant, sleep};

use crate::{Caller, Context, Failure, Reply, ambient, announce, matchmaking, wire};

pub(crate) use attempt::Attempt;
pub use attempt::{arm, watch};

/// How long a change may go on losing races. Far below the platform's 29 seconds for an invocation.
const PATIENCE: Duration = Duration::from_secs(6);

/// The first wait after a lost race; doubles up to [`LONGEST_WAIT`], and is drawn by lot below that.
const FIRST_WAIT: Duration = Duration::from_millis(4);
const LONGEST_WAIT: Duration = Duration::from_millis(128);

/// What is done to a lobby.
#[derive(Clone, Debug)]
pub enum Deed {
    /// What the rules know.
    Act(Action),
    /// The same, where it gives the lobby a ticket; and that ticket, which goes into its queue.
    Enqueue(Action, Box<Ticket>),
    /// A match that has just been made is taken back, as this player of it is gone.
    TakeBack(PlayerId),
}

impl From<Action> for Deed {
    fn from(action: Action) -> Self {
        Self::Act(action)
    }
}

/// What somebody wants of a lobby, decided anew for each lobby that it is read as.
pub trait Decide: Sync {
    /// The deed, given the lobby as it is.
    ///
    /// # Errors
    /// Where it cannot be told, or is refused for what only the function knows.
    fn decide(&self, lobby: &Lobby) -> impl Future<Output = Result<Deed, Failure>> + Send;

    /// Whether it is about a lobby that has expired, too, as everybody in it is gone: what time has done to it is still to be
    /// told and written down.
    fn is_about_the_expired(&self) -> bool {
        false
    }
}

/// An action that is the same whatever the lobby is like.
impl Decide for Action {
    async fn decide(&self, _: &Lobby) -> Result<Deed, Failure> {
        Ok(self.clone().into())
    }
}

/// Does to a lobby what somebody wishes, given the lobby as it is. Two operations, and two more for each race lost to somebody
/// who changed the same lobby in between; the wish is asked again each time. One where nothing is changed.
///
/// What the change wants to be woken for is armed before it is saved. Where it takes a ticket out of a queue, or puts tickets
/// back, that queue is worked.
///
/// Returns what everybody is to be told, now that it is saved.
///
/// # Errors
/// [`Refusal::NotFound`] where there is no such lobby, other refusals as [`domain::lobby::step`] has them, [`Failure::Busy`]
/// after six seconds of lost races, or what the store or the schedule say.
pub async fn change(
    context: &Context,
    lobby_id: &LobbyId,
    now: Timestamp,
    wish: &impl Decide,
) -> Result<Vec<Notice>, Failure> {
    let deadline = Instant::now() + PATIENCE;
    let mut wait = FIRST_WAIT;
    loop {
        let lobby = if wish.is_about_the_expired() {
            let lobby = context.store.lobbies().find_expired_too(lobby_id).await?;
            lobby.ok_or_else(|| not_found(lobby_id))?
        } else {
            find(context, lobby_id, now).await?
        };
        let deed = wish.decide(&lobby).await?;
        let (saved, attempt) = attempt::attempt(context, &lobby, deed, now).await?;
        match saved {
            Saved::Done => {
                if let Some(queue) = &attempt.to_work {
                    matchmaking::tick_if_possible(context, queue).await;
                }
                return Ok(attempt.notices);
            }
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

/// A lobby as it is. One operation.
///
/// # Errors
/// [`Refusal::NotFound`], or what the store says.
pub async fn find(context: &Context, lobby_id: &LobbyId, now: Timestamp) -> Result<Lobby, Failure> {
    let lobby = context.store.lobbies().find(lobby_id, now).await?;
    lobby.ok_or_else(|| not_found(lobby_id))
}

fn not_found(lobby_id: &LobbyId) -> Failure {
    let lobby_id = lobby_id.clone();
    Refusal::NotFound { lobby_id }.into()
}

/// Who is on the caller's connection. One operation. From here on the player is known, and so it is counted.
///
/// # Errors
/// [`Failure::Limited`] where the player asks for too much, [`ErrorCode::NotConnected`] where the connection has been cleaned up, or what the store says.
pub async fn caller(context: &Context, caller: &Caller) -> Result<Contact, Failure> {
    permitted(context, caller, |_| true).await
}

/// Who is on the caller's connection, if it is permitted what it is about to do. One operation. It is counted like
/// [`caller`].
///
/// # Errors
/// [`ErrorCode::NotPermitted`] where its token does not permit it, [`Failure::Limited`] where the player asks for too much,
/// [`ErrorCode::NotConnected`] where the connection has been cleaned up, or what the store says.
pub async fn permitted(
    context: &Context,
    caller: &Caller,
    may: impl FnOnce(&Permissions) -> bool,
) -> Result<Contact, Failure> {
    let connections = context.store.connections();
    let found = connections.find(&caller.connection_id, caller.now).await?;
    let connection = found.ok_or(Failure::Refused(ErrorCode::NotConnected))?;
    if let Some(kind) = caller.uncounted {
        let player_id = &connection.player_id;
        let admitted = context.limits.admit_player(kind, player_id, caller.now);
        admitted.map_err(Failure::Limited)?;
    }
    if !connection.permissions.as_ref().is_none_or(may) {
        return Err(Failure::Refused(ErrorCode::NotPermitted));
    }
    Ok(Contact {
        player_id: connection.player_id,
        connection_id: connection.connection_id,
        expires_at: connection.expires_at,
        away: false,
    })
}

/// Where a player is, if anywhere. One operation.
///
/// # Errors
/// What the store says.
pub async fn place_of(
    context: &Context,
    player_id: &PlayerId,
    now: Timestamp,
) -> Result<Option<Place>, Failure> {
    let seat = context.store.players().seat(player_id, now).await?;
    Ok(seat.map(|seat| seat.place))
}

/// The lobby in which a player is, or waits to be. One operation.
///
/// # Errors
/// [`Refusal::NotInLobby`] where there is none, or what the store says.
pub async fn lobby_of(
    context: &Context,
    player_id: &PlayerId,
    now: Timestamp,
) -> Result<LobbyId, Failure> {
    match place_of(context, player_id, now).await? {
        Some(Place::Lobby { lobby_id, .. }) => Ok(lobby_id),
        Some(Place::Ticket(_)) | None => Err(Refusal::NotInLobby.into()),
    }
}

/// Why somebody who has this place gets no other.
#[must_use]
pub fn taken(place: Place) -> Failure {
    match place {
        Place::Lobby { lobby_id, .. } => Refusal::AlreadyInLobby { lobby_id }.into(),
        Place::Ticket(_) => Failure::Refused(ErrorCode::AlreadyInMatchmaking),
    }
}

/// Whether an action has an event of its own for the one who did it.
#[derive(Clone, Copy, Debug)]
pub enum Natural {
    /// It has: the first thing of this kind that it hears.
    Answer(fn(&Happened) -> bool),
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
        Natural::Answer(is_answer) => notices
            .iter()
            .position(|notice| own(notice) && is_answer(&notice.event))
            .map(|place| notices.remove(place)),
        Natural::None => None,
    };
    announce(context, notices, caller.now).await;
    answer.map_or(Reply::Done, |notice| {
        Reply::Event(encode(context, notice, caller.now))
    })
}

fn encode(context: &Context, notice: Notice, now: Timestamp) -> Event {
    wire::encode(&context.sealer, notice, now)
}
