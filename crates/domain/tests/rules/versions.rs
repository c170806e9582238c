//! Versions: one up with each change and each word of one, none otherwise.

use std::time::Duration;

use domain::lobby::{Action, Ban, Changes, PasswordProof};

use crate::scene::{
    Scene, accept, contact_until, disconnect, join, join_as, kick, leave, reject, update,
};

const MINUTE: Duration = Duration::from_mins(1);

fn rename(name: &str) -> Action {
    let changes = Changes {
        name: Some(name.to_owned()),
        ..Changes::default()
    };
    update("ann", changes)
}

#[test]
fn each_change_takes_the_version_one_up() {
    let mut scene = Scene::ask();
    let changes = [
        join("bob"),
        join("cat"),
        join("dan"),
        accept("ann", "bob"),
        reject("ann", "cat"),
        accept("ann", "dan"),
        rename("Friday night"),
        join("cat"),
        leave("cat"),
        kick("ann", "dan", Ban::Yes),
        leave("ann"),
    ];
    for (number, action) in (2..).zip(changes) {
        scene.does(action.clone());
        assert_eq!(scene.lobby().version, number, "after {action:?}");
    }
}

#[test]
fn what_is_heard_takes_the_version_one_up_even_where_nothing_changes() {
    let mut scene = Scene::ask().guests(["bob"]).waiting(["cat"]);
    scene.does(rename("Friday night"));
    let version = scene.lobby().version;
    let repeats = [
        join("cat"),
        accept("ann", "bob"),
        rename("Friday night"),
        update("ann", Changes::default()),
    ];
    for (number, action) in (version + 1..).zip(repeats) {
        scene.does(action.clone());
        assert_eq!(scene.lobby().version, number, "after {action:?}");
    }
}

#[test]
fn what_nobody_hears_of_leaves_the_version_as_it_is() {
    let mut scene = Scene::ask().guests(["bob"]).waiting(["cat"]);
    let version = scene.lobby().version;
    for action in [accept("ann", "ann"), disconnect("eve")] {
        scene.does(action.clone());
        assert_eq!(scene.lobby().version, version, "after {action:?}");
    }
}

#[test]
fn sweeping_and_acting_in_one_step_are_one_change() {
    let mut scene = Scene::open();
    let dusk = scene.now + MINUTE;
    for name in ["bob", "cat"] {
        let passing = contact_until(name, dusk);
        scene.does(join_as(passing, PasswordProof::Right));
    }
    let version = scene.lobby().version;
    scene.now = dusk;
    scene.does(join("dan"));
    assert_eq!(scene.lobby().version, version + 1);
}

#[test]
fn sweeping_alone_is_a_change() {
    let mut scene = Scene::open();
    let dusk = scene.now + MINUTE;
    scene.does(join_as(contact_until("bob", dusk), PasswordProof::Right));
    let version = scene.lobby().version;
    scene.now = dusk;
    scene.does(disconnect("bob"));
    assert_eq!(scene.lobby().version, version + 1);
}

#[test]
fn the_era_and_the_time_of_opening_never_change() {
    let scene = Scene::ask().guests(["bob"]);
    let fresh = Scene::ask();
    assert_eq!(scene.lobby().era, fresh.lobby().era);
    assert_eq!(scene.lobby().created_at, fresh.lobby().created_at);
}
