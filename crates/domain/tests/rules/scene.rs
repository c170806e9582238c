//! The scene of the stories: a lobby, a clock, and players called by their first names.

use std::time::Duration;

use domain::Timestamp;
use domain::lobby::{
    Action, Ban, Changes, Contact, Departure, Event, JoinPolicy, Lobby, Member, Metadata, Notice,
    Outcome, PasswordHash, PasswordProof, Refusal, Settings, Visibility, start, step,
};
use ids::{ConnectionId, LobbyEra, LobbyId, PeerId, PlayerId};
use serde_json::Value;

/// When every story begins.
pub(crate) const DAWN: u64 = 1_800_000_000_000;

/// How long a connection lasts, unless a story says otherwise.
pub(crate) const TWO_HOURS: Duration = Duration::from_hours(2);

/// A lobby as it is at one moment of its story.
pub(crate) struct Scene {
    /// What is stored; `None` once the lobby is no more.
    pub(crate) stored: Option<Lobby>,
    /// What the clock says.
    pub(crate) now: Timestamp,
}

impl Scene {
    /// Ann has opened a lobby.
    pub(crate) fn with(settings: Settings) -> Self {
        let now = Timestamp::from_millis(DAWN);
        let stored = start(friday(), era(), settings, contact("ann"), now).lobby;
        Self { stored, now }
    }

    /// Ann has opened a lobby of eight seats in which she decides on everybody.
    pub(crate) fn ask() -> Self {
        Self::with(settings())
    }

    /// Ann has opened a lobby of eight seats that anybody may walk into.
    pub(crate) fn open() -> Self {
        Self::with(Settings {
            join_policy: JoinPolicy::Open,
            ..settings()
        })
    }

    /// These were let in, one after the other.
    #[track_caller]
    pub(crate) fn guests<const N: usize>(mut self, names: [&str; N]) -> Self {
        for name in names {
            self.does(join(name));
            if self.lobby().requests.contains_key(&player(name)) {
                self.does(accept("ann", name));
            }
        }
        self
    }

    /// These have asked to be let in, one after the other.
    #[track_caller]
    pub(crate) fn waiting<const N: usize>(mut self, names: [&str; N]) -> Self {
        for name in names {
            self.does(join(name));
        }
        self
    }

    /// The host has changed this.
    #[track_caller]
    pub(crate) fn changed(mut self, changes: Changes) -> Self {
        self.does(update("ann", changes));
        self
    }

    /// Somebody does something that is allowed. Returns what everybody hears.
    #[track_caller]
    pub(crate) fn does(&mut self, action: Action) -> Vec<Notice> {
        let outcome = step(self.lobby(), action, self.now);
        let Outcome { lobby, notices, .. } = outcome.expect("this is allowed");
        self.stored = lobby;
        notices
    }

    /// Somebody's connection has ended, and it may stay away for so long. Returns what everybody hears.
    #[track_caller]
    pub(crate) fn loses(&mut self, name: &str, seconds: u64) -> Vec<Notice> {
        self.does(lose(name, self.now + Duration::from_secs(seconds)))
    }

    /// Time passes.
    pub(crate) fn waits(&mut self, seconds: u64) {
        self.now = self.now + Duration::from_secs(seconds);
    }

    /// Somebody tries something that is not allowed. Returns why.
    #[track_caller]
    pub(crate) fn refuses(&self, action: Action) -> Refusal {
        step(self.lobby(), action, self.now).expect_err("this is not allowed")
    }

    /// The lobby as it is now.
    #[track_caller]
    pub(crate) fn lobby(&self) -> &Lobby {
        self.stored.as_ref().expect("the lobby is still there")
    }

    /// A member as it is now.
    #[track_caller]
    pub(crate) fn member(&self, name: &str) -> Member {
        let member = self.lobby().members.get(&player(name));
        member.expect("it is a member").clone()
    }

    /// Whether somebody is a member.
    #[track_caller]
    pub(crate) fn has(&self, name: &str) -> bool {
        self.lobby().members.contains_key(&player(name))
    }

    /// Whether somebody waits to be let in.
    #[track_caller]
    pub(crate) fn has_waiting(&self, name: &str) -> bool {
        self.lobby().requests.contains_key(&player(name))
    }
}

