//! Starting where a port is taken, and stopping with people still there.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use local::{Connections, Gateway, GatewayError, Integration, ListenError, Routes, Settings};
use tokio::net::TcpStream;
use tokio::time::Instant;

use crate::fake::{Fake, ROUTES};
use crate::world::{World, count, id_of, settings};

fn gateway(settings: Settings) -> Result<Gateway, GatewayError> {
    let fake: Arc<dyn Integration> = Fake::new().0;
    let routes = Routes::parse(ROUTES).expect("the routes are fine");
    let integrations = BTreeMap::from([("fake".to_owned(), fake)]);
    Gateway::new(
        &routes,
        &integrations,
        Connections::new(&settings),
        settings,
    )
}

#[tokio::test]
async fn port_0_takes_a_free_port_and_the_url_names_it() {
    let world = World::start();
    assert_ne!(world.running.address().port(), 0);
    assert_eq!(
        world.running.url(),
        format!("ws://{}", world.running.address())
    );
}

#[tokio::test]
async fn the_url_of_a_server_that_listens_everywhere_can_be_connected_to() {
    let listen = "0.0.0.0:0".parse().expect("an address");
    let mut world = World::with(Settings {
        listen,
        ..settings()
    });
    assert!(
        world.running.url().starts_with("ws://127.0.0.1:"),
        "{}",
        world.running.url()
    );
    world.client().await;
}

#[tokio::test]
async fn a_port_that_is_taken_is_said_in_a_sentence_that_helps() {
    let world = World::start();
    let listen = world.running.address();
    let refused = gateway(Settings {
        listen,
        ..settings()
    })
    .expect("fine")
    .listen();
    let Err(refused @ ListenError::Taken { .. }) = refused else {
        panic!("two servers on one port");
    };
    assert_eq!(
        refused.to_string(),
        format!(
            "{listen} is taken: stop what listens there, or listen on another port (port 0 takes a free one)"
        )
    );
}

#[tokio::test]
async fn a_limit_too_small_to_serve_anybody_is_refused() {
    let sentence = |settings| gateway(settings).err().expect("it is refused").to_string();
    assert_eq!(
        sentence(Settings {
            max_in_flight: 0,
            ..settings()
        }),
        "max_in_flight is 0; it must be at least 1"
    );
    assert_eq!(
        sentence(Settings {
            max_unread: 1000,
            max_message: 1000,
            ..settings()
        }),
        "max_unread is 1000; it must be at least 1064"
    );
}

#[tokio::test]
async fn a_stop_closes_everybody_with_1001_and_runs_one_disconnect_each() {
    let mut world = World::start();
    let mut clients = Vec::new();
    for _ in 0..3 {
        clients.push(world.client().await);
    }
    let address = world.running.address();
    let hear = async {
        let mut ids = BTreeSet::new();
        for client in &mut clients {
            assert_eq!(client.closed().await, (1001, "Going away".into()));
            ids.insert(client.id.clone());
        }
        ids
    };
    let connections = world.connections.clone();
    let (events, ids) = tokio::join!(world.stop(), hear);
    assert_eq!(count(&events, "$disconnect"), 3);
    assert_eq!(events.iter().map(id_of).collect::<BTreeSet<_>>(), ids);
    assert_eq!(connections.open_count(), 0);
    assert!(
        TcpStream::connect(address).await.is_err(),
        "nobody listens any more"
    );
}

#[tokio::test]
async fn a_stop_waits_for_what_is_in_flight() {
    let mut world = World::start();
    let mut client = world.client().await;
    client.send(r#"{"action":"hold"}"#).await;
    world.event("hold").await;
    let fake = Arc::clone(&world.fake);
    let (events, code) = tokio::join!(world.stop(), async {
        let (code, _) = client.closed().await;
        fake.release(1);
        code
    });
    assert_eq!(code, 1001);
    assert_eq!(events[0]["finished"], "hold");
    assert_eq!(count(&events, "$disconnect"), 1);
}

#[tokio::test]
async fn a_stop_does_not_wait_for_ever() {
    let stop_timeout = Duration::from_millis(100);
    let mut world = World::with(Settings {
        stop_timeout,
        ..settings()
    });
    let mut client = world.client().await;
    client.send(r#"{"action":"hang"}"#).await;
    world.event("hang").await;
    let since = Instant::now();
    world.stop().await;
    assert!(
        since.elapsed() < Duration::from_secs(5),
        "{:?}",
        since.elapsed()
    );
}

#[tokio::test]
async fn a_server_that_is_dropped_closes_everybody_too() {
    let mut world = World::start();
    let mut client = world.client().await;
    drop(world);
    assert_eq!(client.closed().await.0, 1001);
}
