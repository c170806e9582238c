//! What the connection function needs, and what for.

use client::protocol::Text;
use client::protocol::connection::Hello;
use client::{Client, Options};
use domain::matchmaking::State;
use e2e::{Party, Player, World};
use futures::future::BoxFuture;

use super::{CHECK, DELETE, GET, Need, POST, PUT, READ_SECRET, SEND};
use crate::aws::Emulator;
use crate::ghosts::nowhere;
use crate::stage::{Deed, Stage};

pub(super) const NEEDS: &[Need] = &[
    Need::heard("Connections", GET, hello),
    Need::heard("Connections", PUT, connect),
    Need::heard("Connections", CHECK, take_over),
    Need::unheard("Lobbies", GET, farewell),
    Need::unheard("Lobbies", PUT, farewell),
    Need::unheard("Lobbies", DELETE, farewell_when_matched),
    Need::unheard("Players", GET, farewell),
    Need::heard("Players", PUT, connect),
    Need::unheard("Players", DELETE, farewell_when_matched),
    Need::unheard("Players", CHECK, farewell),
    Need::unheard("Results", PUT, farewell_after_a_battle),
    Need::unheard("Tickets", GET, farewell_in_queue),
    Need::unheard("Tickets", PUT, farewell_when_matched),
    Need::unheard("Tickets", DELETE, farewell_of_a_party),
    Need::unheard("SendTicks", SEND, farewell_when_matched),
    Need::unheard("SendTimers", SEND, farewell),
    Need::unheard("Push", POST, farewell),
    // Last: until it is back nobody is answered.
    Need::heard("Seal", READ_SECRET, connect),
];

fn connect(_: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(Stage::alone(|_| Deed::Connects))
}

fn hello(_: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let world = World::start().await;
        let client = connected(&world).await;
        Stage::new(world, [], Deed::Greets(client, Hello::default()))
    })
}

/// A guest comes to its lobby by another connection.
fn take_over(_: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let world = World::start().await;
        let [host, guest] = world.party(["host", "guest"]).await.players;
        let client = connected(&world).await;
        let hello = Hello {
            resume: Some(Text::new(guest.token()).expect("short enough")),
            last_sequence: None,
        };
        Stage::new(world, [guest, host], Deed::Greets(client, hello))
    })
}

async fn connected(world: &World) -> Client {
    let connected = Client::connect(world.url(), Options::default()).await;
    let (client, _events) = connected.expect("a connection");
    client
}

/// A guest is gone.
fn farewell(_: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let world = World::start().await;
        let [host, guest] = world.party(["host", "guest"]).await.players;
        Stage::new(world, [guest, host], Deed::Vanishes)
    })
}

/// A member of a party that waits in a queue is gone.
fn farewell_of_a_party(emulator: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let world = World::start().await;
        let Party { lobby, players } = world.party(["host", "guest"]).await;
        let [host, guest] = players;
        let ghosts = emulator.ghosts();
        ghosts.queues_up(ghosts.find(&lobby.id).await).await;
        Stage::new(world, [guest, host], Deed::Vanishes)
    })
}

/// Somebody who waits in a queue is gone.
fn farewell_in_queue(emulator: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let world = World::start().await;
        let player = world.player("player").await;
        waits(emulator, &player).await;
        Stage::new(world, [player], Deed::Vanishes)
    })
}

/// Somebody who has just been matched is gone: the other waits again.
fn farewell_when_matched(emulator: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let world = World::start().await;
        let player = world.player("player").await;
        let ghosts = emulator.ghosts();
        let contact = ghosts.contact(&player).await;
        ghosts.matches(contact, ghosts.ghost().await).await;
        Stage::new(world, [player], Deed::Vanishes)
    })
}

/// Somebody is gone after a battle whose time is over, and nobody has noticed.
fn farewell_after_a_battle(emulator: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let world = World::start().await;
        let Party { lobby, players } = world.party(["host", "guest"]).await;
        let [host, guest] = players;
        let ghosts = emulator.ghosts();
        ghosts.fought(ghosts.find(&lobby.id).await).await;
        Stage::new(world, [guest, host], Deed::Vanishes)
    })
}

async fn waits(emulator: &Emulator, player: &Player) {
    let ghosts = emulator.ghosts();
    let contact = ghosts.contact(player).await;
    ghosts.waits(contact, nowhere(), State::Waiting).await;
}
