//! Actions about lobbies: names and shapes of the Bellhop protocol, with more fields.

use std::collections::BTreeMap;

use ids::{LobbyId, PeerAddress, PeerId};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Number, Value};

use crate::action::{actions, message};
use crate::signalling::example_address;
use crate::text::object;
use crate::{Metadata, Text, Whole};

/// A lobby's name for people: up to 64 characters.
pub type Name = Text<0, 64>;
/// A lobby's password: 1 to 128 characters.
pub type Password = Text<1, 128>;
/// Why somebody was rejected or kicked: up to 200 characters.
pub type Reason = Text<0, 200>;
/// How many players a lobby holds, its host included: 2 to 64.
pub type MaxPlayers = Whole<2, 64>;
/// How many lobbies a page of a listing holds: 1 to 50.
pub type Limit = Whole<1, 50>;
/// Where a listing goes on; opaque.
pub type Cursor = Text<1, 256>;

/// The most conditions in one listing filter.
pub const MAX_CRITERIA: usize = 8;

actions! {
    /// What the lobby function does.
    enum Action {
        /// Opens a lobby.
        StartLobby;
        /// Closes one's lobby.
        CloseLobby;
        /// Asks to be let into a lobby.
        JoinLobby;
        /// Lets a player in.
        AcceptJoinRequest, alias = "accept_request";
        /// Declines to let a player in.
        RejectJoinRequest;
        /// Leaves one's lobby.
        LeaveLobby;
        /// Removes a member.
        KickPlayer;
        /// Changes one's lobby.
        UpdateLobby;
        /// Lists public lobbies.
        ListLobbies;
    }
}

/// Who sees a lobby in the listing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Visibility {
    /// Nobody: it is found by its id alone.
    #[default]
    Private,
    /// Everybody.
    Public,
}

/// Who decides whether a player comes in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum JoinPolicy {
    /// The host, by `accept_join_request` or `reject_join_request`.
    #[default]
    Ask,
    /// Nobody: whoever asks is in, while there is room.
    Open,
}

/// Opens a lobby with the sender as host and peer 1. Answered by `lobby_started` or `lobby_creation_failed`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct StartLobby {
    /// The id that players join by. Absent, null or empty: a short code is made.
    #[serde(
        default,
        deserialize_with = "lobby_id_or_none",
        skip_serializing_if = "Option::is_none"
    )]
    #[cfg_attr(feature = "schema", schemars(with = "Option<Text<0, 64>>"))]
    pub lobby_id: Option<LobbyId>,
    /// A name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// Seats, the host's included. Absent: 8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_players: Option<MaxPlayers>,
    /// Absent: `private`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visibility: Option<Visibility>,
    /// Absent: `ask`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub join_policy: Option<JoinPolicy>,
    /// Whoever joins must give it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Password>,
    /// What the game wants to say of the lobby; shown in the listing, and filtered by it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
}

message!(
    StartLobby,
    "start_lobby",
    StartLobby {
        name: Some(Text::new("Friday night").expect("short")),
        max_players: Some(Whole::new(4).expect("within range")),
        visibility: Some(Visibility::Public),
        metadata: Some(example_metadata()),
        ..StartLobby::default()
    }
);

/// Closes the sender's lobby. Everyone in it hears `lobby_closed`; the id is free again at once.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CloseLobby {}

message!(CloseLobby, "close_lobby", CloseLobby {});

/// Asks to be let in. The host hears `received_join_request`; or the sender hears `join_request_rejected`; or, in an `open`
/// lobby, `join_request_accepted` at once. So does who is in already, and may have missed the answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct JoinLobby {
    /// Which lobby.
    pub lobby_id: LobbyId,
    /// Its password, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Password>,
    /// What the player wants to say of itself; shown to the host and the members.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
}

message!(
    JoinLobby,
    "join_lobby",
    JoinLobby {
        lobby_id: LobbyId::parse("K7QX2M").expect("a code"),
        password: None,
        metadata: Some(example_metadata()),
    }
);

/// Lets a waiting player in: it hears `join_request_accepted`, the other members `player_joined`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct AcceptJoinRequest {
    /// The player's address, from `received_join_request`.
    pub player_connection_id: PeerAddress,
    /// The peer id to give it. Absent: the lowest that is free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub player_peer_id: Option<PeerId>,
}

message!(
    AcceptJoinRequest,
    "accept_join_request",
    AcceptJoinRequest {
        player_connection_id: example_address(),
        player_peer_id: None,
    }
);

/// Declines a waiting player: it hears `join_request_rejected`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct RejectJoinRequest {
    /// The player's address, from `received_join_request`.
    pub player_connection_id: PeerAddress,
    /// What to tell it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
}

