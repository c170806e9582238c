//! What must always hold, by name.

mod at_rest;
mod history;
mod stored;

pub(crate) use at_rest::{at_rest, once_every_connection_has_ended, once_everybody_has_gone};
pub(crate) use history::History;
