//! Connections and presences.

use domain::lobby::{Action, Lobby};
use futures::future::join_all;
use identity::Permissions;
use ids::{ConnectionId, QueueName};
use store::{Closed, Connection, CreateConflict, Presence, Reached, Resumed, Saved, Store, Trace};

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
    assert_eq!(try_close(store, connection).await, Closed::Done);
}

async fn try_close(store: &Store, connection: &Connection) -> Closed {
    let connections = store.connections();
    let closed = connections.close(connection, Reached::ByNone, later(), now());
    closed.await.expect("the store answers")
}

/// Does an allowed action to a lobby, and opens nobody's connection for it.
async fn changes(store: &Store, before: &Lobby, action: Action) -> Lobby {
    let after = after(before, action).expect("the lobby lives on");
    let saved = store.lobbies().save(before, Some(&after), now()).await;
    assert_eq!(saved.expect("the store answers"), Saved::Done);
    after
}

async fn resume(
    store: &Store,
    on: &Connection,
    presence: &Presence,
    last: Option<&Connection>,
) -> (Resumed, Presence) {
    let connections = store.connections();
    let resumed = connections.resume(on, presence, last, None, now());
    resumed.await.expect("the store answers")
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
    let each = [("one", permissions), ("two", Permissions::default())];
    for (name, permissions) in each {
        let connection = Connection {
            permissions: Some(permissions),
            ..connection(name, name)
        };
        open(&store, &connection).await;
        assert!(connection.is_authenticated());
        assert_eq!(found(&store, name).await, Some(connection));
    }
}

#[tokio::test]
async fn a_connection_that_is_opened_is_found_and_its_player_is_reached_there() {
    let store = empty().await;
    let connection = connection("C=", "player");
    open(&store, &connection).await;
    assert_eq!(found(&store, "C=").await, Some(connection.clone()));
    let presence = store.players().presence(&player_id("player"), now()).await;
    let expected = Presence::new(&connection);
    assert_eq!(presence.expect("the store answers"), Some(expected));
}

#[tokio::test]
async fn a_connection_that_is_closed_is_none_and_tells_until_when_its_player_may_come_back() {
    let store = empty().await;
    let connection = connection("C=", "player");
    open(&store, &connection).await;
    close(&store, &connection).await;
    assert_eq!(found(&store, "C=").await, None);
    let trace = store.connections().trace(&connection_id("C="), now()).await;
    let expected = Trace {
        connection,
        away_until: Some(later()),
    };
    assert_eq!(trace.expect("the store answers"), Some(expected));
}

