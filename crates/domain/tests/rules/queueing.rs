//! Going into a queue with a lobby's members, and coming out of it.

use domain::battle::{self, Options, RulesName};
use domain::lobby::{Action, Ban, Changes, Departure, Ending, Entry, Event, Notice, Refusal};
use domain::matchmaking::{self, TicketRef};
use ids::{BattleId, QueueName, TicketId};

use crate::scene::{
    Scene, accept, close, come_back, disconnect, friday, gone, hears, join, kick, leave, peer,
    player, reject, update,
};

/// Ann's party is in a queue.
fn queued<const N: usize>(guests: [&str; N]) -> Scene {
    let mut scene = Scene::ask().guests(guests);
    scene.does(enqueue("ann"));
    scene
}

fn ticket() -> TicketRef {
    ticket_of("ticket-1")
}

fn ticket_of(name: &str) -> TicketRef {
    TicketRef {
        queue: QueueName::parse("doubles").expect("a queue"),
        ticket_id: TicketId::parse(name).expect("a ticket id"),
    }
}

fn enqueue(name: &str) -> Action {
    Action::Enqueue {
        by: player(name),
        ticket: ticket(),
        kind: Entry::Party {
            most: 3,
            estimate: Some(12),
        },
    }
}

fn dequeue(ticket: TicketRef, why: matchmaking::Ending) -> Action {
    Action::Dequeue {
        ticket_id: ticket.ticket_id,
        why,
    }
}

fn cancelled(why: matchmaking::Ending) -> Event {
    let ticket_id = ticket().ticket_id;
    Event::Matchmaking(matchmaking::Event::Cancelled { ticket_id, why })
}

fn start_battle() -> Action {
    Action::Battle {
        by: player("ann"),
        action: battle::Action::Start {
            battle_id: BattleId::parse("first").expect("a battle id"),
            rules: RulesName::ScoreAttack,
            options: Options::default(),
        },
    }
}

fn battle(name: &str, action: battle::Action) -> Action {
    let by = player(name);
    Action::Battle { by, action }
}

const CHANGED: matchmaking::Ending = matchmaking::Ending::PartyChanged;

#[test]
fn a_party_that_goes_into_a_queue_hears_so_all_of_it() {
    let mut scene = Scene::ask().guests(["bob"]);
    let told = scene.does(enqueue("ann"));
    let started = Event::Matchmaking(matchmaking::Event::Started {
        ticket: ticket(),
        estimate: Some(12),
    });
    let expected = [hears("ann", started.clone()), hears("bob", started)];
    assert_eq!(told, expected);
    assert_eq!(scene.lobby().ticket, Some(ticket()));
}

#[test]
fn only_the_host_takes_its_party_into_a_queue() {
    let scene = Scene::ask().guests(["bob"]);
    assert_eq!(scene.refuses(enqueue("bob")), Refusal::NotHost);
    assert_eq!(scene.refuses(enqueue("eve")), Refusal::NotInLobby);
}

#[test]
fn a_party_is_in_one_queue_at_a_time() {
    let scene = queued(["bob"]);
    assert_eq!(scene.refuses(enqueue("ann")), Refusal::InMatchmaking);
}

#[test]
fn a_party_is_not_larger_than_a_team() {
    let scene = Scene::ask().guests(["bob", "cat", "dan"]);
    assert_eq!(scene.refuses(enqueue("ann")), Refusal::TooManyPlayers);
    queued(["bob", "cat"]);
}

#[test]
fn one_who_is_alone_in_its_lobby_is_a_party_too() {
    assert_eq!(queued([]).lobby().ticket, Some(ticket()));
}

#[test]
fn who_waits_to_be_let_in_is_turned_away_as_the_party_goes_into_a_queue() {
    let mut scene = Scene::ask().guests(["bob"]).waiting(["cat", "dan"]);
    let told = scene.does(enqueue("ann"));
    let rejected = Event::JoinRejected {
        lobby_id: friday(),
        why: Ending::InMatchmaking,
    };
    let expected = [hears("cat", rejected.clone()), hears("dan", rejected)];
    assert_eq!(told[..2], expected);
    assert!(scene.lobby().requests.is_empty());
}

#[test]
fn nobody_comes_into_a_party_that_is_in_a_queue() {
    let scene = queued(["bob"]);
    assert_eq!(scene.refuses(join("cat")), Refusal::InMatchmaking);
    assert_eq!(
        scene.refuses(accept("ann", "cat")),
        Refusal::RequestNotFound
    );
    assert_eq!(
        scene.refuses(reject("ann", "cat")),
        Refusal::RequestNotFound
    );
    let mut open = Scene::open();
    open.does(enqueue("ann"));
    assert_eq!(open.refuses(join("cat")), Refusal::InMatchmaking);
}

#[test]
fn a_party_of_which_somebody_goes_is_out_of_its_queue_and_the_others_hear_so() {
    let ways = [
        (leave("bob"), Departure::Left),
        (disconnect("bob"), Departure::Disconnected),
        (kick("ann", "bob", Ban::No), Departure::Kicked),
        (kick("ann", "bob", Ban::Yes), Departure::Banned),
    ];
    for (action, how) in ways {
        let mut scene = queued(["bob", "cat"]);
        let told = scene.does(action);
        assert_eq!(scene.lobby().ticket, None);
        let last = told.len() - 4;
        let expected = [
            hears("ann", gone("bob", 2, how)),
            hears("cat", gone("bob", 2, how)),
            hears("ann", cancelled(CHANGED)),
            hears("cat", cancelled(CHANGED)),
        ];
        assert_eq!(told[last..], expected);
    }
}

