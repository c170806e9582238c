//! Everything that can keep a handler from doing what it was asked, and how the caller hears of it.

use domain::battle;
use domain::lobby::Refusal;
use protocol::{ErrorCode, Event, event};
use push::PushError;
use schedule::ScheduleError;
use store::StoreError;
use thiserror::Error;

use crate::limit::Limited;
use seal::SealError;

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
    /// The same, where one field of the message is to blame.
    #[error("{}", .code.sentence())]
    Field {
        /// Why.
        code: ErrorCode,
        /// Which field, as a path into the content.
        field: String,
    },
    /// Somebody asks for too much; waiting helps.
    #[error("too much was asked for")]
    Limited(Limited),
    /// Too many others changed the same thing; trying again helps.
    #[error("lost every race for {0}")]
    Busy(&'static str),
    /// The tables did not answer.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// A connection could not be posted to.
    #[error("a push failed")]
    Push(#[source] PushError),
    /// Something was not taken to happen later.
    #[error("the schedule failed")]
    Schedule(#[from] ScheduleError),
    /// Something that cannot be, by what the platform promises.
    #[error("{0}")]
    Broken(String),
}

impl Failure {
    /// Whether this is for operators to hear of, not only for the caller.
    #[must_use]
    pub fn is_ours(&self) -> bool {
        match self {
            Self::Lobby(_)
            | Self::Address(_)
            | Self::Refused(_)
            | Self::Field { .. }
            | Self::Limited(_) => false,
            Self::Busy(_)
            | Self::Store(_)
            | Self::Push(_)
            | Self::Schedule(_)
            | Self::Broken(_) => true,
        }
    }

    /// The code that the caller hears.
    #[must_use]
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Lobby(refusal) => code_of(refusal),
            Self::Address(SealError::Invalid) => ErrorCode::AddressInvalid,
            Self::Address(SealError::Expired) => ErrorCode::AddressExpired,
            Self::Refused(code) | Self::Field { code, .. } => *code,
            Self::Limited(_) => ErrorCode::RateLimited,
            Self::Busy(_) => ErrorCode::Busy,
            Self::Store(_) | Self::Push(_) | Self::Schedule(_) | Self::Broken(_) => {
                ErrorCode::Unavailable
            }
        }
    }

    /// The `error` event that the caller hears. Says nothing of our insides.
    #[must_use]
    pub fn to_event(&self, action: Option<&str>) -> Event {
        let code = self.code();
        let message = match self {
            Self::Lobby(refusal) => refusal.to_string(),
            Self::Address(_)
            | Self::Refused(_)
            | Self::Field { .. }
            | Self::Limited(_)
            | Self::Busy(_)
            | Self::Store(_)
            | Self::Push(_)
            | Self::Schedule(_)
            | Self::Broken(_) => code.sentence().to_owned(),
        };
        let field = if let Self::Field { field, .. } = self {
            Some(field.clone())
        } else {
            None
        };
        let retry_after_seconds = if let Self::Limited(limited) = self {
            Some(limited.retry_after_seconds())
        } else {
            None
        };
        Event::Error(event::Error {
            code,
            message,
            action: action.map(str::to_owned),
            field,
            retryable: code.is_retryable(),
            retry_after_seconds,
            frame_id: None,
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
        Refusal::InMatchmaking => ErrorCode::AlreadyInMatchmaking,
        Refusal::MemberAway => ErrorCode::MemberAway,
        Refusal::NotInMatchmaking => ErrorCode::NotInMatchmaking,
        Refusal::TooManyPlayers => ErrorCode::PartyTooLarge,
        Refusal::NoFreeSeats => ErrorCode::NoFreeSeats,
        Refusal::NotAMatch => ErrorCode::NotAMatch,
        Refusal::Battle(refusal) => code_of_battle(*refusal),
    }
}

/// The code on the wire for the refusal of a battle's rule.
fn code_of_battle(refusal: battle::Refusal) -> ErrorCode {
    match refusal {
        battle::Refusal::NoBattle => ErrorCode::NoBattle,
        battle::Refusal::AlreadyRunning => ErrorCode::BattleRunning,
        battle::Refusal::NotPlaying => ErrorCode::NotPlaying,
        battle::Refusal::Over => ErrorCode::BattleOver,
        battle::Refusal::WrongRules => ErrorCode::WrongRules,
        battle::Refusal::TooFewPlayers => ErrorCode::TooFewPlayers,
        battle::Refusal::BelowCost => ErrorCode::BelowCost,
        battle::Refusal::Frozen => ErrorCode::Frozen,
        battle::Refusal::Dead => ErrorCode::Dead,
        battle::Refusal::ScoreLowered => ErrorCode::ScoreLowered,
        battle::Refusal::ScoreTooHigh => ErrorCode::ScoreTooHigh,
        battle::Refusal::OutOfTurn => ErrorCode::OutOfTurn,
        battle::Refusal::TileTaken => ErrorCode::TileTaken,
        battle::Refusal::OffTheBoard => ErrorCode::OffTheBoard,
    }
}
