//! What the tests begin with, and what they look at in the end.

use std::time::Duration;

use domain::Timestamp;
use domain::lobby::{
    Action, Contact, JoinPolicy, Lobby, Metadata, PasswordProof, Settings, Visibility, start, step,
};
use ids::{ConnectionId, LobbyEra, LobbyId, PlayerId};
use store::{Connection, CreateConflict, Place, Saved, Store};

/// How long everybody's connection lasts.
pub(crate) const LIFETIME: Duration = Duration::from_hours(2);

/// The time at which everything happens.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_millis(1_700_000_000_123)
}

/// A time at which every connection has ended.
pub(crate) fn afterwards() -> Timestamp {
    now() + LIFETIME
}

/// Until when whoever is away may be.
pub(crate) fn later() -> Timestamp {
    now() + Duration::from_secs(30)
}

/// An empty store.
pub(crate) async fn empty() -> Store {
    store::in_process().await.expect("tables in this process")
}

pub(crate) fn lobby_id(text: &str) -> LobbyId {
    LobbyId::parse(text).expect("a lobby id")
}

pub(crate) fn player_id(name: &str) -> PlayerId {
    PlayerId::parse(name).expect("a player id")
}

pub(crate) fn connection_id(text: &str) -> ConnectionId {
    ConnectionId::parse(text).expect("a connection id")
}

/// A player at a connection that began just now.
pub(crate) fn contact(name: &str) -> Contact {
    Contact {
        player_id: player_id(name),
        connection_id: connection_id(&format!("{name}=")),
        expires_at: now() + LIFETIME,
        away: false,
    }
}

/// A public lobby of eight that anybody may walk into.
pub(crate) fn settings() -> Settings {
    Settings {
        name: None,
        max_players: 8,
        visibility: Visibility::Public,
        join_policy: JoinPolicy::Open,
        locked: false,
        password: None,
        metadata: Metadata::new(),
    }
}

/// A lobby with nobody but its host in it, not stored yet.
pub(crate) fn lobby(id: &str, host: &str) -> Lobby {
    lobby_with(id, host, settings(), now())
}

/// The same with more said about it. The era is the host's and the time's own.
pub(crate) fn lobby_with(id: &str, host: &str, settings: Settings, at: Timestamp) -> Lobby {
    let era = LobbyEra::parse(format!("{host}-{}", at.as_millis())).expect("an era");
    let host = Contact {
        expires_at: at + LIFETIME,
        ..contact(host)
    };
    let outcome = start(lobby_id(id), era, settings, host, at);
    outcome.lobby.expect("a new lobby")
}

/// A lobby with its host, stored.
pub(crate) async fn opened(store: &Store, id: &str, host: &str) -> Lobby {
    let lobby = lobby(id, host);
    create(store, &lobby).await;
    lobby
}

/// Everybody whom a lobby seats is connected.
pub(crate) async fn connected(store: &Store, lobby: &Lobby) {
    reachable(store, lobby.seated()).await;
}

/// All of these are connected.
pub(crate) async fn reachable(store: &Store, contacts: impl IntoIterator<Item = &Contact>) {
    for contact in contacts {
        let connection = Connection {
            connection_id: contact.connection_id.clone(),
            player_id: contact.player_id.clone(),
            // As late as can be, so that an earlier connection of that name is over.
            connected_at: contact.expires_at,
            expires_at: contact.expires_at,
            permissions: None,
        };
        let opened = store.connections().open(&connection).await;
        opened.expect("the store answers");
    }
}

pub(crate) async fn try_create(
    store: &Store,
    lobby: &Lobby,
    now: Timestamp,
) -> Result<(), CreateConflict> {
    connected(store, lobby).await;
    let created = store.lobbies().create(lobby, now).await;
    created.expect("the store answers")
}

pub(crate) async fn create(store: &Store, lobby: &Lobby) {
    let created = try_create(store, lobby, lobby.created_at).await;
    created.expect("it is free");
}

/// Somebody's connection has ended.
pub(crate) fn lost(name: &str, id: &str) -> Action {
    Action::Lose {
        by: player_id(name),
        connection_id: connection_id(id),
        until: later(),
    }
}

/// Somebody is back by this connection.
pub(crate) fn back(name: &str, id: &str) -> Action {
    let by = Contact {
        connection_id: connection_id(id),
        ..contact(name)
    };
    Action::Return { by }
}

pub(crate) fn join(name: &str) -> Action {
    Action::Join {
        by: contact(name),
        password: PasswordProof::Right,
        metadata: Metadata::new(),
    }
}

/// What an allowed action makes of a lobby.
pub(crate) fn after(lobby: &Lobby, action: Action) -> Option<Lobby> {
    step(lobby, action, now()).expect("it is allowed").lobby
}

/// Does an allowed action to a lobby as it was read, and returns what is stored then.
pub(crate) async fn does(store: &Store, before: &Lobby, action: Action) -> Lobby {
    let after = after(before, action).expect("the lobby lives on");
    assert_eq!(save(store, before, Some(&after)).await, Saved::Done);
    after
}

pub(crate) async fn save(store: &Store, before: &Lobby, after: Option<&Lobby>) -> Saved {
    if let Some(after) = after {
        connected(store, after).await;
    }
    let saved = store.lobbies().save(before, after, now()).await;
    saved.expect("the store answers")
}

pub(crate) async fn stored(store: &Store, id: &str) -> Option<Lobby> {
    let found = store.lobbies().find(&lobby_id(id), now()).await;
    found.expect("the store answers")
}

/// Where a player has its seat.
pub(crate) async fn place(store: &Store, name: &str) -> Option<Place> {
    let seat = store.players().seat(&player_id(name), now()).await;
    seat.expect("the store answers").map(|seat| seat.place)
}

/// The lobby in which a player has its seat.
pub(crate) async fn seat(store: &Store, name: &str) -> Option<LobbyId> {
    let seat = store.players().seat(&player_id(name), now()).await;
    seat.expect("the store answers")?.lobby_id().cloned()
}

/// Everybody whom the lobby seats has its seat there, until its own connection ends.
pub(crate) async fn invariant_seats_say_what_the_lobby_says(store: &Store, lobby: &Lobby) {
    for contact in lobby.seated() {
        let seat = store.players().seat(&contact.player_id, now()).await;
        let seat = seat.expect("the store answers").expect("a seat");
        let place = Place::Lobby {
            lobby_id: lobby.lobby_id.clone(),
            era: lobby.era.clone(),
        };
        assert_eq!((seat.place, seat.expires_at), (place, contact.expires_at));
    }
}
