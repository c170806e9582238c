//! Who may do what, and who hears of it: what the types alone do not say.

mod complete;

pub(super) use complete::complete;

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
const PARTY: &str = "the other members of a party";
const SEARCHERS: &str = "those who search";

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

const EVERYONE: &str = "everyone else in the lobby";
const FIGHTER: &str = "one of the two who play";

const OK: Hearing = answer("ok", "where the message had an `id`");

const MOVED: Hearing = answer("peer_moved", "instead, where the peer has a new address");

/// Every action, in the order of the types.
pub(super) const FLOWS: &[Flow] = &[
    Flow {
        action: "hello",
        by: ANYBODY,
        heard: &[
            answer(
                "lobby_resumed",
                "with a token, where its player has a place in a lobby",
            ),
            answer("battle_state", "there, where the lobby has a battle"),
            answer(
                "matchmaking_resumed",
                "with a token, where its player is in a queue",
            ),
            answer("welcome", ""),
            tells(MEMBERS, "player_back", "with a token"),
            tells(
                "the host",
                "received_join_request",
                "again, where its player waits to be let in",
            ),
            tells(
                "the player's last connection",
                "connection_replaced",
                "where that is open still",
            ),
        ],
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
        heard: &[tells(TARGET, "received_session_description", ""), OK, MOVED],
    },
    Flow {
        action: "send_ice_candidate",
        by: "a peer that was introduced to the other",
        heard: &[tells(TARGET, "received_ice_candidate", ""), OK, MOVED],
    },
    Flow {
        action: "send_ice_candidates",
        by: "a peer that was introduced to the other",
        heard: &[tells(TARGET, "received_ice_candidates", ""), OK, MOVED],
    },
    Flow {
        action: "get_ice_servers",
        by: ANYBODY,
        heard: &[answer("ice_servers", "")],
    },
    Flow {
        action: "join_matchmaking",
        by: "a player who is in no lobby and in no queue; for a party, the host of its lobby",
        heard: &[
            answer("matchmaking_started", ""),
            answer(
                "match_found",
                "where the player is in a match of that queue already",
            ),
            tells(PARTY, "matchmaking_started", ""),
            tells(
                "everyone whom a match would take",
                "match_proposed",
                "where the queue asks",
            ),
            tells(
                "those who did agree",
                "match_returned",
                "where somebody else did not, or was gone",
            ),
            tells("everyone in the match", "match_found", ""),
            tells(
                "everyone in the match",
                "battle_started",
                "where the queue starts a battle",
            ),
            tells(
                SEARCHERS,
                "matchmaking_cancelled",
                "where the search ends otherwise",
            ),
        ],
    },
    Flow {
        action: "leave_matchmaking",
        by: "a player in a queue; for a party or a match's empty seats, the host of the lobby",
        heard: &[
            answer("matchmaking_cancelled", ""),
            tells(PARTY, "matchmaking_cancelled", ""),
        ],
    },
    Flow {
        action: "accept_match",
        by: "a player to whom the match was proposed",
        heard: &[
            OK,
            tells(
                "everyone in the match",
                "match_found",
                "once all have agreed",
            ),
        ],
    },
    Flow {
        action: "decline_match",
        by: "a player to whom the match was proposed",
        heard: &[
            answer("matchmaking_cancelled", ""),
            tells(PARTY, "matchmaking_cancelled", ""),
            tells("the others to whom it was proposed", "match_returned", ""),
        ],
    },
    Flow {
        action: "request_backfill",
        by: "the host of a lobby that a match made",
        heard: &[
            answer("backfill_started", ""),
            tells("whoever comes", "match_found", ""),
            tells("those present", "player_joined", "with a `team`"),
        ],
    },
    Flow {
        action: "explain_matchmaking",
        by: "a player in a queue, by itself or with its lobby",
        heard: &[answer("matchmaking_status", "")],
    },
    Flow {
        action: "start_battle",
        by: HOST,
        heard: &[
            answer("battle_started", ""),
            tells(MEMBERS, "battle_started", ""),
        ],
    },
    Flow {
        action: "attack",
        by: FIGHTER,
        heard: &[tells(EVERYONE, "attacked", ""), OK],
    },
    Flow {
        action: "sync_score",
        by: FIGHTER,
        heard: &[tells(EVERYONE, "score_synced", ""), OK],
    },
    Flow {
        action: "die",
        by: FIGHTER,
        heard: &[
            tells(EVERYONE, "player_died", ""),
            OK,
            answer("player_died", "with `all`, where both are dead"),
            answer("battle_settled", "where both are dead"),
            tells(EVERYONE, "battle_settled", "where both are dead"),
        ],
    },
    Flow {
        action: "place_mark",
        by: FIGHTER,
        heard: &[
            answer("mark_placed", ""),
            tells(EVERYONE, "mark_placed", ""),
            answer("battle_settled", "where that ends the battle"),
            tells(EVERYONE, "battle_settled", "where that ends the battle"),
        ],
    },
    Flow {
        action: "forfeit_battle",
        by: FIGHTER,
        heard: &[
            OK,
            answer("battle_settled", ""),
            tells(EVERYONE, "battle_settled", ""),
        ],
    },
    Flow {
        action: "request_rematch",
        by: "one of the two who played",
        heard: &[
            OK,
            tells(
                EVERYONE,
                "rematch_requested",
                "where the other has not asked yet",
            ),
            answer("battle_started", "where both have asked"),
            tells(EVERYONE, "battle_started", "where both have asked"),
        ],
    },
    Flow {
        action: "get_battle",
        by: "a member of a lobby",
        heard: &[answer("battle_state", "")],
    },
    Flow {
        action: "list_results",
        by: ANYBODY,
        heard: &[answer("result_list", "")],
    },
];
