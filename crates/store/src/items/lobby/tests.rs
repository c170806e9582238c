//! That what is no lobby is an error, and what is one says what its table needs.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::Timestamp;
use domain::lobby::{Contact, JoinPolicy, Metadata, start};
use ids::{ConnectionId, LobbyId};

use super::*;
use crate::items::{Item, read, write};

fn item(visibility: Visibility) -> Item {
    let settings = Settings {
        name: None,
        max_players: 8,
        visibility,
        join_policy: JoinPolicy::Ask,
        locked: false,
        password: None,
        metadata: Metadata::new(),
    };
    let host = Contact {
        player_id: PlayerId::parse("host").expect("a player id"),
        connection_id: ConnectionId::parse("C=").expect("a connection id"),
        expires_at: Timestamp::from_millis(7_200_001),
        away: false,
    };
    let lobby_id = LobbyId::parse("L").expect("a lobby id");
    let era = LobbyEra::parse("era").expect("an era");
    let outcome = start(lobby_id, era, settings, host, Timestamp::from_millis(1));
    write(LobbyItem::from(&outcome.lobby.expect("a new lobby")))
}

fn problem(item: Item) -> String {
    let lobby = read(keys::LOBBIES, item).and_then(LobbyItem::into_lobby);
    lobby.expect_err("it is malformed").to_string()
}

#[test]
fn only_a_public_lobby_has_the_keys_of_the_listing() {
    let keys = ["listing_shard", "listed_at"];
    let has_keys = |item: &Item| keys.map(|key| item.contains_key(key));
    assert_eq!(has_keys(&item(Visibility::Public)), [true, true]);
    assert_eq!(has_keys(&item(Visibility::Private)), [false, false]);
}

#[test]
fn dynamodb_is_told_of_the_end_in_seconds_and_not_too_early() {
    let expires_at = &item(Visibility::Public)["expires_at"];
    assert_eq!(expires_at, &AttributeValue::N("7201".to_owned()));
}

#[test]
fn an_item_that_lacks_something_or_says_nonsense_is_an_error() {
    let nonsense = AttributeValue::S("nonsense".to_owned());
    for attribute in [
        "era", "version", "host", "members", "requests", "bans", "locked", "metadata",
    ] {
        let mut lacking = item(Visibility::Public);
        lacking.remove(attribute);
        assert!(problem(lacking).contains(attribute), "{attribute}");
    }
    for attribute in ["version", "members", "visibility", "metadata", "bans"] {
        let mut senseless = item(Visibility::Public);
        senseless.insert(attribute.to_owned(), nonsense.clone());
        assert!(problem(senseless).starts_with("an item of the table lobbies"));
    }
}

#[test]
fn a_lobby_whose_host_is_no_member_is_an_error() {
    let mut item = item(Visibility::Public);
    item.insert("host".to_owned(), AttributeValue::S("other".to_owned()));
    assert_eq!(
        problem(item),
        "an item of the table lobbies cannot be read: the host is not a member"
    );
}

#[test]
fn a_lobby_as_it_was_before_there_were_queues_and_battles_has_none() {
    let item = item(Visibility::Public);
    for attribute in ["ticket_id", "ticket_queue", "origin", "battle"] {
        assert!(!item.contains_key(attribute), "{attribute}");
    }
    let lobby = read(keys::LOBBIES, item).and_then(LobbyItem::into_lobby);
    let lobby = lobby.expect("a lobby");
    assert_eq!(
        (lobby.ticket, lobby.origin, lobby.battle),
        (None, None, None)
    );
    assert!(lobby.members.values().all(|member| member.team.is_none()));
}

#[test]
fn half_of_a_ticket_and_a_senseless_origin_or_battle_are_errors() {
    for attribute in ["ticket_id", "ticket_queue", "origin", "battle"] {
        let mut item = item(Visibility::Public);
        item.insert(attribute.to_owned(), AttributeValue::S("x".to_owned()));
        assert!(problem(item).starts_with("an item of the table lobbies"));
    }
}
