//! Players who are where something begins that takes a right, and what is done then.

use client::protocol::connection::Hello;
use client::protocol::{Action, ErrorCode};
use client::{Client, ConnectError, Options, RequestError};
use e2e::{Player, World, message};
use serde_json::Value;

use crate::queues::Queue;
use crate::rights::Taken;

/// Everybody is in place.
pub(crate) struct Stage {
    world: World,
    players: Vec<Player>,
    deed: Deed,
}

/// What is done.
pub(crate) enum Deed {
    /// Somebody connects.
    Connects,
    /// Somebody says who it is.
    Greets(Client, Hello),
    /// The first of the players asks for something.
    Asks(Action),
    /// The first of the players is gone without a goodbye.
    Vanishes,
    /// A queue brings something.
    Brings(Queue, Value),
}

/// What whoever did it hears.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// A refusal.
    Refused(ErrorCode),
    /// The platform's own complaint: there is no function to answer.
    NoAnswer,
    /// Nothing bad, if there is anybody to hear.
    Nothing,
}

impl Stage {
    pub(crate) fn new(world: World, players: impl Into<Vec<Player>>, deed: Deed) -> Self {
        Self {
            world,
            players: players.into(),
            deed,
        }
    }

    /// Nobody but who does it.
    pub(crate) async fn alone(deed: impl FnOnce(&World) -> Deed) -> Self {
        let world = World::start().await;
        let deed = deed(&world);
        Self::new(world, Vec::new(), deed)
    }

    /// The first of the players asks for something.
    pub(crate) fn asks(
        world: World,
        players: impl Into<Vec<Player>>,
        action: impl Into<Action>,
    ) -> Self {
        Self::new(world, players, Deed::Asks(action.into()))
    }

    /// Does it without the right.
    pub(crate) async fn play(&self, right: &Taken<'_>) -> Seen {
        right.take().await;
        match &self.deed {
            Deed::Connects => connect(&self.world).await,
            Deed::Greets(client, hello) => seen(client.request(hello.clone()).await),
            Deed::Asks(action) if right.is_for_starting() => {
                ask_in_vain(&self.players[0], action).await
            }
            Deed::Asks(action) => seen(self.players[0].client().request(action.clone()).await),
            Deed::Vanishes => {
                self.players[0].vanishes();
                Seen::Nothing
            }
            Deed::Brings(queue, body) => {
                right.emulator.send(*queue, body).await;
                Seen::Nothing
            }
        }
    }

    /// Everybody goes, whatever has been heard.
    pub(crate) async fn ends(self) {
        for player in self.players {
            player.hangs_up().await;
            player.looks_at_everything().await;
        }
        self.world.ends().await;
    }
}

async fn connect(world: &World) -> Seen {
    match Client::connect(world.url(), Options::default()).await {
        Err(ConnectError::Rejected { .. }) => Seen::NoAnswer,
        Err(error) => panic!("neither let in nor refused: {error}"),
        Ok(_) => Seen::Nothing,
    }
}

/// Asks a function that cannot start. The platform's complaint names no message that it answers.
async fn ask_in_vain(player: &Player, action: &Action) -> Seen {
    player.says(message(action.clone())).await;
    let heard = player.hears_anything().await;
    if heard.name().is_empty() {
        Seen::NoAnswer
    } else {
        Seen::Nothing
    }
}

fn seen<T>(answer: Result<T, RequestError>) -> Seen {
    match answer {
        Ok(_) => Seen::Nothing,
        Err(RequestError::Refused(refused)) => Seen::Refused(refused.code),
        Err(error) => panic!("neither done nor refused: {error}"),
    }
}
