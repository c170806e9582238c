//! Many at once, and what is not given up for their sake.

use domain::matchmaking::{Attribute, Match, Ticket};

use crate::scene::{Scene, located, party, says, skilled, solo};

fn crowd(scene: Scene, count: usize, ticket: impl Fn(&str, usize) -> Ticket) -> Scene {
    (0..count).fold(scene, |scene, number| {
        let name = format!("p{number:0>5}");
        scene.waits(ticket(&name, number))
    })
}

#[test]
fn a_crowd_of_equals_is_matched_strictly_in_order() {
    let scene = crowd(Scene::duels(""), 5_001, |name, _| solo(name));
    let expected: Vec<_> = (0..2_500)
        .map(|pair| format!("p{:0>5} | p{:0>5}", pair * 2, pair * 2 + 1))
        .collect();
    assert_eq!(scene.matched(), expected);
}

#[test]
fn a_crowd_by_skill_leaves_nobody_who_could_have_been_matched() {
    let skill = r#"{"kind":"distance","attribute":"skill","most":50}"#;
    let far_apart = |number: usize| i64::try_from(number * 7_919 % 100_003).expect("small");
    let scene = crowd(Scene::duels(skill), 3_000, |name, number| {
        skilled(name, far_apart(number))
    });
    let plan = scene.plan();
    let matched = plan.found.iter().flat_map(Match::tickets);
    let matched: std::collections::BTreeSet<_> =
        matched.map(|ticket| ticket.ticket_id.clone()).collect();
    let left = scene
        .tickets
        .iter()
        .filter(|ticket| !matched.contains(&ticket.ticket_id));
    let mut left: Vec<_> = left
        .map(|ticket| match ticket.attributes.get("skill") {
            Some(Attribute::Number(skill)) => *skill,
            other => panic!("no skill: {other:?}"),
        })
        .collect();
    left.sort_unstable();
    assert!(
        left.windows(2).all(|pair| pair[1] - pair[0] > 50),
        "{left:?}"
    );
}

#[test]
fn two_from_far_away_find_each_other_behind_a_crowd() {
    let region = r#"{"kind":"common_region","most":80}"#;
    let scene = Scene::duels(region).waits(located("ann", [("au", 20), ("eu", 300)]));
    // None of these gets on with her or with each other, so that all of them stand in front for ever.
    let scene = crowd(scene, 2_000, |name, _| located(name, [("eu", 100)]));
    let scene = scene.waits(located("bob", [("au", 30), ("eu", 290)]));
    assert_eq!(scene.matched(), ["ann | bob"]);
}

#[test]
fn a_crowd_of_parties_that_cannot_fill_the_teams_does_not_hold_up_the_pass() {
    let big = Scene::of(r#""teams":4,"team_size":{"min":7,"max":8}"#);
    let scene = crowd(big, 400, |name, _| {
        says(
            party([name, &format!("{name}a"), &format!("{name}b")]),
            "x",
            Attribute::Number(1),
        )
    });
    assert!(
        scene.matched().is_empty(),
        "two parties of three leave seats that only fewer fill"
    );
}