message!(
    RejectJoinRequest,
    "reject_join_request",
    RejectJoinRequest {
        player_connection_id: example_address(),
        reason: Some(Text::new("We are about to start.").expect("short")),
    }
);

/// Leaves the sender's lobby, or takes back its request to join one. Answered by `lobby_left`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LeaveLobby {}

message!(LeaveLobby, "leave_lobby", LeaveLobby {});

/// Removes a member: it hears `kicked`, everyone else `player_left`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct KickPlayer {
    /// The member's address.
    pub player_connection_id: PeerAddress,
    /// What to tell it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Reason>,
    /// Whether it may never come back into this lobby. Absent: it may.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ban: Option<bool>,
}

message!(
    KickPlayer,
    "kick_player",
    KickPlayer {
        player_connection_id: example_address(),
        reason: Some(Text::new("Away for ten minutes.").expect("short")),
        ban: Some(true),
    }
);

/// Changes the sender's lobby. A field that is absent stays as it is. Everyone in the lobby hears `lobby_updated`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct UpdateLobby {
    /// A name for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Name>,
    /// Seats; not fewer than there are members.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_players: Option<MaxPlayers>,
    /// Whether it is listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visibility: Option<Visibility>,
    /// Who decides on those who want in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub join_policy: Option<JoinPolicy>,
    /// A locked lobby lets nobody in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locked: Option<bool>,
    /// A new password; null takes the password away.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub password: Option<Option<Password>>,
    /// Replaces the metadata as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<Metadata>,
}

message!(
    UpdateLobby,
    "update_lobby",
    UpdateLobby {
        locked: Some(true),
        ..UpdateLobby::default()
    }
);

/// Lists public lobbies, the newest first. Answered by `lobby_list`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ListLobbies {
    /// What the metadata must say: up to 8 conditions by key, all of which must hold.
    #[serde(
        default,
        deserialize_with = "filter",
        skip_serializing_if = "BTreeMap::is_empty"
    )]
    #[cfg_attr(feature = "schema", schemars(with = "Option<BTreeMap<String, Criterion>>", extend("maxProperties" = MAX_CRITERIA)))]
    pub filter: BTreeMap<String, Criterion>,
    /// The most lobbies to answer with. Absent: 50.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Limit>,
    /// The `cursor` of the page before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Cursor>,
}

message!(
    ListLobbies,
    "list_lobbies",
    ListLobbies {
        filter: BTreeMap::from([
            ("map".to_owned(), Criterion::Equals(Value::from("desert"))),
            (
                "level".to_owned(),
                Criterion::Range(Range {
                    min: Some(3.into()),
                    max: None
                })
            ),
        ]),
        limit: Some(Whole::new(20).expect("within range")),
        cursor: None,
    }
);

/// One condition on one key of the metadata.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Criterion {
    /// A number between two bounds.
    #[serde(deserialize_with = "object")]
    Range(Range),
    /// Exactly this text, number, truth value or null.
    #[serde(deserialize_with = "scalar")]
    Equals(
        #[cfg_attr(feature = "schema", schemars(extend("type" = ["string", "number", "boolean", "null"])))]
         Value,
    ),
}

/// Bounds of a number, both included; at least one of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// Not less than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<f64>"))]
    pub min: Option<Number>,
    /// Not more than this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<f64>"))]
    pub max: Option<Number>,
}

fn lobby_id_or_none<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<LobbyId>, D::Error> {
    match Option::<String>::deserialize(deserializer)? {
        None => Ok(None),
        Some(text) if text.is_empty() => Ok(None),
        Some(text) => LobbyId::parse(text)
            .map(Some)
            .map_err(serde::de::Error::custom),
    }
}

#[expect(
    clippy::option_option,
    reason = "absent, null and a text are three different wishes"
)]
fn present<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<Password>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}

fn filter<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<BTreeMap<String, Criterion>, D::Error> {
    let criteria =
        Option::<BTreeMap<String, Criterion>>::deserialize(deserializer)?.unwrap_or_default();
    if criteria.len() > MAX_CRITERIA {
        return Err(serde::de::Error::custom(format!(
            "longer than {MAX_CRITERIA} conditions"
        )));
    }
    Ok(criteria)
}

fn scalar<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    match Value::deserialize(deserializer)? {
        Value::Array(_) | Value::Object(_) => Err(serde::de::Error::custom(
            "a condition is a text, a number, true, false, null, or {\"min\", \"max\"}",
        )),
        scalar @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_)) => Ok(scalar),
    }
}

/// Metadata as a game might have it, for examples.
pub(crate) fn example_metadata() -> Metadata {
    let object = [
        ("map".to_owned(), Value::from("desert")),
        ("level".to_owned(), Value::from(5)),
    ];
    Metadata::new(object.into_iter().collect()).expect("short")
}
