//! What the connection function needs, and what for.

use client::protocol::battle::Rules;
use client::{Client, Options};
use domain::matchmaking::State;
use e2e::{Party, Player, World, battle};
use futures::future::BoxFuture;

use super::{CHECK, DELETE, GET, Need, POST, PUT, READ_SECRET, SEND};
use crate::aws::Emulator;
use crate::ghosts::nowhere;
use crate::stage::{Deed, Stage};

pub(super) const NEEDS: &[Need] = &[
    Need::heard("Connections", GET, hello),
    Need::heard("Connections", PUT, connect),
    Need::unheard("Connections", DELETE, farewell),
    Need::unheard("Lobbies", GET, farewell),
    Need::unheard("Lobbies", PUT, farewell),
    Need::unheard("Lobbies", DELETE, farewell_of_the_last),
    Need::unheard("Players", GET, farewell),
    Need::heard("Players", PUT, connect),
    Need::unheard("Players", DELETE, farewell),
    Need::unheard("Players", CHECK, farewell),
    Need::unheard("Results", PUT, farewell_after_a_battle),
    Need::unheard("Tickets", GET, farewell_in_queue),
    Need::unheard("Tickets", PUT, farewell_when_matched),
    Need::unheard("Tickets", DELETE, farewell_in_queue),
    Need::unheard("SendTicks", SEND, farewell_when_asked),
    Need::unheard("SendTimers", SEND, farewell_in_battle),
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
        let connected = Client::connect(world.url(), Options::default()).await;
        let (client, _events) = connected.expect("a connection");
        Stage::new(world, [], Deed::Greets(client))
    })
}

/// A guest is gone.
fn farewell(_: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let world = World::start().await;
        let [host, guest] = world.party(["host", "guest"]).await.players;
        Stage::new(world, [guest, host], Deed::Vanishes)
    })
}

/// The last player in a lobby is gone.
fn farewell_of_the_last(_: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let world = World::start().await;
        let players = world.party(["host"]).await.players;
        Stage::new(world, players, Deed::Vanishes)
    })
}

/// Somebody who waits in a queue is gone.
fn farewell_in_queue(emulator: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let world = World::start().await;
        let player = world.player("player").await;
        waits(emulator, &player, |_| State::Waiting).await;
        Stage::new(world, [player], Deed::Vanishes)
    })
}

/// Somebody to whom a match is proposed is gone: others wait again.
fn farewell_when_asked(emulator: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let world = World::start().await;
        let player = world.player("player").await;
        waits(emulator, &player, crate::ghosts::Ghosts::proposal).await;
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

/// Somebody who plays is gone: the battle waits for it.
fn farewell_in_battle(_: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let world = World::start().await;
        let [host, guest] = world.party(["host", "guest"]).await.players;
        let start = battle(Rules::ScoreAttack);
        host.starts_battle(start, &[&guest]).await;
        Stage::new(world, [guest, host], Deed::Vanishes)
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

async fn waits(
    emulator: &Emulator,
    player: &Player,
    state: impl FnOnce(&crate::ghosts::Ghosts) -> State,
) {
    let ghosts = emulator.ghosts();
    let contact = ghosts.contact(player).await;
    ghosts.waits(contact, nowhere(), state(&ghosts)).await;
}
