//! The list of routes, and which of them a message takes.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::Value;
use thiserror::Error;

use crate::integration::Integration;

/// The route of an upgrade.
pub(crate) const CONNECT: &str = "$connect";
/// The route of a connection's end.
pub(crate) const DISCONNECT: &str = "$disconnect";
/// The route of every message that names no other.
pub(crate) const DEFAULT: &str = "$default";

/// Which function each route key leads to, as `terraform/routes.json` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routes {
    functions: BTreeMap<String, String>,
}

/// Why a list of routes is refused.
#[derive(Debug, Error)]
pub enum RoutesError {
    /// Not JSON, or not an object of lists of strings.
    #[error("the routes are not an object of function names with lists of route keys")]
    Malformed(#[source] serde_json::Error),
    /// One function stands there twice.
    #[error("the function '{function}' stands in the routes twice")]
    FunctionTwice {
        /// The function's name.
        function: String,
    },
    /// One route key stands there twice.
    #[error("the route '{route}' leads to '{first}' and to '{second}'; a route has one function")]
    RouteTwice {
        /// The route key.
        route: String,
        /// The function that has it first.
        first: String,
        /// The function that has it again.
        second: String,
    },
    /// A function that nobody gave to the server.
    #[error(
        "the routes name the function '{function}', which this server does not have; it has: {known}"
    )]
    UnknownFunction {
        /// The function's name.
        function: String,
        /// The names of those that the server has.
        known: String,
    },
    /// A function that the routes do not name.
    #[error("no route leads to the function '{function}'")]
    Unreachable {
        /// The function's name.
        function: String,
    },
}

impl Routes {
    /// Reads the text of `routes.json`: an object of function names with lists of route keys.
    ///
    /// # Errors
    /// [`RoutesError`] where the text has another shape, or names a function or a route key twice.
    pub fn parse(text: &str) -> Result<Self, RoutesError> {
        let Pairs(pairs) = serde_json::from_str(text).map_err(RoutesError::Malformed)?;
        let mut seen = BTreeSet::new();
        let mut functions = BTreeMap::new();
        for (function, routes) in pairs {
            if !seen.insert(function.clone()) {
                return Err(RoutesError::FunctionTwice { function });
            }
            for route in routes {
                if let Some(first) = functions.insert(route.clone(), function.clone()) {
                    return Err(RoutesError::RouteTwice {
                        route,
                        first,
                        second: function,
                    });
                }
            }
        }
        Ok(Self { functions })
    }

    /// The names of the functions, in order.
    #[must_use]
    pub fn functions(&self) -> BTreeSet<&str> {
        self.functions.values().map(String::as_str).collect()
    }
}

/// The routes with their integrations behind them.
pub(crate) struct RouteTable {
    integrations: BTreeMap<String, Arc<dyn Integration>>,
}

/// The route that was chosen.
pub(crate) struct Route<'a> {
    pub(crate) key: &'a str,
    pub(crate) integration: &'a dyn Integration,
}

impl RouteTable {
    /// Puts each function's integration behind its routes.
    pub(crate) fn new(
        routes: &Routes,
        integrations: &BTreeMap<String, Arc<dyn Integration>>,
    ) -> Result<Self, RoutesError> {
        let named = routes.functions();
        if let Some(function) = integrations
            .keys()
            .find(|name| !named.contains(name.as_str()))
        {
            return Err(RoutesError::Unreachable {
                function: function.clone(),
            });
        }
        let behind = |(route, function): (&String, &String)| match integrations.get(function) {
            Some(integration) => Ok((route.clone(), Arc::clone(integration))),
            None => Err(RoutesError::UnknownFunction {
                function: function.clone(),
                known: integrations
                    .keys()
                    .map(String::as_str)
                    .collect::<Vec<_>>()
                    .join(", "),
            }),
        };
        let integrations = routes
            .functions
            .iter()
            .map(behind)
            .collect::<Result<_, _>>()?;
        Ok(Self { integrations })
    }

    /// The route with exactly this key.
    pub(crate) fn get(&self, key: &str) -> Option<Route<'_>> {
        let (key, integration) = self.integrations.get_key_value(key)?;
        Some(Route {
            key,
            integration: integration.as_ref(),
        })
    }

    /// The route of a text message: the one that its `action` names, else `$default`, if there is one.
    pub(crate) fn of_text(&self, text: &str) -> Option<Route<'_>> {
        action(text)
            // A client that sends "$disconnect" as its action has not disconnected.
            .filter(|action| !action.starts_with('$'))
            .and_then(|action| self.get(&action))
            .or_else(|| self.get(DEFAULT))
    }
}

/// `$request.body.action`, where the body is a JSON object and its action a string.
fn action(text: &str) -> Option<String> {
    serde_json::from_str::<Selected>(text).ok()?.0
}

/// Reads nothing but the action: how deep the rest is nested is the function's business.
struct Selected(Option<String>);

