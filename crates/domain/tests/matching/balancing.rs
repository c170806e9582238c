//! Whose team is how strong.

use crate::scene::{Scene, party, says, skilled};
use domain::matchmaking::{Attribute, Match};

const SKILL: &str = r#""rules":[{"kind":"distance","attribute":"skill","most":10000}]"#;

fn sums(found: &Match) -> Vec<i64> {
    let mut sums = vec![0; 2];
    for placed in &found.placed {
        let skill = match placed.ticket.attributes.get("skill") {
            Some(Attribute::Number(skill)) => *skill,
            other => panic!("no skill: {other:?}"),
        };
        let players = i64::try_from(placed.ticket.players.len()).expect("few");
        sums[placed.team.get() as usize - 1] += skill * players;
    }
    sums
}

#[test]
fn the_best_are_not_all_on_one_team() {
    let scene = Scene::of(&format!(
        r#""teams":2,"team_size":{{"min":2,"max":2}},{SKILL}"#
    ));
    let scene = scene.waits(skilled("ann", 10)).waits(skilled("bob", 9));
    let scene = scene.waits(skilled("cat", 2)).waits(skilled("dan", 1));
    assert_eq!(scene.matched(), ["ann dan | bob cat"]);
}

#[test]
fn numbers_below_zero_are_balanced_as_well() {
    let scene = Scene::of(&format!(
        r#""teams":2,"team_size":{{"min":2,"max":2}},{SKILL}"#
    ));
    let scene = scene.waits(skilled("ann", -10)).waits(skilled("bob", -9));
    let scene = scene.waits(skilled("cat", -2)).waits(skilled("dan", -1));
    assert_eq!(sums(&scene.plan().found[0]), [-11, -11]);
}

#[test]
fn a_party_is_made_up_for_by_the_others() {
    let scene = Scene::of(&format!(
        r#""teams":2,"team_size":{{"min":3,"max":3}},{SKILL}"#
    ));
    let strong = says(party(["ann", "bob"]), "skill", Attribute::Number(100));
    let scene = scene
        .waits(strong)
        .waits(skilled("cat", 90))
        .waits(skilled("dan", 80));
    let scene = scene.waits(skilled("eve", 70)).waits(skilled("fay", 10));
    assert_eq!(scene.matched(), ["ann bob fay | cat dan eve"]);
}

#[test]
fn sizes_are_as_even_as_can_be_before_anything_else() {
    let some = r#""teams":2,"team_size":{"min":1,"max":4}"#;
    let scene = Scene::of(&format!("{some},{SKILL}")).waits(skilled("ann", 5_000));
    let scene = scene.waits(skilled("bob", 1)).waits(skilled("cat", 1));
    let scene = scene.waits(skilled("dan", 1)).waits(skilled("eve", 1));
    let found = &scene.plan().found[0];
    let first = found.placed.iter().filter(|placed| placed.team.get() == 1);
    assert!([2, 3].contains(&first.count()), "{found:?}");
}