/// The lobby of the stories.
pub(crate) fn friday() -> LobbyId {
    LobbyId::parse("friday").expect("a lobby id")
}

pub(crate) fn era() -> LobbyEra {
    LobbyEra::parse("era-1").expect("an era")
}

/// Eight seats, the host decides, no password, not listed.
pub(crate) fn settings() -> Settings {
    Settings {
        name: None,
        max_players: 8,
        visibility: Visibility::Private,
        join_policy: JoinPolicy::Ask,
        locked: false,
        password: None,
        metadata: Metadata::new(),
    }
}

pub(crate) fn player(name: &str) -> PlayerId {
    PlayerId::parse(name).expect("a player id")
}

pub(crate) fn socket(name: &str) -> ConnectionId {
    ConnectionId::parse(format!("{name}-socket")).expect("a connection id")
}

pub(crate) fn contact(name: &str) -> Contact {
    contact_until(name, Timestamp::from_millis(DAWN) + TWO_HOURS)
}

pub(crate) fn contact_until(name: &str, expires_at: Timestamp) -> Contact {
    Contact {
        player_id: player(name),
        connection_id: socket(name),
        expires_at,
        away: false,
    }
}

pub(crate) fn peer(number: u32) -> PeerId {
    PeerId::try_from(number).expect("a peer id")
}

pub(crate) fn hash() -> PasswordHash {
    PasswordHash::from_phc("$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA".to_owned())
}

/// Metadata with one key in it.
pub(crate) fn says(key: &str, value: impl Into<Value>) -> Metadata {
    Metadata::from_iter([(key.to_owned(), value.into())])
}

/// Somebody hears something.
pub(crate) fn hears(name: &str, event: Event) -> Notice {
    Notice {
        to: contact(name),
        event,
    }
}

pub(crate) fn join(name: &str) -> Action {
    join_as(contact(name), PasswordProof::Right)
}

pub(crate) fn join_as(by: Contact, password: PasswordProof) -> Action {
    Action::Join {
        by,
        password,
        metadata: Metadata::new(),
    }
}

pub(crate) fn accept(by: &str, whom: &str) -> Action {
    Action::Accept {
        by: player(by),
        connection_id: socket(whom),
        peer_id: None,
    }
}

pub(crate) fn accept_as(by: &str, whom: &str, number: u32) -> Action {
    Action::Accept {
        by: player(by),
        connection_id: socket(whom),
        peer_id: Some(peer(number)),
    }
}

pub(crate) fn reject(by: &str, whom: &str) -> Action {
    Action::Reject {
        by: player(by),
        connection_id: socket(whom),
        reason: Some("No room.".to_owned()),
    }
}

pub(crate) fn kick(by: &str, whom: &str, ban: Ban) -> Action {
    Action::Kick {
        by: player(by),
        connection_id: socket(whom),
        reason: Some("Away.".to_owned()),
        ban,
    }
}

pub(crate) fn update(by: &str, changes: Changes) -> Action {
    Action::Update {
        by: player(by),
        changes,
    }
}

pub(crate) fn close(by: &str) -> Action {
    Action::Close { by: player(by) }
}

pub(crate) fn leave(name: &str) -> Action {
    Action::Leave {
        by: player(name),
        how: Departure::Left,
    }
}

/// Somebody's connection has ended, and it may stay away until then. See [`Scene::loses`].
pub(crate) fn lose(name: &str, until: Timestamp) -> Action {
    Action::Lose {
        by: player(name),
        connection_id: socket(name),
        until,
    }
}

/// Somebody's connection has ended, and it is out at once: there is no time to come back.
pub(crate) fn disconnect(name: &str) -> Action {
    lose(name, Timestamp::from_millis(DAWN))
}

/// Somebody has come back by another connection.
pub(crate) fn come_back(name: &str) -> Action {
    Action::Return {
        by: contact_again(name),
    }
}

/// Where somebody is reached who has come back.
pub(crate) fn contact_again(name: &str) -> Contact {
    Contact {
        connection_id: ConnectionId::parse(format!("{name}-socket-2")).expect("a connection id"),
        ..contact(name)
    }
}

/// Somebody is out.
pub(crate) fn gone(name: &str, number: u32, how: Departure) -> Event {
    Event::PlayerLeft {
        player_id: player(name),
        peer_id: peer(number),
        how,
    }
}
