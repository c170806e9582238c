//! `update_lobby`.

use client::protocol::event::LobbyUpdated;
use client::protocol::lobby::{JoinPolicy, UpdateLobby, Visibility};
use client::protocol::{ErrorCode, Event, Whole};
use e2e::{Party, World, text};
use serde_json::json;

#[tokio::test]
async fn an_update_is_heard_by_everyone_in_the_lobby() {
    let world = World::start().await;
    let Party { lobby, players } = world.party(["host", "ann", "bob"]).await;
    let [host, ann, bob] = &players;
    let updated = host.does(UpdateLobby {
        name: Some(text("Saturday")),
        max_players: Some(Whole::new(3).expect("within range")),
        visibility: Some(Visibility::Public),
        join_policy: Some(JoinPolicy::Open),
        locked: Some(true),
        password: Some(Some(text("open sesame"))),
        metadata: Some(serde_json::from_value(json!({"map": "ice"})).expect("an object")),
    });
    let Event::LobbyUpdated(updated) = updated.await else {
        panic!("updating has another answer than `lobby_updated`");
    };
    assert_eq!(updated.visibility, Visibility::Public);
    let now = &updated.lobby;
    assert_eq!(now.lobby_id, lobby.id);
    assert_eq!(now.name.as_deref(), Some("Saturday"));
    assert_eq!((now.players, now.max_players), (3, 3));
    assert_eq!(now.join_policy, JoinPolicy::Open);
    assert!(now.locked && now.has_password);
    assert_eq!(json!(now.metadata), json!({"map": "ice"}));
    for guest in [ann, bob] {
        let heard = guest.hears_raw("lobby_updated").await;
        assert!(!heard.text.contains("open sesame"));
        assert_eq!(heard.content::<LobbyUpdated>(), updated);
    }
    world.ends().await;
}

#[tokio::test]
async fn what_an_update_does_not_mention_stays_as_it_is() {
    let world = World::start().await;
    let host = world.player("host").await;
    host.starts_lobby().await;
    let update = async |change: UpdateLobby| {
        let Event::LobbyUpdated(updated) = host.does(change).await else {
            panic!("updating has another answer than `lobby_updated`");
        };
        updated
    };
    let named = update(UpdateLobby {
        name: Some(text("Saturday")),
        metadata: Some(serde_json::from_value(json!({"map": "ice", "level": 1})).expect("one")),
        ..UpdateLobby::default()
    });
    let named = named.await;
    assert_eq!(update(UpdateLobby::default()).await, named);

    // Metadata is replaced as a whole.
    let replaced = update(UpdateLobby {
        metadata: Some(serde_json::from_value(json!({"level": 2})).expect("an object")),
        ..UpdateLobby::default()
    });
    let replaced = replaced.await.lobby;
    assert_eq!(replaced.name.as_deref(), Some("Saturday"));
    assert_eq!(json!(replaced.metadata), json!({"level": 2}));
    world.ends().await;
}

#[tokio::test]
async fn a_lobby_cannot_be_made_smaller_than_it_is_full() {
    let world = World::start().await;
    let Party { players, .. } = world.party(["host", "ann", "bob"]).await;
    let [host, ..] = &players;
    let refused = host.is_refused(UpdateLobby {
        max_players: Some(Whole::new(2).expect("the fewest")),
        ..UpdateLobby::default()
    });
    assert_eq!(refused.await.code, ErrorCode::BelowMembers);
    world.ends().await;
}

#[tokio::test]
async fn only_the_host_updates_a_lobby() {
    let world = World::start().await;
    let Party { players, .. } = world.party(["host", "guest"]).await;
    let [_, guest] = &players;
    let refused = guest.is_refused(UpdateLobby::default()).await;
    assert_eq!(refused.code, ErrorCode::NotHost);
    let stranger = world.player("stranger").await;
    let refused = stranger.is_refused(UpdateLobby::default()).await;
    assert_eq!(refused.code, ErrorCode::NotInLobby);
    world.ends().await;
}
