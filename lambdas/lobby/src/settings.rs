//! A client's words for a lobby's settings, and the rules'.

use domain::lobby::{JoinPolicy, Settings, Visibility};
use function::{Failure, password};
use protocol::lobby::StartLobby;
use protocol::{Metadata, Text, Whole};

/// Seats where nobody says how many.
const DEFAULT_MAX_PLAYERS: u32 = 8;

/// The settings that a lobby starts with; what is not said has its default.
pub(crate) async fn of_a_new_lobby(message: StartLobby) -> Result<Settings, Failure> {
    let password = match message.password {
        Some(new) => Some(password::hash(new.into_string()).await?),
        None => None,
    };
    Ok(Settings {
        name: message.name.map(Text::into_string),
        max_players: message.max_players.map_or(DEFAULT_MAX_PLAYERS, Whole::get),
        visibility: visibility(message.visibility.unwrap_or_default()),
        join_policy: join_policy(message.join_policy.unwrap_or_default()),
        locked: false,
        password,
        metadata: message
            .metadata
            .map(Metadata::into_object)
            .unwrap_or_default(),
    })
}

pub(crate) fn visibility(visibility: protocol::lobby::Visibility) -> Visibility {
    match visibility {
        protocol::lobby::Visibility::Private => Visibility::Private,
        protocol::lobby::Visibility::Public => Visibility::Public,
    }
}

pub(crate) fn join_policy(policy: protocol::lobby::JoinPolicy) -> JoinPolicy {
    match policy {
        protocol::lobby::JoinPolicy::Ask => JoinPolicy::Ask,
        protocol::lobby::JoinPolicy::Open => JoinPolicy::Open,
    }
}
