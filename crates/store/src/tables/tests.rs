//! That tables, items and conditions speak of the same attributes.

use domain::Timestamp;
use domain::listing::Position;
use domain::lobby::{Contact, JoinPolicy, Lobby, Metadata, Settings, Visibility, start};
use domain::matchmaking::{Attributes, Owner, Pool, State, Ticket};
use ids::{ConnectionId, LobbyEra, LobbyId, PlayerId, QueueName, TicketId};

use super::*;
use crate::items::{
    self, ConnectionItem, Item, LobbyItem, PoolItem, PresenceItem, SeatItem, TicketItem,
};
use crate::keys::{self, Condition, Key};
use crate::{Connection, Presence};

fn contact() -> Contact {
    Contact {
        player_id: PlayerId::parse("player").expect("a player id"),
        connection_id: ConnectionId::parse("C=").expect("a connection id"),
        expires_at: Timestamp::from_millis(2),
        away: false,
    }
}

fn lobby() -> Lobby {
    let settings = Settings {
        name: Some("name".to_owned()),
        max_players: 8,
        visibility: Visibility::Public,
        join_policy: JoinPolicy::Ask,
        locked: false,
        password: None,
        metadata: Metadata::new(),
    };
    let lobby_id = LobbyId::parse("L").expect("a lobby id");
    let era = LobbyEra::parse("era").expect("an era");
    let outcome = start(
        lobby_id,
        era,
        settings,
        contact(),
        Timestamp::from_millis(1),
    );
    let mut lobby = outcome.lobby.expect("a new lobby");
    lobby.ticket = Some(ticket().reference());
    lobby
}

fn ticket() -> Ticket {
    Ticket {
        ticket_id: TicketId::parse("t").expect("a ticket id"),
        queue: QueueName::parse("1v1").expect("a queue"),
        owner: Owner::Player,
        players: vec![contact()],
        attributes: Attributes::new(),
        created_at: Timestamp::from_millis(1),
        version: 1,
        state: State::Waiting,
    }
}

/// One item of each kind, with the table that it goes to and the key that it is read by.
fn items() -> Vec<(&'static str, Key, Item)> {
    let (contact, lobby) = (contact(), lobby());
    let connection = Connection {
        connection_id: contact.connection_id.clone(),
        player_id: contact.player_id.clone(),
        connected_at: Timestamp::from_millis(1),
        expires_at: contact.expires_at,
        permissions: None,
    };
    vec![
        (
            CONNECTIONS,
            keys::connection(&contact.connection_id),
            items::write(ConnectionItem::from(&connection)),
        ),
        (
            PLAYERS,
            keys::player(&contact.player_id, keys::PRESENCE),
            items::write(PresenceItem::from(&Presence::new(&connection))),
        ),
        (
            CONNECTIONS,
            keys::connection(&contact.connection_id),
            items::write(ConnectionItem::ended(
                &connection,
                Timestamp::from_millis(2),
            )),
        ),
        (
            PLAYERS,
            keys::player(&contact.player_id, keys::SEAT),
            items::write(SeatItem::in_lobby(&lobby, &contact)),
        ),
        (
            PLAYERS,
            keys::player(&contact.player_id, keys::SEAT),
            items::write(SeatItem::by_ticket(&ticket().reference(), &contact)),
        ),
        (
            TICKETS,
            keys::ticket(&ticket().queue, &ticket().ticket_id),
            items::write(TicketItem::from(&ticket())),
        ),
        (
            LOBBIES,
            keys::lobby(&lobby.lobby_id),
            items::write(LobbyItem::from(&lobby)),
        ),
    ]
}

fn names<'a>(names: impl IntoIterator<Item = &'a String>) -> BTreeSet<String> {
    names.into_iter().cloned().collect()
}

#[test]
fn the_tables_are_those_that_are_used() {
    let defined: BTreeSet<_> = definitions().into_keys().collect();
    let used = [CONNECTIONS, LOBBIES, PLAYERS, RESULTS, TICKETS].map(str::to_owned);
    assert_eq!(defined, BTreeSet::from(used));
}

#[test]
fn every_item_has_its_tables_key_and_says_when_it_expires() {
    for (table, key, item) in items() {
        let table = &definitions()[table];
        let defined = [&table.hash_key].into_iter().chain(&table.range_key);
        assert_eq!(names(key.keys()), names(defined));
        for (name, value) in key {
            assert_eq!(item.get(&name), Some(&value), "{name}");
        }
        let seconds = item[&table.ttl].as_n().expect("a number");
        assert_eq!(seconds, "1", "two milliseconds, rounded up");
    }
}

