//! Names and actions, said shortly.

use std::time::Duration;

use domain::Timestamp;
use domain::battle::{Action, Options, RulesName};
use domain::lobby::{
    self, Contact, Departure, JoinPolicy, Metadata, PasswordProof, Settings, Visibility,
};
use ids::{BattleId, ConnectionId, LobbyEra, LobbyId, PeerId, PlayerId};

use crate::scene::DAWN;

/// How long a connection lasts, unless a story says otherwise.
const TWO_HOURS: Duration = Duration::from_hours(2);

pub(crate) fn friday() -> LobbyId {
    LobbyId::parse("friday").expect("a lobby id")
}

pub(crate) fn battle_id(name: &str) -> BattleId {
    BattleId::parse(name).expect("a battle id")
}

pub(crate) fn player(name: &str) -> PlayerId {
    PlayerId::parse(name).expect("a player id")
}

pub(crate) fn peer(number: u32) -> PeerId {
    PeerId::try_from(number).expect("a peer id")
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

pub(crate) fn join(name: &str) -> lobby::Action {
    join_as(contact(name))
}

pub(crate) fn join_as(by: Contact) -> lobby::Action {
    lobby::Action::Join {
        by,
        password: PasswordProof::Right,
        metadata: Metadata::new(),
    }
}

pub(crate) fn leave(name: &str) -> lobby::Action {
    lobby::Action::Leave {
        by: player(name),
        how: Departure::Left,
    }
}

/// Somebody's connection has ended, and it may stay away until then. See [`Scene::loses`](crate::scene::Scene::loses).
pub(crate) fn lose(name: &str, until: Timestamp) -> lobby::Action {
    lobby::Action::Lose {
        by: player(name),
        connection_id: socket(name),
        until,
    }
}

/// Somebody's connection has ended, and it is out at once: there is no time to come back.
pub(crate) fn disconnect(name: &str) -> lobby::Action {
    lose(name, Timestamp::from_millis(DAWN))
}

/// Somebody has come back by another connection.
pub(crate) fn come_back(name: &str) -> lobby::Action {
    lobby::Action::Return {
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

pub(crate) fn act(name: &str, action: Action) -> lobby::Action {
    let by = player(name);
    lobby::Action::Battle { by, action }
}

/// Starts a battle by rules as they come.
pub(crate) fn begin(name: &str, rules: RulesName) -> Action {
    begin_with(name, rules, Options::default())
}

pub(crate) fn begin_with(name: &str, rules: RulesName, options: Options) -> Action {
    Action::Start {
        battle_id: battle_id(name),
        rules,
        options,
    }
}

pub(crate) fn mark(row: u32, column: u32) -> Action {
    Action::PlaceMark { row, column }
}

pub(crate) fn score(score: u64) -> Action {
    Action::SyncScore { score }
}

pub(crate) fn rematch(name: &str) -> Action {
    Action::Rematch {
        battle_id: battle_id(name),
    }
}

pub(crate) fn era() -> LobbyEra {
    LobbyEra::parse("era-1").expect("an era")
}

/// Four seats, and anybody may walk in.
pub(crate) fn settings() -> Settings {
    Settings {
        name: None,
        max_players: 4,
        visibility: Visibility::Private,
        join_policy: JoinPolicy::Open,
        locked: false,
        password: None,
        metadata: Metadata::new(),
    }
}
