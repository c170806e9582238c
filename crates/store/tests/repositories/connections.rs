//! Connections and presences.

use futures::future::join_all;
use identity::Permissions;
use ids::{ConnectionId, QueueName};
use store::{Closed, Connection, CreateConflict, Presence, Saved, Store};

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

async fn open(store: &Store, connection: &Connection) {
    let opened = store.connections().open(connection).await;
    opened.expect("the store answers");
}

async fn close(store: &Store, connection: &Connection) {
    let closed = store.connections().close(connection, now()).await;
    assert_eq!(closed.expect("the store answers"), Closed::Done);
}

async fn found(store: &Store, id: &str) -> Option<Connection> {
    let found = store.connections().find(&connection_id(id), now()).await;
    found.expect("the store answers")
}

/// At which connection a player is reached.
async fn reached(store: &Store, name: &str) -> Option<ConnectionId> {
    let presence = store.players().presence(&player_id(name), now()).await;
    let presence = presence.expect("the store answers");
    presence.map(|presence| presence.connection_id)
}

#[tokio::test]
async fn what_a_token_permits_is_kept_with_the_connection() {
    let store = empty().await;
    let permissions = Permissions {
        host: false,
        matchmake: true,
        queues: Some([QueueName::parse("ranked").expect("a queue")].into()),
        expires_at: Some(1_800_000_000),
    };
    for permissions in [permissions, Permissions::default()] {
        let connection = Connection {
            permissions: Some(permissions),
            ..connection("C=", "player")
        };
        open(&store, &connection).await;
        assert!(connection.is_authenticated());
        assert_eq!(found(&store, "C=").await, Some(connection.clone()));
        close(&store, &connection).await;
    }
}

#[tokio::test]
async fn a_connection_that_is_opened_is_found_and_its_player_is_reached_there() {
    let store = empty().await;
    let connection = connection("C=", "player");
    open(&store, &connection).await;
    assert_eq!(found(&store, "C=").await, Some(connection.clone()));
    let presence = store.players().presence(&player_id("player"), now()).await;
    let Connection {
        connection_id,
        expires_at,
        ..
    } = connection;
    let expected = Presence {
        connection_id,
        expires_at,
    };
    assert_eq!(presence.expect("the store answers"), Some(expected));
}

#[tokio::test]
async fn a_connection_that_is_closed_leaves_nothing() {
    let store = empty().await;
    let connection = connection("C=", "player");
    open(&store, &connection).await;
    close(&store, &connection).await;
    assert_eq!(found(&store, "C=").await, None);
    assert_eq!(reached(&store, "player").await, None);
}

#[tokio::test]
async fn closing_twice_and_closing_what_never_was_is_no_error() {
    let store = empty().await;
    let connection = connection("C=", "player");
    close(&store, &connection).await;
    open(&store, &connection).await;
    join_all((0..8).map(|_| close(&store, &connection))).await;
    assert_eq!(found(&store, "C=").await, None);
}

#[tokio::test]
async fn a_repeated_connect_changes_nothing_whichever_player_it_brings() {
    let store = empty().await;
    let first = connection("C=", "first");
    open(&store, &first).await;
    open(&store, &first).await;
    open(&store, &connection("C=", "second")).await;
    assert_eq!(found(&store, "C=").await, Some(first));
    assert_eq!(reached(&store, "second").await, None);
}

#[tokio::test]
async fn closing_an_old_connection_leaves_the_player_reached_at_its_new_one() {
    let store = empty().await;
    let (old, new) = (connection("old=", "player"), connection("new=", "player"));
    open(&store, &old).await;
    open(&store, &new).await;
    close(&store, &old).await;
    assert_eq!(found(&store, "old=").await, None);
    assert_eq!(found(&store, "new=").await, Some(new.clone()));
    assert_eq!(reached(&store, "player").await, Some(new.connection_id));
}

#[tokio::test]
async fn a_connection_whose_player_has_a_seat_is_not_forgotten_before_it_is_out() {
    let store = empty().await;
    let lobby = opened(&store, "L", "host").await;
    let connection = connection("host=", "host");
    let close = async || {
        let closed = store.connections().close(&connection, now()).await;
        closed.expect("the store answers")
    };
    assert_eq!(close().await, Closed::StillSeated);
    assert!(found(&store, "host=").await.is_some());
    assert_eq!(save(&store, &lobby, None).await, Saved::Done);
    assert_eq!(close().await, Closed::Done);
    assert_eq!(found(&store, "host=").await, None);
}

#[tokio::test]
async fn nobody_comes_into_a_lobby_by_a_connection_that_has_ended() {
    let store = empty().await;
    let before = opened(&store, "L", "host").await;
    let joined = after(&before, join("guest"));
    let saved = store.lobbies().save(&before, joined.as_ref(), now()).await;
    assert_eq!(saved.expect("the store answers"), Saved::PlayerGone);
    assert_eq!(stored(&store, "L").await, Some(before));
    assert_eq!(seat(&store, "guest").await, None);
}

#[tokio::test]
async fn nobody_opens_a_lobby_by_a_connection_that_has_ended() {
    let store = empty().await;
    let created = store.lobbies().create(&lobby("L", "host"), now()).await;
    assert_eq!(
        created.expect("the store answers"),
        Err(CreateConflict::HostGone)
    );
    assert_eq!(stored(&store, "L").await, None);
}
