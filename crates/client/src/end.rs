//! How a connection came to its end.

use thiserror::Error;

/// How a connection, or a [`Session`](crate::Session), came to its end. There is no way back: connect anew.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum End {
    /// This client said goodbye.
    #[error("This client closed the connection. Connect again with `Client::connect`.")]
    Closed,
    /// This client let go without a goodbye.
    #[error("This client dropped the connection. Connect again with `Client::connect`.")]
    Aborted,
    /// Switchboard, or the platform in front of it, said goodbye.
    #[error("Switchboard closed the connection with code {code}{}. {}", because(reason), advice(*code))]
    ByServer {
        /// The WebSocket close code; 1005 where none was given.
        code: u16,
        /// What was said with it; often nothing.
        reason: String,
    },
    /// The network let the connection go.
    #[error(
        "The connection broke ({0}). Check the network and connect again with `Client::connect`."
    )]
    Broken(String),
    /// A heartbeat stayed without an answer, and nothing else came either.
    #[error(
        "Switchboard no longer answers. Check the network and connect again with `Client::connect`."
    )]
    Silent,
    /// The same player has come by another connection, from another program. A session does not fight it.
    #[error(
        "The player has come by another connection ({0}). Close the other program that uses the same token, then connect again."
    )]
    Replaced(String),
    /// Switchboard no longer knows the session's player: it was away for too long, or its token is not good.
    #[error(
        "The player could not be taken up again: {0} Connect again with `Session::connect`, as a new player."
    )]
    ResumeRefused(String),
    /// Switchboard could not be reached for longer than it keeps a player's place.
    #[error(
        "No connection could be made again in {attempts} attempts; the last one failed: {problem} Check the network and connect \
         again with `Session::connect`."
    )]
    GaveUp {
        /// How often it was tried.
        attempts: u32,
        /// What was wrong the last time.
        problem: String,
    },
}

fn because(reason: &str) -> String {
    if reason.is_empty() {
        String::new()
    } else {
        format!(" ({reason})")
    }
}

fn advice(code: u16) -> &'static str {
    match code {
        1001 => {
            "It ended for its age, for silence, or because the server stops: connect again with `Client::connect`."
        }
        1003 | 1007 => "Send text in UTF-8 only, then connect again with `Client::connect`.",
        1009 => {
            "A frame was longer than 32 KB or a message longer than 128 KB: send less, then connect again."
        }
        _ => "Connect again with `Client::connect`.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_by_the_server_says_why_and_what_to_do() {
        let end = End::ByServer {
            code: 1009,
            reason: "too big".to_owned(),
        };
        assert_eq!(
            end.to_string(),
            "Switchboard closed the connection with code 1009 (too big). A frame was longer than 32 KB or a message longer \
             than 128 KB: send less, then connect again."
        );
    }
}
