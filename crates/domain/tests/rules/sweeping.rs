//! Connections that have reached their end without a farewell.

use std::time::Duration;

use domain::Timestamp;
use domain::lobby::{
    Action, Changes, Departure, Ending, Event, JoinPolicy, Metadata, PasswordProof, Refusal,
};

use crate::scene::{
    DAWN, Scene, accept, close, contact, contact_until, disconnect, friday, gone, hears, join,
    join_as, leave, peer, player, reject, update,
};

const MINUTE: Duration = Duration::from_mins(1);

/// The first connection ends when the clock says this.
fn dusk() -> Timestamp {
    Timestamp::from_millis(DAWN) + 60 * MINUTE
}

/// Lets somebody in whose connection ends at dusk.
fn guest_until_dusk(scene: &mut Scene, name: &str) {
    let passing = contact_until(name, dusk());
    scene.does(join_as(passing, PasswordProof::Right));
    if scene.has_waiting(name) {
        scene.does(accept("ann", name));
    }
}

/// Ann, whose connection ends at dusk, and guests whose connections do not.
fn host_until_dusk(scene: Scene) -> Scene {
    let mut scene = scene;
    let lobby = scene.stored.as_mut().expect("it is open");
    let ann = lobby.members.get_mut(&player("ann")).expect("the host");
    ann.contact.expires_at = dusk();
    scene.now = dusk();
    scene
}

#[test]
fn a_connection_counts_until_the_very_moment_of_its_end() {
    let mut scene = Scene::open().guests(["cat"]);
    guest_until_dusk(&mut scene, "bob");
    scene.now = Timestamp::from_millis(dusk().as_millis() - 1);
    scene.does(update("ann", Changes::default()));
    assert!(scene.has("bob"));
    scene.now = dusk();
    scene.does(update("ann", Changes::default()));
    assert!(!scene.has("bob"));
}

#[test]
fn whatever_happens_next_a_guest_whose_connection_has_ended_is_out_and_the_others_hear_it_first() {
    let mut scene = Scene::open().guests(["cat"]);
    guest_until_dusk(&mut scene, "bob");
    scene.now = dusk();
    let told = scene.does(join("dan"));
    let left = gone("bob", 3, Departure::Disconnected);
    assert_eq!(told[..2], [hears("ann", left.clone()), hears("cat", left)]);
    assert_eq!(
        scene.member("dan").peer_id,
        peer(3),
        "its number is free again"
    );
    assert_eq!(told.len(), 5);
}

#[test]
fn a_seat_whose_connection_has_ended_is_free() {
    let full = Changes {
        max_players: Some(2),
        ..Changes::default()
    };
    let mut scene = Scene::open();
    guest_until_dusk(&mut scene, "bob");
    let mut scene = scene.changed(full);
    let refusal = Refusal::Full { lobby_id: friday() };
    assert_eq!(scene.refuses(join("cat")), refusal);
    scene.now = dusk();
    scene.does(join("cat"));
    assert!(scene.has("cat"));
}

#[test]
fn a_waiting_player_whose_connection_has_ended_waits_no_more() {
    let mut scene = Scene::ask();
    let passing = contact_until("bob", dusk());
    scene.does(join_as(passing, PasswordProof::Right));
    scene.now = dusk();
    let refusal = Refusal::RequestNotFound;
    assert_eq!(scene.refuses(accept("ann", "bob")), refusal);
    assert_eq!(scene.refuses(reject("ann", "bob")), refusal);
    scene.does(update("ann", Changes::default()));
    assert!(!scene.has_waiting("bob"));
}

#[test]
fn where_the_hosts_connection_has_ended_the_longest_present_is_host_and_hears_who_waits() {
    let mut scene = host_until_dusk(Scene::ask().guests(["cat", "bob"]).waiting(["dan"]));
    let told = scene.does(disconnect("eve"));
    let left = gone("ann", 1, Departure::Disconnected);
    let changed = Event::HostChanged {
        host: scene.member("cat"),
        term: 2,
    };
    let asks = Event::JoinRequested {
        by: contact("dan"),
        metadata: Metadata::new(),
    };
    let expected = [
        hears("bob", left.clone()),
        hears("cat", left),
        hears("bob", changed.clone()),
        hears("cat", changed),
        hears("cat", asks),
    ];
    assert_eq!(told, expected);
}

#[test]
fn a_request_reaches_the_new_host_where_the_old_ones_connection_has_ended() {
    let mut scene = host_until_dusk(Scene::ask().guests(["bob"]));
    let told = scene.does(join("cat"));
    let last = told.last().expect("somebody hears of it");
    assert_eq!(last.to, contact("bob"));
    assert!(matches!(&last.event, Event::JoinRequested { by, .. } if *by == contact("cat")));
}

