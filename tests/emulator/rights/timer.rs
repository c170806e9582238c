//! What the timer function needs, and what for.

use domain::matchmaking::State;
use futures::future::BoxFuture;
use serde_json::{Value, json};

use super::{CHECK, DELETE, GET, Need, POST, PUT, READ_SECRET, SEND, TAKE_OUT};
use crate::aws::Emulator;
use crate::ghosts::nowhere;
use crate::queues::{self, Queue, clean_up, due};
use crate::stage::{Deed, Stage};

pub(super) const NEEDS: &[Need] = &[
    Need::unheard("Connections", GET, clean_up_one),
    Need::unheard("Connections", PUT, clean_up_one),
    Need::unheard("Lobbies", GET, clean_up_one),
    Need::unheard("Lobbies", PUT, clean_up_one),
    Need::unheard("Lobbies", DELETE, clean_up_a_match),
    Need::unheard("Players", GET, clean_up_one),
    Need::unheard("Players", PUT, clean_up_one),
    Need::unheard("Players", DELETE, clean_up_a_match),
    Need::unheard("Players", CHECK, clean_up_one),
    Need::unheard("Results", PUT, end_a_battle),
    Need::unheard("Tickets", GET, clean_up_in_queue),
    Need::unheard("Tickets", PUT, clean_up_a_match),
    Need::unheard("Tickets", DELETE, clean_up_a_party),
    Need::unheard("SendTicks", SEND, work_later),
    Need::unheard("SendTimers", SEND, clean_up_one),
    Need::unheard("ReceiveTimers", TAKE_OUT[0], work_later),
    Need::unheard("ReceiveTimers", TAKE_OUT[1], work_later),
    Need::unheard("ReceiveTimers", TAKE_OUT[2], work_later),
    Need::unheard("Push", POST, clean_up_one),
    Need::unheard("Look", POST, check_up),
    Need::unheard("Seal", READ_SECRET, work_later),
];

/// One of two ghosts in a lobby; the other is found by the post that tells it.
fn clean_up_one(emulator: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let (_, [one, _]) = emulator.ghosts().lobby().await;
        brings(clean_up(&one.connection_id)).await
    })
}

/// Two ghosts in a lobby, of whom nobody has heard anything.
fn check_up(emulator: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let (lobby, [_, _]) = emulator.ghosts().lobby().await;
        brings(queues::check_up(&lobby)).await
    })
}

/// One of two ghosts whose lobby waits in a queue.
fn clean_up_a_party(emulator: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let ghosts = emulator.ghosts();
        let (lobby, [one, _]) = ghosts.lobby().await;
        ghosts.queues_up(lobby).await;
        brings(clean_up(&one.connection_id)).await
    })
}

/// A ghost in a queue.
fn clean_up_in_queue(emulator: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let ghosts = emulator.ghosts();
        let ghost = ghosts.ghost().await;
        let timer = clean_up(&ghost.connection_id);
        ghosts.waits(ghost, nowhere(), State::Waiting).await;
        brings(timer).await
    })
}

/// A ghost that has just been matched with another, who is to wait again.
fn clean_up_a_match(emulator: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let ghosts = emulator.ghosts();
        let (one, other) = (ghosts.ghost().await, ghosts.ghost().await);
        let timer = clean_up(&one.connection_id);
        ghosts.matches(one, other).await;
        brings(timer).await
    })
}

/// The time of a battle is over.
fn end_a_battle(emulator: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let ghosts = emulator.ghosts();
        let (lobby, [_, _]) = ghosts.lobby().await;
        let lobby = ghosts.fought(lobby).await;
        brings(json!({
            "timer": "lobby",
            "lobby_id": lobby.lobby_id.as_str(),
            "era": lobby.era.as_str(),
            "at": 0,
        }))
        .await
    })
}

/// A queue of players is to be worked.
fn work_later(_: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(brings(
        json!({ "timer": "tick", "queue": nowhere().as_str() }),
    ))
}

async fn brings(timer: Value) -> Stage {
    Stage::alone(|_| Deed::Brings(Queue::Timers, due(timer))).await
}
