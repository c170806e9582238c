//! A method per action, with its own answer.

use ids::{PeerAddress, PeerId};
use protocol::connection::{Hello, Ping};
use protocol::event::{
    Event, IceServers, JoinRequestAccepted, LobbyList, LobbyStarted, LobbyUpdated, Welcome,
};
use protocol::lobby::{
    AcceptJoinRequest, CloseLobby, JoinLobby, KickPlayer, LeaveLobby, ListLobbies,
    RejectJoinRequest, StartLobby, UpdateLobby,
};
use protocol::signalling::{
    GetIceServers, IceCandidate, SendIceCandidate, SendIceCandidates, SendSessionDescription,
};
use protocol::{Action, Text};

use crate::{Client, RequestError, ResumeToken, SendError, Session};

/// What came of asking to join a lobby.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Joining {
    /// The host has been asked; its answer arrives among the [`Events`](crate::Events), as `join_request_accepted` or
    /// `join_request_rejected`.
    Asked,
    /// The lobby is open: this player is in.
    Accepted(JoinRequestAccepted),
}

/// Requests an action that has one answer, and takes it out of its event.
macro_rules! answer {
    ($client:expr, $action:expr => $answer:ident) => {{
        let action = Action::from($action);
        let name = action.name();
        let answer = $client.request(action).await?;
        if let Event::$answer(content) = answer {
            Ok(content)
        } else {
            Err(unexpected(name, &answer))
        }
    }};
}

/// Gives the same methods to a connection and to a session.
macro_rules! on_both {
    ($($methods:tt)*) => {
        impl Client { $($methods)* }
        impl Session { $($methods)* }
    };
}

// Below the macros, which they use.
mod battle;
mod matchmaking;

pub use battle::Rematch;

impl Client {
    /// Asks who one is, which also starts the heartbeat.
    ///
    /// # Errors
    /// [`RequestError`]
    pub async fn hello(&self) -> Result<Welcome, RequestError> {
        answer!(self, Hello::default() => Welcome)
    }

    /// Takes up the player of an earlier `welcome` on this connection: the first thing to be said on it. What was kept for that
    /// player, and its lobby as it is, arrive among the [`Events`](crate::Events). [`Session`] does this by itself.
    ///
    /// # Errors
    /// [`RequestError::Refused`] where the token is not good or the player is gone.
    pub async fn resume(
        &self,
        token: &ResumeToken,
        last_sequence: Option<u64>,
    ) -> Result<Welcome, RequestError> {
        answer!(self, token.hello(last_sequence)? => Welcome)
    }
}

