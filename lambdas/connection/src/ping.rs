//! `ping`: the platform has seen a message, and that is all it takes.

use function::Reply;
use protocol::event;

/// Answers. No operation.
pub(crate) fn ping() -> Reply {
    Reply::Event(event::Pong {}.into())
}
