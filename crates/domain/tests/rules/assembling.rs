//! A match makes a lobby.

use std::time::Duration;

use domain::Timestamp;
use domain::battle;
use domain::lobby::{
    Action, Departure, Event, JoinPolicy, Member, Origin, Refusal, Visibility, assemble,
};
use domain::matchmaking::{self, Found, Match, Owner, State, TeamSize};

use crate::matched::{
    battle_id, doubles, doubles_that_battle, made, match_id, opening, placed, team, teams,
};
use crate::scene::{
    DAWN, Scene, accept, contact, disconnect, friday, gone, hears, join, leave, peer, player,
};

fn four() -> Scene {
    let tickets = [
        placed(2, &["dan", "ann"]),
        placed(1, &["bob"]),
        placed(1, &["cat"]),
    ];
    made(&tickets, &doubles())
}

#[test]
fn everybody_in_a_match_is_a_member_of_its_lobby_from_the_beginning_on_its_team() {
    let scene = four();
    let expected = [
        ("dan", 1, Some(2)),
        ("ann", 2, Some(2)),
        ("bob", 3, Some(1)),
        ("cat", 4, Some(1)),
    ];
    assert_eq!(teams(scene.lobby()), expected);
    assert!(scene.lobby().requests.is_empty());
}

#[test]
fn whoever_has_waited_longest_is_the_host() {
    let scene = four();
    assert_eq!(scene.lobby().host, player("dan"));
    assert_eq!(scene.lobby().term, 1);
}

#[test]
fn the_lobby_of_a_match_is_private_and_locked_and_has_the_seats_of_its_queue() {
    let scene = made(&[placed(1, &["ann"]), placed(2, &["bob"])], &doubles());
    let settings = &scene.lobby().settings;
    assert_eq!(settings.visibility, Visibility::Private);
    assert_eq!(settings.join_policy, JoinPolicy::Ask);
    assert!(settings.locked);
    assert_eq!(settings.max_players, 4);
    let refusal = Refusal::Locked { lobby_id: friday() };
    assert_eq!(scene.refuses(join("eve")), refusal);
}

#[test]
fn the_lobby_of_a_match_remembers_what_it_was_made_of() {
    let tickets = [placed(1, &["ann"]), placed(2, &["bob"])];
    let scene = made(&tickets, &doubles());
    let origin = Origin {
        match_id: match_id(),
        queue: doubles().name,
        tickets: tickets.to_vec(),
    };
    assert_eq!(scene.lobby().origin, Some(origin));
    assert_eq!(scene.lobby().ticket, None);
    assert_eq!(scene.lobby().team_of(&player("bob")), Some(team(2)));
    assert_eq!(scene.lobby().team_of(&player("eve")), None);
}

#[test]
fn everybody_hears_of_the_match_and_of_all_who_are_in_it_with_its_own_team() {
    let of = Match {
        placed: vec![placed(1, &["ann"]), placed(2, &["bob"])],
        backfill: None,
    };
    let made = assemble(&of, &doubles(), opening(), Timestamp::from_millis(DAWN));
    let lobby = made.lobby.expect("it is open");
    let players: Vec<Member> = lobby.members_by_arrival().into_iter().cloned().collect();
    let found = |number| {
        Event::Matchmaking(matchmaking::Event::Found(Found {
            match_id: match_id(),
            lobby_id: friday(),
            battle_id: None,
            team: team(number),
            host_peer_id: peer(1),
            players: players.clone(),
        }))
    };
    assert_eq!(
        made.notices,
        [hears("ann", found(1)), hears("bob", found(2))]
    );
    assert_eq!(made.alarms, []);
}

#[test]
fn where_the_queue_says_so_a_battle_begins_and_everybody_hears_so_after_the_match() {
    let of = Match {
        placed: vec![placed(1, &["ann"]), placed(2, &["bob"])],
        backfill: None,
    };
    let now = Timestamp::from_millis(DAWN);
    let made = assemble(&of, &doubles_that_battle(), opening(), now);
    let lobby = made.lobby.expect("it is open");
    let battle = lobby.battle.as_ref().expect("it has begun");
    assert_eq!(battle.battle_id, battle_id());
    let begun = Event::Battle(battle::Event::Started(Box::new(battle.view(now))));
    let expected = [hears("ann", begun.clone()), hears("bob", begun)];
    assert_eq!(made.notices[2..], expected);
    for notice in &made.notices[..2] {
        assert!(matches!(
            &notice.event,
            Event::Matchmaking(matchmaking::Event::Found(found)) if found.battle_id == Some(battle_id())
        ));
    }
    assert_eq!(made.alarms, [now + Duration::from_mins(1)]);
    assert_eq!(battle.alarm, Some(now + Duration::from_mins(1)));
}

#[test]
fn whoever_is_away_as_its_match_is_made_is_a_member_until_its_time_is_over() {
    let now = Timestamp::from_millis(DAWN);
    let until = now + Duration::from_secs(20);
    let mut bob = placed(2, &["bob"]);
    bob.ticket.players[0] = contact("bob").lost(until);
    let of = Match {
        placed: vec![placed(1, &["ann"]), bob.clone()],
        backfill: None,
    };
    let made = assemble(&of, &doubles(), opening(), now);
    assert_eq!(made.alarms, [until]);
    assert_eq!(made.notices[1].to, bob.ticket.players[0]);
    let mut scene = Scene {
        stored: made.lobby,
        now,
    };
    assert!(scene.member("bob").contact.away);
    scene.waits(20);
    let told = scene.does(Action::Wake);
    let gone = gone("bob", 2, Departure::Disconnected);
    assert_eq!(told, [hears("ann", gone)]);
}

