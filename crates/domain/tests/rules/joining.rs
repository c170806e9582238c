//! Asking to be let in, and walking into an open lobby.

use domain::lobby::{
    Action, Admitted, Ban, Changes, Contact, Event, JoinPolicy, MAX_REQUESTS, PasswordProof,
    Refusal, Settings,
};

use crate::scene::{
    Scene, accept, contact, friday, hash, hears, join, join_as, kick, leave, peer, says, settings,
    socket,
};

fn asks_to_join(name: &str) -> Event {
    Event::JoinRequested {
        by: contact(name),
        metadata: says("skill", 7),
    }
}

fn join_saying(by: Contact, skill: u32) -> Action {
    Action::Join {
        by,
        password: PasswordProof::Right,
        metadata: says("skill", skill),
    }
}

#[test]
fn whoever_asks_to_join_waits_and_nobody_but_the_host_hears_of_it() {
    let mut scene = Scene::ask().guests(["bob"]).waiting(["cat"]);
    let told = scene.does(join_saying(contact("dan"), 7));
    assert_eq!(told, [hears("ann", asks_to_join("dan"))]);
    assert!(scene.has_waiting("dan") && !scene.has("dan"));
}

#[test]
fn whoever_walks_into_an_open_lobby_is_in_and_everyone_in_it_hears_so() {
    let mut scene = Scene::open().guests(["bob"]);
    let told = scene.does(join_saying(contact("cat"), 7));
    let cat = scene.member("cat");
    assert_eq!(cat.metadata, says("skill", 7));
    let admitted = Admitted {
        lobby_id: friday(),
        peer_id: peer(3),
        host: contact("ann"),
        others: vec![scene.member("ann"), scene.member("bob")],
    };
    let expected = [
        hears("cat", Event::Accepted(admitted)),
        hears("bob", Event::PlayerJoined(cat.clone())),
        hears("ann", Event::PlayerJoined(cat)),
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_newcomer_hears_who_is_there_the_longest_present_first() {
    let mut scene = Scene::open().guests(["zoe", "bob"]);
    let told = scene.does(join("cat"));
    let Event::Accepted(admitted) = &told[0].event else {
        panic!("the newcomer hears first: {told:?}");
    };
    let others = [
        scene.member("ann"),
        scene.member("zoe"),
        scene.member("bob"),
    ];
    assert_eq!(admitted.others, others);
}

#[test]
fn whoever_walks_in_gets_the_lowest_peer_id_that_is_free() {
    let mut scene = Scene::open().guests(["bob", "cat", "dan"]);
    scene.does(leave("cat"));
    scene.does(join("eve"));
    assert_eq!(scene.member("eve").peer_id, peer(3));
    scene.does(join("fay"));
    assert_eq!(scene.member("fay").peer_id, peer(5));
}

#[test]
fn a_full_lobby_lets_nobody_ask_or_walk_in() {
    for scene in [Scene::ask(), Scene::open()] {
        let full = Changes {
            max_players: Some(2),
            ..Changes::default()
        };
        let scene = scene.guests(["bob"]).changed(full);
        let full = Refusal::Full { lobby_id: friday() };
        assert_eq!(scene.refuses(join("cat")), full);
    }
}

#[test]
fn a_locked_lobby_lets_nobody_ask_or_walk_in() {
    for scene in [Scene::ask(), Scene::open()] {
        let lock = Changes {
            locked: Some(true),
            ..Changes::default()
        };
        let scene = scene.changed(lock);
        let locked = Refusal::Locked { lobby_id: friday() };
        assert_eq!(scene.refuses(join("bob")), locked);
    }
}

#[test]
fn a_wrong_password_lets_nobody_ask_or_walk_in() {
    for scene in [Scene::ask(), Scene::open()] {
        let wrong = Refusal::WrongPassword { lobby_id: friday() };
        let guess = join_as(contact("bob"), PasswordProof::Wrong);
        assert_eq!(scene.refuses(guess), wrong);
    }
}

#[test]
fn whoever_is_banned_can_neither_ask_nor_walk_in() {
    for mut scene in [Scene::ask(), Scene::open()] {
        scene = scene.guests(["bob"]);
        scene.does(kick("ann", "bob", Ban::Yes));
        let banned = Refusal::Banned { lobby_id: friday() };
        assert_eq!(scene.refuses(join("bob")), banned);
    }
}

#[test]
fn a_host_cannot_join_its_lobby_nor_a_member_from_another_connection() {
    let scene = Scene::open().guests(["bob"]);
    let already = Refusal::AlreadyInLobby { lobby_id: friday() };
    assert_eq!(scene.refuses(join("ann")), already);
    let elsewhere = Contact {
        connection_id: socket("other"),
        ..contact("bob")
    };
    let again = join_as(elsewhere, PasswordProof::Right);
    assert_eq!(scene.refuses(again), already);
}

#[test]
fn a_member_that_joins_again_hears_again_that_it_is_in_and_nobody_else_hears_anything() {
    for mut scene in [Scene::ask(), Scene::open()] {
        scene = scene.guests(["bob", "cat"]);
        let (bob, locked) = (scene.member("bob"), Some(true));
        scene = scene.changed(Changes {
            locked,
            ..Changes::default()
        });
        let told = scene.does(join_as(contact("bob"), PasswordProof::Wrong));
        let admitted = Admitted {
            lobby_id: friday(),
            peer_id: peer(2),
            host: contact("ann"),
            others: vec![scene.member("ann"), scene.member("cat")],
        };
        assert_eq!(told, [hears("bob", Event::Accepted(admitted))]);
        assert_eq!(scene.member("bob"), bob);
    }
}

#[test]
fn asking_again_while_waiting_tells_the_host_again_and_changes_nothing() {
    let mut scene = Scene::ask();
    scene.does(join_saying(contact("bob"), 7));
    let before = scene.lobby().requests.clone();
    let told = scene.does(join_saying(contact("bob"), 7));
    assert_eq!(told, [hears("ann", asks_to_join("bob"))]);
    assert_eq!(scene.lobby().requests, before);
}

#[test]
fn asking_again_keeps_the_place_and_brings_what_is_said_and_where_one_is_up_to_date() {
    let mut scene = Scene::ask().waiting(["bob", "cat"]);
    let elsewhere = Contact {
        connection_id: socket("other"),
        ..contact("bob")
    };
    scene.does(join_saying(elsewhere.clone(), 8));
    let requests = scene.lobby().requests_by_arrival();
    assert_eq!(requests.len(), 2);
    assert_eq!(requests[0].contact, elsewhere);
    assert_eq!(requests[0].metadata, says("skill", 8));
    assert_eq!(
        scene.refuses(accept("ann", "bob")),
        Refusal::RequestNotFound
    );
}

#[test]
fn whoever_waits_when_the_lobby_opens_walks_in_by_asking_again() {
    let open = Changes {
        join_policy: Some(JoinPolicy::Open),
        ..Changes::default()
    };
    let mut scene = Scene::ask().waiting(["bob"]).changed(open);
    assert!(scene.has_waiting("bob"));
    scene.does(join("bob"));
    assert!(scene.has("bob") && !scene.has_waiting("bob"));
}

/// A lobby of 64 seats with as many waiting as may.
fn crowded() -> Scene {
    let mut scene = Scene::with(Settings {
        max_players: 64,
        ..settings()
    });
    for number in 0..MAX_REQUESTS {
        scene.does(join(&format!("waiting-{number}")));
    }
    scene
}

#[test]
fn where_too_many_wait_nobody_else_may_ask_but_those_who_wait_may_ask_again() {
    let mut scene = crowded();
    let too_many = Refusal::TooManyRequests { lobby_id: friday() };
    assert_eq!(scene.refuses(join("bob")), too_many);
    scene.does(join("waiting-0"));
    scene.does(leave("waiting-0"));
    scene.does(join("bob"));
    assert!(scene.has_waiting("bob"));
}

#[test]
fn those_who_wait_keep_nobody_from_walking_into_a_lobby_that_has_opened() {
    let mut scene = crowded().changed(Changes {
        join_policy: Some(JoinPolicy::Open),
        ..Changes::default()
    });
    scene.does(join("bob"));
    assert!(scene.has("bob"));
}

#[test]
fn of_several_reasons_against_a_join_the_one_that_is_hardest_to_mend_is_given() {
    let mut scene = crowded();
    scene.does(accept("ann", "waiting-0"));
    scene.does(accept("ann", "waiting-1"));
    scene.does(kick("ann", "waiting-1", Ban::Yes));
    let mut scene = scene.waiting(["dan", "eve"]).changed(Changes {
        locked: Some(true),
        max_players: Some(2),
        password: Some(Some(hash())),
        ..Changes::default()
    });
    let guess = |name: &str| join_as(contact(name), PasswordProof::Wrong);

    let already = Refusal::AlreadyInLobby { lobby_id: friday() };
    let elsewhere = Contact {
        connection_id: socket("other"),
        ..contact("waiting-0")
    };
    let there = join_as(elsewhere, PasswordProof::Wrong);
    assert_eq!(scene.refuses(there), already);
    let banned = Refusal::Banned { lobby_id: friday() };
    assert_eq!(scene.refuses(guess("waiting-1")), banned);
    let locked = Refusal::Locked { lobby_id: friday() };
    assert_eq!(scene.refuses(guess("cat")), locked);

    scene = scene.changed(Changes {
        locked: Some(false),
        ..Changes::default()
    });
    let full = Refusal::Full { lobby_id: friday() };
    assert_eq!(scene.refuses(guess("cat")), full);

    scene = scene.changed(Changes {
        max_players: Some(3),
        ..Changes::default()
    });
    let wrong = Refusal::WrongPassword { lobby_id: friday() };
    assert_eq!(scene.refuses(guess("cat")), wrong);
    let too_many = Refusal::TooManyRequests { lobby_id: friday() };
    assert_eq!(scene.refuses(join("cat")), too_many);
}
