//! What the matchmaker function needs, and what for.

use client::ids::QueueName;
use domain::matchmaking::State;
use futures::future::BoxFuture;

use super::{DELETE, GET, Need, POST, PUT, QUERY, READ_SECRET, SEND, TAKE_OUT};
use crate::aws::Emulator;
use crate::ghosts::{named, nowhere};
use crate::queues::{Queue, tick};
use crate::stage::{Deed, Stage};

pub(super) const NEEDS: &[Need] = &[
    Need::unheard("Lobbies", GET, disband_a_party),
    Need::unheard("Lobbies", PUT, match_two),
    Need::unheard("Lobbies", DELETE, match_two),
    Need::unheard("Players", GET, disband),
    Need::unheard("Players", PUT, match_two),
    Need::unheard("Players", DELETE, disband),
    Need::unheard("Results", PUT, disband_fighters),
    Need::unheard("Tickets", GET, disband),
    Need::unheard("Tickets", PUT, propose),
    Need::unheard("Tickets", DELETE, disband),
    Need::unheard("Tickets", QUERY, disband),
    Need::unheard("SendTicks", SEND, match_two),
    Need::unheard("SendTimers", SEND, match_two),
    Need::unheard("ReceiveTicks", TAKE_OUT[0], disband),
    Need::unheard("ReceiveTicks", TAKE_OUT[1], disband),
    Need::unheard("ReceiveTicks", TAKE_OUT[2], disband),
    Need::unheard("Push", POST, disband),
    Need::unheard("Seal", READ_SECRET, disband),
];

/// Somebody waits in a queue that is not configured any more.
fn disband(emulator: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let ghosts = emulator.ghosts();
        let ghost = ghosts.ghost().await;
        let ticket = ghosts.waits(ghost, nowhere(), State::Waiting).await;
        brings(&ticket.queue).await
    })
}

/// The same of a party.
fn disband_a_party(emulator: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let ghosts = emulator.ghosts();
        let (lobby, [_, _]) = ghosts.lobby().await;
        let ticket = ghosts.queues_up(lobby).await;
        brings(&ticket.queue).await
    })
}

/// The same of a party whose battle is over.
fn disband_fighters(emulator: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(async {
        let ghosts = emulator.ghosts();
        let (lobby, [_, _]) = ghosts.lobby().await;
        let ticket = ghosts.queues_up(ghosts.fought(lobby).await).await;
        brings(&ticket.queue).await
    })
}

/// Two are matched, and the match is taken back: both are gone.
fn match_two(emulator: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(wait_for_each_other(emulator, "duel"))
}

/// Two are asked whether they accept a match.
fn propose(emulator: &Emulator) -> BoxFuture<'_, Stage> {
    Box::pin(wait_for_each_other(emulator, "ask"))
}

async fn wait_for_each_other(emulator: &Emulator, queue: &str) -> Stage {
    let (ghosts, queue) = (emulator.ghosts(), named(queue));
    for _ in 0..2 {
        let ghost = ghosts.ghost().await;
        ghosts.waits(ghost, queue.clone(), State::Waiting).await;
    }
    brings(&queue).await
}

async fn brings(queue: &QueueName) -> Stage {
    Stage::alone(|_| Deed::Brings(Queue::Ticks, tick(queue))).await
}
