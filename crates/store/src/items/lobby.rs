//! A lobby as its item.

use std::collections::{BTreeMap, BTreeSet};

use domain::Timestamp;
use domain::listing::Position;
use domain::lobby::{Contact, JoinRequest, Lobby, Member, PasswordHash, Settings, Visibility};
use ids::{ConnectionId, LobbyEra, PeerId, PlayerId};
use serde::{Deserialize, Serialize};

use super::{SummaryItem, read_metadata, write_metadata};
use crate::{StoreError, keys};

/// A whole lobby. The listing's index carries the part of it that is a [`SummaryItem`].
#[derive(Serialize, Deserialize)]
pub(crate) struct LobbyItem {
    #[serde(flatten)]
    summary: SummaryItem,
    era: LobbyEra,
    version: u64,
    host: PlayerId,
    term: u64,
    arrivals: u64,
    visibility: VisibilityText,
    #[serde(skip_serializing_if = "Option::is_none")]
    password_hash: Option<String>,
    members: BTreeMap<PlayerId, MemberItem>,
    requests: BTreeMap<PlayerId, RequestItem>,
    bans: BTreeSet<PlayerId>,
    expires_at: u64,
    /// Only public lobbies have the index's keys, and so only they are in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    listing_shard: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    listed_at: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum VisibilityText {
    Private,
    Public,
}

#[derive(Serialize, Deserialize)]
struct MemberItem {
    connection_id: ConnectionId,
    expires_at_millis: u64,
    peer_id: PeerId,
    arrival: u64,
    metadata: String,
}

#[derive(Serialize, Deserialize)]
struct RequestItem {
    connection_id: ConnectionId,
    expires_at_millis: u64,
    arrival: u64,
    metadata: String,
}

impl From<&Lobby> for LobbyItem {
    fn from(lobby: &Lobby) -> Self {
        let settings = &lobby.settings;
        let position = match settings.visibility {
            Visibility::Public => Some(Position {
                created_at: lobby.created_at,
                lobby_id: lobby.lobby_id.clone(),
            }),
            Visibility::Private => None,
        };
        let members = lobby.members.iter();
        let requests = lobby.requests.iter();
        Self {
            summary: lobby.into(),
            era: lobby.era.clone(),
            version: lobby.version,
            host: lobby.host.clone(),
            term: lobby.term,
            arrivals: lobby.arrivals,
            visibility: match settings.visibility {
                Visibility::Private => VisibilityText::Private,
                Visibility::Public => VisibilityText::Public,
            },
            password_hash: settings
                .password
                .as_ref()
                .map(|hash| hash.as_phc().to_owned()),
            members: members
                .map(|(id, member)| (id.clone(), member.into()))
                .collect(),
            requests: requests
                .map(|(id, request)| (id.clone(), request.into()))
                .collect(),
            bans: lobby.bans.clone(),
            expires_at: lobby.expires_at().as_secs_ceil(),
            listing_shard: position
                .as_ref()
                .map(|position| keys::listing_shard(&position.lobby_id)),
            listed_at: position.as_ref().map(keys::listed_at),
        }
    }
}

impl LobbyItem {
    /// The lobby, if the item is one.
    pub(crate) fn into_lobby(self) -> Result<Lobby, StoreError> {
        if !self.members.contains_key(&self.host) {
            let problem = "the host is not a member";
            return Err(StoreError::malformed(keys::LOBBIES, &problem));
        }
        let summary = self.summary.into_summary()?;
        let members = self
            .members
            .into_iter()
            .map(|(id, item)| Ok((id.clone(), item.into_member(id)?)));
        let requests = self
            .requests
            .into_iter()
            .map(|(id, item)| Ok((id.clone(), item.into_request(id)?)));
        Ok(Lobby {
            lobby_id: summary.lobby_id,
            era: self.era,
            version: self.version,
            created_at: summary.created_at,
            settings: Settings {
                name: summary.name,
                max_players: summary.max_players,
                visibility: match self.visibility {
                    VisibilityText::Private => Visibility::Private,
                    VisibilityText::Public => Visibility::Public,
                },
                join_policy: summary.join_policy,
                locked: summary.locked,
                password: self.password_hash.map(PasswordHash::from_phc),
                metadata: summary.metadata,
            },
            host: self.host,
            term: self.term,
            arrivals: self.arrivals,
            members: members.collect::<Result<_, StoreError>>()?,
            requests: requests.collect::<Result<_, StoreError>>()?,
            bans: self.bans,
        })
    }
}

