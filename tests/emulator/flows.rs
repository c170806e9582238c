//! What players do that takes a right, with the right taken away at the last moment.

use client::ids::PeerAddress;
use client::protocol::lobby::{CloseLobby, LeaveLobby, ListLobbies, StartLobby, UpdateLobby};
use client::protocol::signalling::GetIceServers;
use client::protocol::{Action, ErrorCode};
use client::{Client, ConnectError, Options, RequestError};
use e2e::{Lobby, Party, Player, World, connection_behind, join, message, offer};

use crate::aws::Emulator;
use crate::rights::{Right, Taken};

/// What somebody does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Flow {
    /// Connects.
    Connect,
    /// Says who it is on a new connection.
    Hello,
    /// A guest's connection ends.
    Farewell,
    /// The connection of the last player in a lobby ends.
    FarewellOfTheLast,
    /// Opens a lobby.
    Start,
    /// Asks a lobby's host to be let in.
    Join,
    /// The same, for the host to hear of.
    Knock,
    /// Leaves a lobby that goes on.
    Leave,
    /// Closes a lobby.
    Close,
    /// Looks for lobbies.
    List,
    /// Tells a lobby something of which a guest is gone, and its farewell has failed.
    UpdateBesideTheDead,
    /// Sends to a peer.
    Relay,
    /// Sends to a guest who is gone, and whose farewell has failed.
    RelayToTheDead,
    /// The same to the last player in a lobby.
    RelayToTheDeadLast,
    /// The same to somebody who has left the lobby before.
    RelayToTheDeadOutside,
    /// Asks a function that has to start first.
    FreshStart,
}

/// What the player hears of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// A refusal.
    Refused(ErrorCode),
    /// The platform's own complaint: there is no function to answer.
    NoAnswer,
    /// Nothing bad: somebody else lacks something, and only the log tells.
    Nothing,
}

/// Without this right, farewells fail, and the dead stay in the tables. Whoever lets a flow play gives it back.
pub(crate) const FAREWELL: Right = Right {
    function: "connection",
    statement: "Connections",
    action: "dynamodb:GetItem",
};

impl Flow {
    /// Whether the one who does it hears what became of it.
    pub(crate) fn is_answered(self) -> bool {
        !matches!(
            self,
            Self::Farewell | Self::FarewellOfTheLast | Self::Knock | Self::UpdateBesideTheDead
        )
    }

    /// Prepares it, takes the right, and does it.
    pub(crate) async fn play(self, emulator: &Emulator, right: &Taken<'_>) -> Seen {
        let world = World::start().await;
        let (players, seen) = match self {
            Self::Connect => (Vec::new(), connect(&world, right).await),
            Self::Hello => (Vec::new(), hello(&world, right).await),
            Self::Farewell => farewell(&world, right, ["host", "guest"]).await,
            Self::FarewellOfTheLast => farewell(&world, right, ["host"]).await,
            Self::Start => {
                let player = world.player("host").await;
                let seen = asks(right, &player, StartLobby::default()).await;
                (vec![player], seen)
            }
            Self::Join | Self::Knock => {
                let Party { lobby, players } = world.party(["host"]).await;
                let guest = world.player("guest").await;
                let seen = asks(right, &guest, join(&lobby.id)).await;
                (players.into_iter().chain([guest]).collect(), seen)
            }
            Self::Leave => {
                let [host, guest] = world.party(["host", "guest"]).await.players;
                let seen = asks(right, &guest, LeaveLobby {}).await;
                (vec![host, guest], seen)
            }
            Self::Close => {
                let [host] = world.party(["host"]).await.players;
                let seen = asks(right, &host, CloseLobby {}).await;
                (vec![host], seen)
            }
            Self::List => {
                let player = world.player("player").await;
                let seen = asks(right, &player, ListLobbies::default()).await;
                (vec![player], seen)
            }
            Self::Relay => {
                let Party { lobby, players } = world.party(["host", "guest"]).await;
                let [host, guest] = players;
                let to = lobby.address(&guest, &host);
                let seen = asks(right, &host, offer(&to, "v=0")).await;
                (vec![host, guest], seen)
            }
            Self::UpdateBesideTheDead => {
                let Party { lobby, players } = world.party(["host", "guest"]).await;
                let [host, guest] = players;
                let address = lobby.address(&guest, &host);
                dies(emulator, guest, &address).await;
                let seen = asks(right, &host, UpdateLobby::default()).await;
                (vec![host], seen)
            }
            Self::RelayToTheDead => {
                let Party { lobby, players } = world.party(["host", "guest"]).await;
                let [host, guest] = players;
                relay_to_the_dead(emulator, right, &lobby, host, guest).await
            }
            Self::RelayToTheDeadLast => {
                let Party { lobby, players } = world.party(["host", "guest"]).await;
                let [host, guest] = players;
                guest.leaves().await;
                relay_to_the_dead(emulator, right, &lobby, guest, host).await
            }
            Self::RelayToTheDeadOutside => {
                let Party { lobby, players } = world.party(["host", "guest"]).await;
                let [host, guest] = players;
                guest.leaves().await;
                relay_to_the_dead(emulator, right, &lobby, host, guest).await
            }
            Self::FreshStart => fresh_start(&world, emulator, right).await,
        };
        for player in players {
            player.looks_at_everything().await;
        }
        world.ends().await;
        seen
    }
}

