//! What every handler works with.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use domain::matchmaking::Queues;
use protocol::event::IceServer;
use push::Deliver;
use schedule::Schedule;
use store::Store;

use crate::limit::Limits;
use crate::seal::Sealer;
use crate::turn::Turn;

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
    /// How long whoever plays a battle may be away before it is forfeit.
    pub grace: Duration,
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Context")
    }
}
