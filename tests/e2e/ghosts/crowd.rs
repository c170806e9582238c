//! Five hundred players, wherever players can be, who vanish.

use std::collections::BTreeSet;

use client::protocol::battle::{BattleOptions, Rules};
use client::protocol::event::{BattleStarted, MatchmakingStarted, ReceivedJoinRequest};
use client::protocol::lobby::{StartLobby, Visibility};
use client::protocol::matchmaking::{Attribute, Attributes, JoinMatchmaking};
use client::protocol::{Metadata, Whole};
use e2e::{Inside, Party, Player, World, battle_with, text};
use futures::future::join_all;
use ids::{PlayerId, QueueName};
use serde_json::json;

use super::PATIENCE_SECONDS;
use super::census::Census;

/// How many are in a lobby with the one who survives.
pub(super) const FRIENDS: usize = 8;

/// Lobbies of eight, one of which has a ninth member, who survives.
const LOBBIES: usize = 20;
/// Lobbies of a host for whose leave three wait.
const CLOSED: usize = 20;
/// Pairs who play noughts and crosses in a lobby.
const GAMES: usize = 25;
/// Pairs who were matched, and fight.
const MATCHES: usize = 30;
/// Pairs who are asked whether they want to be matched.
const ASKED: usize = 25;
/// Parties of two who wait in a queue.
const PARTIES: usize = 20;
/// Players who wait in a queue alone.
const ALONE: usize = 60;

/// How many scenes are played at a time: few, so that time runs out for nobody before all of them are there.
const AT_ONCE: usize = 5;

/// Those who have vanished, and whom they leave behind.
pub(super) struct Crowd {
    /// Everybody who has vanished.
    pub(super) ghosts: BTreeSet<PlayerId>,
    /// Where they were, each as it vanished.
    pub(super) was: Census,
    /// Who is in a public lobby with some of them.
    pub(super) survivor: Player,
}

/// Some players who are somewhere together.
type Scene = Vec<Player>;

/// Has them all come, and vanish.
pub(super) async fn gather(world: &World, inside: Inside<'_>) -> Crowd {
    let Party { players, .. } = world.party_in(public(world), ["player"; 1 + FRIENDS]).await;
    let [survivor, friends @ ..] = players;
    let mut crowd = Crowd {
        ghosts: BTreeSet::new(),
        was: Census::default(),
        survivor,
    };
    crowd.vanish(vec![Scene::from(friends)], inside).await;
    crowd.haunt(LOBBIES - 1, |_| full(world), inside).await;
    crowd.haunt(CLOSED, |_| closed(world), inside).await;
    crowd.haunt(GAMES, |_| game(world), inside).await;
    crowd
        .haunt(MATCHES, |room| matched(world, room), inside)
        .await;
    crowd.haunt(ASKED, |room| asked(world, room), inside).await;
    crowd
        .haunt(PARTIES, |room| party(world, room), inside)
        .await;
    let alone = async |room| vec![looks(world, "alone", room).await];
    crowd.haunt(ALONE, alone, inside).await;
    crowd
}

impl Crowd {
    /// Plays a scene so many times; whoever was in one is gone afterwards.
    async fn haunt<S: Future<Output = Scene>>(
        &mut self,
        number: usize,
        scene: impl Fn(usize) -> S,
        inside: Inside<'_>,
    ) {
        let rooms: Vec<_> = (0..number).collect();
        for some in rooms.chunks(AT_ONCE) {
            let scenes = join_all(some.iter().map(|room| scene(*room))).await;
            self.vanish(scenes, inside).await;
        }
    }

    async fn vanish(&mut self, scenes: Vec<Scene>, inside: Inside<'_>) {
        let players = || scenes.iter().flatten();
        join_all(players().map(Player::looks_at_everything)).await;
        let gone = players().map(|player| player.id().clone()).collect();
        self.was += Census::of(&gone, inside);
        players().for_each(Player::vanishes);
        self.ghosts.extend(gone);
    }
}

fn public(world: &World) -> StartLobby {
    let metadata = json!({ "test": world.tag() });
    let metadata: Metadata = serde_json::from_value(metadata).expect("short");
    StartLobby {
        visibility: Some(Visibility::Public),
        max_players: Some(Whole::new(10).expect("within range")),
        metadata: Some(metadata),
        ..StartLobby::default()
    }
}

/// Eight members, and two seats that are free.
async fn full(world: &World) -> Scene {
    let Party { players, .. } = world.party_in(public(world), ["player"; 8]).await;
    players.into()
}

/// A host, and three who wait for its decision.
async fn closed(world: &World) -> Scene {
    let host = world.player("player").await;
    let lobby_id = host.starts(public(world)).await.lobby.lobby_id;
    let mut players = vec![host];
    for _ in 0..3 {
        let guest = world.player("player").await;
        guest.asks_to_join(&lobby_id).await;
        players[0].hears::<ReceivedJoinRequest>().await;
        players.push(guest);
    }
    players
}

/// Two in the middle of a game, one of whom has to move in time.
async fn game(world: &World) -> Scene {
    let Party { players, .. } = world.party(["player"; 2]).await;
    let turns = BattleOptions {
        turn_seconds: Some(Whole::new(PATIENCE_SECONDS).expect("within range")),
        ..BattleOptions::default()
    };
    let start = battle_with(Rules::NoughtsAndCrosses, turns);
    players[0].starts_battle(start, &[&players[1]]).await;
    players[0].marks(0, 0, &[&players[1]]).await;
    players.into()
}

/// Two strangers in the battle that their match began with.
async fn matched(world: &World, room: usize) -> Scene {
    let players = both(world, "fight", room).await;
    for player in &players {
        player.is_matched().await;
        player.hears::<BattleStarted>().await;
    }
    players[0].scores(30, &[&players[1]]).await;
    players.into()
}

/// Two strangers who have not agreed to be matched yet.
async fn asked(world: &World, room: usize) -> Scene {
    let players = both(world, "ask", room).await;
    for player in &players {
        player.is_asked().await;
    }
    players.into()
}

/// Two friends who look for two others.
async fn party(world: &World, room: usize) -> Scene {
    let Party { players, .. } = world.party(["player"; 2]).await;
    let as_party = JoinMatchmaking {
        party: Some(true),
        ..wish("pairs", room)
    };
    players[0].looks(as_party).await;
    players[1].hears::<MatchmakingStarted>().await;
    players.into()
}

async fn both(world: &World, queue: &str, room: usize) -> [Player; 2] {
    [
        looks(world, queue, room).await,
        looks(world, queue, room).await,
    ]
}

async fn looks(world: &World, queue: &str, room: usize) -> Player {
    let player = world.player("player").await;
    player.looks(wish(queue, room)).await;
    player
}

/// A wish to be matched with whoever is in the same room of the same queue.
fn wish(queue: &str, room: usize) -> JoinMatchmaking {
    let room = Attribute::Text(text(&format!("{queue}-{room}")));
    let attributes = [(text("room"), room)].into_iter().collect();
    JoinMatchmaking {
        queue: Some(QueueName::parse(queue).expect("a queue's name")),
        attributes: Some(Attributes::new(attributes).expect("few")),
        party: None,
    }
}
