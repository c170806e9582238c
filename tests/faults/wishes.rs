//! What a client does next: mostly what makes sense for where it believes to be, and now and then what does not.

use protocol::battle::Rules;
use serde_json::{Value, json};

use crate::chance::Chance;
use crate::knowledge::{Knowledge, Room};

/// Lobbies that friends have agreed on.
const LOBBIES: [&str; 3] = ["friday", "cellar", "attic"];

/// The queues of [`QUEUES`].
const QUEUE_NAMES: [&str; 4] = ["duel", "ask", "brawl", "pairs"];

/// Queues with and without acceptance, with a battle, and for two against two with room for more.
pub(crate) const QUEUES: &str = r#"[
    {"name": "duel", "teams": 2, "team_size": {"min": 1, "max": 1}, "give_up_seconds": 60},
    {"name": "ask", "teams": 2, "team_size": {"min": 1, "max": 1}, "give_up_seconds": 60, "acceptance_seconds": 8},
    {"name": "brawl", "teams": 2, "team_size": {"min": 1, "max": 1}, "give_up_seconds": 60,
     "battle": {"rules": "noughts_and_crosses", "options": {"turn_seconds": 20}}},
    {"name": "pairs", "teams": 2, "team_size": {"min": 1, "max": 2}, "give_up_seconds": 60}
]"#;

/// What a run is mostly about.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Theme {
    Lobbies,
    Strangers,
    Battles,
    Everything,
}

impl Theme {
    pub(crate) fn drawn(chance: &Chance) -> Self {
        let themes = [
            Self::Lobbies,
            Self::Strangers,
            Self::Battles,
            Self::Everything,
        ];
        *chance.one_of(&themes).expect("there are four")
    }
}

/// A client's next message, if it has anything to say.
pub(crate) fn wish(theme: Theme, knows: &Knowledge, chance: &Chance) -> Option<Value> {
    if chance.in_a_thousand(40) {
        return Some(anything(knows, chance));
    }
    match &knows.lobby {
        Some(room) => Some(in_lobby(theme, knows, room, chance)),
        None if knows.is_queued => in_queue(knows, chance),
        None => Some(nowhere(theme, chance)),
    }
}

fn say(action: &str, content: &Value) -> Value {
    json!({ "action": action, "content": content })
}

fn plain(action: &str) -> Value {
    say(action, &json!({}))
}

fn nowhere(theme: Theme, chance: &Chance) -> Value {
    let looks = match theme {
        Theme::Lobbies => 100,
        Theme::Battles => 300,
        Theme::Everything => 450,
        Theme::Strangers => 850,
    };
    if chance.in_a_thousand(looks) {
        return look(theme, chance, false);
    }
    match chance.below(10) {
        0..5 => say("join_lobby", &json!({ "lobby_id": lobby(chance) })),
        5..9 => start_lobby(theme, chance),
        _ => plain("list_lobbies"),
    }
}

/// Where there are few queues, strangers meet.
fn look(theme: Theme, chance: &Chance, party: bool) -> Value {
    let queue = match theme {
        Theme::Battles => "brawl",
        Theme::Lobbies => "duel",
        Theme::Strangers | Theme::Everything => {
            chance.one_of(&QUEUE_NAMES).copied().unwrap_or("duel")
        }
    };
    say(
        "join_matchmaking",
        &json!({ "queue": queue, "party": party }),
    )
}

fn lobby(chance: &Chance) -> &'static str {
    chance.one_of(&LOBBIES).copied().unwrap_or(LOBBIES[0])
}

fn start_lobby(theme: Theme, chance: &Chance) -> Value {
    let policy = match theme {
        Theme::Battles => "open",
        Theme::Lobbies | Theme::Strangers | Theme::Everything => {
            let policies = ["ask", "ask", "open"];
            chance.one_of(&policies).copied().unwrap_or("ask")
        }
    };
    let content = json!({
        "lobby_id": lobby(chance),
        "max_players": 2 + chance.below(3),
        "join_policy": policy,
        "visibility": "public",
    });
    say("start_lobby", &content)
}

/// Who waits has little to say.
fn in_queue(knows: &Knowledge, chance: &Chance) -> Option<Value> {
    match (&knows.proposal, chance.below(12)) {
        (Some(match_id), 0..8) => Some(say("accept_match", &json!({ "match_id": match_id }))),
        (Some(match_id), 8) => Some(say("decline_match", &json!({ "match_id": match_id }))),
        (_, 9) => Some(plain("leave_matchmaking")),
        (_, 10) => Some(plain("explain_matchmaking")),
        (_, _) => None,
    }
}

