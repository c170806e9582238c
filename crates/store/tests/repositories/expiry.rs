//! What has expired is absent, long before DynamoDB deletes it.

use domain::Timestamp;
use domain::lobby::Action;
use store::{Connection, Saved, Store};

use crate::scene::*;

fn connection(id: &str, name: &str) -> Connection {
    Connection {
        connection_id: connection_id(id),
        player_id: player_id(name),
        connected_at: now(),
        expires_at: now() + LIFETIME,
        permissions: None,
    }
}

/// The last moment at which everybody is still there.
fn just_before() -> Timestamp {
    Timestamp::from_millis(afterwards().as_millis() - 1)
}

async fn is_found(store: &Store, at: Timestamp) -> bool {
    let found = store.lobbies().find(&lobby_id("L"), at).await;
    found.expect("the store answers").is_some()
}

#[tokio::test]
async fn a_lobby_and_its_seats_end_in_the_millisecond_in_which_the_last_connection_does() {
    let store = empty().await;
    opened(&store, "L", "host").await;
    let seat_at = async |at| store.players().seat(&player_id("host"), at).await;
    assert!(is_found(&store, just_before()).await);
    assert!(seat_at(just_before()).await.expect("the store").is_some());
    assert!(!is_found(&store, afterwards()).await);
    assert_eq!(seat_at(afterwards()).await.expect("the store"), None);
}

#[tokio::test]
async fn a_lobby_that_has_expired_can_be_created_over_by_its_own_host() {
    let store = empty().await;
    let old = opened(&store, "L", "host").await;
    let new = lobby_with("L", "host", settings(), afterwards());
    assert_ne!(old.era, new.era);
    let early = try_create(&store, &new, just_before()).await;
    assert!(early.is_err());
    create(&store, &new).await;
    let found = store.lobbies().find(&lobby_id("L"), afterwards()).await;
    assert_eq!(found.expect("the store"), Some(new));
}

#[tokio::test]
async fn a_seat_that_has_expired_can_be_taken_elsewhere_and_the_old_lobby_lives_on() {
    let store = empty().await;
    let before = opened(&store, "L", "host").await;
    let mut lobby = does(&store, &before, join("guest")).await;
    // The host came back and stays longer; the guest did not.
    let mut longer = lobby.clone();
    longer.version += 1;
    let host = longer
        .members
        .get_mut(&player_id("host"))
        .expect("the host");
    host.contact.expires_at = afterwards() + LIFETIME;
    assert_eq!(save(&store, &lobby, Some(&longer)).await, Saved::Done);
    lobby = longer;

    let elsewhere = lobby_with("M", "guest", settings(), afterwards());
    create(&store, &elsewhere).await;
    let swept = domain::lobby::step(&lobby, Action::Wake, afterwards());
    let swept = swept.expect("to wake is allowed").lobby;
    let lobbies = store.lobbies();
    let saved = lobbies.save(&lobby, swept.as_ref(), afterwards()).await;
    assert_eq!(saved.expect("the store"), Saved::Done);
    let seat = store
        .players()
        .seat(&player_id("guest"), afterwards())
        .await;
    let seat = seat.expect("the store").expect("a seat");
    assert_eq!(seat.lobby_id(), Some(&lobby_id("M")));
}

#[tokio::test]
async fn a_connection_that_has_expired_is_absent_and_can_be_opened_over() {
    let store = empty().await;
    let old = connection("C=", "old");
    store.connections().open(&old).await.expect("the store");
    let found = async |at| {
        let found = store.connections().find(&old.connection_id, at).await;
        found.expect("the store")
    };
    assert_eq!(found(just_before()).await, Some(old.clone()));
    assert_eq!(found(afterwards()).await, None);
    let presence = store.players().presence(&old.player_id, afterwards()).await;
    assert_eq!(presence.expect("the store"), None);
    let new = Connection {
        connected_at: afterwards(),
        expires_at: afterwards() + LIFETIME,
        ..connection("C=", "new")
    };
    store.connections().open(&new).await.expect("the store");
    assert_eq!(found(afterwards()).await, Some(new));
}

#[tokio::test]
async fn a_lobby_that_has_expired_is_not_listed() {
    let store = empty().await;
    opened(&store, "L", "host").await;
    let listed = async |at| {
        let shards = store.lobbies().list(None, at).await.expect("the store");
        shards
            .iter()
            .map(|shard| shard.lobbies.len())
            .sum::<usize>()
    };
    assert_eq!(listed(just_before()).await, 1);
    assert_eq!(listed(afterwards()).await, 0);
}
