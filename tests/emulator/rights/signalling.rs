//! What the signalling function needs, and what for.

use client::ids::LobbyId;
use client::protocol::Text;
use client::protocol::connection::Hello;
use client::protocol::event::LobbyResumed;
use client::protocol::signalling::GetIceServers;
use e2e::{Party, Player, World, offer};
use futures::future::BoxFuture;

use super::{GET, Need, POST, PUT, READ_SECRET, SEND};
use crate::aws::Emulator;
use crate::stage::Stage;

pub(super) const NEEDS: &[Need] = &[
    Need::heard("Connections", GET, relay_to_one_away),
    Need::heard("Players", GET, relay_to_one_away),
    Need::heard("Players", PUT, relay_to_one_away),
    // What was sent is kept either way.
    Need::unheard("SendTimers", SEND, relay_to_a_ghost),
    Need::heard("Push", POST, relay),
    Need::heard("Seal", READ_SECRET, get_ice_servers),
    Need::heard("Turn", READ_SECRET, get_ice_servers),
];

fn relay(_: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let world = World::start().await;
        let Party { lobby, players } = world.party(["host", "guest"]).await;
        let to = lobby.address(&players[1], &players[0]);
        Stage::asks(world, players, offer(&to, "v=0"))
    })
}

/// A peer is away, and what is sent to it is kept.
fn relay_to_one_away(emulator: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let (world, host, lobby) = alone().await;
        let ghosts = emulator.ghosts();
        let (ghost, lobby) = (ghosts.ghost().await, ghosts.find(&lobby).await);
        ghosts.joins_and_is_away(lobby, ghost).await;
        relay_to_the_other(world, host).await
    })
}

/// A peer is gone, and nobody knows it yet.
fn relay_to_a_ghost(emulator: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let (world, host, lobby) = alone().await;
        let ghosts = emulator.ghosts();
        let (ghost, lobby) = (ghosts.ghost().await, ghosts.find(&lobby).await);
        ghosts.joins(lobby, ghost).await;
        relay_to_the_other(world, host).await
    })
}

async fn alone() -> (World, Player, LobbyId) {
    let world = World::start().await;
    let Party { lobby, players } = world.party(["host"]).await;
    let [host] = players;
    (world, host, lobby.id)
}

/// Whoever comes back hears the addresses of all others, be it to where it is already; and no other hears of that.
async fn relay_to_the_other(world: World, host: Player) -> Stage {
    let hello = Hello {
        resume: Some(Text::new(host.token()).expect("short enough")),
        last_sequence: None,
    };
    host.does(hello).await;
    let resumed = host.hears::<LobbyResumed>().await;
    let to = resumed.members[0].connection_id.clone();
    Stage::asks(world, [host], offer(&to, "v=0"))
}

fn get_ice_servers(_: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let world = World::start().await;
        let player = world.player("player").await;
        Stage::asks(world, [player], GetIceServers {})
    })
}
