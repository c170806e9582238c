//! Every method takes as many operations as its documentation says, and none of them is a Scan.

use domain::lobby::{Action, Changes, Lobby, Visibility};
use store::{Connection, Store};

use crate::scene::*;

/// What something does to DynamoDB.
async fn cost(store: &Store, what: impl Future) -> String {
    let earlier = store.operations();
    what.await;
    store.operations().since(&earlier).to_string()
}

fn hide() -> Action {
    let changes = Changes {
        visibility: Some(Visibility::Private),
        ..Changes::default()
    };
    Action::Update {
        by: player_id("host"),
        changes,
    }
}

/// Uses every method, and returns what each one cost.
async fn costs(store: &Store) -> Vec<(&'static str, String)> {
    let (connections, players, lobbies) = (store.connections(), store.players(), store.lobbies());
    let connection = Connection {
        connection_id: connection_id("host="),
        player_id: player_id("host"),
        connected_at: now(),
        expires_at: now() + LIFETIME,
    };
    let (id, host) = (lobby_id("L"), player_id("host"));
    let lobby = lobby("L", "host");
    let joined = after(&lobby, join("guest")).expect("it lives on");
    let hidden = after(&joined, hide()).expect("it lives on");
    connected(store, &joined).await;
    let save = |before, after| cost(store, save_any(store, before, after));
    vec![
        ("open", cost(store, connections.open(&connection)).await),
        (
            "open again",
            cost(store, connections.open(&connection)).await,
        ),
        (
            "find connection",
            cost(store, connections.find(&connection.connection_id, now())).await,
        ),
        (
            "presence",
            cost(store, players.presence(&host, now())).await,
        ),
        ("create", cost(store, lobbies.create(&lobby, now())).await),
        (
            "create again",
            cost(store, lobbies.create(&lobby, now())).await,
        ),
        ("find lobby", cost(store, lobbies.find(&id, now())).await),
        ("seat", cost(store, players.seat(&host, now())).await),
        ("save with a seat", save(&lobby, Some(&joined)).await),
        ("save again", save(&lobby, Some(&joined)).await),
        ("save without a seat", save(&joined, Some(&hidden)).await),
        ("save nothing", save(&hidden, Some(&hidden)).await),
        ("list", cost(store, lobbies.list(None, now())).await),
        ("close lobby", save(&hidden, None).await),
        (
            "close connection",
            cost(store, connections.close(&connection, now())).await,
        ),
    ]
}

async fn save_any(store: &Store, before: &Lobby, after: Option<&Lobby>) {
    let saved = store.lobbies().save(before, after, now()).await;
    let _any_outcome = saved.expect("the store answers");
}

const DOCUMENTED: [(&str, &str); 15] = [
    ("open", "TransactWriteItems 1"),
    ("open again", "TransactWriteItems 1"),
    ("find connection", "GetItem 1"),
    ("presence", "GetItem 1"),
    ("create", "TransactWriteItems 1"),
    ("create again", "TransactWriteItems 1"),
    ("find lobby", "GetItem 1"),
    ("seat", "GetItem 1"),
    ("save with a seat", "TransactWriteItems 1"),
    ("save again", "TransactWriteItems 1"),
    ("save without a seat", "PutItem 1"),
    ("save nothing", "none"),
    ("list", "Query 4"),
    ("close lobby", "TransactWriteItems 1"),
    ("close connection", "TransactWriteItems 1"),
];

fn documented() -> Vec<(&'static str, String)> {
    let documented = DOCUMENTED.into_iter();
    documented
        .map(|(method, cost)| (method, cost.to_owned()))
        .collect()
}

#[tokio::test]
async fn every_method_costs_what_it_says() {
    assert_eq!(costs(&empty().await).await, documented());
}

#[tokio::test]
async fn every_method_costs_the_same_among_five_hundred_lobbies() {
    let store = empty().await;
    for number in 0..500 {
        opened(&store, &format!("L{number}"), &format!("host-{number}")).await;
    }
    assert_eq!(costs(&store).await, documented());
}

#[tokio::test]
async fn nothing_is_ever_scanned() {
    let store = empty().await;
    costs(&store).await;
    let operations = store.operations();
    let names: Vec<_> = operations.iter().map(|(operation, _)| operation).collect();
    assert_eq!(names, ["GetItem", "PutItem", "Query", "TransactWriteItems"]);
    assert_eq!(operations.of("Scan"), 0);
}

#[tokio::test]
async fn clones_of_a_store_count_together() {
    let store = empty().await;
    let clone = store.clone();
    stored(&clone, "L").await;
    assert_eq!(store.operations().to_string(), "GetItem 1");
}
