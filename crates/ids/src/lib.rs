//! The names of things, parsed once at the edge and trusted from there on.
//!
//! Every id is a newtype whose contents have been checked. What would let somebody reach a player
//! ([`ConnectionId`], [`PeerAddress`]) shows only its tail in `Debug`, so that no log line carries a whole one.

mod text;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use text::InvalidId;
use text::text_id;

text_id! {
    /// One player, for as long as it plays: from lobby to match to battle to result.
    ///
    /// 1 to 128 characters out of letters, digits and `. _ : | @ + = / -`.
    PlayerId, "player id", max = 128, allowed = |c| c.is_ascii_alphanumeric() || "._:|@+=/-".contains(c),
}

text_id! {
    /// What players call a lobby: a short code made by the service, or whatever its host chose.
    ///
    /// 1 to 64 characters, none of them a control character.
    LobbyId, "lobby id", max = 64, allowed = |c| !c.is_control(),
}

text_id! {
    /// One incarnation of a lobby. A lobby id is free again when its lobby closes; its era never comes back.
    LobbyEra, "lobby era", max = 64, allowed = |c| c.is_ascii_alphanumeric() || c == '-',
}

text_id! {
    /// What a client calls one of its messages, so that it knows the answer when it comes.
    ///
    /// 1 to 64 characters, none of them a control character.
    MessageId, "message id", max = 64, allowed = |c| !c.is_control(),
}

text_id! {
    /// The platform's own name of a WebSocket. Never leaves the service: clients get a [`PeerAddress`].
    redacted ConnectionId, "connection id", max = 128, allowed = |c| c.is_ascii_alphanumeric() || "+/=_-".contains(c),
}

text_id! {
    /// A sealed address: one peer, for one receiver, with its own proof. Opaque to everybody but the service.
    ///
    /// Anything up to 512 characters parses; whether it is genuine is the seal's business.
    redacted PeerAddress, "connection_id", max = 512, allowed = |_| true,
}

text_id! {
    /// One wish to be matched: a player's, a party's, or a lobby's for its empty seats.
    TicketId, "ticket id", max = 64, allowed = |c| c.is_ascii_alphanumeric() || c == '-',
}

text_id! {
    /// One match that a queue has made.
    MatchId, "match id", max = 64, allowed = |c| c.is_ascii_alphanumeric() || c == '-',
}

text_id! {
    /// One battle, from its start to its settlement.
    BattleId, "battle id", max = 64, allowed = |c| c.is_ascii_alphanumeric() || c == '-',
}

text_id! {
    /// What a matchmaking queue is called in the configuration.
    ///
    /// 1 to 32 characters out of small letters, digits, `_` and `-`.
    QueueName, "queue", max = 32, allowed = |c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-',
}

/// A peer's number within its lobby, 1 to 2,147,483,647 (Godot's range). The one who starts a lobby is 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "u32", into = "u32")]
pub struct PeerId(
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 2_147_483_647)))] u32,
);

impl PeerId {
    /// The peer id of the one who starts a lobby.
    pub const FIRST: Self = Self(1);

    /// The peer id after this one, if there is one.
    #[must_use]
    pub fn next(self) -> Option<Self> {
        Self::try_from(self.0 + 1).ok()
    }

    /// The number itself.
    #[must_use]
    pub fn get(self) -> u32 {
        self.0
    }
}

impl TryFrom<u32> for PeerId {
    type Error = InvalidId;

    fn try_from(number: u32) -> Result<Self, InvalidId> {
        if (1..=i32::MAX.unsigned_abs()).contains(&number) {
            Ok(Self(number))
        } else {
            Err(InvalidId::OutOfRange)
        }
    }
}

impl From<PeerId> for u32 {
    fn from(id: PeerId) -> Self {
        id.0
    }
}

impl fmt::Display for PeerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for PeerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PeerId({})", self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_empty_id_is_refused() {
        assert_eq!(
            LobbyId::parse(""),
            Err(InvalidId::Empty { what: "lobby id" })
        );
    }

    #[test]
    fn an_id_is_measured_in_characters_not_bytes() {
        assert!(LobbyId::parse("ü".repeat(64)).is_ok());
        assert_eq!(
            LobbyId::parse("ü".repeat(65)),
            Err(InvalidId::TooLong {
                what: "lobby id",
                max: 64
            })
        );
    }

    #[test]
    fn a_control_character_is_refused() {
        assert_eq!(
            LobbyId::parse("a\nb"),
            Err(InvalidId::Character { what: "lobby id" })
        );
    }

    #[test]
    fn debug_shows_only_the_tail_of_what_reaches_a_player() {
        let id = ConnectionId::parse("L0SM9cOFvHcCIhw=").expect("a platform's id");
        assert_eq!(format!("{id:?}"), "ConnectionId(…Ihw=)");
    }

    #[test]
    fn peer_ids_stay_within_a_signed_32_bit_integer() {
        assert_eq!(PeerId::try_from(0), Err(InvalidId::OutOfRange));
        assert_eq!(PeerId::try_from(u32::MAX), Err(InvalidId::OutOfRange));
        assert_eq!(PeerId::FIRST.next().map(PeerId::get), Some(2));
    }

    proptest! {
        #[test]
        fn a_parsed_id_survives_json(text in "[A-Za-z0-9._:|@+=/-]{1,128}") {
            let id = PlayerId::parse(text).expect("the pattern is the rule");
            let json = serde_json::to_string(&id).expect("a string");
            prop_assert_eq!(serde_json::from_str::<PlayerId>(&json).expect("what was written"), id);
        }

        #[test]
        fn no_text_makes_parsing_panic(text in any::<String>()) {
            let _ = PlayerId::parse(text.clone());
            let _ = PeerAddress::parse(text.clone());
            let _ = ConnectionId::parse(text);
        }
    }
}
