//! The conditions that writes carry, and those that a query names what it looks for by.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::Timestamp;
use domain::listing::Position;
use ids::{ConnectionId, LobbyEra, PlayerId, TicketId};

use super::{
    AWAY, AWAY_UNTIL_MILLIS, CONNECTION_ID, ERA, EXPIRES_AT_MILLIS, KIND, LISTED_AT, LISTING_SHARD,
    PLAYER_ID, POOL_SHARD, SETTLED_AT, TICKET_ID, VERSION, listed_at, text,
};

/// An expression with what its placeholders stand for. Names are always placeholders: DynamoDB reserves hundreds of words.
#[derive(Clone, Debug)]
pub(crate) struct Condition {
    pub(crate) expression: &'static str,
    pub(crate) names: HashMap<String, String>,
    pub(crate) values: HashMap<String, AttributeValue>,
}

impl Condition {
    fn new<const N: usize, const V: usize>(
        expression: &'static str,
        names: [(&str, &str); N],
        values: [(&str, AttributeValue); V],
    ) -> Self {
        let names = names.map(|(placeholder, name)| (placeholder.to_owned(), name.to_owned()));
        let values = values.map(|(placeholder, value)| (placeholder.to_owned(), value));
        Self {
            expression,
            names: names.into(),
            values: values.into(),
        }
    }

    /// No such item, or one that has expired.
    pub(crate) fn free(now: Timestamp) -> Self {
        Self::new(
            "attribute_not_exists(#ends) OR #ends <= :now",
            [("#ends", EXPIRES_AT_MILLIS)],
            [(":now", number(now.as_millis()))],
        )
    }

    /// Such a connection, with this player on it, which has neither ended nor expired.
    pub(crate) fn open_by(player_id: &PlayerId, now: Timestamp) -> Self {
        Self::new(
            "attribute_not_exists(#away) AND #ends > :now AND #player = :player",
            [
                ("#away", AWAY_UNTIL_MILLIS),
                ("#ends", EXPIRES_AT_MILLIS),
                ("#player", PLAYER_ID),
            ],
            [
                (":now", number(now.as_millis())),
                (":player", text(player_id.as_str())),
            ],
        )
    }

    /// The lobby as it was read.
    pub(crate) fn as_read(era: &LobbyEra, version: u64) -> Self {
        Self::new(
            "#era = :era AND #version = :version",
            [("#era", ERA), ("#version", VERSION)],
            [(":era", text(era.as_str())), (":version", number(version))],
        )
    }

    /// A seat of this era of a lobby.
    pub(crate) fn seat_in(era: &LobbyEra) -> Self {
        Self::new(
            "#era = :era",
            [("#era", ERA)],
            [(":era", text(era.as_str()))],
        )
    }

    /// The lobby that a ticket was made for, whatever else has become of it.
    pub(crate) fn lobby_with(era: &LobbyEra, ticket_id: &TicketId) -> Self {
        Self::new(
            "#era = :era AND #ticket = :ticket",
            [("#era", ERA), ("#ticket", TICKET_ID)],
            [
                (":era", text(era.as_str())),
                (":ticket", text(ticket_id.as_str())),
            ],
        )
    }

    /// The ticket, or the presence, as it was read. A ticket's id is its own for ever, and so is a player's, and their versions
    /// only go up.
    pub(crate) fn of_version(version: u64) -> Self {
        Self::new(
            "#version = :version",
            [("#version", VERSION)],
            [(":version", number(version))],
        )
    }

    /// The seat that goes with a ticket.
    pub(crate) fn seat_by(ticket_id: &TicketId) -> Self {
        Self::new(
            "#ticket = :ticket",
            [("#ticket", TICKET_ID)],
            [(":ticket", text(ticket_id.as_str()))],
        )
    }

    /// The seat that goes with a ticket, or none.
    pub(crate) fn seat_by_or_none(ticket_id: &TicketId) -> Self {
        Self::new(
            "attribute_not_exists(#kind) OR #ticket = :ticket",
            [("#kind", KIND), ("#ticket", TICKET_ID)],
            [(":ticket", text(ticket_id.as_str()))],
        )
    }

    /// A seat of this era of a lobby, or none.
    pub(crate) fn seat_of(era: &LobbyEra) -> Self {
        Self::new(
            "attribute_not_exists(#kind) OR #era = :era",
            [("#kind", KIND), ("#era", ERA)],
            [(":era", text(era.as_str()))],
        )
    }

    /// No seat, or one whose player is away from it, or one that has expired.
    pub(crate) fn away_or_free(now: Timestamp) -> Self {
        Self::new(
            "attribute_not_exists(#kind) OR #away = :true OR #ends <= :now",
            [
                ("#kind", KIND),
                ("#away", AWAY),
                ("#ends", EXPIRES_AT_MILLIS),
            ],
            [
                (":true", AttributeValue::Bool(true)),
                (":now", number(now.as_millis())),
            ],
        )
    }

    /// A seat, or where a player is reached, by any other connection, or none.
    pub(crate) fn elsewhere_or_none(connection_id: &ConnectionId) -> Self {
        Self::new(
            "attribute_not_exists(#kind) OR #connection <> :connection",
            [("#kind", KIND), ("#connection", CONNECTION_ID)],
            [(":connection", text(connection_id.as_str()))],
        )
    }

    /// A seat of this era of a lobby, or none, or one that has expired.
    pub(crate) fn seat_of_or_free(era: &LobbyEra, now: Timestamp) -> Self {
        Self::new(
            "attribute_not_exists(#kind) OR #era = :era OR #ends <= :now",
            [("#kind", KIND), ("#era", ERA), ("#ends", EXPIRES_AT_MILLIS)],
            [
                (":era", text(era.as_str())),
                (":now", number(now.as_millis())),
            ],
        )
    }

    /// The lobbies of one shard of the listing behind a position.
    pub(crate) fn listed(shard: &str, after: Option<&Position>) -> Self {
        match after {
            None => Self::new(
                "#shard = :shard",
                [("#shard", LISTING_SHARD)],
                [(":shard", text(shard))],
            ),
            Some(after) => Self::new(
                "#shard = :shard AND #listed < :after",
                [("#shard", LISTING_SHARD), ("#listed", LISTED_AT)],
                [(":shard", text(shard)), (":after", text(&listed_at(after)))],
            ),
        }
    }

    /// The tickets of one shard of a pool.
    pub(crate) fn pooled(shard: &str) -> Self {
        Self::new(
            "#shard = :shard",
            [("#shard", POOL_SHARD)],
            [(":shard", text(shard))],
        )
    }

    /// The results of a player behind a place in them.
    pub(crate) fn results_of(player_id: &PlayerId, after: Option<&str>) -> Self {
        match after {
            None => Self::new(
                "#player = :player",
                [("#player", PLAYER_ID)],
                [(":player", text(player_id.as_str()))],
            ),
            Some(after) => Self::new(
                "#player = :player AND #settled < :after",
                [("#player", PLAYER_ID), ("#settled", SETTLED_AT)],
                [
                    (":player", text(player_id.as_str())),
                    (":after", text(after)),
                ],
            ),
        }
    }
}

fn number(number: u64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}
