//! What the battle function needs, and what for.

use client::protocol::battle::{ForfeitBattle, ListResults, Rules};
use e2e::{Party, World, battle};
use futures::future::BoxFuture;

use super::{DELETE, GET, Need, POST, PUT, QUERY, READ_SECRET, SEND};
use crate::aws::Emulator;
use crate::stage::Stage;

pub(super) const NEEDS: &[Need] = &[
    Need::heard("Connections", GET, start),
    Need::heard("Lobbies", GET, start),
    Need::heard("Lobbies", PUT, start),
    Need::heard("Players", GET, start),
    Need::unheard("Players", PUT, start_with_one_away),
    Need::heard("Results", PUT, forfeit),
    Need::heard("Results", QUERY, list_results),
    Need::heard("Tickets", DELETE, forfeit_asking_for_more),
    // The next tick sees it without.
    Need::unheard("SendTicks", SEND, forfeit_asking_for_more),
    Need::heard("SendTimers", SEND, start),
    Need::unheard("Push", POST, start),
    Need::heard("Seal", READ_SECRET, list_results),
];

fn start(_: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let world = World::start().await;
        let players = world.party(["host", "guest"]).await.players;
        Stage::asks(world, players, battle(Rules::ScoreAttack))
    })
}

/// A battle before the eyes of somebody who is away, and for whom the news is kept.
fn start_with_one_away(emulator: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let world = World::start().await;
        let Party { lobby, players } = world.party(["host", "guest"]).await;
        let ghosts = emulator.ghosts();
        let ghost = ghosts.ghost().await;
        let lobby = ghosts.find(&lobby.id).await;
        ghosts.joins_and_is_away(lobby, ghost).await;
        Stage::asks(world, players, battle(Rules::ScoreAttack))
    })
}

fn forfeit(_: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let world = World::start().await;
        let players = world.party(["host", "guest"]).await.players;
        let [host, guest] = &players;
        host.starts_battle(battle(Rules::ScoreAttack), &[guest])
            .await;
        Stage::asks(world, players, ForfeitBattle {})
    })
}

/// More players are looked for, for a battle that is over with this.
fn forfeit_asking_for_more(emulator: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let world = World::start().await;
        let Party { lobby, players } = world.party(["host", "guest"]).await;
        let [host, guest] = &players;
        host.starts_battle(battle(Rules::ScoreAttack), &[guest])
            .await;
        let ghosts = emulator.ghosts();
        ghosts.asks_for_more(ghosts.find(&lobby.id).await).await;
        Stage::asks(world, players, ForfeitBattle {})
    })
}

fn list_results(_: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let world = World::start().await;
        let player = world.player("player").await;
        let wanted = ListResults::default();
        Stage::asks(world, [player], wanted)
    })
}