impl From<&Member> for MemberItem {
    fn from(member: &Member) -> Self {
        Self {
            connection_id: member.contact.connection_id.clone(),
            expires_at_millis: member.contact.expires_at.as_millis(),
            peer_id: member.peer_id,
            arrival: member.arrival,
            metadata: write_metadata(&member.metadata),
        }
    }
}

impl MemberItem {
    fn into_member(self, player_id: PlayerId) -> Result<Member, StoreError> {
        Ok(Member {
            contact: contact(player_id, self.connection_id, self.expires_at_millis),
            peer_id: self.peer_id,
            arrival: self.arrival,
            metadata: read_metadata(&self.metadata)?,
        })
    }
}

impl From<&JoinRequest> for RequestItem {
    fn from(request: &JoinRequest) -> Self {
        Self {
            connection_id: request.contact.connection_id.clone(),
            expires_at_millis: request.contact.expires_at.as_millis(),
            arrival: request.arrival,
            metadata: write_metadata(&request.metadata),
        }
    }
}

impl RequestItem {
    fn into_request(self, player_id: PlayerId) -> Result<JoinRequest, StoreError> {
        Ok(JoinRequest {
            contact: contact(player_id, self.connection_id, self.expires_at_millis),
            arrival: self.arrival,
            metadata: read_metadata(&self.metadata)?,
        })
    }
}

fn contact(player_id: PlayerId, connection_id: ConnectionId, expires_at_millis: u64) -> Contact {
    Contact {
        player_id,
        connection_id,
        expires_at: Timestamp::from_millis(expires_at_millis),
    }
}

#[cfg(test)]
mod tests {
    use aws_sdk_dynamodb::types::AttributeValue;
    use domain::lobby::{JoinPolicy, Metadata, start};
    use ids::LobbyId;

    use super::*;
    use crate::items::{Item, read, write};

    fn item(visibility: Visibility) -> Item {
        let settings = Settings {
            name: None,
            max_players: 8,
            visibility,
            join_policy: JoinPolicy::Ask,
            locked: false,
            password: None,
            metadata: Metadata::new(),
        };
        let host = Contact {
            player_id: PlayerId::parse("host").expect("a player id"),
            connection_id: ConnectionId::parse("C=").expect("a connection id"),
            expires_at: Timestamp::from_millis(7_200_001),
        };
        let lobby_id = LobbyId::parse("L").expect("a lobby id");
        let era = LobbyEra::parse("era").expect("an era");
        let outcome = start(lobby_id, era, settings, host, Timestamp::from_millis(1));
        write(LobbyItem::from(&outcome.lobby.expect("a new lobby")))
    }

    fn problem(item: Item) -> String {
        let lobby = read(keys::LOBBIES, item).and_then(LobbyItem::into_lobby);
        lobby.expect_err("it is malformed").to_string()
    }

    #[test]
    fn only_a_public_lobby_has_the_keys_of_the_listing() {
        let keys = ["listing_shard", "listed_at"];
        let has_keys = |item: &Item| keys.map(|key| item.contains_key(key));
        assert_eq!(has_keys(&item(Visibility::Public)), [true, true]);
        assert_eq!(has_keys(&item(Visibility::Private)), [false, false]);
    }

    #[test]
    fn dynamodb_is_told_of_the_end_in_seconds_and_not_too_early() {
        let expires_at = &item(Visibility::Public)["expires_at"];
        assert_eq!(expires_at, &AttributeValue::N("7201".to_owned()));
    }

    #[test]
    fn an_item_that_lacks_something_or_says_nonsense_is_an_error() {
        let nonsense = AttributeValue::S("nonsense".to_owned());
        for attribute in [
            "era", "version", "host", "members", "requests", "bans", "locked", "metadata",
        ] {
            let mut lacking = item(Visibility::Public);
            lacking.remove(attribute);
            assert!(problem(lacking).contains(attribute), "{attribute}");
        }
        for attribute in ["version", "members", "visibility", "metadata", "bans"] {
            let mut senseless = item(Visibility::Public);
            senseless.insert(attribute.to_owned(), nonsense.clone());
            assert!(problem(senseless).starts_with("an item of the table lobbies"));
        }
    }

    #[test]
    fn a_lobby_whose_host_is_no_member_is_an_error() {
        let mut item = item(Visibility::Public);
        item.insert("host".to_owned(), AttributeValue::S("other".to_owned()));
        assert_eq!(
            problem(item),
            "an item of the table lobbies cannot be read: the host is not a member"
        );
    }
}
