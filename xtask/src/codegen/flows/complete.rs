//! Whether every action and every event has its place.

use anyhow::{Result, ensure};
use protocol::schema::Published;

use super::FLOWS;

/// What is heard after no action of anybody's: the page tells of these where it tells of ending connections.
const AFTER_NO_ACTION: &[&str] = &["player_away", "go_away"];

/// Fails where an action or an event has no place above: whoever adds one says who hears what.
pub(in crate::codegen) fn complete(published: &Published) -> Result<()> {
    let here = "xtask/src/codegen/flows.rs";
    let flows: Vec<_> = FLOWS.iter().map(|flow| flow.action).collect();
    let actions: Vec<_> = published
        .actions
        .iter()
        .map(|action| action.name.as_str())
        .collect();
    ensure!(
        flows == actions,
        "{here} lists {flows:?}, the protocol has {actions:?}"
    );
    for event in &published.events {
        let is_heard = event.name == "error"
            || AFTER_NO_ACTION.contains(&event.name.as_str())
            || FLOWS
                .iter()
                .flat_map(|flow| flow.heard)
                .any(|heard| heard.event == event.name);
        ensure!(is_heard, "{here} does not say who hears `{}`", event.name);
    }
    for heard in FLOWS.iter().flat_map(|flow| flow.heard) {
        let is_known = published
            .events
            .iter()
            .any(|event| event.name == heard.event);
        ensure!(
            is_known,
            "{here} says that somebody hears `{}`, which is no event",
            heard.event
        );
    }
    Ok(())
}
