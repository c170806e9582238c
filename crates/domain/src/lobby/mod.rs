//! Lobbies: who is in, who wants in, who decides, and what everybody hears of it.
//!
//! A lobby is the hub of what players do together: it carries its battle, its ticket in a queue, and the match that made it.
//! So leaving, losing the battle by that and being taken out of the queue is one step, and one write.
//!
//! [`start`] opens one, [`assemble`] makes one of a match, [`step`] does everything after that. All are pure; the caller saves
//! the outcome under the condition that nothing has changed since it was read, and only then tells anybody.

mod action;
mod admit;
mod assembly;
mod depart;
mod event;
mod fight;
mod govern;
mod matched;
mod presence;
mod queue;
mod refusal;
mod state;
mod step;

use ids::{LobbyEra, LobbyId};

use crate::Timestamp;

pub use action::{Action, Ban, Entry, PasswordProof};
pub use assembly::{Opening, assemble};
pub use event::{Admitted, Departure, Ending, Event, Notice};
pub use refusal::Refusal;
pub use state::{
    Changes, Contact, JoinPolicy, JoinRequest, Lobby, Member, Metadata, Origin, PasswordHash,
    Settings, Visibility,
};
pub use step::step;

/// The most players that may wait to be let into one lobby. With the 64 members that a lobby has at most and the lobby
/// itself, everybody's seat fits into one transaction of DynamoDB's, which takes 100 writes.
pub const MAX_REQUESTS: usize = 32;

/// The most players that a lobby can ban.
pub const MAX_BANS: usize = 256;

/// What an action made of a lobby.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// The lobby as it is now; `None` where it is no more.
    pub lobby: Option<Lobby>,
    /// What everybody hears, the one who acted included. In order, for each hearer.
    pub notices: Vec<Notice>,
    /// When the lobby must be [woken](Action::Wake), because of what was decided here and no alarm before rings in time. Set
    /// them before the lobby is saved: one that rings for nothing does no harm, one that is missing does. None may ring early.
    pub alarms: Vec<Timestamp>,
}

impl Outcome {
    fn new(lobby: Option<Lobby>, notices: Vec<Notice>) -> Self {
        Self {
            lobby,
            notices,
            alarms: Vec::new(),
        }
    }
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
    Outcome::new(Some(lobby), notices)
}