#[test]
fn the_listing_is_queried_by_the_keys_of_its_index() {
    let index = &definitions()[LOBBIES].indexes[keys::LISTING];
    let position = Position {
        created_at: Timestamp::from_millis(1),
        lobby_id: lobby().lobby_id,
    };
    let condition = Condition::listed("0", Some(&position));
    let queried = names(condition.names.values());
    assert_eq!(queried, names([&index.hash_key, &index.range_key]));
    assert_eq!(definitions()[LOBBIES].indexes.len(), 1);
}

#[test]
fn the_index_carries_exactly_what_a_summary_is_made_of() {
    let table = &definitions()[LOBBIES];
    let index = &table.indexes[keys::LISTING];
    let item = items::write(LobbyItem::from(&lobby()));
    let keys = [&table.hash_key, &index.hash_key, &index.range_key];
    let carried = names(index.projection.iter().chain(keys));
    let mut read = names(items::write(items::SummaryItem::from(&lobby())).keys());
    read.extend(names([&index.hash_key, &index.range_key]));
    assert_eq!(carried, read);
    assert!(carried.iter().all(|name| item.contains_key(name)));
}

#[test]
fn a_queue_as_a_whole_has_the_key_that_it_is_read_by_and_never_expires() {
    let queue = ticket().queue;
    let table = &definitions()[TICKETS];
    let item = items::write(PoolItem::new(&queue, &Pool::default()));
    for (name, value) in keys::pool(&queue) {
        assert_eq!(item.get(&name), Some(&value), "{name}");
    }
    assert!(!item.contains_key(&table.ttl));
}

#[test]
fn a_queue_and_results_are_queried_by_the_keys_of_their_tables() {
    let keys_of = |table: &str| {
        let table = &definitions()[table];
        names([&table.hash_key].into_iter().chain(&table.range_key))
    };
    let pooled = names(Condition::pooled("1v1#0").names.values());
    assert!(pooled.is_subset(&keys_of(TICKETS)));
    let player_id = contact().player_id;
    let results = Condition::results_of(&player_id, Some("0"));
    assert_eq!(names(results.names.values()), keys_of(RESULTS));
}

/// Every condition, with the table and the kind of item that it is about.
fn conditions() -> Vec<(&'static str, &'static str, Condition)> {
    let (lobby, contact, ticket) = (lobby(), contact(), ticket());
    let (era, ticket_id) = (&lobby.era, &ticket.ticket_id);
    let now = Timestamp::from_millis(1);
    vec![
        (CONNECTIONS, "", Condition::free(now)),
        (
            CONNECTIONS,
            "away_until_millis",
            Condition::open_by(&contact.player_id, now),
        ),
        (LOBBIES, "", Condition::free(now)),
        (LOBBIES, "", Condition::as_read(era, lobby.version)),
        (LOBBIES, "", Condition::lobby_with(era, ticket_id)),
        (TICKETS, "", Condition::free(now)),
        (TICKETS, "", Condition::of_version(ticket.version)),
        (PLAYERS, keys::SEAT, Condition::free(now)),
        (PLAYERS, "era", Condition::seat_in(era)),
        (PLAYERS, "era", Condition::seat_of(era)),
        (PLAYERS, "era", Condition::seat_of_or_free(era, now)),
        (PLAYERS, "ticket_id", Condition::seat_by(ticket_id)),
        (PLAYERS, "ticket_id", Condition::seat_by_or_none(ticket_id)),
        (PLAYERS, keys::PRESENCE, Condition::of_version(1)),
        (PLAYERS, keys::SEAT, Condition::away_or_free(now)),
        (
            PLAYERS,
            "",
            Condition::elsewhere_or_none(&contact.connection_id),
        ),
    ]
}

#[test]
fn every_attribute_that_a_condition_names_is_in_the_items_that_it_is_about() {
    for (table, told_by, condition) in conditions() {
        let mut items = items().into_iter();
        let is_meant = |item: &Item| {
            let kind = item.get("kind").and_then(|kind| kind.as_s().ok());
            told_by.is_empty()
                || item.contains_key(told_by)
                || kind.is_some_and(|kind| kind == told_by)
        };
        let (_, _, item) = items
            .find(|(place, _, item)| *place == table && is_meant(item))
            .expect("one of each kind");
        for name in condition.names.values() {
            assert!(item.contains_key(name), "{name} in {table}");
        }
    }
}
