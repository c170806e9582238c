//! Everything that can keep a handler from doing what it was asked, and how the caller hears of it.

use domain::lobby::Refusal;
use protocol::{ErrorCode, Event, event};
use push::PushError;
use store::StoreError;
use thiserror::Error;

use crate::seal::SealError;

/// Why an action was not done.
#[derive(Debug, Error)]
pub enum Failure {
    /// A rule of lobbies says no.
    #[error(transparent)]
    Lobby(#[from] Refusal),
    /// An address leads nowhere.
    #[error(transparent)]
    Address(#[from] SealError),
    /// Something about the message or the caller that no rule of the domain covers.
    #[error("{}", .0.sentence())]
    Refused(ErrorCode),
    /// Too many others changed the same thing; trying again helps.
    #[error("lost every race for {0}")]
    Busy(&'static str),
    /// The tables did not answer.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// A connection could not be posted to.
    #[error("a push failed")]
    Push(#[source] PushError),
    /// Something that cannot be, by what the platform promises.
    #[error("{0}")]
    Broken(String),
}

impl Failure {
    /// Whether this is for operators to hear of, not only for the caller.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        match self {
            Self::Lobby(_) | Self::Address(_) | Self::Refused(_) => false,
            Self::Busy(_) | Self::Store(_) | Self::Push(_) | Self::Broken(_) => true,
        }
    }

    /// The code that the caller hears.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Lobby(refusal) => code_of(refusal),
            Self::Address(SealError::Invalid) => ErrorCode::AddressInvalid,
            Self::Address(SealError::Expired) => ErrorCode::AddressExpired,
            Self::Refused(code) => *code,
            Self::Busy(_) => ErrorCode::Busy,
            Self::Store(_) | Self::Push(_) | Self::Broken(_) => ErrorCode::Unavailable,
        }
    }

    /// The `error` event that the caller hears. Says nothing of our insides.
    #[must_use]
    pub fn to_event(&self, action: &str) -> Event {
        let code = self.code();
        let message = match self {
            Self::Lobby(refusal) => refusal.to_string(),
            Self::Address(_)
            | Self::Refused(_)
            | Self::Busy(_)
            | Self::Store(_)
            | Self::Push(_)
            | Self::Broken(_) => code.sentence().to_owned(),
        };
        Event::Error(event::Error {
            code,
            message,
            action: Some(action.to_owned()),
            field: None,
            retryable: code.is_retryable(),
        })
    }
}

/// The code on the wire for a rule's refusal.
#[must_use]
pub fn code_of(refusal: &Refusal) -> ErrorCode {
    match refusal {
        Refusal::NotFound { .. } => ErrorCode::LobbyNotFound,
        Refusal::Exists { .. } => ErrorCode::LobbyExists,
        Refusal::AlreadyInLobby { .. } => ErrorCode::AlreadyInLobby,
        Refusal::NotInLobby => ErrorCode::NotInLobby,
        Refusal::NotHost => ErrorCode::NotHost,
        Refusal::Full { .. } => ErrorCode::LobbyFull,
        Refusal::Locked { .. } => ErrorCode::LobbyLocked,
        Refusal::WrongPassword { .. } => ErrorCode::WrongPassword,
        Refusal::Banned { .. } => ErrorCode::Banned,
        Refusal::RequestNotFound => ErrorCode::RequestNotFound,
        Refusal::TooManyRequests { .. } => ErrorCode::TooManyRequests,
        Refusal::TooManyBans => ErrorCode::TooManyBans,
        Refusal::PeerIdTaken => ErrorCode::PeerIdTaken,
        Refusal::NotAMember => ErrorCode::NotAMember,
        Refusal::BelowMembers { .. } => ErrorCode::BelowMembers,
    }
}
