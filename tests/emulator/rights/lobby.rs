//! What the lobby function needs, and what for.

use client::protocol::Action;
use client::protocol::battle::Rules;
use client::protocol::lobby::{CloseLobby, LeaveLobby, ListLobbies, StartLobby, UpdateLobby};
use e2e::{Party, World, battle, join};
use futures::future::BoxFuture;

use super::{CHECK, DELETE, GET, Need, POST, PUT, QUERY, READ_SECRET, SEND};
use crate::aws::Emulator;
use crate::stage::Stage;

pub(super) const NEEDS: &[Need] = &[
    Need::heard("Connections", GET, start),
    Need::heard("Connections", CHECK, start),
    Need::heard("Lobbies", GET, join_one),
    Need::heard("Lobbies", PUT, start),
    Need::heard("Lobbies", DELETE, close),
    Need::heard("LobbiesIndexListing", QUERY, list),
    Need::heard("Players", GET, join_one),
    Need::heard("Players", PUT, start),
    Need::heard("Players", DELETE, leave),
    Need::heard("Results", PUT, leave_a_battle),
    Need::heard("Tickets", DELETE, leave_a_party),
    // The next tick sees it without.
    Need::unheard("SendTicks", SEND, leave_a_party),
    Need::unheard("SendTimers", SEND, update_beside_a_ghost),
    Need::unheard("Push", POST, join_one),
    Need::heard("Seal", READ_SECRET, list),
];

fn start(_: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(alone(StartLobby::default()))
}

fn list(_: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(alone(ListLobbies::default()))
}

/// Somebody asks a lobby's host to be let in.
fn join_one(_: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let world = World::start().await;
        let Party { lobby, players } = world.party(["host"]).await;
        let [host] = players;
        let guest = world.player("guest").await;
        Stage::asks(world, [guest, host], join(&lobby.id))
    })
}

fn leave(_: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let world = World::start().await;
        let [host, guest] = world.party(["host", "guest"]).await.players;
        Stage::asks(world, [guest, host], LeaveLobby {})
    })
}

/// Somebody leaves who plays, and so has lost.
fn leave_a_battle(_: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let world = World::start().await;
        let [host, guest] = world.party(["host", "guest"]).await.players;
        host.starts_battle(battle(Rules::ScoreAttack), &[&guest])
            .await;
        Stage::asks(world, [guest, host], LeaveLobby {})
    })
}

/// Somebody leaves whose party waits in a queue, and so waits no longer.
fn leave_a_party(emulator: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let world = World::start().await;
        let Party { lobby, players } = world.party(["host", "guest"]).await;
        let ghosts = emulator.ghosts();
        ghosts.queues_up(ghosts.find(&lobby.id).await).await;
        let [host, guest] = players;
        Stage::asks(world, [guest, host], LeaveLobby {})
    })
}

fn close(_: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let world = World::start().await;
        let players = world.party(["host"]).await.players;
        Stage::asks(world, players, CloseLobby {})
    })
}

/// A lobby hears something, and one of its members is gone.
fn update_beside_a_ghost(emulator: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let world = World::start().await;
        let Party { lobby, players } = world.party(["host"]).await;
        let ghosts = emulator.ghosts();
        let lobby = ghosts.find(&lobby.id).await;
        ghosts.joins(lobby, ghosts.ghost().await).await;
        Stage::asks(world, players, UpdateLobby::default())
    })
}

async fn alone(action: impl Into<Action>) -> Stage {
    let world = World::start().await;
    let player = world.player("player").await;
    Stage::asks(world, [player], action)
}
