//! Functions that are killed while they work.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use client::RequestError;
use client::ids::{LobbyId, PlayerId};
use client::protocol::lobby::{CloseLobby, JoinPolicy, LeaveLobby, StartLobby};
use client::protocol::{ErrorCode, Event, Whole};
use e2e::{Player, World, join};
use futures::future::join_all;
use tokio::sync::watch;

use crate::aws::Emulator;

/// Who wants in.
const CROWD: usize = 100;
/// How many may be in.
const SEATS: u32 = 32;
/// After how many answers everything that runs is killed, each time.
const KILLED_AFTER: [usize; 4] = [2, 20, 40, 60];
/// Two after each kill, and two to spare.
const ATTEMPTS: usize = 2 * KILLED_AFTER.len() + 2;

/// What became of a player.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fate {
    LetIn,
    Full,
}

/// Joins until there is an answer that is final.
async fn insists(guest: &Player, lobby_id: &LobbyId, tries: &AtomicUsize) -> Fate {
    for _ in 0..ATTEMPTS {
        tries.fetch_add(1, Ordering::Relaxed);
        match guest.client().request(join(lobby_id)).await {
            Ok(Event::JoinRequestAccepted(_)) => return Fate::LetIn,
            Err(RequestError::Refused(refused)) if refused.code == ErrorCode::LobbyFull => {
                return Fate::Full;
            }
            // It was let in before, by a call that was killed before it said so.
            Err(RequestError::Refused(refused)) if refused.code == ErrorCode::AlreadyInLobby => {
                guest.client().request(LeaveLobby {}).await.ok();
            }
            Err(RequestError::Refused(refused)) if refused.retryable => {}
            // A call that was killed is never answered.
            Err(RequestError::Deadline { .. }) => {}
            other => panic!(
                "{} was neither let in nor turned away: {other:?}",
                guest.name()
            ),
        }
    }
    let name = guest.name();
    panic!("{name} was not answered in {ATTEMPTS} attempts");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn functions_killed_in_the_middle_of_a_hundred_joins_leave_the_lobby_right_and_retries_succeed()
 {
    let Some(emulator) = Emulator::find().await else {
        return;
    };
    let world = World::start().await;
    let host = world.player("host").await;
    let started = host.starts(StartLobby {
        join_policy: Some(JoinPolicy::Open),
        max_players: Some(Whole::new(SEATS).expect("a lobby may have so many")),
        ..StartLobby::default()
    });
    let lobby_id = started.await.lobby.lobby_id;
    let names: Vec<_> = (1..=CROWD)
        .map(|number| format!("guest {number}"))
        .collect();
    let guests = join_all(names.iter().map(|name| world.player(name))).await;

    let tries = AtomicUsize::new(0);
    let answered = watch::Sender::new(0);
    let joins = guests.iter().map(async |guest| {
        let fate = insists(guest, &lobby_id, &tries).await;
        answered.send_modify(|count| *count += 1);
        fate
    });
    let mut news = answered.subscribe();
    let kills = async {
        let mut killed = 0;
        for answers in KILLED_AFTER {
            let enough = news.wait_for(|count| *count >= answers);
            enough.await.expect("somebody counts");
            killed += emulator.kill("lobby").await;
        }
        killed
    };
    let (fates, killed) = tokio::join!(join_all(joins), kills);
    let tries = tries.into_inner();
    assert!(killed >= KILLED_AFTER.len(), "only {killed} were killed");
    assert!(
        tries > CROWD,
        "nobody had to try again after {killed} were killed"
    );

    let everybody = || [&host].into_iter().chain(&guests);
    let (stored, seated) = emulator
        .stored(&lobby_id, everybody().map(Player::id))
        .await;
    let stored = stored.expect("it is open");
    let members: BTreeSet<PlayerId> = stored.members.keys().cloned().collect();
    let let_in = guests
        .iter()
        .zip(&fates)
        .filter(|(_, fate)| **fate == Fate::LetIn);
    let let_in: BTreeSet<PlayerId> = let_in
        .map(|(guest, _)| guest.id().clone())
        .chain([host.id().clone()])
        .collect();
    assert_eq!(members, let_in, "members are who was told so");
    assert_eq!(
        members.len(),
        usize::try_from(SEATS).expect("it is small"),
        "nobody was turned away for nothing"
    );
    assert_eq!(
        members,
        seated.into_iter().collect(),
        "members are who has a seat"
    );
    assert_eq!(&stored.host, host.id(), "the host is who it was");
    let peer_ids: BTreeSet<_> = stored
        .members
        .values()
        .map(|member| member.peer_id)
        .collect();
    assert_eq!(peer_ids.len(), members.len(), "nobody shares a peer id");

    host.does(CloseLobby {}).await;
    let (stored, seated) = emulator
        .stored(&lobby_id, everybody().map(Player::id))
        .await;
    assert_eq!((stored, seated), (None, Vec::new()));
    for player in everybody() {
        player.looks_at_everything().await;
    }
    world.ends().await;
}
