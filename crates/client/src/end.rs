//! How a connection came to its end.

use thiserror::Error;

/// How a connection came to its end. There is no way back: connect anew.
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
