//! Whatever a client sends as a message is read by every function, or refused in a frame that the client can read.

#![no_main]

use libfuzzer_sys::fuzz_target;
use protocol::envelope::{parse, write_event};
use protocol::{
    Actions, MAX_MESSAGE_BYTES, battle, connection, lobby, matchmaking, signalling,
};
use serde_json::Value;

fuzz_target!(|text: &str| {
    read::<battle::Action>(text);
    read::<connection::Action>(text);
    read::<lobby::Action>(text);
    read::<matchmaking::Action>(text);
    read::<signalling::Action>(text);
});

fn read<A: Actions>(text: &str) {
    let Err(error) = parse::<A>(text) else { return };
    let id = error.id.clone();
    let code = error.code;
    let frame = write_event(&error.into_event(), id.as_ref());
    assert!(frame.len() <= MAX_MESSAGE_BYTES, "{} bytes", frame.len());
    let frame: Value = serde_json::from_str(&frame).expect("a frame is JSON");
    assert_eq!(frame["event"], "error");
    assert_eq!(frame["content"]["code"], code.as_str());
    assert_eq!(frame["reply_to"].as_str(), id.as_ref().map(ids::MessageId::as_str));
}