#[test]
fn nobody_whose_connection_has_ended_becomes_host_even_for_a_moment() {
    let mut scene = Scene::ask();
    guest_until_dusk(&mut scene, "bob");
    let mut scene = host_until_dusk(scene.guests(["cat"]));
    let told = scene.does(disconnect("eve"));
    let changed = Event::HostChanged {
        host: scene.member("cat"),
        term: 2,
    };
    let expected = [
        hears("cat", gone("bob", 2, Departure::Disconnected)),
        hears("cat", gone("ann", 1, Departure::Disconnected)),
        hears("cat", changed),
    ];
    assert_eq!(told, expected);
    assert_eq!(scene.lobby().term, 2);
}

#[test]
fn whoever_is_swept_out_hears_nothing() {
    let mut scene = Scene::open().guests(["cat"]);
    guest_until_dusk(&mut scene, "bob");
    guest_until_dusk(&mut scene, "dan");
    scene.now = dusk();
    let told = scene.does(disconnect("eve"));
    let hearers: Vec<_> = told.iter().map(|notice| &notice.to.player_id).collect();
    let [ann, cat] = [&player("ann"), &player("cat")];
    assert_eq!(hearers, [ann, cat, ann, cat]);
}

#[test]
fn a_host_whose_connection_has_ended_governs_no_more() {
    let scene = host_until_dusk(Scene::ask().guests(["bob"]).waiting(["cat"]));
    assert_eq!(scene.refuses(accept("ann", "cat")), Refusal::NotInLobby);
    assert_eq!(scene.refuses(close("ann")), Refusal::NotInLobby);
}

#[test]
fn whoever_was_swept_out_may_come_in_again_from_a_new_connection() {
    let mut scene = Scene::open();
    guest_until_dusk(&mut scene, "bob");
    scene.now = dusk();
    let told = scene.does(join("bob"));
    assert_eq!(
        told[0],
        hears("ann", gone("bob", 2, Departure::Disconnected))
    );
    assert_eq!(scene.member("bob").contact, contact("bob"));
}

#[test]
fn a_lobby_whose_members_are_all_out_is_not_found() {
    let scene = host_until_dusk(Scene::ask());
    let not_found = Refusal::NotFound { lobby_id: friday() };
    assert_eq!(not_found.to_string(), "Lobby 'friday' not found.");
    let actions: [Action; 4] = [
        join("bob"),
        accept("ann", "bob"),
        update("ann", Changes::default()),
        close("ann"),
    ];
    for action in actions {
        assert_eq!(scene.refuses(action), not_found);
    }
}

#[test]
fn a_farewell_to_a_lobby_whose_members_are_all_out_ends_it_and_those_who_wait_hear_so() {
    let rejected = Event::JoinRejected {
        lobby_id: friday(),
        why: Ending::LobbyClosed,
    };
    let mut scene = host_until_dusk(Scene::ask().waiting(["bob"]));
    assert_eq!(scene.does(disconnect("ann")), [hears("bob", rejected)]);
    assert_eq!(scene.stored, None);
}

#[test]
fn whoever_takes_back_a_request_to_a_lobby_whose_members_are_all_out_hears_that_it_left() {
    let waiting = || host_until_dusk(Scene::ask().waiting(["bob"]));
    let left = Event::Left { lobby_id: friday() };
    let mut scene = waiting();
    assert_eq!(scene.does(leave("bob")), [hears("bob", left)]);
    assert_eq!(scene.stored, None);
    let mut scene = waiting();
    assert_eq!(
        scene.does(disconnect("bob")),
        [],
        "there is nobody to hear it"
    );
    assert_eq!(scene.stored, None);
}

#[test]
fn a_lobby_lasts_as_long_as_the_longest_connection_of_those_in_it_and_those_who_wait() {
    let mut scene = Scene::ask();
    assert_eq!(scene.lobby().expires_at(), contact("ann").expires_at);
    let late = contact("ann").expires_at + MINUTE;
    scene.does(join_as(contact_until("bob", late), PasswordProof::Right));
    assert_eq!(scene.lobby().expires_at(), late);
    let seated: Vec<_> = scene.lobby().seated().map(|seat| &seat.player_id).collect();
    assert_eq!(seated, [&player("ann"), &player("bob")]);
}

#[test]
fn opening_a_lobby_keeps_the_clock_out_of_the_order_of_presence() {
    // All of them come in the same millisecond.
    let open = Changes {
        join_policy: Some(JoinPolicy::Open),
        ..Changes::default()
    };
    let mut scene = Scene::ask().guests(["zoe"]).changed(open).guests(["bob"]);
    scene.does(leave("ann"));
    assert_eq!(scene.lobby().host, player("zoe"));
}