#[test]
fn a_battle_awaits_whoever_is_away_as_it_begins_with_the_match() {
    let now = Timestamp::from_millis(DAWN);
    let until = now + Duration::from_secs(20);
    let mut bob = placed(2, &["bob"]);
    bob.ticket.players[0] = contact("bob").lost(until);
    let of = Match {
        placed: vec![placed(1, &["ann"]), bob],
        backfill: None,
    };
    let made = assemble(&of, &doubles_that_battle(), opening(), now);
    assert_eq!(made.alarms, [until], "one is enough, the turn lasts longer");
    let lobby = made.lobby.expect("it is open");
    let battle = lobby.battle.as_ref().expect("it has begun");
    assert_eq!(battle.deadline(), Some(until));
    let away: Vec<_> = battle
        .view(now)
        .players
        .iter()
        .map(|one| one.away_seconds)
        .collect();
    assert_eq!(away, [None, Some(20)]);
}

#[test]
fn the_host_battles_one_who_is_there_rather_than_one_who_is_away() {
    let now = Timestamp::from_millis(DAWN);
    let mut bob = placed(2, &["bob", "cat"]);
    bob.ticket.players[0] = contact("bob").lost(now + Duration::from_secs(20));
    let scene = made(&[placed(1, &["ann", "dan"]), bob], &doubles_that_battle());
    let battle = scene.lobby().battle.as_ref().expect("it has begun");
    let players = battle.players.iter();
    let names: Vec<_> = players
        .map(|(_, player)| player.player_id.as_str())
        .collect();
    assert_eq!(names, ["ann", "cat"], "Dan is Ann's friend");
}

#[test]
fn the_host_battles_the_first_of_another_team_and_not_its_own_friend() {
    let tickets = [
        placed(2, &["dan", "ann"]),
        placed(1, &["bob"]),
        placed(1, &["cat"]),
    ];
    let scene = made(&tickets, &doubles_that_battle());
    let battle = scene.lobby().battle.as_ref().expect("it has begun");
    let players = [&battle.players.first, &battle.players.second];
    let players = players.map(|player| player.player_id.as_str());
    assert_eq!(players, ["dan", "bob"]);
}

#[test]
fn where_there_is_one_team_its_first_two_battle() {
    let mut queue = doubles_that_battle();
    queue.teams = 1;
    queue.team_size = TeamSize { min: 2, max: 2 };
    let scene = made(&[placed(1, &["ann"]), placed(1, &["bob"])], &queue);
    assert!(scene.lobby().battle.is_some());
}

#[test]
fn a_match_can_be_undone_until_something_has_happened_in_its_lobby() {
    let mut scene = four();
    assert!(scene.lobby().is_untouched());
    scene.does(accept("dan", "ann"));
    assert!(!scene.lobby().is_untouched());
    assert!(!Scene::ask().lobby().is_untouched(), "no match has made it");
}

#[test]
fn when_a_match_is_undone_the_tickets_of_those_who_are_there_go_back_to_their_old_places() {
    let tickets = [
        placed(1, &["ann"]),
        placed(2, &["bob"]),
        placed(1, &["cat"]),
    ];
    let scene = made(&tickets, &doubles());
    let back = scene.lobby().tickets_back(&[player("bob")]);
    let names: Vec<_> = back
        .iter()
        .map(|ticket| ticket.ticket_id.as_str())
        .collect();
    assert_eq!(names, ["ann-ticket", "cat-ticket"]);
    for ticket in &back {
        assert_eq!(ticket.state, State::Waiting);
        assert_eq!(ticket.version, 4, "higher than it ever was");
        assert_eq!(ticket.created_at, Timestamp::from_millis(DAWN));
        assert_eq!(ticket.owner, Owner::Player);
    }
}

#[test]
fn when_a_match_is_undone_a_partys_ticket_does_not_go_back() {
    let back = four().lobby().tickets_back(&[player("cat")]);
    let names: Vec<_> = back
        .iter()
        .map(|ticket| ticket.ticket_id.as_str())
        .collect();
    assert_eq!(names, ["bob-ticket"]);
    assert_eq!(Scene::ask().lobby().tickets_back(&[]), []);
}

#[test]
fn the_lobby_of_a_match_is_like_any_other_afterwards() {
    let mut scene = four();
    scene.does(leave("dan"));
    assert_eq!(scene.lobby().host, player("ann"));
    scene.does(disconnect("ann"));
    assert_eq!(
        teams(scene.lobby()),
        [("bob", 3, Some(1)), ("cat", 4, Some(1))]
    );
}

#[test]
fn one_who_has_left_its_match_and_is_let_in_again_is_on_its_old_team() {
    let mut scene = four();
    scene.does(leave("ann"));
    let unlocked = domain::lobby::Changes {
        locked: Some(false),
        ..Default::default()
    };
    scene.does(crate::scene::update("dan", unlocked));
    scene.does(join("ann"));
    scene.does(accept("dan", "ann"));
    assert_eq!(scene.member("ann").team, Some(team(2)));
}
