//! What was done, to be done again later, and what came of it, for the log and the invariants.

use std::fmt;
use std::time::Duration;

use domain::Timestamp;
use domain::battle;
use domain::lobby::{Action, Contact, Lobby, Notice, Outcome, Refusal, Settings};
use domain::matchmaking::Placed;
use ids::{ConnectionId, LobbyId, PlayerId};

/// Something that reaches the service.
#[derive(Clone, Debug)]
pub(crate) enum Deed {
    /// Somebody starts a lobby.
    Start {
        /// Of which id.
        lobby_id: LobbyId,
        /// With which settings.
        settings: Settings,
        /// Who.
        host: Contact,
    },
    /// Somebody does something to a lobby.
    Act {
        /// To which.
        lobby_id: LobbyId,
        /// What. A password in it counts only where the lobby has one, and names of battles and tickets are new each time.
        action: Action,
    },
    /// A queue has made a match.
    Match {
        /// Of which id its lobby is to be.
        lobby_id: LobbyId,
        /// Who is in it.
        placed: Vec<Placed>,
    },
    /// The platform says, or a post has shown, that a connection is gone.
    Farewell {
        /// Which.
        gone: Contact,
        /// How long its player may stay away from then on.
        grace: Duration,
    },
    /// Somebody says hello from a new connection, as the one it was before.
    Return {
        /// Who, and where reached now.
        by: Contact,
    },
}

impl Deed {
    /// To which lobby it is done, where it says so. The others are done to that which their player is in.
    pub(crate) fn lobby_id(&self) -> Option<&LobbyId> {
        match self {
            Self::Start { lobby_id, .. }
            | Self::Act { lobby_id, .. }
            | Self::Match { lobby_id, .. } => Some(lobby_id),
            Self::Farewell { .. } | Self::Return { .. } => None,
        }
    }

    /// Who does it, where it is anybody's doing.
    pub(crate) fn actor(&self) -> Option<&PlayerId> {
        match self {
            Self::Start { host: by, .. }
            | Self::Farewell { gone: by, .. }
            | Self::Return { by } => Some(&by.player_id),
            Self::Act { action, .. } => match action {
                Action::Join { by, .. } | Action::Return { by } => Some(&by.player_id),
                Action::Accept { by, .. }
                | Action::Reject { by, .. }
                | Action::Kick { by, .. }
                | Action::Update { by, .. }
                | Action::Close { by }
                | Action::Leave { by, .. }
                | Action::Lose { by, .. }
                | Action::Battle { by, .. }
                | Action::Enqueue { by, .. } => Some(by),
                Action::Wake | Action::Dequeue { .. } | Action::Fill { .. } => None,
            },
            Self::Match { .. } => None,
        }
    }

    /// Whether this player does it.
    pub(crate) fn is_by(&self, player_id: &PlayerId) -> bool {
        self.actor() == Some(player_id)
    }

    /// Whom it brings in because a queue has found them.
    pub(crate) fn brings(&self) -> &[Placed] {
        match self {
            Self::Match { placed, .. } => placed,
            Self::Act { action, .. } => match action {
                Action::Fill { newcomers, .. } => newcomers,
                Action::Join { .. }
                | Action::Accept { .. }
                | Action::Reject { .. }
                | Action::Kick { .. }
                | Action::Update { .. }
                | Action::Close { .. }
                | Action::Leave { .. }
                | Action::Lose { .. }
                | Action::Return { .. }
                | Action::Battle { .. }
                | Action::Enqueue { .. }
                | Action::Wake
                | Action::Dequeue { .. } => &[],
            },
            Self::Start { .. } | Self::Farewell { .. } | Self::Return { .. } => &[],
        }
    }

    /// Whether it only looks at a battle.
    pub(crate) fn looks(&self) -> bool {
        use battle::Action::View;
        matches!(
            self,
            Self::Act {
                action: Action::Battle { action: View, .. },
                ..
            }
        )
    }