async fn connect(world: &World, right: &Taken<'_>) -> Seen {
    right.take().await;
    match Client::connect(world.url(), Options::default()).await {
        Err(ConnectError::Rejected { .. }) => Seen::NoAnswer,
        Err(error) => panic!("neither let in nor refused: {error}"),
        Ok(_) => panic!("let in without {:?}", right.right),
    }
}

async fn hello(world: &World, right: &Taken<'_>) -> Seen {
    let connected = Client::connect(world.url(), Options::default()).await;
    let (client, _events) = connected.expect("a connection");
    right.take().await;
    seen(client.hello().await)
}

async fn farewell<const N: usize>(
    world: &World,
    right: &Taken<'_>,
    names: [&str; N],
) -> (Vec<Player>, Seen) {
    let mut players = Vec::from(world.party(names).await.players);
    right.take().await;
    let last = players.pop().expect("somebody");
    last.vanishes();
    // The others hear of it or not, once the function has logged what it lacks.
    right.is_missed().await;
    (players, Seen::Nothing)
}

/// A player vanishes, and its farewell fails.
async fn dies(emulator: &Emulator, player: Player, address: &PeerAddress) {
    Taken::prepare(emulator, FAREWELL).await.take().await;
    player.looks_at_everything().await;
    player.vanishes();
    emulator.is_gone(&connection_behind(address)).await;
}

async fn relay_to_the_dead(
    emulator: &Emulator,
    right: &Taken<'_>,
    lobby: &Lobby,
    sender: Player,
    peer: Player,
) -> (Vec<Player>, Seen) {
    let to = lobby.address(&peer, &sender);
    dies(emulator, peer, &to).await;
    let seen = asks(right, &sender, offer(&to, "v=0")).await;
    (vec![sender], seen)
}

/// The function's processes end, and the next call has to start one.
async fn fresh_start(world: &World, emulator: &Emulator, right: &Taken<'_>) -> (Vec<Player>, Seen) {
    let function = right.right.function;
    let action: Action = match function {
        "connection" => {
            right.take().await;
            emulator.stop(function).await;
            return (Vec::new(), connect(world, right).await);
        }
        "lobby" => ListLobbies::default().into(),
        "signalling" => GetIceServers {}.into(),
        other => panic!("what to ask {other} is not known"),
    };
    let player = world.player("player").await;
    right.take().await;
    emulator.stop(function).await;
    player.says(message(action)).await;
    let heard = player.hears_anything().await;
    assert_eq!(
        heard.name(),
        "",
        "an answer without a secret: {}",
        heard.text
    );
    (vec![player], Seen::NoAnswer)
}

/// Takes the right, and asks.
async fn asks(right: &Taken<'_>, player: &Player, action: impl Into<Action>) -> Seen {
    right.take().await;
    seen(player.client().request(action).await)
}

fn seen<T>(answer: Result<T, RequestError>) -> Seen {
    match answer {
        // It was done; whoever was to hear of it did not.
        Ok(_) => Seen::Nothing,
        Err(RequestError::Refused(refused)) => Seen::Refused(refused.code),
        Err(error) => panic!("neither done nor refused: {error}"),
    }
}
