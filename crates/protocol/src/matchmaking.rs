//! Actions about finding strangers to play with.

mod attributes;

use std::collections::BTreeMap;

use ids::{MatchId, QueueName};
use serde::{Deserialize, Serialize};

use crate::action::{actions, message};
use crate::{Signed, Text, Whole};

pub use attributes::{
    Attribute, Attributes, MAX_ATTRIBUTE_BYTES, MAX_ATTRIBUTES, MAX_REGIONS, MAX_TEXTS,
};

/// What an attribute is called: 1 to 32 characters.
pub type AttributeName = Text<1, 32>;
/// What a region is called: 1 to 32 characters.
pub type Region = Text<1, 32>;
/// A number as an attribute: a skill, for example.
pub type AttributeNumber = Signed<-1_000_000_000, 1_000_000_000>;
/// A text as an attribute: up to 64 characters.
pub type AttributeText = Text<0, 64>;
/// How long a message takes, in milliseconds: up to a minute.
pub type Latency = Whole<0, 60_000>;

actions! {
    /// What the matchmaking function does.
    enum Action {
        /// Asks to be matched.
        JoinMatchmaking;
        /// Asks no longer.
        LeaveMatchmaking;
        /// Agrees to a match.
        AcceptMatch;
        /// Does not agree to a match.
        DeclineMatch;
        /// Asks for players for the empty seats of a match.
        RequestBackfill;
        /// Asks how the search goes.
        ExplainMatchmaking;
    }
}

/// Asks to be matched with strangers. Answered by `matchmaking_started`; `match_found` follows, now or later.
///
/// Whoever is in a match of that queue already, which goes on, hears `match_found` again: ask again where an answer was lost.
///
/// A `party` is everybody in the sender's lobby: they enter as one and stay on one team.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct JoinMatchmaking {
    /// Which queue. Absent: `1v1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueName>,
    /// What the queue's rules ask of the sender, or of the party as a whole. Absent: nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attributes: Option<Attributes>,
    /// Whether the sender's whole lobby enters; only its host may say so. Absent: the sender alone does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<bool>,
}

message!(
    JoinMatchmaking,
    "join_matchmaking",
    JoinMatchmaking {
        queue: Some(QueueName::parse("ranked").expect("a queue's name")),
        attributes: Some(Attributes::example()),
        party: None,
    }
);

/// Asks no longer to be matched. Answered by `matchmaking_cancelled`; a party's members all hear it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LeaveMatchmaking {}

message!(LeaveMatchmaking, "leave_matchmaking", LeaveMatchmaking {});

/// Agrees to a match, in a queue that asks. `match_found` follows when everybody has agreed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AcceptMatch {
    /// The match, from `match_proposed`.
    pub match_id: MatchId,
}

message!(
    AcceptMatch,
    "accept_match",
    AcceptMatch {
        match_id: example_match()
    }
);

/// Does not agree to a match, and asks no longer to be matched. Answered by `matchmaking_cancelled`; the others go back to
/// their place in the queue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DeclineMatch {
    /// The match, from `match_proposed`.
    pub match_id: MatchId,
}

message!(
    DeclineMatch,
    "decline_match",
    DeclineMatch {
        match_id: example_match()
    }
);

/// Asks for players for the empty seats of the sender's match, by the rules of the queue that made it. Answered by
/// `backfill_started`; whoever comes hears `match_found`, those present `player_joined`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RequestBackfill {}

message!(RequestBackfill, "request_backfill", RequestBackfill {});

/// Asks how long one has waited, how many would do, and what keeps the rest out. Answered by `matchmaking_status`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ExplainMatchmaking {}

message!(
    ExplainMatchmaking,
    "explain_matchmaking",
    ExplainMatchmaking {}
);

impl Attributes {
    fn example() -> Self {
        let name = |text: &str| Text::new(text).expect("short");
        let latencies = [("eu-central-1", 24), ("us-east-1", 110)]
            .map(|(region, latency)| (name(region), Whole::new(latency).expect("within range")));
        Self::new(BTreeMap::from([
            (
                name("skill"),
                Attribute::Number(Signed::new(1_480).expect("within range")),
            ),
            (
                name("latency_ms"),
                Attribute::Latencies(BTreeMap::from(latencies)),
            ),
        ]))
        .expect("few")
    }
}

/// A match's id, for examples.
pub(crate) fn example_match() -> MatchId {
    MatchId::parse("8d3f0c9a-51b7-4c62-9e0d-7f2a64b8c1e5").expect("a valid id")
}
