//! Connections that the platform ends for their age, and sessions that move on before.

use std::time::Duration;

use client::protocol::Event;
use client::protocol::battle::Rules;
use client::protocol::lobby::{JoinPolicy, StartLobby};
use client::{Incoming, Joining, Session, SessionEvent, SessionEvents, SessionOptions};
use e2e::{DEADLINE, World, battle, join, settings};
use local::{ServerSettings, Settings};
use tokio::time::timeout;

/// How long a connection lives here: a session moves about every second.
const LIFE: Duration = Duration::from_secs(2);
/// How often each of the two moves.
const MOVES: usize = 50;

/// One of two who play on, whatever happens to their connections.
struct Fighter {
    session: Session,
    events: SessionEvents,
    score: u64,
    moves: usize,
    /// What it was told of the other's score last, and how often the other had another address.
    others_score: u64,
    others_moves: usize,
}

impl Fighter {
    async fn connect(url: &str) -> Self {
        let connected = Session::connect(url, SessionOptions::default()).await;
        let (session, events) = connected.expect("a session");
        Self {
            session,
            events,
            score: 0,
            moves: 0,
            others_score: 0,
            others_moves: 0,
        }
    }

    async fn next(&mut self) -> SessionEvent {
        let event = timeout(DEADLINE, self.events.next()).await;
        let event = event.expect("something comes in time");
        event.expect("the session lasts")
    }

    /// Scores whenever one of the two has moved, until both have often enough.
    async fn fight(&mut self) {
        while self.moves < MOVES || self.others_moves < MOVES {
            match self.next().await {
                SessionEvent::Moved(resumed) => {
                    let lobby = resumed.lobby.expect("it is in its lobby");
                    assert_eq!((lobby.members.len(), lobby.away.len()), (1, 0));
                    let battle = resumed.battle.expect("it is in its battle");
                    assert_eq!(battle.settled, None);
                    self.moves += 1;
                    self.score().await;
                }
                SessionEvent::Incoming(Incoming::Event(Event::PlayerBack(_))) => {
                    self.others_moves += 1;
                    self.score().await;
                }
                SessionEvent::Incoming(Incoming::Event(Event::ScoreSynced(synced))) => {
                    let next = self.others_score + 1;
                    assert_eq!(synced.score, next, "each is told once, and in order");
                    self.others_score = next;
                }
                other @ (SessionEvent::Incoming(_)
                | SessionEvent::Reconnecting { .. }
                | SessionEvent::Resumed(_)
                | SessionEvent::StartedOver { .. }) => {
                    panic!("a move was to be noticed by a new address alone: {other:?}")
                }
            }
        }
    }

    async fn score(&mut self) {
        self.score += 1;
        let told = self.session.sync_score(self.score).await;
        told.expect("the battle goes on");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_sessions_stay_in_their_lobby_and_their_battle_over_fifty_moves_of_connection() {
    let short = ServerSettings {
        front: Settings {
            connection_lifetime: LIFE,
            ..settings().front
        },
        ..settings()
    };
    let Some(world) = World::with(short, "connections that live for seconds").await else {
        return;
    };
    let mut ann = Fighter::connect(world.url()).await;
    let mut bob = Fighter::connect(world.url()).await;
    let lobby = StartLobby {
        join_policy: Some(JoinPolicy::Open),
        ..StartLobby::default()
    };
    let lobby = ann.session.start_lobby(lobby).await.expect("a lobby").lobby;
    let joined = bob.session.join_lobby(join(&lobby.lobby_id)).await;
    let Ok(Joining::Accepted(_)) = joined else {
        panic!("an open lobby lets in who asks: {joined:?}");
    };
    let started = ann.session.start_battle(battle(Rules::ScoreAttack)).await;
    started.expect("two are there");
    assert!(is(&ann.next().await, "player_joined"));
    assert!(is(&bob.next().await, "battle_started"));
    tokio::join!(ann.fight(), bob.fight());
    for fighter in [ann, bob] {
        fighter.session.close().await;
    }
    world.ends().await;
}

fn is(event: &SessionEvent, name: &str) -> bool {
    matches!(event, SessionEvent::Incoming(Incoming::Event(event)) if event.name() == name)
}
