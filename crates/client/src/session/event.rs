//! What a session tells its program.

use std::time::Duration;

use ids::PlayerId;
use protocol::event::{BattleState, LobbyResumed, MatchmakingResumed};
use tokio::sync::mpsc;

use crate::Incoming;

/// One thing that a session tells its program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionEvent {
    /// Something that Switchboard said. Its addresses are those that the program first heard for each player.
    Incoming(Incoming),
    /// The connection was lost, and another will be tried.
    Reconnecting {
        /// Which attempt it will be, the first being 1.
        attempt: u32,
        /// After how long.
        delay: Duration,
        /// How the connection ended, or why the last attempt failed.
        reason: String,
    },
    /// The connection was lost and the player is back. What was kept meanwhile came before this.
    Resumed(Box<Resumed>),
    /// The session moved to a new connection before the platform ended the old one. Nothing was lost, and nothing is to be done.
    Moved(Box<Resumed>),
    /// Switchboard no longer knew the player: the session goes on as a new one, who is nowhere and has met nobody.
    StartedOver {
        /// The new player.
        player_id: PlayerId,
    },
}

/// Where a player is who has come back: enough to draw everything anew. It replaces whatever the program believed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resumed {
    /// The lobby that it is in, or waits for; `None` where it is in none.
    pub lobby: Option<LobbyResumed>,
    /// The lobby's battle, running or over.
    pub battle: Option<BattleState>,
    /// The search for a match that goes on.
    pub matchmaking: Option<MatchmakingResumed>,
}

/// What a session tells its program, in order. It ends with the session.
///
/// As with [`Events`](crate::Events), a slow reader loses nothing, and dropping this says that nobody wants it.
#[derive(Debug)]
pub struct SessionEvents {
    events: mpsc::Receiver<SessionEvent>,
}

impl SessionEvents {
    pub(crate) fn new(events: mpsc::Receiver<SessionEvent>) -> Self {
        Self { events }
    }

    /// The next one; `None` once the session has ended and everything before has been read. Safe to cancel.
    pub async fn next(&mut self) -> Option<SessionEvent> {
        self.events.recv().await
    }
}
