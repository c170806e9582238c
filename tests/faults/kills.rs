//! Handlers killed at each of their moments in turn, while nothing else goes wrong.

use faults::{Fault, Kill, Line, scripted};
use serde_json::{Value, json};

fn say(client: usize, action: &str, content: &Value) -> (usize, Line) {
    let message = json!({ "action": action, "content": content });
    (client, Line::Says(message))
}

fn looks(client: usize, queue: &str) -> (usize, Line) {
    say(client, "join_matchmaking", &json!({ "queue": queue }))
}

fn opens(client: usize) -> (usize, Line) {
    let lobby = json!({ "lobby_id": "friday", "join_policy": "open" });
    say(client, "start_lobby", &lobby)
}

fn joins(client: usize) -> (usize, Line) {
    say(client, "join_lobby", &json!({ "lobby_id": "friday" }))
}

fn does(client: usize, action: &str) -> (usize, Line) {
    say(client, action, &json!({}))
}

/// Whatever the moment, every invariant holds; until the handler has fewer moments than that.
fn whenever_it_is_killed(what: &'static str, script: &[(usize, Line)]) {
    for moment in 1.. {
        let run = scripted(script, Kill { what, moment });
        assert_eq!(run.broken, None, "{run}");
        let kills = run.faults.of(Fault::KilledBefore) + run.faults.of(Fault::KilledAfter);
        if kills == 0 {
            assert!(moment > 2, "`{what}` has no step at all:\n{run}");
            return;
        }
    }
}

#[test]
fn a_lobby_is_whole_however_its_opening_and_every_joining_ends() {
    whenever_it_is_killed("start_lobby", &[opens(0), joins(1)]);
    whenever_it_is_killed("join_lobby", &[opens(0), joins(1)]);
    whenever_it_is_killed("leave_lobby", &[opens(0), joins(1), does(0, "leave_lobby")]);
    whenever_it_is_killed("close_lobby", &[opens(0), joins(1), does(0, "close_lobby")]);
}

#[test]
fn nobody_is_left_in_a_queue_unseen_who_waits_there_alone() {
    whenever_it_is_killed("join_matchmaking", &[looks(0, "duel")]);
    let party = json!({ "queue": "pairs", "party": true });
    let party = say(0, "join_matchmaking", &party);
    whenever_it_is_killed("join_matchmaking", &[opens(0), joins(1), party]);
    let match_of_two = [looks(0, "pairs"), looks(1, "pairs")];
    let asks = [match_of_two.as_slice(), &[does(0, "request_backfill")]].concat();
    whenever_it_is_killed("request_backfill", &asks);
}

#[test]
fn whoever_is_matched_can_hear_of_it_whatever_becomes_of_the_tick() {
    whenever_it_is_killed("tick", &[looks(0, "duel"), looks(1, "duel")]);
    whenever_it_is_killed("tick", &[looks(0, "brawl"), looks(1, "brawl")]);
    whenever_it_is_killed("tick", &[looks(0, "ask"), looks(1, "ask")]);
}

#[test]
fn a_battle_is_fought_to_its_end_whatever_becomes_of_those_who_bring_it_there() {
    let rules = json!({ "rules": "score_attack", "options": { "battle_seconds": 20 } });
    let starts = say(0, "start_battle", &rules);
    let script = [opens(0), joins(1), starts, does(0, "die"), does(1, "die")];
    whenever_it_is_killed("start_battle", &script);
    whenever_it_is_killed("die", &script);
    whenever_it_is_killed("lobby", &script[..3]);
}

#[test]
fn whoever_goes_is_gone_or_not_whatever_becomes_of_the_farewell() {
    whenever_it_is_killed("$connect", &[opens(0)]);
    whenever_it_is_killed("$disconnect", &[opens(0), joins(1)]);
    whenever_it_is_killed("$disconnect", &[looks(0, "duel")]);
}

#[test]
fn whoever_comes_back_is_there_or_gone_whatever_becomes_of_its_coming() {
    let rules = json!({ "rules": "score_attack", "options": { "battle_seconds": 20 } });
    let fights = [opens(0), joins(1), say(0, "start_battle", &rules)];
    let scenes: [(&[_], usize); 6] = [
        (&[opens(0)], 0),
        (&[opens(0), joins(1)], 0),
        (&[opens(0), joins(1)], 1),
        (&[looks(0, "duel")], 0),
        (&[looks(0, "duel"), looks(1, "duel")], 1),
        (&fights, 0),
    ];
    for (scene, client) in scenes {
        let comes_back = [scene, &[(client, Line::ComesBack)]].concat();
        whenever_it_is_killed("resume", &comes_back);
        let is_lost = [comes_back.as_slice(), &[(client, Line::IsLost)]].concat();
        whenever_it_is_killed("resume", &is_lost);
        let again = [comes_back.as_slice(), &[(client, Line::ComesBack)]].concat();
        whenever_it_is_killed("resume", &again);
    }
}
