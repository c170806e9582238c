//! `terraform/routes.json` is the one list of routes: in order, and the same as the protocol's.

use std::fmt;
use std::path::Path;

use anyhow::{Context as _, Result};
use protocol::{Actions, battle, connection, lobby, matchmaking, signalling};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

use super::{Finding, line_of};
use crate::project::Project;

const FILE: &str = "terraform/routes.json";

/// What the platform calls by itself.
const PLATFORM: &[&str] = &["$connect", "$default", "$disconnect"];

pub(super) fn check(project: &Project) -> Result<Vec<Finding>> {
    let text = project.text(Path::new(FILE))?.unwrap_or_default();
    let routes: Routes = serde_json::from_str(&text)
        .with_context(|| format!("{FILE} is to be an object of lists of route keys"))?;
    let mut found = order(&text, &routes);
    let actions = [
        ("battle", battle::Action::NAMES),
        ("connection", connection::Action::NAMES),
        ("lobby", lobby::Action::NAMES),
        ("matchmaking", matchmaking::Action::NAMES),
        ("signalling", signalling::Action::NAMES),
    ];
    found.extend(known(&text, &routes, &actions));
    for (function, _) in &routes.0 {
        if !project
            .packages
            .iter()
            .any(|package| package.name == *function)
        {
            found.push(Finding::new(
                FILE,
                line_of(&text, &format!("\"{function}\"")),
                format!("there is no function `{function}`"),
                format!("write lambdas/{function}, or give its routes to another"),
            ));
        }
    }
    Ok(found)
}

fn order(text: &str, routes: &Routes) -> Vec<Finding> {
    let functions = routes.0.iter().map(|(function, _)| function);
    let levels = std::iter::once(functions.collect::<Vec<_>>())
        .chain(routes.0.iter().map(|(_, keys)| keys.iter().collect()));
    let out_of_order = levels.flat_map(|names| {
        let pairs = names.windows(2).filter(|pair| pair[0] >= pair[1]);
        pairs
            .map(|pair| (pair[0].clone(), pair[1].clone()))
            .collect::<Vec<_>>()
    });
    out_of_order
        .map(|(first, second)| {
            Finding::new(
                FILE,
                line_of(text, &format!("\"{second}\"")),
                format!("`{second}` stands after `{first}`"),
                "sort functions and route keys, each once",
            )
        })
        .collect()
}

fn known(text: &str, routes: &Routes, actions: &[(&str, &[&str])]) -> Vec<Finding> {
    let mut found = Vec::new();
    for (function, keys) in &routes.0 {
        let own = actions.iter().find(|(name, _)| name == function);
        let own = own.map_or::<&[&str], _>(&[], |(_, names)| names);
        for key in keys {
            if !own.contains(&key.as_str()) && !PLATFORM.contains(&key.as_str()) {
                found.push(Finding::new(
                    FILE,
                    line_of(text, &format!("\"{key}\"")),
                    format!("`{function}` has no action `{key}` in the protocol"),
                    "add it to crates/protocol, or remove the route",
                ));
            }
        }
    }
    let is_routed = |function: &str, key: &str| {
        let keys = routes.0.iter().find(|(name, _)| name == function);
        keys.is_some_and(|(_, keys)| keys.iter().any(|other| other == key))
    };
    for (function, names) in actions {
        for name in names.iter().filter(|name| !is_routed(function, name)) {
            found.push(Finding::new(
                FILE,
                line_of(text, &format!("\"{function}\"")),
                format!("the action `{name}` has no route to `{function}`"),
                "add it to the function's list",
            ));
        }
    }
    for key in PLATFORM {
        let times = routes
            .0
            .iter()
            .flat_map(|(_, keys)| keys)
            .filter(|other| other == key);
        if times.count() != 1 {
            found.push(Finding::new(
                FILE,
                line_of(text, key),
                format!("`{key}` needs one function"),
                "list it once",
            ));
        }
    }
    found
}

/// The file as it is written: a map would forget the order and the doubles.
struct Routes(Vec<(String, Vec<String>)>);

impl<'de> Deserialize<'de> for Routes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Routes;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of lists of route keys")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Routes, A::Error> {
                let mut routes = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    routes.push(entry);
                }
                Ok(Routes(routes))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Routes {
        serde_json::from_str(text).expect("routes")
    }

    #[test]
    fn both_levels_are_sorted_and_nothing_stands_twice() {
        let sorted = r#"{"a": ["$connect", "x", "y"], "b": ["c"]}"#;
        assert!(order(sorted, &read(sorted)).is_empty());
        for text in [
            r#"{"b": [], "a": []}"#,
            r#"{"a": ["y", "x"]}"#,
            r#"{"a": ["x", "x"]}"#,
            r#"{"a": [], "a": []}"#,
        ] {
            assert_eq!(order(text, &read(text)).len(), 1, "{text}");
        }
    }

    #[test]
    fn routes_and_actions_are_the_same() {
        let platform = r#""$connect", "$default", "$disconnect""#;
        let actions: &[(&str, &[&str])] = &[("a", &["x"])];
        let complete = format!(r#"{{"a": [{platform}, "x"]}}"#);
        assert!(known(&complete, &read(&complete), actions).is_empty());
        let lacks_an_action = format!(r#"{{"a": [{platform}]}}"#);
        assert_eq!(
            known(&lacks_an_action, &read(&lacks_an_action), actions).len(),
            1
        );
        let has_a_stranger = format!(r#"{{"a": [{platform}, "x", "z"]}}"#);
        assert_eq!(
            known(&has_a_stranger, &read(&has_a_stranger), actions).len(),
            1
        );
        let lacks_the_platform = r#"{"a": ["x"]}"#;
        assert_eq!(
            known(lacks_the_platform, &read(lacks_the_platform), actions).len(),
            3
        );
    }
}
