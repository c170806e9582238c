//! What players do again and again, as verbs.

use ids::{LobbyId, PeerAddress};
use protocol::event::{
    JoinRequestAccepted, LobbyList, LobbyStarted, LobbySummary, ReceivedJoinRequest,
};
use protocol::lobby::{
    AcceptJoinRequest, Criterion, JoinLobby, JoinPolicy, LeaveLobby, ListLobbies, StartLobby,
};
use protocol::signalling::SendSessionDescription;
use protocol::{Action, ErrorCode, Event, Text, Whole};
use tokio::time::{Instant, timeout};

use client::{Refused, RequestError};

use crate::{DEADLINE, Player};

/// How a guest was let in by its host, and how each reaches the other.
#[derive(Clone, Debug)]
pub struct Introduction {
    /// The guest's address, for the host.
    pub guest: PeerAddress,
    /// The host's address, for the guest.
    pub host: PeerAddress,
    /// What the host heard of the guest.
    pub request: ReceivedJoinRequest,
    /// What the guest heard.
    pub accepted: JoinRequestAccepted,
}

impl Player {
    /// Opens a lobby.
    #[track_caller]
    pub fn starts(&self, lobby: StartLobby) -> impl Future<Output = LobbyStarted> {
        let answer = self.does(lobby);
        async move {
            let Event::LobbyStarted(started) = answer.await else {
                panic!("`start_lobby` has another answer than `lobby_started`");
            };
            started
        }
    }

    /// Opens a lobby whose host decides; its id.
    #[track_caller]
    pub fn starts_lobby(&self) -> impl Future<Output = LobbyId> {
        let started = self.starts(StartLobby::default());
        async move { started.await.lobby.lobby_id }
    }

    /// Opens a lobby that lets everybody in; its id.
    #[track_caller]
    pub fn starts_open_lobby(&self) -> impl Future<Output = LobbyId> {
        let started = self.starts(StartLobby {
            join_policy: Some(JoinPolicy::Open),
            ..StartLobby::default()
        });
        async move { started.await.lobby.lobby_id }
    }

    /// Asks a lobby's host to be let in.
    #[track_caller]
    pub fn asks_to_join(&self, lobby_id: &LobbyId) -> impl Future<Output = ()> {
        let answer = self.does(join(lobby_id));
        async move {
            let answer = answer.await;
            assert!(
                matches!(answer, Event::Ok(_)),
                "asked, and heard {answer:?}"
            );
        }
    }

    /// Walks into an open lobby.
    #[track_caller]
    pub fn joins(&self, lobby_id: &LobbyId) -> impl Future<Output = JoinRequestAccepted> {
        let answer = self.does(join(lobby_id));
        async move {
            let Event::JoinRequestAccepted(accepted) = answer.await else {
                panic!(
                    "`join_lobby` into an open lobby has another answer than `join_request_accepted`"
                );
            };
            accepted
        }
    }

    /// Wants into a lobby, and is refused at once; why.
    #[track_caller]
    pub fn is_turned_away(&self, lobby_id: &LobbyId) -> impl Future<Output = Refused> {
        self.is_refused(join(lobby_id))
    }

    /// Lets in who waits at this address, with the next free peer id.
    #[track_caller]
    pub fn accepts(&self, guest: &PeerAddress) -> impl Future<Output = ()> {
        let answer = self.does(accept(guest));
        async move { drop(answer.await) }
    }

    /// Is asked by a guest, and lets it in.
    pub async fn lets_in(&self, guest: &Player, lobby_id: &LobbyId) -> Introduction {
        guest.asks_to_join(lobby_id).await;
        let request = self.hears::<ReceivedJoinRequest>().await;
        assert_eq!(&request.player_id, guest.id());
        self.accepts(&request.connection_id).await;
        let accepted = guest.hears::<JoinRequestAccepted>().await;
        Introduction {
            guest: request.connection_id.clone(),
            host: accepted.host_connection_id.clone(),
            request,
            accepted,
        }
    }

    /// Leaves its lobby, or takes back its request.
    #[track_caller]
    pub fn leaves(&self) -> impl Future<Output = ()> {
        let answer = self.does(LeaveLobby {});
        async move {
            let answer = answer.await;
            assert!(
                matches!(answer, Event::LobbyLeft(_)),
                "left, and heard {answer:?}"
            );
        }
    }

