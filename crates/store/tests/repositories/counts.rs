//! Every method takes as many operations as its documentation says, and none of them is a Scan.

use domain::lobby::{Action, Changes, Lobby, Visibility};
use domain::matchmaking::{Match, Pool, Ticket};
use ids::MatchId;
use store::{Connection, Reached, Store};

use crate::queue::*;
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
        permissions: None,
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
            cost(
                store,
                connections.close(&connection, Reached::ByNone, now(), now()),
            )
            .await,
        ),
    ]
}

/// Uses every method about queues, and returns what each one cost.
async fn costs_of_queues(store: &Store) -> Vec<(&'static str, String)> {
    let (tickets, queue) = (store.tickets(), queue());
    let (one, two, three) = (ticket("one"), ticket("two"), ticket("three"));
    reachable(store, [&one, &two, &three].map(|ticket| &ticket.players[0])).await;
    let join = |ticket| cost(store, tickets.join(ticket, now()));
    let joined = [join(&one).await, join(&two).await, join(&three).await];
    let changed = three.returned();
    let match_id = MatchId::parse("m").expect("a match id");
    let proposed = match_of([&one, &two]).proposed(&match_id, now());
    let accepted: Vec<_> = proposed.iter().map(|(_, after)| after.clone()).collect();
    let of = match_of(&accepted);
    let lobby = lobby_of("M", &of);
    let back: Vec<_> = accepted.iter().map(Ticket::returned).collect();
    let costs = [
        ("join", joined[0].clone()),
        ("join again", join(&one).await),
        (
            "find ticket",
            cost(store, tickets.find(&one.reference(), now())).await,
        ),
        ("of pool", cost(store, tickets.of_pool(&queue, now())).await),
        (
            "save ticket",
            cost(store, tickets.save(&three, &changed)).await,
        ),
        ("remove", cost(store, tickets.remove(&changed, now())).await),
        ("propose", cost(store, tickets.propose(&proposed)).await),
        ("propose nothing", cost(store, tickets.propose(&[])).await),
        (
            "claim",
            cost(store, tickets.claim(&of, &lobby, now())).await,
        ),
        (
            "undo",
            cost(store, tickets.undo(&lobby, &back, now())).await,
        ),
        ("pool", cost(store, tickets.pool(&queue)).await),
        (
            "save pool",
            cost(store, tickets.save_pool(&queue, &Pool::default())).await,
        ),
        (
            "results",
            cost(
                store,
                store.results().list(&player_id("one"), None, 50, now()),
            )
            .await,
        ),
    ];
    costs.into()
}

const DOCUMENTED_OF_QUEUES: [(&str, &str); 13] = [
    ("join", "TransactWriteItems 1"),
    ("join again", "TransactWriteItems 1"),
    ("find ticket", "GetItem 1"),
    ("of pool", "Query 8"),
    ("save ticket", "PutItem 1"),
    ("remove", "TransactWriteItems 1"),
    ("propose", "TransactWriteItems 1"),
    ("propose nothing", "none"),
    ("claim", "TransactWriteItems 1"),
    ("undo", "TransactWriteItems 1"),
    ("pool", "GetItem 1"),
    ("save pool", "PutItem 1"),
    ("results", "Query 1"),
];

/// Puts a lobby into a queue for its empty seat, fills that, and returns what each cost.
async fn costs_of_filling(store: &Store) -> [String; 2] {
    let (of, lobby) = matched(store, &["one", "two"]).await;
    let backfill = backfill_ticket(&lobby, of);
    let waiting = with_ticket(&lobby, &backfill);
    let lobbies = store.lobbies();
    let enqueue = lobbies.enqueue(&lobby, &waiting, &backfill, now());
    let enqueued = cost(store, enqueue).await;
    let three = queued(store, "three").await;
    let of = Match {
        backfill: Some(backfill),
        ..match_of([&three])
    };
    let after = filled(&waiting, &of);
    let tickets = store.tickets();
    let filled = cost(store, tickets.fill(&waiting, &after, &of, now())).await;
    [enqueued, filled]
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

fn documented<const N: usize>(costs: [(&'static str, &str); N]) -> Vec<(&'static str, String)> {
    costs
        .into_iter()
        .map(|(method, cost)| (method, cost.to_owned()))
        .collect()
}

#[tokio::test]
async fn every_method_costs_what_it_says() {
    assert_eq!(
        Box::pin(costs(&empty().await)).await,
        documented(DOCUMENTED)
    );
    let queues = Box::pin(costs_of_queues(&empty().await)).await;
    assert_eq!(queues, documented(DOCUMENTED_OF_QUEUES));
}

#[tokio::test]
async fn a_lobby_goes_into_a_queue_and_is_filled_in_one_operation_each() {
    let costs = Box::pin(costs_of_filling(&empty().await)).await;
    assert_eq!(costs, ["TransactWriteItems 1", "TransactWriteItems 1"]);
}

#[tokio::test]
async fn every_method_about_queues_costs_the_same_among_five_hundred_tickets() {
    let store = empty().await;
    for number in 0..500 {
        queued(&store, &format!("player-{number}")).await;
    }
    let queues = Box::pin(costs_of_queues(&store)).await;
    assert_eq!(queues, documented(DOCUMENTED_OF_QUEUES));
}

#[tokio::test]
async fn every_method_costs_the_same_among_five_hundred_lobbies() {
    let store = empty().await;
    for number in 0..500 {
        opened(&store, &format!("L{number}"), &format!("host-{number}")).await;
    }
    assert_eq!(Box::pin(costs(&store)).await, documented(DOCUMENTED));
}

#[tokio::test]
async fn nothing_is_ever_scanned() {
    let store = empty().await;
    Box::pin(costs(&store)).await;
    Box::pin(costs_of_queues(&store)).await;
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
