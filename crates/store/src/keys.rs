//! Every key, every attribute that a condition names, and the conditions.

mod condition;

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use domain::Timestamp;
use domain::listing::Position;
use ids::{BattleId, ConnectionId, LobbyId, PlayerId, QueueName, TicketId};

use crate::ResultPosition;

pub(crate) use condition::Condition;

/// The tables, without their prefix.
pub(crate) const CONNECTIONS: &str = "connections";
pub(crate) const PLAYERS: &str = "players";
pub(crate) const LOBBIES: &str = "lobbies";
pub(crate) const TICKETS: &str = "tickets";
pub(crate) const RESULTS: &str = "results";

/// The sparse index of public lobbies.
pub(crate) const LISTING: &str = "listing";

/// Over how many shards the listing is spread. More of them would make each page more queries.
pub const LISTING_SHARDS: u32 = 4;

/// Over how many shards the tickets of one queue are spread. Each takes a thousand writes a second.
pub const POOL_SHARDS: u32 = 8;

/// The kinds of item that a player has.
pub(crate) const PRESENCE: &str = "presence";
pub(crate) const SEAT: &str = "seat";

const CONNECTION_ID: &str = "connection_id";
const PLAYER_ID: &str = "player_id";
const KIND: &str = "kind";
const LOBBY_ID: &str = "lobby_id";
const LISTING_SHARD: &str = "listing_shard";
const LISTED_AT: &str = "listed_at";
const POOL_SHARD: &str = "pool_shard";
const TICKET_ID: &str = "ticket_id";
const SETTLED_AT: &str = "settled_at";
/// In place of a ticket's id, and of a shard's number: what is known of a queue as a whole.
pub(crate) const POOL: &str = "pool";
const ERA: &str = "era";
/// Only a connection that has ended has it.
const AWAY_UNTIL_MILLIS: &str = "away_until_millis";
/// Whether the player of a seat is away from it.
const AWAY: &str = "away";
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

/// The shard of the listing that a lobby is in.
pub(crate) fn listing_shard(lobby_id: &LobbyId) -> String {
    spread(lobby_id.as_str(), LISTING_SHARDS).to_string()
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
    let (created_at, lobby_id) = timed(listed_at)?;
    Some(Position {
        created_at,
        lobby_id: LobbyId::parse(lobby_id).ok()?,
    })
}

/// The position in the key at which a query stopped.
pub(crate) fn position_in(last_key: &Key) -> Option<Position> {
    position(last_key.get(LISTED_AT)?.as_s().ok()?)
}

pub(crate) fn ticket(queue: &QueueName, ticket_id: &TicketId) -> Key {
    HashMap::from([
        (POOL_SHARD.to_owned(), text(&pool_shard(queue, ticket_id))),
        (TICKET_ID.to_owned(), text(ticket_id.as_str())),
    ])
}

/// The shard of its queue that a ticket is in. No queue has a `#` in its name.
pub(crate) fn pool_shard(queue: &QueueName, ticket_id: &TicketId) -> String {
    format!("{queue}#{}", spread(ticket_id.as_str(), POOL_SHARDS))
}

/// All shards of a queue.
pub(crate) fn pool_shards(queue: &QueueName) -> impl Iterator<Item = String> {
    (0..POOL_SHARDS).map(move |shard| format!("{queue}#{shard}"))
}

/// Where what is known of a queue as a whole is, beside its shards.
pub(crate) fn beside_shards(queue: &QueueName) -> String {
    format!("{queue}#{POOL}")
}

/// Whether an item among the tickets is what is known of a queue as a whole.
#[cfg(feature = "in-process")]
pub(crate) fn is_pool(item: &Key) -> bool {
    let ticket_id = item.get(TICKET_ID).and_then(|id| id.as_s().ok());
    ticket_id.is_some_and(|id| id == POOL)
}

pub(crate) fn pool(queue: &QueueName) -> Key {
    HashMap::from([
        (POOL_SHARD.to_owned(), text(&beside_shards(queue))),
        (TICKET_ID.to_owned(), text(POOL)),
    ])
}

/// A position among results as text that sorts as positions do.
pub(crate) fn settled_at(position: &ResultPosition) -> String {
    format!(
        "{:020}#{}",
        position.settled_at.as_millis(),
        position.battle_id
    )
}

/// The position that a text made by [`settled_at`] stands for.
pub(crate) fn result_position(text: &str) -> Option<ResultPosition> {
    let (settled_at, battle_id) = timed(text)?;
    Some(ResultPosition {
        settled_at,
        battle_id: BattleId::parse(battle_id).ok()?,
    })
}

/// A time of twenty digits, and what is behind it.
fn timed(text: &str) -> Option<(Timestamp, &str)> {
    let (millis, rest) = text.split_once('#')?;
    let digits = millis.len() == 20 && millis.bytes().all(|byte| byte.is_ascii_digit());
    let millis = millis.parse().ok().filter(|_| digits)?;
    Some((Timestamp::from_millis(millis), rest))
}

/// One of so many shards: FNV-1a of an id, which spreads even ids that differ by a digit.
fn spread(id: &str, shards: u32) -> u64 {
    let hash = id.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    hash % u64::from(shards)
}

fn text(text: &str) -> AttributeValue {
    AttributeValue::S(text.to_owned())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn queue(name: &str) -> QueueName {
        QueueName::parse(name).expect("a queue")
    }

    fn spread_over_shards(ids: impl Iterator<Item = String>) -> BTreeMap<String, u32> {
        let mut shards = BTreeMap::new();
        for id in ids {
            let ticket_id = TicketId::parse(id).expect("a ticket id");
            let shard = pool_shard(&queue("ranked"), &ticket_id);
            *shards.entry(shard).or_default() += 1;
        }
        shards
    }

    #[test]
    fn the_tickets_of_a_queue_are_spread_evenly_over_its_shards_and_no_other_partition() {
        let uuid = |number: u32| {
            let hash = number.wrapping_mul(0x9e37_79b9);
            format!("{hash:08x}-1f0b-4d5e-9a7c-{number:012x}")
        };
        let counted = spread_over_shards((0..8_000).map(|number| format!("t-{number}")));
        for shards in [counted, spread_over_shards((0..8_000).map(uuid))] {
            let own: Vec<_> = pool_shards(&queue("ranked")).collect();
            assert_eq!(
                shards.keys().collect::<Vec<_>>(),
                own.iter().collect::<Vec<_>>()
            );
            for tickets in shards.values() {
                assert!((800..=1_200).contains(tickets), "{shards:?}");
            }
        }
    }

    #[test]
    fn no_partition_is_two_queues_and_none_of_a_queues_shards_is_what_is_beside_them() {
        let mut partitions: Vec<_> = ["a", "a0", "pool"]
            .map(queue)
            .iter()
            .flat_map(|queue| pool_shards(queue).chain([beside_shards(queue)]))
            .collect();
        let all = partitions.len();
        partitions.sort();
        partitions.dedup();
        assert_eq!(partitions.len(), all);
    }
}
