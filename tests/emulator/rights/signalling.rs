//! What the signalling function needs, and what for.

use client::protocol::signalling::GetIceServers;
use e2e::{Party, World, connection_behind, offer};
use futures::future::BoxFuture;

use super::{GET, Need, POST, READ_SECRET, SEND};
use crate::aws::Emulator;
use crate::stage::Stage;

pub(super) const NEEDS: &[Need] = &[
    // Whose TURN credentials these are to be.
    Need::heard("Connections", GET, get_ice_servers),
    // The sender hears that the peer is gone either way.
    Need::unheard("SendTimers", SEND, relay_to_the_dead),
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

/// A peer is gone, and whoever sends to it finds that out.
fn relay_to_the_dead(emulator: &Emulator) -> BoxFuture<'_, Stage> {
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

fn get_ice_servers(_: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let world = World::start().await;
        let player = world.player("player").await;
        Stage::asks(world, [player], GetIceServers {})
    })
}
