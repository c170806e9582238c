//! Two hundred at once.

use std::collections::BTreeSet;

use client::protocol::event::{JoinRequestAccepted, JoinRequestRejected};
use client::protocol::lobby::{StartLobby, UpdateLobby};
use client::protocol::{ErrorCode, Event, Message as _};
use client::{Refused, RequestError};
use e2e::{Player, World, join};
use futures::future::join_all;
use serde_json::json;

const CROWD: usize = 200;

async fn crowd(world: &World) -> Vec<Player> {
    let names: Vec<_> = (1..=CROWD)
        .map(|number| format!("guest {number}"))
        .collect();
    join_all(names.iter().map(|name| world.player(name))).await
}

/// The answers of those who succeeded, and why the others were refused.
fn parted(outcomes: Vec<Result<Event, RequestError>>) -> (Vec<Event>, Vec<Refused>) {
    let mut parted = (Vec::new(), Vec::new());
    for outcome in outcomes {
        match outcome {
            Ok(answer) => parted.0.push(answer),
            Err(RequestError::Refused(refused)) => parted.1.push(refused),
            Err(error) => panic!("neither done nor refused: {error}"),
        }
    }
    parted
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_hundred_who_join_an_open_lobby_of_eight_at_once_seven_are_let_in() {
    let world = World::start().await;
    let host = world.player("host").await;
    let lobby_id = host.starts_open_lobby().await;
    let guests = crowd(&world).await;
    let wishes = guests
        .iter()
        .map(|guest| guest.client().request(join(&lobby_id)));
    let (answers, refused) = parted(join_all(wishes).await);

    let peer_ids: BTreeSet<_> = answers
        .iter()
        .map(|answer| {
            let Event::JoinRequestAccepted(accepted) = answer else {
                panic!("let in, and heard {answer:?}");
            };
            accepted.peer_id.get()
        })
        .collect();
    assert_eq!(answers.len(), 7);
    assert_eq!(peer_ids, (2..=8).collect());
    assert_eq!(refused.len(), CROWD - 7);
    for refused in refused {
        assert_eq!(refused.code, ErrorCode::LobbyFull);
        assert_eq!(refused.message, format!("Lobby '{lobby_id}' is full."));
    }

    let joined = host.looks_at_everything().await;
    assert!(joined.iter().all(|heard| heard.name() == "player_joined"));
    assert_eq!(joined.len(), 7);
    if let Some(inside) = world.inside() {
        let stored = inside.stored(&lobby_id).await.expect("it is open");
        let stored: BTreeSet<_> = stored
            .members
            .values()
            .map(|member| member.peer_id.get())
            .collect();
        assert_eq!(stored, (1..=8).collect());
    }
    let Event::LobbyUpdated(updated) = host.does(UpdateLobby::default()).await else {
        panic!("updating has another answer than `lobby_updated`");
    };
    assert_eq!(updated.lobby.players, 8);
    for guest in &guests {
        guest.looks_at_everything().await;
    }
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_two_hundred_who_start_a_lobby_of_one_id_at_once_one_does() {
    let world = World::start().await;
    let lobby_id = world.lobby_id("friday");
    let hosts = crowd(&world).await;
    let wishes = hosts.iter().map(|host| {
        host.client().request(StartLobby {
            lobby_id: Some(lobby_id.clone()),
            ..StartLobby::default()
        })
    });
    let (answers, refused) = parted(join_all(wishes).await);
    assert!(
        matches!(answers.as_slice(), [Event::LobbyStarted(_)]),
        "{answers:?}"
    );
    assert_eq!(refused.len(), CROWD - 1);
    for refused in refused {
        assert_eq!(refused.code, ErrorCode::LobbyExists);
        assert_eq!(refused.message, format!("Lobby {lobby_id} already exists."));
    }
    world.ends().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_one_players_twenty_wishes_to_be_in_different_lobbies_at_once_one_comes_true() {
    let world = World::start().await;
    let mut lobbies = Vec::new();
    let mut hosts = Vec::new();
    for _ in 0..20 {
        let host = world.player("host").await;
        lobbies.push(host.starts_open_lobby().await);
        hosts.push(host);
    }
    let guest = world.player("guest").await;
    let wishes = lobbies.iter().map(|lobby_id| {
        guest.asks(json!({"action": "join_lobby", "content": {"lobby_id": lobby_id}}))
    });
    let (rejected, accepted): (Vec<_>, Vec<_>) = join_all(wishes)
        .await
        .into_iter()
        .partition(|answer| answer.name() == JoinRequestRejected::NAME);
    for rejected in rejected {
        let rejected: JoinRequestRejected = rejected.content();
        assert_eq!(rejected.code, ErrorCode::AlreadyInLobby);
    }
    let accepted: Vec<_> = accepted.iter().map(e2e::Heard::name).collect();
    assert_eq!(accepted, [JoinRequestAccepted::NAME]);
    let mut told = 0;
    for host in &hosts {
        told += host.looks_at_everything().await.len();
    }
    assert_eq!(told, 1);
    world.ends().await;
}
