//! What is said of a configuration that cannot be.

use domain::battle::RulesName;
use domain::matchmaking::{Limit, MAX_BYTES, Queues, RuleKind};
use ids::QueueName;

/// What is wrong with a queue that has these fields besides its name, teams and size.
#[track_caller]
fn refused(fields: &str) -> String {
    refused_as_a_whole(&format!(
        r#"[{{"name":"x","teams":2,"team_size":{{"min":1,"max":1}},{fields}}}]"#
    ))
}

#[track_caller]
fn refused_as_a_whole(json: &str) -> String {
    Queues::parse(json).expect_err("it cannot be").to_string()
}

fn rule(fields: &str) -> String {
    refused(&format!(r#""rules":[{{{fields}}}]"#))
}

#[test]
fn one_against_one_and_by_skill_are_there_without_any_configuration() {
    let queues = Queues::shipped();
    let names: Vec<_> = queues.names().map(QueueName::as_str).collect();
    assert_eq!(names, ["1v1", "ranked"]);
    let get = |name| {
        queues
            .get(&QueueName::parse(name).expect("a name"))
            .expect("it is there")
    };
    assert!(get("1v1").rules.is_empty() && get("1v1").acceptance_seconds.is_none());
    assert_eq!(get("1v1").give_up_seconds, 300);
    let skill = &get("ranked").rules[0];
    let limits = [0, 4, 5, 10, 20, 40].map(|seconds| skill.limit(seconds * 1_000));
    let most = [100, 100, 200, 400, 1_000].map(Limit::Most);
    assert_eq!(limits[..5], most);
    assert_eq!(
        (skill.kind, limits[5]),
        (RuleKind::Distance, Limit::Unlimited)
    );
}

#[test]
fn a_queue_can_start_a_battle() {
    let json = r#"[{"name":"x","teams":2,"team_size":{"min":1,"max":1},
        "battle":{"rules":"noughts_and_crosses","options":{"turn_seconds":20}}}]"#;
    let queues = Queues::parse(json).expect("it can be");
    let queue = queues
        .get(&QueueName::parse("x").expect("a name"))
        .expect("it is there");
    let battle = queue.battle.as_ref().expect("it starts one");
    assert_eq!(battle.rules, RulesName::NoughtsAndCrosses);
    assert_eq!(battle.options.turn_seconds, Some(20));
}

#[test]
fn what_is_no_list_of_queues_is_refused() {
    let empty = "The queues must be a list in square brackets, with one queue in it at least.";
    for json in ["{}", "[]", "7", "null"] {
        assert_eq!(refused_as_a_whole(json), empty);
    }
    let garbled = refused_as_a_whole("[{");
    assert!(
        garbled.starts_with("The queues are not JSON: "),
        "{garbled}"
    );
}

#[test]
fn more_than_travels_in_an_environment_is_refused() {
    let json = " ".repeat(MAX_BYTES + 1);
    assert_eq!(
        refused_as_a_whole(&json),
        "The queues are 2501 bytes of JSON, and 2500 is the most: leave out spaces, rules or queues."
    );
}

#[test]
fn each_field_that_is_wrong_is_named_with_its_queue_and_what_it_must_be() {
    let sentences = [
        (
            "[7]",
            "Queue number 1: it must be an object in curly brackets, but is 7.",
        ),
        (
            r#"[{"teams":2}]"#,
            "Queue number 1: name is missing: it must be a text in quotes.",
        ),
        (
            r#"[{"name":"Duel!"}]"#,
            "Queue Duel!: name must be 1 to 32 characters out of a-z, 0-9, _ and -, but is \"Duel!\".",
        ),
        (
            r#"[{"name":"x","teams":0}]"#,
            "Queue x: teams must be a whole number from 1 to 32, but is 0.",
        ),
        (
            r#"[{"name":"x","teams":2}]"#,
            "Queue x: team_size is missing: it must be an object in curly brackets.",
        ),
        (
            r#"[{"name":"x","teams":5,"team_size":{"min":1,"max":7}}]"#,
            "Queue x: team_size.max must be a whole number from 1 to 6: a match has 32 players at most, and this one 5 teams.",
        ),
        (
            r#"[{"name":"x","teams":2,"team_size":{"min":3,"max":2}}]"#,
            "Queue x: team_size.min must be a whole number from 1 to 2, but is 3.",
        ),
        (
            r#"[{"name":"x","teams":1,"team_size":{"min":1,"max":2}}]"#,
            "Queue x: team_size.min must be 2 at least where there is one team: nobody is matched with nobody.",
        ),
        (
            r#"[{"name":"x","teams":2,"team_size":{"min":1,"max":1}},{"name":"x","teams":2,"team_size":{"min":1,"max":1}}]"#,
            "Queue x: name is used twice: give each queue a name of its own.",
        ),
    ];
    for (json, sentence) in sentences {
        assert_eq!(refused_as_a_whole(json), sentence);
    }
}