on_both! {
    /// Asks whether Switchboard is there.
    ///
    /// # Errors
    /// [`RequestError`]
    pub async fn ping(&self) -> Result<(), RequestError> {
        self.request(Ping {}).await.map(drop)
    }

    /// Opens a lobby, with this player as its host and as peer 1.
    ///
    /// # Errors
    /// [`RequestError::Refused`] where the id is taken or this player is in a lobby already.
    pub async fn start_lobby(&self, lobby: StartLobby) -> Result<LobbyStarted, RequestError> {
        answer!(self, lobby => LobbyStarted)
    }

    /// Closes this player's lobby; everyone in it hears `lobby_closed`.
    ///
    /// # Errors
    /// [`RequestError::Refused`] where this player is not its host.
    pub async fn close_lobby(&self) -> Result<(), RequestError> {
        self.request(CloseLobby {}).await.map(drop)
    }

    /// Asks to be let into a lobby.
    ///
    /// # Errors
    /// [`RequestError::Refused`] where there is none, or it is full, locked, closed to this player, or the password is wrong.
    pub async fn join_lobby(&self, lobby: JoinLobby) -> Result<Joining, RequestError> {
        let answer = self.request(lobby).await?;
        if let Event::JoinRequestAccepted(accepted) = answer {
            Ok(Joining::Accepted(accepted))
        } else if let Event::Ok(_) = answer {
            Ok(Joining::Asked)
        } else {
            Err(unexpected("join_lobby", &answer))
        }
    }

    /// Lets in a player that asked. Without a peer id it gets the lowest that is free.
    ///
    /// # Errors
    /// [`RequestError::Refused`] where it no longer waits, the lobby is full, or the peer id is taken.
    pub async fn accept(
        &self,
        player: PeerAddress,
        peer_id: Option<PeerId>,
    ) -> Result<(), RequestError> {
        let accept = AcceptJoinRequest {
            player_connection_id: player,
            player_peer_id: peer_id,
        };
        self.request(accept).await.map(drop)
    }

    /// Declines a player that asked, and says why.
    ///
    /// # Errors
    /// [`RequestError::Refused`] where it no longer waits.
    pub async fn reject(
        &self,
        player: PeerAddress,
        reason: Option<&str>,
    ) -> Result<(), RequestError> {
        let reason = reason.map(|reason| text("reason", reason)).transpose()?;
        self.request(RejectJoinRequest {
            player_connection_id: player,
            reason,
        })
        .await
        .map(drop)
    }

    /// Leaves this player's lobby, or takes back its request to join one.
    ///
    /// # Errors
    /// [`RequestError::Refused`] where there is nothing to leave.
    pub async fn leave_lobby(&self) -> Result<(), RequestError> {
        self.request(LeaveLobby {}).await.map(drop)
    }

    /// Removes a member; with `ban`, for good.
    ///
    /// # Errors
    /// [`RequestError::Refused`] where this player is not the host or the other is no member.
    pub async fn kick(&self, kick: KickPlayer) -> Result<(), RequestError> {
        self.request(kick).await.map(drop)
    }

    /// Changes this player's lobby, and says what it is like now; everyone else in it hears `lobby_updated`.
    ///
    /// # Errors
    /// [`RequestError::Refused`] where this player is not the host or more players are in it than would be allowed.
    pub async fn update_lobby(&self, change: UpdateLobby) -> Result<LobbyUpdated, RequestError> {
        answer!(self, change => LobbyUpdated)
    }

    /// A page of the public lobbies.
    ///
    /// # Errors
    /// [`RequestError::Refused`] where the filter or the cursor is not good.
    pub async fn list_lobbies(&self, wanted: ListLobbies) -> Result<LobbyList, RequestError> {
        answer!(self, wanted => LobbyList)
    }

    /// Passes a session description on to a peer. No answer is asked for, as that would double the price; a refusal
    /// arrives among the events. Who wants to know uses `request`.
    ///
    /// # Errors
    /// [`SendError`]
    pub async fn send_session_description(
        &self,
        peer: PeerAddress,
        session_type: &str,
        sdp: &str,
    ) -> Result<(), SendError> {
        let session_type = text("session_type", session_type)?;
        let sdp = text("sdp", sdp)?;
        self.send(SendSessionDescription {
            connection_id: peer,
            session_type,
            sdp,
            frame_id: None,
        })
        .await
    }

    /// Passes an ICE candidate on to a peer, without asking for an answer.
    ///
    /// # Errors
    /// [`SendError`]
    pub async fn send_ice_candidate(
        &self,
        peer: PeerAddress,
        candidate: IceCandidate,
    ) -> Result<(), SendError> {
        let IceCandidate { media, index, name } = candidate;
        self.send(SendIceCandidate {
            connection_id: peer,
            media,
            index,
            name,
            frame_id: None,
        })
        .await
    }

    /// Passes up to 32 ICE candidates on to a peer in one message, without asking for an answer.
    ///
    /// # Errors
    /// [`SendError`]
    pub async fn send_ice_candidates(
        &self,
        peer: PeerAddress,
        candidates: Vec<IceCandidate>,
    ) -> Result<(), SendError> {
        self.send(SendIceCandidates {
            connection_id: peer,
            candidates,
            frame_id: None,
        })
        .await
    }

    /// The STUN and TURN servers to use.
    ///
    /// # Errors
    /// [`RequestError`]
    pub async fn ice_servers(&self) -> Result<IceServers, RequestError> {
        answer!(self, GetIceServers {} => IceServers)
    }
}

fn unexpected(action: &str, answer: &Event) -> RequestError {
    RequestError::Unexpected {
        action: action.to_owned(),
        answer: answer.name().to_owned(),
    }
}

fn text<const MIN: usize, const MAX: usize>(
    field: &'static str,
    value: &str,
) -> Result<Text<MIN, MAX>, SendError> {
    Text::new(value).map_err(|problem| SendError::Invalid { field, problem })
}