#[test]
fn a_party_of_which_somebody_is_away_is_out_of_its_queue_and_all_of_it_hears_so() {
    for (name, number, other) in [("bob", 2, "ann"), ("ann", 1, "bob")] {
        let mut scene = queued(["bob"]);
        let told = scene.loses(name, 30);
        let away = Event::PlayerAway {
            player_id: player(name),
            peer_id: peer(number),
            seconds: 30,
        };
        assert_eq!(told[0], hears(other, away));
        let later = Notice {
            to: scene.member(name).contact,
            event: cancelled(CHANGED),
        };
        assert!(later.to.away);
        assert!(told[1..].contains(&later));
        assert!(told[1..].contains(&hears(other, cancelled(CHANGED))));
        assert_eq!((told.len(), &scene.lobby().ticket), (3, &None));
    }
}

#[test]
fn a_party_of_which_somebody_comes_by_another_connection_stays_in_its_queue() {
    let mut scene = queued(["bob"]);
    scene.does(come_back("bob"));
    assert_eq!(scene.lobby().ticket, Some(ticket()));
}

#[test]
fn a_party_of_which_somebody_is_away_does_not_go_into_a_queue_before_it_is_back_or_out() {
    let mut scene = Scene::ask().guests(["bob", "cat"]);
    scene.loses("bob", 30);
    scene.loses("cat", 30);
    let refusal = scene.refuses(enqueue("ann"));
    assert_eq!(refusal, Refusal::MemberAway);
    let sentence = "A member of the lobby is away; try again when it is back, or out.";
    assert_eq!(refusal.to_string(), sentence);
    scene.does(come_back("bob"));
    assert_eq!(scene.refuses(enqueue("ann")), Refusal::MemberAway);
    scene.waits(30);
    scene.does(enqueue("ann"));
}

#[test]
fn a_party_whose_host_goes_is_out_of_its_queue() {
    let mut scene = queued(["bob"]);
    let told = scene.does(leave("ann"));
    assert_eq!(told.last(), Some(&hears("bob", cancelled(CHANGED))));
    assert_eq!(scene.lobby().ticket, None);
}

#[test]
fn a_party_of_which_a_connection_has_ended_without_a_farewell_is_out_of_its_queue() {
    let mut scene = queued(["bob"]);
    let lobby = scene.stored.as_mut().expect("it is open");
    let bob = lobby.members.get_mut(&player("bob")).expect("a guest");
    bob.contact.expires_at = scene.now;
    let told = scene.does(Action::Wake);
    assert_eq!(told.last(), Some(&hears("ann", cancelled(CHANGED))));
    assert_eq!(scene.lobby().ticket, None);
}

#[test]
fn a_party_whose_lobby_is_closed_hears_that_it_is_out_of_its_queue_first() {
    let mut scene = queued(["bob"]);
    let told = scene.does(close("ann"));
    let closed = Event::Closed { lobby_id: friday() };
    let expected = [
        hears("ann", cancelled(matchmaking::Ending::Closed)),
        hears("bob", cancelled(matchmaking::Ending::Closed)),
        hears("ann", closed.clone()),
        hears("bob", closed),
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_party_that_comes_out_of_its_queue_hears_why() {
    let left = matchmaking::Ending::Left;
    let mut scene = queued(["bob"]);
    let told = scene.does(dequeue(ticket(), left));
    let expected = [hears("ann", cancelled(left)), hears("bob", cancelled(left))];
    assert_eq!(told, expected);
    assert_eq!(scene.lobby().ticket, None);
    scene.does(join("cat"));
}

#[test]
fn coming_out_of_a_queue_again_or_by_another_ticket_does_nothing() {
    let gave_up = matchmaking::Ending::GaveUp;
    let mut scene = queued(["bob"]);
    for wrong in [ticket_of("ticket-0"), ticket_of("ticket-2")] {
        let lobby = scene.lobby().clone();
        assert_eq!(scene.does(dequeue(wrong, gave_up)), []);
        assert_eq!(*scene.lobby(), lobby);
    }
    scene.does(dequeue(ticket(), gave_up));
    let lobby = scene.lobby().clone();
    assert_eq!(scene.does(dequeue(ticket(), gave_up)), []);
    assert_eq!(*scene.lobby(), lobby);
}

#[test]
fn a_party_goes_into_no_queue_while_its_battle_goes_on() {
    let mut scene = Scene::ask().guests(["bob"]);
    scene.does(start_battle());
    let running = Refusal::Battle(battle::Refusal::AlreadyRunning);
    assert_eq!(scene.refuses(enqueue("ann")), running);
    scene.does(battle("bob", battle::Action::Forfeit));
    scene.does(enqueue("ann"));
}

#[test]
fn no_battle_begins_in_a_party_that_is_in_a_queue() {
    let mut scene = Scene::ask().guests(["bob"]);
    scene.does(start_battle());
    scene.does(battle("bob", battle::Action::Forfeit));
    scene.does(enqueue("ann"));
    assert_eq!(scene.refuses(start_battle()), Refusal::InMatchmaking);
    let rematch = battle::Action::Rematch {
        battle_id: BattleId::parse("second").expect("a battle id"),
    };
    let refusal = scene.refuses(battle("bob", rematch));
    assert_eq!(refusal, Refusal::InMatchmaking);
}

#[test]
fn what_else_happens_in_a_party_leaves_it_in_its_queue() {
    let mut scene = queued(["bob"]);
    scene.does(update("ann", Changes::default()));
    scene.does(accept("ann", "bob"));
    scene.does(Action::Wake);
    scene.does(disconnect("eve"));
    assert_eq!(scene.lobby().ticket, Some(ticket()));
}
