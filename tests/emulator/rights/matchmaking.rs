//! What the matchmaking function needs, and what for.

use client::protocol::matchmaking::{ExplainMatchmaking, JoinMatchmaking, LeaveMatchmaking};
use e2e::{Party, World, wish};
use futures::future::BoxFuture;

use super::{CHECK, DELETE, GET, Need, POST, PUT, QUERY, READ_SECRET, SEND};
use crate::aws::Emulator;
use crate::stage::Stage;

pub(super) const NEEDS: &[Need] = &[
    Need::heard("Connections", GET, search),
    Need::heard("Connections", CHECK, search),
    Need::heard("Lobbies", GET, search_with_a_friend),
    Need::heard("Lobbies", PUT, search_with_a_friend),
    Need::heard("Players", GET, give_up),
    Need::heard("Players", PUT, search),
    Need::heard("Players", DELETE, give_up),
    Need::heard("Results", PUT, search_after_a_battle),
    Need::heard("Tickets", GET, search),
    Need::heard("Tickets", PUT, search),
    Need::heard("Tickets", DELETE, give_up),
    Need::heard("Tickets", QUERY, explain),
    // The timer that is armed before comes later.
    Need::unheard("SendTicks", SEND, search),
    Need::heard("SendTimers", SEND, search),
    Need::unheard("Push", POST, search_with_a_friend),
    Need::heard("Seal", READ_SECRET, explain),
];

fn search(_: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let world = World::start().await;
        let player = world.player("player").await;
        let wish = wish(&world, "duel");
        Stage::asks(world, [player], wish)
    })
}

fn give_up(_: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let world = World::start().await;
        let player = world.player("player").await;
        player.looks(wish(&world, "duel")).await;
        Stage::asks(world, [player], LeaveMatchmaking {})
    })
}

fn explain(_: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let world = World::start().await;
        let player = world.player("player").await;
        player.looks(wish(&world, "duel")).await;
        Stage::asks(world, [player], ExplainMatchmaking {})
    })
}

fn search_with_a_friend(_: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let world = World::start().await;
        let players = world.party(["host", "guest"]).await.players;
        let wish = party(&world);
        Stage::asks(world, players, wish)
    })
}

/// The friends have had a battle, whose time is over.
fn search_after_a_battle(emulator: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let world = World::start().await;
        let Party { lobby, players } = world.party(["host", "guest"]).await;
        let ghosts = emulator.ghosts();
        ghosts.fought(ghosts.find(&lobby.id).await).await;
        let wish = party(&world);
        Stage::asks(world, players, wish)
    })
}

fn party(world: &World) -> JoinMatchmaking {
    JoinMatchmaking {
        party: Some(true),
        ..wish(world, "pairs")
    }
}