#[test]
fn the_times_of_a_queue_are_bounded() {
    assert_eq!(
        refused(r#""give_up_seconds":7201"#),
        "Queue x: give_up_seconds must be a whole number from 1 to 7200, but is 7201."
    );
    assert_eq!(
        refused(r#""acceptance_seconds":1.5"#),
        "Queue x: acceptance_seconds must be a whole number from 1 to 300, but is 1.5."
    );
}

#[test]
fn a_field_that_there_is_not_is_refused_with_those_that_there_are() {
    assert_eq!(
        refused(r#""acceptance":5"#),
        "Queue x: acceptance is no field here: leave it out, or use one of name, teams, team_size, rules, \
         acceptance_seconds, give_up_seconds, battle."
    );
    assert_eq!(
        rule(r#""kind":"equal","attribute":"mode","most":3"#),
        "Queue x: rules[0].most is no field here: leave it out, or use one of kind, attribute, widen."
    );
}

#[test]
fn rules_are_checked_one_by_one() {
    assert_eq!(
        rule(r#""kind":"near""#),
        "Queue x: rules[0].kind must be one of distance, latency_sum, common_region, equal, blocklist, but is \"near\"."
    );
    assert_eq!(
        rule(r#""kind":"distance","attribute":"skill""#),
        "Queue x: rules[0].most is missing: it must be a whole number from 0 to 2000000000."
    );
    assert_eq!(
        rule(r#""kind":"distance","attribute":"","most":1"#),
        "Queue x: rules[0].attribute must have 1 to 32 characters, but has 0."
    );
    assert_eq!(
        rule(r#""kind":"distance","most":1"#),
        "Queue x: rules[0].attribute is missing: it must be a text in quotes."
    );
    let twice = r#"{"kind":"latency_sum","most":1}"#;
    assert_eq!(
        refused(&format!(r#""rules":[{twice},{twice}]"#)),
        "Queue x: rules[1].kind says the same as a rule before it (latency_sum on latency_ms): leave one out."
    );
    let many = ["{}"; 9].join(",");
    assert!(
        refused(&format!(r#""rules":[{many}]"#))
            .starts_with("Queue x: rules must be a list of 8 at most")
    );
}

#[test]
fn a_rule_widens_later_and_further_with_each_step() {
    let widen = |steps: &str| {
        rule(&format!(
            r#""kind":"distance","attribute":"skill","most":100,"widen":[{steps}]"#
        ))
    };
    assert_eq!(
        widen(r#"{"after_seconds":0,"most":200}"#),
        "Queue x: rules[0].widen[0].after_seconds must be a whole number from 1 to 300, but is 0."
    );
    assert_eq!(
        widen(r#"{"after_seconds":5,"most":200},{"after_seconds":5,"most":300}"#),
        "Queue x: rules[0].widen[1].after_seconds must be more than the 5 of the step before, but is 5."
    );
    let tighter = "must be more than in the step before, or null, which lifts the rule.";
    assert_eq!(
        widen(r#"{"after_seconds":5,"most":100}"#),
        format!("Queue x: rules[0].widen[0].most {tighter}")
    );
    assert_eq!(
        widen(r#"{"after_seconds":5,"most":null},{"after_seconds":6,"most":null}"#),
        format!("Queue x: rules[0].widen[1].most {tighter}")
    );
    assert_eq!(
        rule(r#""kind":"equal","attribute":"mode","widen":[{"after_seconds":5,"most":1}]"#),
        "Queue x: rules[0].widen[0].most must be null, which lifts the rule: equal has no measure."
    );
}

#[test]
fn a_battle_that_there_is_not_is_refused() {
    assert_eq!(
        refused(r#""battle":{"rules":"chess"}"#),
        "Queue x: battle.rules must be score_attack or noughts_and_crosses, but is \"chess\"."
    );
    assert_eq!(
        refused(r#""battle":{"rules":"score_attack","options":{"freeze_seconds":61}}"#),
        "Queue x: battle.options.freeze_seconds must be a whole number from 1 to 60, but is 61."
    );
    let who = refused(r#""battle":{"rules":"score_attack","options":{"players":[1,2]}}"#);
    assert!(
        who.starts_with("Queue x: battle.options.players is no field here"),
        "{who}"
    );
}
