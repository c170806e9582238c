//! What the signalling function needs, and what for.

use client::protocol::event::LobbyResumed;
use client::protocol::signalling::GetIceServers;
use e2e::{Party, World, connection_behind, offer};
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
        let world = World::start().await;
        let Party { lobby, players } = world.party(["host", "guest"]).await;
        let [host, guest] = players;
        let to = lobby.address(&guest, &host);
        guest.looks_at_everything().await;
        guest.hangs_up().await;
        emulator.is_gone(&connection_behind(&to)).await;
        Stage::asks(world, [host, guest], offer(&to, "v=0"))
    })
}

/// A peer is gone, and nobody knows it yet. Whoever has come back hears its address.
fn relay_to_a_ghost(emulator: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let world = World::start().await;
        let Party { lobby, players } = world.party(["host"]).await;
        let [host] = players;
        let ghosts = emulator.ghosts();
        let ghost = ghosts.ghost().await;
        ghosts.joins(ghosts.find(&lobby.id).await, ghost).await;
        let back = world.comes_back("host again", host.token()).await;
        let resumed = back.hears::<LobbyResumed>().await;
        host.looks_at_everything().await;
        let to = resumed.members[0].connection_id.clone();
        Stage::asks(world, [back, host], offer(&to, "v=0"))
    })
}

fn get_ice_servers(_: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let world = World::start().await;
        let player = world.player("player").await;
        Stage::asks(world, [player], GetIceServers {})
    })
}
