//! Starting a lobby.

use std::collections::{BTreeMap, BTreeSet};

use domain::Timestamp;
use domain::lobby::{Event, Lobby, Member, Metadata, Refusal, Settings, Visibility, start};

use crate::scene::{DAWN, Scene, contact, era, friday, hash, hears, peer, player, says, settings};

#[test]
fn whoever_starts_a_lobby_is_its_host_its_only_member_and_peer_1() {
    let now = Timestamp::from_millis(DAWN);
    let started = start(friday(), era(), settings(), contact("ann"), now).lobby;
    let ann = Member {
        contact: contact("ann"),
        peer_id: peer(1),
        team: None,
        arrival: 0,
        metadata: Metadata::new(),
    };
    let expected = Lobby {
        lobby_id: friday(),
        era: era(),
        version: 1,
        created_at: now,
        settings: settings(),
        host: player("ann"),
        term: 1,
        arrivals: 1,
        members: BTreeMap::from([(player("ann"), ann)]),
        requests: BTreeMap::new(),
        bans: BTreeSet::new(),
        ticket: None,
        origin: None,
        battle: None,
    };
    assert_eq!(started, Some(expected));
}

#[test]
fn only_the_one_who_starts_a_lobby_hears_of_it() {
    let now = Timestamp::from_millis(DAWN);
    let started = start(friday(), era(), settings(), contact("ann"), now);
    let lobby = started.lobby.expect("it is open");
    assert_eq!(started.notices, [hears("ann", Event::Started(lobby))]);
}

#[test]
fn a_lobby_starts_with_the_settings_that_were_asked_for() {
    let wanted = Settings {
        name: Some("Friday night".to_owned()),
        max_players: 3,
        visibility: Visibility::Public,
        password: Some(hash()),
        metadata: says("map", "desert"),
        ..settings()
    };
    assert_eq!(Scene::with(wanted.clone()).lobby().settings, wanted);
}

#[test]
fn a_taken_id_is_refused_in_the_words_that_bellhop_clients_know() {
    let refusal = Refusal::Exists { lobby_id: friday() };
    assert_eq!(refusal.to_string(), "Lobby friday already exists.");
}

#[test]
fn neither_a_lobby_nor_what_is_heard_of_it_shows_its_password_hash() {
    let now = Timestamp::from_millis(DAWN);
    let wanted = Settings {
        password: Some(hash()),
        ..settings()
    };
    let started = start(friday(), era(), wanted, contact("ann"), now);
    assert!(!format!("{started:?}").contains("argon2"));
}