impl<'de> Deserialize<'de> for Selected {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // By hand: a derived struct would take the array ["ping"] for {"action":"ping"}.
        deserializer.deserialize_map(SelectedVisitor)
    }
}

struct SelectedVisitor;

impl<'de> Visitor<'de> for SelectedVisitor {
    type Value = Selected;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Selected, A::Error> {
        let mut action = None;
        while let Some(key) = map.next_key::<String>()? {
            if key == "action" {
                action = map.next_value::<Value>()?.as_str().map(str::to_owned);
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(Selected(action))
    }
}

/// The members of the object in the order in which they stand there, repeated ones included.
struct Pairs(Vec<(String, Vec<String>)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PairsVisitor)
    }
}

struct PairsVisitor;

impl<'de> Visitor<'de> for PairsVisitor {
    type Value = Pairs;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of function names with lists of route keys")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(Pairs(pairs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::integration::IntegrationResponse;

    const ROUTES: &str =
        r#"{"connection":["$connect","$default","$disconnect","ping"],"lobby":["start_lobby"]}"#;

    fn table(text: &str, functions: &[&str]) -> Result<RouteTable, RoutesError> {
        let integration: Arc<dyn Integration> =
            Arc::new(|_: Value| async { Ok(IntegrationResponse::default()) });
        let integrations = functions
            .iter()
            .map(|name| ((*name).to_owned(), Arc::clone(&integration)))
            .collect();
        RouteTable::new(&Routes::parse(text)?, &integrations)
    }

    fn refusal(text: &str, functions: &[&str]) -> String {
        table(text, functions)
            .err()
            .expect("it is refused")
            .to_string()
    }

    fn route_of(message: &str) -> String {
        let table = table(ROUTES, &["connection", "lobby"]).expect("the routes are fine");
        table
            .of_text(message)
            .expect("there is a $default")
            .key
            .to_owned()
    }

    #[test]
    fn a_route_that_stands_there_twice_is_refused() {
        let twice = r#"{"connection":["ping"],"lobby":["ping"]}"#;
        assert_eq!(
            refusal(twice, &["connection", "lobby"]),
            "the route 'ping' leads to 'connection' and to 'lobby'; a route has one function"
        );
    }

    #[test]
    fn a_function_that_stands_there_twice_is_refused() {
        let twice = r#"{"lobby":["ping"],"lobby":["pong"]}"#;
        assert_eq!(
            refusal(twice, &["lobby"]),
            "the function 'lobby' stands in the routes twice"
        );
    }

    #[test]
    fn a_function_that_the_server_does_not_have_is_refused() {
        assert_eq!(
            refusal(ROUTES, &["connection"]),
            "the routes name the function 'lobby', which this server does not have; it has: connection"
        );
    }

    #[test]
    fn a_function_that_no_route_leads_to_is_refused() {
        assert_eq!(
            refusal(ROUTES, &["battle", "connection", "lobby"]),
            "no route leads to the function 'battle'"
        );
    }

    #[test]
    fn routes_that_are_no_object_of_lists_are_refused() {
        for text in ["", "[]", r#"{"lobby":"ping"}"#, r#"{"lobby":[1]}"#] {
            let refused = Routes::parse(text);
            assert!(
                matches!(refused, Err(RoutesError::Malformed(_))),
                "{text}: {refused:?}"
            );
        }
    }

    #[test]
    fn a_message_takes_the_route_that_its_action_names() {
        assert_eq!(
            route_of(r#"{"action":"start_lobby","content":{}}"#),
            "start_lobby"
        );
        assert_eq!(
            route_of(r#" {"id":"1", "content":{"action":"x"}, "action":"ping"} "#),
            "ping"
        );
    }

    #[test]
    fn a_message_that_names_no_route_takes_the_default() {
        for message in [
            "",
            "hello",
            "null",
            r#""ping""#,
            r#"["ping"]"#,
            "{}",
            r#"{"action":null}"#,
            r#"{"action":7}"#,
            r#"{"action":"fly"}"#,
            r#"{"action":"ping"} trailing"#,
        ] {
            assert_eq!(route_of(message), "$default", "{message}");
        }
    }

    #[test]
    fn no_action_reaches_the_routes_of_the_platform() {
        for action in ["$connect", "$disconnect", "$default"] {
            assert_eq!(route_of(&format!(r#"{{"action":"{action}"}}"#)), "$default");
        }
    }

    #[test]
    fn a_deeply_nested_message_takes_the_route_of_its_action() {
        let depth = 60_000;
        let nested = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(
            route_of(&format!(r#"{{"content":{nested},"action":"ping"}}"#)),
            "ping"
        );
    }

    #[test]
    fn without_a_default_an_unknown_action_has_no_route() {
        let table = table(r#"{"connection":["ping"]}"#, &["connection"]).expect("fine");
        assert!(table.of_text(r#"{"action":"fly"}"#).is_none());
    }
}