#[tokio::test]
async fn closing_twice_and_closing_what_never_was_is_no_error() {
    let store = empty().await;
    let connection = connection("C=", "player");
    assert_eq!(try_close(&store, &connection).await, Closed::NotItsPlayers);
    open(&store, &connection).await;
    let closed = join_all((0..8).map(|_| try_close(&store, &connection))).await;
    let done = closed.iter().filter(|closed| **closed == Closed::Done);
    assert_eq!(done.count(), 1, "{closed:?}");
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
async fn closing_again_gives_no_more_time() {
    let store = empty().await;
    let connection = connection("C=", "player");
    open(&store, &connection).await;
    close(&store, &connection).await;
    let much_later = later() + LIFETIME;
    let connections = store.connections();
    let closed = connections.close(&connection, Reached::ByNone, much_later, now());
    let closed = closed.await.expect("the store answers");
    assert_eq!(closed, Closed::NotItsPlayers);
    let trace = store.connections().trace(&connection_id("C="), now()).await;
    let trace = trace.expect("the store answers").expect("a trace");
    assert_eq!(trace.away_until, Some(later()));
}

#[tokio::test]
async fn a_connection_on_which_another_was_taken_up_neither_seats_nor_ends_for_who_was_there_before()
 {
    let store = empty().await;
    let (old, new) = (
        connection("player=", "player"),
        connection("nobody=", "nobody"),
    );
    open(&store, &old).await;
    close(&store, &old).await;
    open(&store, &new).await;
    let (resumed, _) = resume(&store, &new, &Presence::new(&old), None).await;
    assert_eq!(resumed, Resumed::Done);
    // What was begun in the name of whoever was there before comes late.
    let created = store.lobbies().create(&lobby("L", "nobody"), now()).await;
    let created = created.expect("the store answers");
    assert_eq!(created, Err(CreateConflict::HostGone));
    assert_eq!(try_close(&store, &new).await, Closed::NotItsPlayers);
    let player = found(&store, "nobody=").await.map(|open| open.player_id);
    assert_eq!(player, Some(player_id("player")));
}

#[tokio::test]
async fn a_connection_is_not_closed_before_the_lobby_that_its_player_is_in_is_told() {
    let store = empty().await;
    let lobby = opened(&store, "L", "host").await;
    let connection = connection("host=", "host");
    assert_eq!(try_close(&store, &connection).await, Closed::NotTold);
    assert!(found(&store, "host=").await.is_some());
    let lobby = changes(&store, &lobby, lost("host", "host=")).await;
    // It comes back at the same moment: the lobby is to be told again.
    let lobby = changes(&store, &lobby, back("host", "host=")).await;
    assert_eq!(try_close(&store, &connection).await, Closed::NotTold);
    changes(&store, &lobby, lost("host", "host=")).await;
    let seat = place(&store, "host").await;
    assert_eq!(try_close(&store, &connection).await, Closed::Done);
    assert_eq!(found(&store, "host=").await, None);
    assert_eq!(place(&store, "host").await, seat);
}

#[tokio::test]
async fn a_connection_that_was_never_its_players_ends_without_a_word_as_long_as_it_is_not() {
    let store = empty().await;
    let lobby = opened(&store, "L", "host").await;
    let second = connection("second=", "host");
    open(&store, &second).await;
    let close = async || {
        let connections = store.connections();
        let closed = connections.close(&second, Reached::ByAnother, later(), now());
        closed.await.expect("the store answers")
    };
    // The player is moved there, and its lobby does not know yet.
    let first = connection("host=", "host");
    let presence = Presence::new(&first);
    let (resumed, moved) = resume(&store, &second, &presence, Some(&first)).await;
    assert_eq!(resumed, Resumed::Done);
    assert_eq!(close().await, Closed::NotTold);
    // And moved away again, but its lobby knows it there still.
    let lobby = changes(&store, &lobby, back("host", "second=")).await;
    let third = connection("third=", "host");
    open(&store, &third).await;
    let (resumed, _) = resume(&store, &third, &moved, None).await;
    assert_eq!(resumed, Resumed::Done);
    assert_eq!(close().await, Closed::NotTold);
    changes(&store, &lobby, back("host", "third=")).await;
    assert_eq!(close().await, Closed::Done);
    assert_eq!(reached(&store, "host").await, Some(connection_id("third=")));
}

#[tokio::test]
async fn a_player_is_taken_up_on_another_connection_with_what_is_kept_for_it() {
    let store = empty().await;
    let (old, new) = (connection("old=", "player"), connection("new=", "fresh"));
    open(&store, &old).await;
    open(&store, &new).await;
    let presence = Presence::new(&old);
    let kept = presence.keeping("a frame".to_owned(), later(), now());
    let kept = kept.expect("there is room");
    let saved = store.players().save_presence(&presence, &kept).await;
    assert_eq!(saved.expect("the store answers"), Saved::Done);
    close(&store, &old).await;
    let (resumed, moved) = resume(&store, &new, &kept, None).await;
    assert_eq!(resumed, Resumed::Done);
    assert_eq!(moved.kept, kept.kept);
    assert_eq!(reached(&store, "player").await, Some(connection_id("new=")));
    assert_eq!(reached(&store, "fresh").await, None);
    let on = found(&store, "new=").await.expect("it is open");
    assert_eq!(on.player_id, player_id("player"));
}

#[tokio::test]
async fn a_player_is_taken_up_while_its_last_connection_is_open_which_then_is_over() {
    let store = empty().await;
    let (old, new) = (connection("old=", "player"), connection("new=", "fresh"));
    open(&store, &old).await;
    open(&store, &new).await;
    let (resumed, _) = resume(&store, &new, &Presence::new(&old), Some(&old)).await;
    assert_eq!(resumed, Resumed::Done);
    assert_eq!(found(&store, "old=").await, None);
    // Its farewell, which comes now, finds nothing to do.
    assert_eq!(try_close(&store, &old).await, Closed::NotItsPlayers);
    assert_eq!(reached(&store, "player").await, Some(connection_id("new=")));
}

#[tokio::test]
async fn whoever_is_somewhere_already_is_not_taken_up_as_another() {
    let store = empty().await;
    let old = connection("old=", "player");
    open(&store, &old).await;
    opened(&store, "L", "host").await;
    let new = connection("host=", "host");
    let (resumed, _) = resume(&store, &new, &Presence::new(&old), Some(&old)).await;
    assert_eq!(resumed, Resumed::Seated);
    assert_eq!(reached(&store, "player").await, Some(connection_id("old=")));
}

#[tokio::test]
async fn nobody_is_taken_up_on_a_connection_that_has_ended() {
    let store = empty().await;
    let (old, new) = (connection("old=", "player"), connection("new=", "fresh"));
    open(&store, &old).await;
    open(&store, &new).await;
    close(&store, &new).await;
    let (resumed, _) = resume(&store, &new, &Presence::new(&old), Some(&old)).await;
    assert_eq!(resumed, Resumed::Gone);
    assert!(found(&store, "old=").await.is_some());
}

#[tokio::test]
async fn of_many_connections_that_want_to_be_one_player_at_once_one_is() {
    let store = empty().await;
    let old = connection("old=", "player");
    open(&store, &old).await;
    let presence = Presence::new(&old);
    let takers = (0..8).map(async |number| {
        let new = connection(&format!("{number}="), &format!("fresh-{number}"));
        open(&store, &new).await;
        resume(&store, &new, &presence, Some(&old)).await.0
    });
    let became = join_all(takers).await;
    let done = became.iter().filter(|one| **one == Resumed::Done);
    assert_eq!(done.count(), 1, "{became:?}");
    let lost = became.iter().filter(|one| **one == Resumed::LostRace);
    assert_eq!(lost.count(), 7, "{became:?}");
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
