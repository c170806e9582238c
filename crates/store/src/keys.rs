//! Every key, every attribute that a condition names, and the conditions.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::Timestamp;
use domain::listing::Position;
use ids::{ConnectionId, LobbyEra, LobbyId, PlayerId};

/// The tables, without their prefix.
pub(crate) const CONNECTIONS: &str = "connections";
pub(crate) const PLAYERS: &str = "players";
pub(crate) const LOBBIES: &str = "lobbies";

/// The sparse index of public lobbies.
pub(crate) const LISTING: &str = "listing";

/// Over how many shards the listing is spread. More of them would make each page more queries.
pub const LISTING_SHARDS: u32 = 4;

/// The kinds of item that a player has.
pub(crate) const PRESENCE: &str = "presence";
pub(crate) const SEAT: &str = "seat";

const CONNECTION_ID: &str = "connection_id";
const PLAYER_ID: &str = "player_id";
const KIND: &str = "kind";
const LOBBY_ID: &str = "lobby_id";
const LISTING_SHARD: &str = "listing_shard";
const LISTED_AT: &str = "listed_at";
const ERA: &str = "era";
const VERSION: &str = "version";
/// Conditions go by the millisecond; `expires_at`, by which DynamoDB deletes, is whole seconds.
const EXPIRES_AT_MILLIS: &str = "expires_at_millis";

/// A primary key.
pub(crate) type Key = HashMap<String, AttributeValue>;

pub(crate) fn connection(connection_id: &ConnectionId) -> Key {
    HashMap::from([(CONNECTION_ID.to_owned(), text(connection_id.as_str()))])
}

pub(crate) fn player(player_id: &PlayerId, kind: &str) -> Key {
    HashMap::from([
        (PLAYER_ID.to_owned(), text(player_id.as_str())),
        (KIND.to_owned(), text(kind)),
    ])
}

pub(crate) fn lobby(lobby_id: &LobbyId) -> Key {
    HashMap::from([(LOBBY_ID.to_owned(), text(lobby_id.as_str()))])
}

/// The shard of the listing that a lobby is in: FNV-1a of its id, which spreads even ids that differ by a digit.
pub(crate) fn listing_shard(lobby_id: &LobbyId) -> String {
    let hash = lobby_id
        .as_str()
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
    (hash % u64::from(LISTING_SHARDS)).to_string()
}

/// All shards of the listing.
pub(crate) fn listing_shards() -> impl Iterator<Item = String> {
    (0..LISTING_SHARDS).map(|shard| shard.to_string())
}

/// A position as text that sorts as positions do: twenty digits hold any number of milliseconds.
pub(crate) fn listed_at(position: &Position) -> String {
    format!(
        "{:020}#{}",
        position.created_at.as_millis(),
        position.lobby_id.as_str()
    )
}

/// The position that a text made by [`listed_at`] stands for.
pub(crate) fn position(listed_at: &str) -> Option<Position> {
    let (millis, lobby_id) = listed_at.split_once('#')?;
    let digits = millis.len() == 20 && millis.bytes().all(|byte| byte.is_ascii_digit());
    Some(Position {
        created_at: Timestamp::from_millis(millis.parse().ok().filter(|_| digits)?),
        lobby_id: LobbyId::parse(lobby_id).ok()?,
    })
}

/// The position in the key at which a query stopped.
pub(crate) fn position_in(last_key: &Key) -> Option<Position> {
    position(last_key.get(LISTED_AT)?.as_s().ok()?)
}

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

    /// Such an item, not expired.
    pub(crate) fn there(now: Timestamp) -> Self {
        Self::new(
            "#ends > :now",
            [("#ends", EXPIRES_AT_MILLIS)],
            [(":now", number(now.as_millis()))],
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

    /// A seat of this era of a lobby, or none.
    pub(crate) fn seat_of(era: &LobbyEra) -> Self {
        Self::new(
            "attribute_not_exists(#era) OR #era = :era",
            [("#era", ERA)],
            [(":era", text(era.as_str()))],
        )
    }

    /// A seat of this era of a lobby, or none, or one that has expired.
    pub(crate) fn seat_of_or_free(era: &LobbyEra, now: Timestamp) -> Self {
        Self::new(
            "attribute_not_exists(#era) OR #era = :era OR #ends <= :now",
            [("#era", ERA), ("#ends", EXPIRES_AT_MILLIS)],
            [
                (":era", text(era.as_str())),
                (":now", number(now.as_millis())),
            ],
        )
    }

    /// The presence at this connection, or none.
    pub(crate) fn presence_at(connection_id: &ConnectionId) -> Self {
        Self::new(
            "attribute_not_exists(#connection) OR #connection = :connection",
            [("#connection", CONNECTION_ID)],
            [(":connection", text(connection_id.as_str()))],
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
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

fn number(number: u64) -> AttributeValue {
    AttributeValue::N(number.to_string())
}
