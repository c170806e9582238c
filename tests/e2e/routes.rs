//! `terraform/routes.json` and the protocol say the same.

use std::collections::{BTreeMap, BTreeSet};

use client::protocol::{Action, Actions, battle, connection, lobby, matchmaking, signalling};
use e2e::World;
use serde_json::json;

fn routes() -> BTreeMap<String, Vec<String>> {
    serde_json::from_str(include_str!("../../terraform/routes.json"))
        .expect("routes.json is a map of lists")
}

fn names(actions: &[&'static str]) -> BTreeSet<String> {
    actions.iter().map(ToString::to_string).collect()
}

#[test]
fn every_function_has_the_routes_of_its_actions_and_no_others() {
    let mut expected = BTreeMap::from([
        ("battle".to_owned(), names(battle::Action::NAMES)),
        ("connection".to_owned(), names(connection::Action::NAMES)),
        ("lobby".to_owned(), names(lobby::Action::NAMES)),
        ("matchmaking".to_owned(), names(matchmaking::Action::NAMES)),
        ("signalling".to_owned(), names(signalling::Action::NAMES)),
    ]);
    let platforms = ["$connect", "$default", "$disconnect"].map(str::to_owned);
    expected
        .get_mut("connection")
        .expect("just put there")
        .extend(platforms);
    let routed: BTreeMap<_, BTreeSet<_>> = routes()
        .into_iter()
        .map(|(function, routes)| (function, routes.into_iter().collect()))
        .collect();
    assert_eq!(routed, expected);
}

#[test]
fn no_route_stands_there_twice_and_all_are_in_order() {
    for (function, routes) in routes() {
        assert!(routes.is_sorted_by(|one, next| one < next), "{function}");
    }
}

#[tokio::test]
async fn every_route_leads_to_a_function_that_knows_its_action() {
    let world = World::start().await;
    let player = world.player("player").await;
    let routes: Vec<_> = routes().into_values().flatten().collect();
    for route in routes.iter().filter(|route| !route.starts_with('$')) {
        assert!(Action::is_known(route));
        // Nothing takes such a field, so nothing is done: but only who knows the action can say that.
        let message = json!({"action": route, "content": {"no such field": 1}});
        let answer = player.asks(message).await;
        let code = &answer.json["content"]["code"];
        assert_eq!(code, "unknown_field", "{route}: {}", answer.text);
    }
    world.ends().await;
}
