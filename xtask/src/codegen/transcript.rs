//! The main flow as frames on the wire: `=>` from a client, `<=` to it.

use anyhow::{Context as _, Result, bail, ensure};
use protocol::envelope::{parse, read_event, write_action, write_event};
use protocol::{Actions, connection, lobby, signalling};

/// A line of the transcript.
enum Line {
    /// What happens, in words.
    Note(&'static str),
    /// A client sends.
    Sends(&'static str, &'static str),
    /// A client hears.
    Hears(&'static str, &'static str),
}

use Line::{Hears, Note, Sends};

/// Two players meet. Addresses are shortened; real ones are longer and say nothing to anybody.
const MEETING: &[Line] = &[
    Note("The host says hello, and opens a lobby."),
    Sends("host", r#"{"action":"hello","content":{},"id":"1"}"#),
    Hears(
        "host",
        r#"{"event":"welcome","content":{"player_id":"5f0c2f6e9d0b4b7c8a51e3a1d2c4b6f8","resume_token":null,"heartbeat_seconds":540,"expires_at":1800007200,"protocol":1},"reply_to":"1"}"#,
    ),
    Sends(
        "host",
        r#"{"action":"start_lobby","content":{"name":"Friday night","max_players":4},"id":"2"}"#,
    ),
    Hears(
        "host",
        r#"{"event":"lobby_started","content":{"peer_id":1,"visibility":"private","lobby_id":"K7QX2M","name":"Friday night","players":1,"max_players":4,"join_policy":"ask","locked":false,"has_password":false,"metadata":{},"created_at":1800000000},"reply_to":"2"}"#,
    ),
    Note(
        "A guest has the id from the host, by voice or by chat, and asks to join. The host lets it in.",
    ),
    Sends(
        "guest",
        r#"{"action":"join_lobby","content":{"lobby_id":"K7QX2M","metadata":{"name":"Ada"}}}"#,
    ),
    Hears(
        "host",
        r#"{"event":"received_join_request","content":{"connection_id":"GUEST-ADDRESS","player_id":"c1b2a3948576475f9e8d7c6b5a493827","metadata":{"name":"Ada"}}}"#,
    ),
    Sends(
        "host",
        r#"{"action":"accept_join_request","content":{"player_connection_id":"GUEST-ADDRESS"}}"#,
    ),
    Hears(
        "guest",
        r#"{"event":"join_request_accepted","content":{"host_connection_id":"HOST-ADDRESS","peer_id":2,"lobby_id":"K7QX2M","members":[{"connection_id":"HOST-ADDRESS","peer_id":1,"player_id":"5f0c2f6e9d0b4b7c8a51e3a1d2c4b6f8","metadata":{}}]}}"#,
    ),
    Note("They exchange session descriptions."),
    Sends(
        "host",
        r#"{"action":"send_session_description","content":{"connection_id":"GUEST-ADDRESS","session_type":"offer","sdp":"v=0..."}}"#,
    ),
    Hears(
        "guest",
        r#"{"event":"received_session_description","content":{"connection_id":"HOST-ADDRESS","session_type":"offer","sdp":"v=0..."}}"#,
    ),
    Sends(
        "guest",
        r#"{"action":"send_session_description","content":{"connection_id":"HOST-ADDRESS","session_type":"answer","sdp":"v=0..."}}"#,
    ),
    Hears(
        "host",
        r#"{"event":"received_session_description","content":{"connection_id":"GUEST-ADDRESS","session_type":"answer","sdp":"v=0..."}}"#,
    ),
    Note("They exchange ICE candidates as they find them: one at a time, or several in one frame."),
    Sends(
        "host",
        r#"{"action":"send_ice_candidate","content":{"connection_id":"GUEST-ADDRESS","media":"0","index":0,"name":"candidate:1 1 udp 2130706431 192.0.2.7 51372 typ host"}}"#,
    ),
    Hears(
        "guest",
        r#"{"event":"received_ice_candidate","content":{"connection_id":"HOST-ADDRESS","media":"0","index":0,"name":"candidate:1 1 udp 2130706431 192.0.2.7 51372 typ host"}}"#,
    ),
    Sends(
        "guest",
        r#"{"action":"send_ice_candidates","content":{"connection_id":"HOST-ADDRESS","candidates":[{"media":"0","index":0,"name":"candidate:1 1 udp 2130706431 198.51.100.4 40112 typ host"},{"media":"0","index":0,"name":""}]}}"#,
    ),
    Hears(
        "host",
        r#"{"event":"received_ice_candidates","content":{"connection_id":"GUEST-ADDRESS","candidates":[{"media":"0","index":0,"name":"candidate:1 1 udp 2130706431 198.51.100.4 40112 typ host"},{"media":"0","index":0,"name":""}]}}"#,
    ),
    Note(
        "The data channel is open. From here on they need Switchboard no more, and may close the socket.",
    ),
];

/// The meeting as text, every frame of it checked against the types.
pub(super) fn meeting() -> Result<String> {
    let mut lines = Vec::new();
    for line in MEETING {
        match line {
            Note(note) if lines.is_empty() => lines.push(format!("# {note}")),
            Note(note) => lines.extend([String::new(), format!("# {note}")]),
            Sends(who, frame) => {
                let same =
                    written_again(frame).with_context(|| format!("the transcript's {frame}"))?;
                ensure!(
                    same == *frame,
                    "the transcript has {frame}, and a client writes {same}"
                );
                lines.push(format!("{who:<5} => {frame}"));
            }
            Hears(who, frame) => {
                let heard =
                    read_event(frame).with_context(|| format!("the transcript's {frame}"))?;
                let event = heard
                    .event
                    .with_context(|| format!("no event is called `{}`", heard.name))?;
                let same = write_event(&event, heard.reply_to.as_ref());
                ensure!(
                    same == *frame,
                    "the transcript has {frame}, and the server writes {same}"
                );
                lines.push(format!("{who:<5} <= {frame}"));
            }
        }
    }
    Ok(lines.join("\n"))
}

/// An action, read by the function that knows it and written by a client.
fn written_again(frame: &str) -> Result<String> {
    fn by<A: Actions + Into<protocol::Action>>(
        frame: &str,
    ) -> Result<String, protocol::ParseError> {
        let request = parse::<A>(frame)?;
        Ok(write_action(&request.action.into(), request.id.as_ref()))
    }
    let readers = [
        by::<connection::Action>,
        by::<lobby::Action>,
        by::<signalling::Action>,
    ];
    let mut refusals = Vec::new();
    for reader in readers {
        match reader(frame) {
            Ok(written) => return Ok(written),
            Err(refusal) => refusals.push(refusal.to_string()),
        }
    }
    bail!("no function takes it: {}", refusals.join("; "))
}
