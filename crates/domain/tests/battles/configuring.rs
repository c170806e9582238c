//! Rules by their names, and how they come unless they are set.

use domain::Timestamp;
use domain::battle::{Game, Options, RulesName};

use crate::scene::DAWN;

#[test]
fn rules_are_known_by_the_names_that_players_spell() {
    let names: Vec<_> = RulesName::ALL.iter().map(|rules| rules.as_str()).collect();
    assert_eq!(names, ["score_attack", "noughts_and_crosses"]);
    for rules in RulesName::ALL {
        assert_eq!(RulesName::parse(rules.as_str()), Some(*rules));
    }
    assert_eq!(RulesName::parse("chess"), None);
    assert_eq!(RulesName::parse("Score_Attack"), None);
}

#[test]
fn a_game_knows_by_which_rules_it_is_played() {
    let now = Timestamp::from_millis(DAWN);
    for rules in RulesName::ALL {
        let game = Game::start(*rules, &Options::default(), now);
        assert_eq!(game.rules(), *rules);
        assert_eq!(
            game.decision(now),
            None,
            "nothing is decided at the beginning"
        );
    }
}

#[test]
fn unless_they_are_set_an_attack_costs_10_and_freezes_for_5_seconds_and_a_battle_takes_10_minutes()
{
    let options = Options::default();
    assert_eq!(options.attack_cost(), 10);
    assert_eq!(options.freeze_seconds(), 5);
    assert_eq!(options.battle_time().as_secs(), 600);
}

#[test]
fn unless_it_is_set_a_turn_takes_60_seconds() {
    assert_eq!(Options::default().turn_seconds(), 60);
}
