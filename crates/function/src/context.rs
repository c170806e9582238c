//! What every handler works with.

use std::fmt;
use std::sync::Arc;

use protocol::event::IceServer;
use push::Deliver;
use store::Store;

use crate::seal::Sealer;

/// The world as a handler sees it. Cheap to clone; one per process.
#[derive(Clone)]
pub struct Context {
    /// The tables.
    pub store: Store,
    /// The way to other connections.
    pub push: Arc<dyn Deliver>,
    /// The maker of addresses.
    pub sealer: Sealer,
    /// What `get_ice_servers` tells.
    pub ice_servers: Arc<[IceServer]>,
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Context")
    }
}
