//! How much one client may ask for: token buckets, by kind of action, for each connection, each player and each source address.
//!
//! The buckets are in this process's memory, because a relayed frame must cost no operation on a table. So the local server counts
//! exactly; on AWS each warm instance of a function counts for itself, and what gets through is the limit times the instances
//! at worst. Behind it stands the throttling of the stage, which counts everybody together. Forgetting a bucket does no harm: it
//! is full again.

mod buckets;
mod settings;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use aws_lambda_events::apigw::ApiGatewayWebsocketProxyRequest;
use domain::Timestamp;
use ids::PlayerId;
use protocol::{Actions, battle, lobby, matchmaking, signalling};

use buckets::Buckets;

pub use settings::{Limit, LimitSettings, LimitSettingsError};

/// What is counted apart from everything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A new connection; counted for its source address.
    Connect,
    /// A frame that is passed on to a peer.
    Relay,
    /// Whatever is done to a lobby.
    Lobby,
    /// A listing, of lobbies or of results: several queries each.
    Listing,
    /// Whatever has to do with queues and tickets.
    Matchmaking,
    /// A move in a battle.
    Battle,
    /// Credentials for TURN servers.
    IceServers,
    /// `hello`, `ping`, and what is no action at all.
    Other,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Connect,
        Self::Relay,
        Self::Lobby,
        Self::Listing,
        Self::Matchmaking,
        Self::Battle,
        Self::IceServers,
        Self::Other,
    ];

    /// What it is called in the settings.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Relay => "relay",
            Self::Lobby => "lobby",
            Self::Listing => "listing",
            Self::Matchmaking => "matchmaking",
            Self::Battle => "battle",
            Self::IceServers => "ice_servers",
            Self::Other => "other",
        }
    }

    /// Of what kind is what comes over this route; `None` for a farewell, which is always heard.
    #[must_use]
    pub fn of(route: &str) -> Option<Self> {
        let kind = match route {
            "$connect" => Self::Connect,
            "$disconnect" => return None,
            "list_lobbies" | "list_results" => Self::Listing,
            "get_ice_servers" => Self::IceServers,
            action if signalling::Action::NAMES.contains(&action) => Self::Relay,
            action if lobby::Action::NAMES.contains(&action) => Self::Lobby,
            action if matchmaking::Action::NAMES.contains(&action) => Self::Matchmaking,
            action if battle::Action::NAMES.contains(&action) => Self::Battle,
            _ => Self::Other,
        };
        Some(kind)
    }
}

/// For whom an event of the platform is counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asker {
    connection: Option<String>,
    /// Known beforehand only where an authorizer says so.
    player: Option<String>,
    source: Option<String>,
}

impl Asker {
    /// Who is behind an event.
    #[must_use]
    pub fn of(event: &ApiGatewayWebsocketProxyRequest) -> Self {
        let context = &event.request_context;
        let player = context.authorizer.fields.get("player_id");
        Self {
            connection: context.connection_id.clone(),
            player: player.and_then(|id| id.as_str()).map(str::to_owned),
            source: context.identity.source_ip.clone(),
        }
    }

    /// Whether its player has been counted along with its connection.
    pub(crate) fn names_player(&self) -> bool {
        self.player.is_some()
    }
}

/// Somebody asks for too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limited {
    /// After how long it may try again.
    pub retry_after: Duration,
}

impl Limited {
    /// The same in whole seconds, and one at least: who waits so long is not refused for the same.
    #[must_use]
    pub fn retry_after_seconds(self) -> u32 {
        let whole = self.retry_after.as_millis().div_ceil(1_000).max(1);
        u32::try_from(whole).unwrap_or(u32::MAX)
    }
}

/// The buckets of this process.
pub struct Limits {
    settings: LimitSettings,
    buckets: Mutex<Buckets>,
}

impl Limits {
    /// All buckets full.
    #[must_use]
    pub fn new(settings: LimitSettings) -> Self {
        Self {
            settings,
            buckets: Mutex::new(Buckets::default()),
        }
    }

    /// Counts what comes over a route: for its connection, and for its player where that is known; a new connection for its
    /// source address.
    ///
    /// # Errors
    /// [`Limited`] where one of them has asked for too much.
    pub fn admit(&self, route: &str, asker: &Asker, now: Timestamp) -> Result<(), Limited> {
        let Some(kind) = Kind::of(route) else {
            return Ok(());
        };
        if kind == Kind::Connect {
            return self.count(kind, "source", asker.source.as_deref(), now);
        }
        self.count(kind, "connection", asker.connection.as_deref(), now)?;
        self.count(kind, "player", asker.player.as_deref(), now)
    }

    /// Counts an action for a player that became known only while it was handled.
    ///
    /// # Errors
    /// [`Limited`] where it has asked for too much, over whichever connections.
    pub fn admit_player(
        &self,
        kind: Kind,
        player_id: &PlayerId,
        now: Timestamp,
    ) -> Result<(), Limited> {
        self.count(kind, "player", Some(player_id.as_str()), now)
    }

    fn count(
        &self,
        kind: Kind,
        of: &'static str,
        whose: Option<&str>,
        now: Timestamp,
    ) -> Result<(), Limited> {
        let Some(whose) = whose else {
            return Ok(());
        };
        let limit = self.settings.of(kind);
        // A bucket is right whatever a panic elsewhere has left: each is one number.
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        buckets
            .take((kind, of, whose), limit, now)
            .map_err(|retry_after| Limited { retry_after })
    }
}

impl fmt::Debug for Limits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limits")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
