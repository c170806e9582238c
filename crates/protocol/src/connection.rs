//! Actions about the connection itself.

use serde::{Deserialize, Serialize};

use crate::action::{actions, message};
use crate::{Large, Text};

actions! {
    /// What the connection function does.
    enum Action {
        /// Says who one is. Worth sending first.
        Hello;
        /// Keeps the connection from being closed as idle.
        Ping;
    }
}

/// The place of a frame among all that were ever kept for its hearer: as large as a number of JavaScript's can be.
pub type Sequence = Large<0, 9_007_199_254_740_991>;

/// Asks who one is, and how to stay connected; with a token, takes up an earlier player, with its lobby, its place in a queue
/// and its battle, on this connection. Answered by `welcome`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Hello {
    /// A `resume_token` from an earlier `welcome`: take up that player again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume: Option<Text<1, 512>>,
    /// The last `sequence` that was heard: nothing up to it is said again. Without it, whatever still waits is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_sequence: Option<Sequence>,
}

message!(Hello, "hello", Hello::default());

/// Keeps the connection open. Answered by `pong`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Ping {}

message!(Ping, "ping", Ping {});