fn in_lobby(theme: Theme, knows: &Knowledge, room: &Room, chance: &Chance) -> Value {
    let fights = match theme {
        Theme::Battles => 600,
        Theme::Everything => 300,
        Theme::Lobbies | Theme::Strangers => 100,
    };
    if let Some(match_id) = knows
        .proposal
        .as_ref()
        .filter(|_| chance.in_a_thousand(600))
    {
        return say("accept_match", &json!({ "match_id": match_id }));
    }
    if room.is_host && !knows.requests.is_empty() && chance.in_a_thousand(600) {
        return let_in(knows, chance);
    }
    if chance.in_a_thousand(fights) {
        return fight(knows, room, chance);
    }
    let peers: Vec<_> = room.peers.values().collect();
    match (chance.below(20), chance.one_of(&peers)) {
        (0..8, Some(peer)) => signal(&json!(peer), chance),
        (8, Some(peer)) if room.is_host => say(
            "kick_player",
            &json!({ "player_connection_id": peer, "ban": chance.in_a_thousand(300) }),
        ),
        (9, _) if room.is_host => plain("close_lobby"),
        (10 | 11, _) if room.is_host => say(
            "update_lobby",
            &json!({ "max_players": 2 + chance.below(3), "join_policy": "open", "locked": false }),
        ),
        (12..15, _) if room.is_host && room.is_match => plain("request_backfill"),
        (12..16, _) if room.is_host => look(Theme::Strangers, chance, true),
        (16, _) => plain("leave_matchmaking"),
        (17, _) => say("join_lobby", &json!({ "lobby_id": room.lobby_id })),
        (18, _) => plain("leave_lobby"),
        (_, _) => plain("get_battle"),
    }
}

fn let_in(knows: &Knowledge, chance: &Chance) -> Value {
    let request = json!({ "player_connection_id": chance.one_of(&knows.requests) });
    if chance.in_a_thousand(850) {
        say("accept_join_request", &request)
    } else {
        say("reject_join_request", &request)
    }
}

fn fight(knows: &Knowledge, room: &Room, chance: &Chance) -> Value {
    match (knows.fights, chance.below(12)) {
        (None, 0..3) => plain("request_rematch"),
        (None, _) if room.is_host => start_battle(chance),
        (None, _) | (Some(_), 0) => plain("get_battle"),
        (Some(_), 1) => plain("forfeit_battle"),
        (Some(Rules::NoughtsAndCrosses), _) => {
            let tile = [chance.below(3), chance.below(3)];
            say("place_mark", &json!({ "tile": tile }))
        }
        (Some(Rules::ScoreAttack), 2..6) => plain("die"),
        (Some(Rules::ScoreAttack), 6 | 7) => plain("attack"),
        (Some(Rules::ScoreAttack), _) => say("sync_score", &json!({ "score": chance.below(50) })),
    }
}

fn start_battle(chance: &Chance) -> Value {
    let rules = ["score_attack", "noughts_and_crosses"];
    let options = json!({ "turn_seconds": 15, "battle_seconds": 40, "attack_cost": 1 });
    let content = json!({ "rules": chance.one_of(&rules), "options": options });
    say("start_battle", &content)
}

fn signal(to: &Value, chance: &Chance) -> Value {
    if chance.in_a_thousand(500) {
        let content = json!({ "connection_id": to, "session_type": "offer", "sdp": "v=0" });
        say("send_session_description", &content)
    } else {
        let candidate = json!({ "media": "0", "index": 0, "name": "candidate" });
        let content = json!({ "connection_id": to, "candidates": [candidate] });
        say("send_ice_candidates", &content)
    }
}

/// Something, whether or not it makes sense here.
fn anything(knows: &Knowledge, chance: &Chance) -> Value {
    let address = json!(chance.one_of(&knows.addresses));
    let by_address = json!({ "player_connection_id": address });
    match chance.below(14) {
        0 => plain("hello"),
        1 => plain("ping"),
        2 => say("accept_join_request", &by_address),
        3 => say("kick_player", &by_address),
        4 => signal(&address, chance),
        5 => plain("leave_lobby"),
        6 => plain("leave_matchmaking"),
        7 => start_lobby(Theme::Everything, chance),
        8 => look(Theme::Everything, chance, chance.in_a_thousand(500)),
        9 => say("join_lobby", &json!({ "lobby_id": lobby(chance) })),
        10 => plain("list_results"),
        11 => plain("request_backfill"),
        12 => plain("get_ice_servers"),
        _ => json!({ "action": "no such thing", "content": 7 }),
    }
}
