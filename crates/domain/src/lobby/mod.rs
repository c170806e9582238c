//! Lobbies: who is in, who wants in, who decides, and what everybody hears of it.
//!
//! [`start`] opens one, [`step`] does everything after that. Both are pure; the caller saves the outcome under the condition
//! that nothing has changed since it was read, and only then tells anybody.

mod admit;
mod depart;
mod event;
mod govern;
mod refusal;
mod state;

use ids::{ConnectionId, LobbyEra, LobbyId, PeerId, PlayerId};

use crate::Timestamp;

pub use event::{Admitted, Departure, Ending, Event, Notice};
pub use refusal::Refusal;
pub use state::{
    Changes, Contact, JoinPolicy, JoinRequest, Lobby, Member, Metadata, PasswordHash, Settings,
    Visibility,
};

/// The most players that may wait to be let into one lobby. With the 64 members that a lobby has at most and the lobby
/// itself, everybody's seat fits into one transaction of DynamoDB's, which takes 100 writes.
pub const MAX_REQUESTS: usize = 32;

/// The most players that a lobby can ban.
pub const MAX_BANS: usize = 256;

/// Something that somebody does to a lobby.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Asks to be let in, or walks into an open lobby.
    Join {
        /// Who.
        by: Contact,
        /// What became of the password it gave.
        password: PasswordProof,
        /// What it says of itself.
        metadata: Metadata,
    },
    /// Lets in the player who waits at this connection.
    Accept {
        /// Who does.
        by: PlayerId,
        /// Who is meant.
        connection_id: ConnectionId,
        /// The peer id to give; the lowest free one if none is given.
        peer_id: Option<PeerId>,
    },
    /// Declines to let in the player who waits at this connection.
    Reject {
        /// Who does.
        by: PlayerId,
        /// Who is meant.
        connection_id: ConnectionId,
        /// What to tell it.
        reason: Option<String>,
    },
    /// Removes the member at this connection.
    Kick {
        /// Who does.
        by: PlayerId,
        /// Who is meant.
        connection_id: ConnectionId,
        /// What to tell it.
        reason: Option<String>,
        /// Whether it may come back.
        ban: Ban,
    },
    /// Changes the settings.
    Update {
        /// Who does.
        by: PlayerId,
        /// To what.
        changes: Changes,
    },
    /// Closes the lobby.
    Close {
        /// Who does.
        by: PlayerId,
    },
    /// Leaves, takes back a request, or is gone.
    Leave {
        /// Who.
        by: PlayerId,
        /// How.
        how: Departure,
    },
}

/// Whether a kicked player may come back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ban {
    /// It may.
    No,
    /// It may not, as long as the lobby lives.
    Yes,
}

/// What became of the password that somebody gave, checked against the lobby as it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordProof {
    /// It is the lobby's, or the lobby has none.
    Right,
    /// It is not, or none was given where one is needed.
    Wrong,
}

/// What an action made of a lobby.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The lobby as it is now; `None` where it is no more.
    pub lobby: Option<Lobby>,
    /// What everybody hears, the one who acted included. In order, for each hearer.
    pub notices: Vec<Notice>,
}

/// Opens a lobby with `host` in it as peer 1.
#[must_use]
pub fn start(
    lobby_id: LobbyId,
    era: LobbyEra,
    settings: Settings,
    host: Contact,
    now: Timestamp,
) -> Outcome {
    let lobby = Lobby::new(lobby_id, era, settings, host.clone(), now);
    let notices = vec![Notice {
        to: host,
        event: Event::Started(lobby.clone()),
    }];
    Outcome {
        lobby: Some(lobby),
        notices,
    }
}

/// Does one action to a lobby. The lobby that comes out has the next version, if it changed or anybody hears
/// of it: what is told is then saved under a condition too, and nobody hears of a lobby that was read too early.
///
/// Whoever's connection has reached its end is taken out first: a lost farewell must not hold a seat.
///
/// # Errors
/// [`Refusal`] where the action is not allowed; then nothing has changed.
pub fn step(lobby: &Lobby, action: Action, now: Timestamp) -> Result<Outcome, Refusal> {
    let swept = depart::sweep(lobby.clone(), now);
    let Some(current) = swept.lobby else {
        return match action {
            Action::Leave { by, how } => {
                let lobby_id = lobby.lobby_id.clone();
                Ok(depart::leave_swept(lobby_id, swept, &by, how))
            }
            Action::Join { .. }
            | Action::Accept { .. }
            | Action::Reject { .. }
            | Action::Kick { .. }
            | Action::Update { .. }
            | Action::Close { .. } => Err(Refusal::NotFound {
                lobby_id: lobby.lobby_id.clone(),
            }),
        };
    };
    let mut outcome = match action {
        Action::Join {
            by,
            password,
            metadata,
        } => admit::join(current, by, password, metadata),
        Action::Accept {
            by,
            connection_id,
            peer_id,
        } => admit::accept(current, &by, &connection_id, peer_id),
        Action::Reject {
            by,
            connection_id,
            reason,
        } => admit::reject(current, &by, &connection_id, reason),
        Action::Kick {
            by,
            connection_id,
            reason,
            ban,
        } => govern::kick(current, &by, &connection_id, reason, ban),
        Action::Update { by, changes } => govern::update(current, &by, changes),
        Action::Close { by } => govern::close(&current, &by),
        Action::Leave { by, how } => depart::leave(current, &by, how),
    }?;
    outcome.notices.splice(0..0, swept.notices);
    if let Some(after) = &mut outcome.lobby
        && (after != lobby || !outcome.notices.is_empty())
    {
        after.version = lobby.version + 1;
    }
    Ok(outcome)
}
