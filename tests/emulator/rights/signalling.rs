//! What the signalling function needs, and what for.

use client::protocol::signalling::GetIceServers;
use e2e::{Party, World, connection_behind, offer};
use futures::future::BoxFuture;

use super::{Need, POST, READ_SECRET, SEND};
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

fn get_ice_servers(_: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let world = World::start().await;
        let player = world.player("player").await;
        Stage::asks(world, [player], GetIceServers {})
    })
}
