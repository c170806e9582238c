//! Peers that reach each other through a TURN server only, with the credentials that Switchboard makes.

use client::{Client, Options};
use ids::PlayerId;
use local::{ServerSettings, Timestamp};
use protocol::event::IceServer;

use super::super::peer::Peer;
use super::coturn::Coturn;
use super::*;
use crate::server;

/// What a player is given by a Switchboard that knows this coturn.
async fn credentials(coturn: &Coturn) -> (IceServer, u64) {
    let server = server::start(knowing(coturn)).await.expect("a Switchboard");
    let (client, events) = Client::connect(&server.url(), Options::default())
        .await
        .expect("a connection");
    let told = client.ice_servers().await.expect("an answer");
    drop(events);
    client.close().await;
    server.stop().await;
    let [turn] = told.ice_servers.try_into().expect("one server");
    (turn, told.expires_at.expect("they end"))
}

fn knowing(coturn: &Coturn) -> ServerSettings {
    ServerSettings {
        turn: Some(coturn.turn()),
        ..own()
    }
}

/// What one message takes at least on its way: the head of its SCTP chunk.
const CHUNK_HEAD_BYTES: u32 = 16;

/// Waits until coturn, by its own account, has relayed so many bytes for a player, both ways.
fn has_relayed(coturn: &mut Coturn, bytes: u32, player_id: &str) {
    let of_player = format!(":{player_id}>");
    let mut relayed = 0;
    // It accounts from time to time, and at the end of each relay.
    coturn.says(|line| {
        if line.contains("peer usage:") && line.contains(&of_player) {
            relayed += count(line, "rb=") + count(line, "sb=");
        }
        relayed >= bytes
    });
}

/// One of the numbers in a line of coturn's.
fn count(line: &str, name: &str) -> u32 {
    let (_, rest) = line.split_once(name).expect("coturn counts it");
    let digits = rest.split(|c: char| !c.is_ascii_digit()).next();
    let digits = digits.expect("a split has a first part");
    digits.parse().expect("a number")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_players_meet_through_a_turn_server_alone() {
    let Some(mut coturn) = Coturn::start() else {
        return;
    };
    let timeline = Timeline::start(Audience::Program, MEETING);
    let place = Place::Here(Box::new(knowing(&coturn)));
    let play = async |url: &str, timeline: &Timeline| play::play(url, timeline, Ways::Relay).await;
    let outcome = against(place, &timeline, DEADLINE, play)
        .await
        .expect("the players meet");

    assert_eq!(timeline.missing(), Vec::<String>::new());
    for share in [&outcome.host, &outcome.guest] {
        assert_eq!(share.messages.received, 2 * talk::ROUND);
    }
    // What coturn itself has counted: everything that the two said went through it.
    let connected = timeline
        .entries()
        .into_iter()
        .filter(|entry| entry.step == Step::Connected);
    let players: Vec<_> = connected.filter_map(|entry| entry.detail).collect();
    assert_eq!(players.len(), 2);
    for player in players {
        let player_id = player.strip_prefix("player ").expect("who it is");
        let messages = 2 * (2 * talk::ROUND);
        has_relayed(&mut coturn, messages * CHUNK_HEAD_BYTES, player_id);
    }
}

#[tokio::test]
async fn without_a_turn_server_a_relay_alone_is_refused_with_advice() {
    let stun = IceServer {
        urls: vec!["stun:127.0.0.1".to_owned()],
        username: None,
        credential: None,
    };
    let refused = Peer::start(vec![stun], Ways::Relay).await.err();
    let sentence = refused.expect("there is no way").to_string();
    assert!(
        sentence.contains("`switchboard serve --turn`"),
        "{sentence}"
    );
}

#[tokio::test]
async fn a_turn_server_takes_the_credentials_that_switchboard_makes_and_no_others() {
    let Some(coturn) = Coturn::start() else {
        return;
    };
    let (given, expires_at) = credentials(&coturn).await;
    let (name, password) = (given.username.as_deref(), given.credential.as_deref());
    let (name, password) = (name.expect("a name"), password.expect("a password"));
    assert!(name.starts_with(&format!("{expires_at}:")), "{name}");
    assert!(coturn.takes(name, password), "these are good");

    let ann = PlayerId::parse("ann").expect("a player id");
    let long_ago = Timestamp::from_millis((expires_at - 7_200) * 1_000);
    let expired = coturn.turn().issue(&ann, long_ago).server;
    let forged = coturn.turn_with("a secret that somebody has made up");
    let forged = forged.issue(&ann, Timestamp::from_millis(expires_at * 1_000));
    let prolonged = format!(
        "{}{}",
        expires_at + 3_600,
        name.trim_start_matches(char::is_numeric)
    );
    let of_another = format!("{expires_at}:ann");
    for (what, name, password) in [
        (
            "expired",
            expired.username.as_deref(),
            expired.credential.as_deref(),
        ),
        (
            "forged",
            forged.server.username.as_deref(),
            forged.server.credential.as_deref(),
        ),
        ("prolonged", Some(prolonged.as_str()), Some(password)),
        (
            "another player's",
            Some(of_another.as_str()),
            Some(password),
        ),
        ("without a password", Some(name), Some("")),
    ] {
        let (name, password) = (name.expect("a name"), password.expect("a password"));
        assert!(!coturn.takes(name, password), "{what}");
    }
}
