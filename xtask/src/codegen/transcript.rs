//! The main flow as frames on the wire: `=>` from a client, `<=` to it.

use anyhow::{Context as _, Result, bail, ensure};
use protocol::envelope::{parse, read_event, write_action, write_event};
use protocol::{Actions, battle, connection, lobby, matchmaking, signalling};

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
        r#"{"event":"welcome","content":{"player_id":"5f0c2f6e9d0b4b7c8a51e3a1d2c4b6f8","resume_token":"RESUME-TOKEN","resumed":false,"heartbeat_seconds":540,"grace_seconds":30,"expires_at":1800007200,"protocol":3},"reply_to":"1"}"#,
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

/// Two strangers are matched, and fight. Ids are shortened like addresses.
const FIGHT: &[Line] = &[
    Note("Ann and Bob press the button. Neither knows the other, nor any lobby."),
    Sends(
        "ann",
        r#"{"action":"join_matchmaking","content":{"queue":"1v1"},"id":"1"}"#,
    ),
    Hears(
        "ann",
        r#"{"event":"matchmaking_started","content":{"ticket_id":"t1","queue":"1v1","estimated_wait_seconds":null},"reply_to":"1"}"#,
    ),
    Sends(
        "bob",
        r#"{"action":"join_matchmaking","content":{"queue":"1v1"},"id":"1"}"#,
    ),
    Hears(
        "bob",
        r#"{"event":"matchmaking_started","content":{"ticket_id":"t2","queue":"1v1","estimated_wait_seconds":null},"reply_to":"1"}"#,
    ),
    Note("Both are in a lobby now. Signalling may start, as between any two members."),
    Hears(
        "ann",
        r#"{"event":"match_found","content":{"match_id":"m1","lobby_id":"K7QX2M","team":1,"host_peer_id":1,"players":[{"player_id":"ann","peer_id":1,"team":1},{"player_id":"bob","peer_id":2,"team":2,"connection_id":"BOB-ADDRESS"}]}}"#,
    ),
    Hears(
        "bob",
        r#"{"event":"match_found","content":{"match_id":"m1","lobby_id":"K7QX2M","team":2,"host_peer_id":1,"players":[{"player_id":"ann","peer_id":1,"team":1,"connection_id":"ANN-ADDRESS"},{"player_id":"bob","peer_id":2,"team":2}]}}"#,
    ),
    Note("Ann is the host, and starts a battle."),
    Sends(
        "ann",
        r#"{"action":"start_battle","content":{"rules":"score_attack"},"id":"2"}"#,
    ),
    Hears(
        "ann",
        r#"{"event":"battle_started","content":{"battle_id":"b1","rules":"score_attack","players":[{"player_id":"ann","peer_id":1},{"player_id":"bob","peer_id":2}],"state":{"rules":"score_attack","attack_cost":10,"freeze_seconds":5,"contestants":{"ann":{"score":0,"spent":0,"frozen_seconds":0,"dead":false},"bob":{"score":0,"spent":0,"frozen_seconds":0,"dead":false}}},"seconds_left":600},"reply_to":"2"}"#,
    ),
    Hears(
        "bob",
        r#"{"event":"battle_started","content":{"battle_id":"b1","rules":"score_attack","players":[{"player_id":"ann","peer_id":1},{"player_id":"bob","peer_id":2}],"state":{"rules":"score_attack","attack_cost":10,"freeze_seconds":5,"contestants":{"ann":{"score":0,"spent":0,"frozen_seconds":0,"dead":false},"bob":{"score":0,"spent":0,"frozen_seconds":0,"dead":false}}},"seconds_left":600}}"#,
    ),
    Note("Ann scores, attacks, and dies; Bob, too, dies. Ann has won, and each hears so once."),
    Sends("ann", r#"{"action":"sync_score","content":{"score":30}}"#),
    Hears(
        "bob",
        r#"{"event":"score_synced","content":{"player":"ann","score":30}}"#,
    ),
    Sends("ann", r#"{"action":"attack","content":{}}"#),
    Hears(
        "bob",
        r#"{"event":"attacked","content":{"by":"ann","effect":"freeze","seconds":5}}"#,
    ),
    Sends("ann", r#"{"action":"die","content":{}}"#),
    Hears(
        "bob",
        r#"{"event":"player_died","content":{"player":"ann"}}"#,
    ),
    Sends("bob", r#"{"action":"die","content":{}}"#),
    Hears(
        "ann",
        r#"{"event":"player_died","content":{"player":"all"}}"#,
    ),
    Hears(
        "bob",
        r#"{"event":"player_died","content":{"player":"all"}}"#,
    ),
    Hears(
        "ann",
        r#"{"event":"battle_settled","content":{"battle_id":"b1","rules":"score_attack","result":"win","reason":"score","scores":{"ann":30,"bob":0},"results":{"ann":"win","bob":"lose"}}}"#,
    ),
    Hears(
        "bob",
        r#"{"event":"battle_settled","content":{"battle_id":"b1","rules":"score_attack","result":"lose","reason":"score","scores":{"ann":30,"bob":0},"results":{"ann":"win","bob":"lose"}}}"#,
    ),
];

/// The meeting as text, every frame of it checked against the types.
pub(super) fn meeting() -> Result<String> {
    text(MEETING)
}

/// The fight as text, every frame of it checked against the types.
pub(super) fn fight() -> Result<String> {
    text(FIGHT)
}

fn text(transcript: &[Line]) -> Result<String> {
    let mut lines = Vec::new();
    for line in transcript {
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
        by::<matchmaking::Action>,
        by::<battle::Action>,
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