    /// The connection from which it is done, where it says so.
    pub(crate) fn contact(&self) -> Option<&Contact> {
        match self {
            Self::Start { host: by, .. }
            | Self::Return { by }
            | Self::Act {
                action: Action::Join { by, .. },
                ..
            } => Some(by),
            Self::Act { .. } | Self::Farewell { .. } | Self::Match { .. } => None,
        }
    }

    /// Whom the host lets in, if this is that.
    pub(crate) fn lets_in(&self) -> Option<&ConnectionId> {
        if let Self::Act {
            action: Action::Accept { connection_id, .. },
            ..
        } = self
        {
            Some(connection_id)
        } else {
            None
        }
    }

    /// Whether somebody wants in.
    pub(crate) fn joins(&self) -> bool {
        if let Self::Act { action, .. } = self {
            matches!(action, Action::Join { .. })
        } else {
            false
        }
    }

    /// Whether only a host may do it.
    pub(crate) fn governs(&self) -> bool {
        let Self::Act { action, .. } = self else {
            return false;
        };
        match action {
            Action::Accept { .. }
            | Action::Reject { .. }
            | Action::Kick { .. }
            | Action::Update { .. }
            | Action::Close { .. }
            | Action::Enqueue { .. } => true,
            Action::Join { .. }
            | Action::Leave { .. }
            | Action::Lose { .. }
            | Action::Return { .. }
            | Action::Battle { .. }
            | Action::Wake
            | Action::Dequeue { .. }
            | Action::Fill { .. } => false,
        }
    }
}

/// One deed and what came of it.
pub(crate) struct Happening {
    /// When.
    pub(crate) now: Timestamp,
    /// What was done.
    pub(crate) deed: Deed,
    /// The lobby as it was read; `None` where there was none.
    pub(crate) before: Option<Lobby>,
    /// What was stored and told, or why nothing was.
    pub(crate) result: Result<Outcome, Refusal>,
}

impl Happening {
    /// What everybody hears of it.
    pub(crate) fn notices(&self) -> &[Notice] {
        self.result.as_ref().map_or(&[], |outcome| &outcome.notices)
    }

    /// Whether somebody acts in it.
    pub(crate) fn is_by(&self, player_id: &PlayerId) -> bool {
        self.deed.is_by(player_id)
    }

    /// Where one who was in or waited before is told what happens: at its new connection, or as one who is away, if it is the one
    /// whose deed this is. `None` where it can hear nothing: its time is over, or it is out with this.
    pub(crate) fn told_at(&self, seated: &Contact) -> Option<Contact> {
        if seated.expires_at <= self.now {
            return None;
        }
        match &self.deed {
            Deed::Return { by } if by.player_id == seated.player_id => Some(by.clone()),
            Deed::Farewell { gone, grace } if is_lost(seated, gone) => {
                let until = self.now + *grace;
                (until > self.now).then(|| seated.clone().lost(until))
            }
            Deed::Start { .. }
            | Deed::Act { .. }
            | Deed::Match { .. }
            | Deed::Farewell { .. }
            | Deed::Return { .. } => Some(seated.clone()),
        }
    }

    /// The lobby as it was and as it is, where something was done to one.
    pub(crate) fn change(&self) -> Option<(&Lobby, Option<&Lobby>)> {
        let outcome = self.result.as_ref().ok()?;
        Some((self.before.as_ref()?, outcome.lobby.as_ref()))
    }
}

/// Whether one who is in or waits is here by this very connection, which has ended.
pub(crate) fn is_lost(seated: &Contact, gone: &Contact) -> bool {
    seated.player_id == gone.player_id && seated.connection_id == gone.connection_id && !seated.away
}

impl fmt::Display for Happening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:>9} s  {:?}", self.now.as_secs(), self.deed)?;
        match &self.result {
            Err(refusal) => writeln!(f, "             refused: {refusal}"),
            Ok(outcome) => {
                for Notice { to, event } in &outcome.notices {
                    let hearer = to.connection_id.as_str();
                    writeln!(f, "             {hearer} hears {event:?}")?;
                }
                let Some(lobby) = &outcome.lobby else {
                    return writeln!(f, "             the lobby is no more");
                };
                writeln!(f, "             now: {lobby:?}")
            }
        }
    }
}
