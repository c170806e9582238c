//! What every handler works with.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use domain::Timestamp;
use domain::matchmaking::Queues;
use protocol::event::IceServer;
use push::Deliver;
use schedule::Schedule;
use store::Store;

use crate::limit::Limits;
use crate::turn::Turn;
use crate::{Caller, HEARTBEAT};
use seal::Sealer;

/// The world as a handler sees it. Cheap to clone; one per process.
#[derive(Clone)]
pub struct Context {
    /// The tables.
    pub store: Store,
    /// The way to other connections.
    pub push: Arc<dyn Deliver>,
    /// What must happen later.
    pub schedule: Arc<dyn Schedule>,
    /// The maker of addresses.
    pub sealer: Sealer,
    /// What `get_ice_servers` tells.
    pub ice_servers: Arc<[IceServer]>,
    /// The maker of credentials for TURN servers, where there are any; `get_ice_servers` tells those too.
    pub turn: Option<Turn>,
    /// Where players can be matched.
    pub queues: Arc<Queues>,
    /// How much one client may ask for.
    pub limits: Arc<Limits>,
    /// How long a player whose connection has ended may stay away before it is out.
    pub grace: Duration,
    /// How often a lobby is looked at, whether those who are in it are still connected. None: never.
    pub check_up: Option<Duration>,
    /// How long the platform keeps a connection at most.
    pub connection_life: Duration,
}

impl Context {
    /// When the caller's connection ends at the latest: as the platform has it, or with what its token permits.
    #[must_use]
    pub fn end_of(&self, caller: &Caller) -> Timestamp {
        let platform = caller.connected_at + self.connection_life;
        let permitted = caller.permitted_until;
        permitted.map_or(platform, |permitted| permitted.min(platform))
    }

    /// How often a quiet client should send `ping`. Where connections are short, often enough to hear of their end in time.
    #[must_use]
    pub fn heartbeat(&self) -> Duration {
        HEARTBEAT.min(self.connection_life / 4)
    }

    /// How soon the platform ends the caller's connection, where that is so soon that a client should move on: there is at
    /// least one heartbeat in that time, so every client hears of it.
    #[must_use]
    pub fn ending_in(&self, caller: &Caller) -> Option<Duration> {
        let left = self.end_of(caller).as_millis();
        let left = Duration::from_millis(left.saturating_sub(caller.now.as_millis()));
        (left <= self.heartbeat() * 2).then_some(left)
    }
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Context")
    }
}
