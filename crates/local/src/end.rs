//! How a connection ends: what the client is told, and what `$disconnect` is told.

use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::error::ProtocolError;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

/// Why a connection is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The client said goodbye.
    ClosedByClient {
        /// Its close code; 1005 stands for none.
        code: u16,
        /// Its words.
        reason: String,
    },
    /// The client is gone without a word.
    Dropped,
    /// A frame or a message over the limit.
    TooLong,
    /// A text that is not UTF-8.
    NotUtf8,
    /// Something that is no WebSocket.
    NotWebSocket,
    /// No message in either direction for too long.
    Idle,
    /// As old as a connection may get.
    Aged,
    /// A function asked for it.
    Deleted,
    /// The client does not read what it is sent.
    SlowReader,
    /// The server stops.
    Stopped,
}

impl End {
    /// What a close frame of the client means.
    pub(crate) fn from_close(frame: Option<CloseFrame>) -> Self {
        match frame {
            Some(frame) => Self::ClosedByClient {
                code: frame.code.into(),
                reason: frame.reason.to_string(),
            },
            None => Self::ClosedByClient {
                code: 1005,
                reason: "Client-side close frame status not set".into(),
            },
        }
    }

    /// What an error of the socket means.
    pub(crate) fn from_error(error: &Error) -> Self {
        if matches!(error, Error::Capacity(_)) {
            Self::TooLong
        } else if matches!(error, Error::Utf8(_)) {
            Self::NotUtf8
        } else if matches!(error, Error::Protocol(protocol) if *protocol != ProtocolError::ResetWithoutClosingHandshake)
        {
            Self::NotWebSocket
        } else {
            Self::Dropped
        }
    }

    /// The close code and the reason, as `$disconnect` hears them and as the client does where we close.
    pub(crate) fn status(&self) -> (u16, &str) {
        match self {
            Self::ClosedByClient { code, reason } => (*code, reason),
            Self::Dropped => (1006, "Connection closed abnormally"),
            Self::TooLong => (1009, "Message too long"),
            Self::NotUtf8 => (1007, "Text is not UTF-8"),
            Self::NotWebSocket => (1002, "Protocol error"),
            // API Gateway tells the idle and the old the same.
            Self::Idle | Self::Aged | Self::Stopped => (1001, "Going away"),
            Self::Deleted => (1000, "Connection Closed Normally"),
            Self::SlowReader => (1008, "Too much left unread"),
        }
    }

    /// The frame that closes the socket, where we are the ones to close it.
    pub(crate) fn close_frame(&self) -> Option<CloseFrame> {
        match self {
            Self::ClosedByClient { .. } | Self::Dropped => None,
            Self::TooLong
            | Self::NotUtf8
            | Self::NotWebSocket
            | Self::Idle
            | Self::Aged
            | Self::Deleted
            | Self::SlowReader
            | Self::Stopped => {
                let (code, reason) = self.status();
                Some(CloseFrame {
                    code: CloseCode::from(code),
                    reason: reason.into(),
                })
            }
        }
    }
}