    /// Sends an offer to a peer, and asks for no answer.
    #[track_caller]
    pub fn offers(&self, to: &PeerAddress, sdp: &str) -> impl Future<Output = ()> {
        self.says(message(offer(to, sdp)))
    }

    /// Sends to a peer that is on its way out until it is found gone. By then it has been cleaned up.
    pub async fn finds_gone(&self, peer: &PeerAddress) {
        let found = async {
            loop {
                match self.client().request(offer(peer, "v=0")).await {
                    Ok(_) => {}
                    Err(RequestError::Refused(refused)) if refused.retryable => {}
                    Err(RequestError::Refused(refused)) => return refused,
                    Err(error) => panic!("a peer was to be found gone: {error}"),
                }
            }
        };
        let refused = timeout(DEADLINE, found).await;
        let refused = refused.expect("a peer that has vanished is found gone");
        assert_eq!(refused.code, ErrorCode::PeerGone);
    }

    /// A page of the listing.
    #[track_caller]
    pub fn lists(&self, wanted: ListLobbies) -> impl Future<Output = LobbyList> {
        let answer = self.does(wanted);
        async move {
            let Event::LobbyList(list) = answer.await else {
                panic!("`list_lobbies` has another answer than `lobby_list`");
            };
            list
        }
    }

    /// Every lobby whose metadata says this, over as many pages of `limit` as there are. A listing shows a change a moment
    /// after it, so this asks until `is_right` or the deadline.
    pub async fn lists_until(
        &self,
        limit: Option<u32>,
        filter: &[(&str, Criterion)],
        is_right: impl Fn(&[LobbySummary]) -> bool,
    ) -> Vec<LobbySummary> {
        let deadline = Instant::now() + DEADLINE;
        loop {
            let lobbies = self.lists_all(limit, filter).await;
            if is_right(&lobbies) {
                return lobbies;
            }
            assert!(
                Instant::now() < deadline,
                "the listing is not what it was to become: {lobbies:#?}"
            );
        }
    }

    async fn lists_all(
        &self,
        limit: Option<u32>,
        filter: &[(&str, Criterion)],
    ) -> Vec<LobbySummary> {
        let filter = filter
            .iter()
            .map(|(key, criterion)| ((*key).to_owned(), criterion.clone()));
        let mut wanted = ListLobbies {
            filter: filter.collect(),
            limit: limit.map(|limit| Whole::new(limit).expect("a page's limit")),
            cursor: None,
        };
        let mut lobbies = Vec::new();
        loop {
            let page = self.lists(wanted.clone()).await;
            let most = limit.unwrap_or(50);
            assert!(page.lobbies.len() <= usize::try_from(most).expect("it is small"));
            lobbies.extend(page.lobbies);
            let Some(cursor) = page.cursor else {
                return lobbies;
            };
            wanted.cursor = Some(text(&cursor));
        }
    }
}

/// The wish to be in a lobby, without a password.
#[must_use]
pub fn join(lobby_id: &LobbyId) -> JoinLobby {
    JoinLobby {
        lobby_id: lobby_id.clone(),
        password: None,
        metadata: None,
    }
}

/// The letting in of whoever waits at an address.
#[must_use]
pub fn accept(guest: &PeerAddress) -> AcceptJoinRequest {
    AcceptJoinRequest {
        player_connection_id: guest.clone(),
        player_peer_id: None,
    }
}

/// An offer to a peer.
#[must_use]
pub fn offer(to: &PeerAddress, sdp: &str) -> SendSessionDescription {
    SendSessionDescription {
        frame_id: None,
        connection_id: to.clone(),
        session_type: text("offer"),
        sdp: text(sdp),
    }
}

/// An action as a client writes it that asks for no answer.
#[must_use]
pub fn message(action: impl Into<Action>) -> String {
    protocol::envelope::write_action(&action.into(), None)
}

/// A text of the protocol.
#[must_use]
pub fn text<const MIN: usize, const MAX: usize>(text: &str) -> Text<MIN, MAX> {
    Text::new(text).expect("within its bounds")
}
