//! Who may do what, and who hears of it: what the types alone do not say.

use anyhow::{Result, ensure};
use protocol::schema::Published;

/// One action: by whom, and what follows.
pub(super) struct Flow {
    /// The action.
    pub(super) action: &'static str,
    /// Who may.
    pub(super) by: &'static str,
    /// What is heard of it where it succeeds, or is answered by more than an `error`.
    pub(super) heard: &'static [Hearing],
}

/// One event that follows an action.
pub(super) struct Hearing {
    /// Who hears it.
    pub(super) who: Who,
    /// The event.
    pub(super) event: &'static str,
    /// In which case; empty for always.
    pub(super) when: &'static str,
}

/// Who hears an event.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    /// The one who sent the action.
    Sender,
    /// Somebody else.
    Other(&'static str),
}

const ANYBODY: &str = "anybody";
const HOST: &str = "the host of a lobby";
const SEATLESS: &str = "a player who is in no lobby and waits for none";
const MEMBERS: &str = "the other members";
const TARGET: &str = "the peer at `connection_id`";
const PLAYER: &str = "the player";

const fn answer(event: &'static str, when: &'static str) -> Hearing {
    Hearing {
        who: Who::Sender,
        event,
        when,
    }
}

const fn tells(who: &'static str, event: &'static str, when: &'static str) -> Hearing {
    Hearing {
        who: Who::Other(who),
        event,
        when,
    }
}

const OK: Hearing = answer("ok", "where the message had an `id`");

/// Every action, in the order of the types.
pub(super) const FLOWS: &[Flow] = &[
    Flow {
        action: "hello",
        by: ANYBODY,
        heard: &[answer("welcome", "")],
    },
    Flow {
        action: "ping",
        by: ANYBODY,
        heard: &[answer("pong", "")],
    },
    Flow {
        action: "start_lobby",
        by: SEATLESS,
        heard: &[
            answer("lobby_started", ""),
            answer("lobby_creation_failed", "where no lobby was opened"),
        ],
    },
    Flow {
        action: "close_lobby",
        by: HOST,
        heard: &[
            answer("lobby_closed", ""),
            tells(MEMBERS, "lobby_closed", ""),
            tells(
                "those who wait to be let in",
                "join_request_rejected",
                "with code `lobby_closed`",
            ),
        ],
    },
    Flow {
        action: "join_lobby",
        by: SEATLESS,
        heard: &[
            tells(
                "the host",
                "received_join_request",
                "in a lobby whose `join_policy` is `ask`",
            ),
            answer("ok", "in such a lobby, where the message had an `id`"),
            answer("join_request_accepted", "in an `open` lobby"),
            tells("everybody in it", "player_joined", "in an `open` lobby"),
            answer("join_request_rejected", "where the player is not let in"),
        ],
    },
    Flow {
        action: "accept_join_request",
        by: HOST,
        heard: &[
            tells(PLAYER, "join_request_accepted", ""),
            tells("the members other than the host", "player_joined", ""),
            OK,
        ],
    },
    Flow {
        action: "reject_join_request",
        by: HOST,
        heard: &[
            tells(
                PLAYER,
                "join_request_rejected",
                "with code `rejected_by_host`",
            ),
            OK,
        ],
    },
    Flow {
        action: "leave_lobby",
        by: "a member, or a player who waits to be let in",
        heard: &[
            answer("lobby_left", ""),
            tells(MEMBERS, "player_left", "where the sender was a member"),
            tells(MEMBERS, "host_changed", "where the sender was the host"),
            tells(
                "the new host",
                "received_join_request",
                "for everybody who waits, where the sender was the host",
            ),
            tells(
                "those who wait to be let in",
                "join_request_rejected",
                "where nobody is left in the lobby, with code `lobby_closed`",
            ),
        ],
    },
    Flow {
        action: "kick_player",
        by: HOST,
        heard: &[
            answer("player_left", ""),
            tells(PLAYER, "kicked", ""),
            tells(MEMBERS, "player_left", ""),
        ],
    },
    Flow {
        action: "update_lobby",
        by: HOST,
        heard: &[
            answer("lobby_updated", ""),
            tells(MEMBERS, "lobby_updated", ""),
        ],
    },
    Flow {
        action: "list_lobbies",
        by: ANYBODY,
        heard: &[answer("lobby_list", "")],
    },
    Flow {
        action: "send_session_description",
        by: "a peer that was introduced to the other",
        heard: &[tells(TARGET, "received_session_description", ""), OK],
    },
    Flow {
        action: "send_ice_candidate",
        by: "a peer that was introduced to the other",
        heard: &[tells(TARGET, "received_ice_candidate", ""), OK],
    },
    Flow {
        action: "send_ice_candidates",
        by: "a peer that was introduced to the other",
        heard: &[tells(TARGET, "received_ice_candidates", ""), OK],
    },
    Flow {
        action: "get_ice_servers",
        by: ANYBODY,
        heard: &[answer("ice_servers", "")],
    },
];

/// Fails where an action or an event has no place above: whoever adds one says who hears what.
pub(super) fn complete(published: &Published) -> Result<()> {
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
