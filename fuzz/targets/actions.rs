//! Every action, with whatever content: what is read can be written, and is then read as the same.
//!
//! The first line of an input names the action, and the rest is the content. So the fuzzer need not find the envelope first.

#![no_main]

use libfuzzer_sys::{Corpus, fuzz_target};
use protocol::envelope::{parse, write_action};
use protocol::{
    Action, Actions, MAX_MESSAGE_BYTES, battle, connection, lobby, matchmaking, signalling,
};

fuzz_target!(|input: &str| -> Corpus {
    let Some((name, content)) = input.split_once('\n') else {
        return Corpus::Reject;
    };
    let reads = [
        read::<battle::Action>,
        read::<connection::Action>,
        read::<lobby::Action>,
        read::<matchmaking::Action>,
        read::<signalling::Action>,
    ];
    if reads.iter().any(|read| read(name, content)) {
        Corpus::Keep
    } else {
        Corpus::Reject
    }
});

/// Whether this function has an action of this name.
fn read<A: Actions + Into<Action> + Clone + PartialEq + std::fmt::Debug>(
    name: &str,
    content: &str,
) -> bool {
    if !A::NAMES.contains(&name) {
        return false;
    }
    let message = format!(r#"{{"action":"{name}","id":"1","content":{content}}}"#);
    let Ok(request) = parse::<A>(&message) else {
        return true;
    };
    let again = write_action(&request.action.clone().into(), request.id.as_ref());
    if again.len() <= MAX_MESSAGE_BYTES {
        let again = parse::<A>(&again).expect("what was read can be read again");
        assert_eq!(again.action, request.action);
        assert_eq!(again.id, request.id);
    }
    true
}
