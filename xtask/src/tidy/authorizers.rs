//! `terraform/authorizers.json` says which function guards which route: functions without routes and queues, and routes that
//! there are.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::{Map, Value};

use super::{Finding, line_of};
use crate::project::Project;

const FILE: &str = "terraform/authorizers.json";
const ROUTES: &str = "terraform/routes.json";
const CONSUMERS: &str = "terraform/consumers.json";

/// The one route on which API Gateway asks anybody, for a WebSocket.
const GUARDED: &str = "$connect";

pub(super) fn check(project: &Project) -> Result<Vec<Finding>> {
    let text = project.text(Path::new(FILE))?.unwrap_or_default();
    let mut others = Map::new();
    for file in [ROUTES, CONSUMERS] {
        let functions = project.text(Path::new(file))?.unwrap_or_default();
        let functions: Map<String, Value> = serde_json::from_str(&functions)
            .with_context(|| format!("{file} is to be an object of functions"))?;
        others.extend(functions);
    }
    let packages = project.packages.iter();
    let packages: Vec<_> = packages.map(|package| package.name.as_str()).collect();
    of_file(&text, &others, &packages)
}

fn of_file(text: &str, others: &Map<String, Value>, packages: &[&str]) -> Result<Vec<Finding>> {
    let guards: Map<String, Value> = serde_json::from_str(text)
        .with_context(|| format!("{FILE} is to be an object of functions and their routes"))?;
    let mut found = Vec::new();
    for (function, route) in &guards {
        let mut find = |problem, remedy: &str| {
            let line = line_of(text, &format!("\"{function}\""));
            found.push(Finding::new(FILE, line, problem, remedy));
        };
        if !packages.contains(&function.as_str()) {
            let problem = format!("there is no function `{function}`");
            find(
                problem,
                "write it under lambdas/, or let another guard the route",
            );
        }
        if others.contains_key(function) {
            let problem = format!("`{function}` has routes or a queue too");
            find(
                problem,
                "who lets players in does nothing else: make two functions of it",
            );
        }
        if route != GUARDED {
            let problem = format!("`{function}` guards {route}");
            find(problem, "API Gateway asks on `$connect` alone");
        }
    }
    if guards.len() > 1 {
        let problem = format!("{} functions guard one route", guards.len());
        let remedy = "API Gateway asks one function: keep one";
        found.push(Finding::new(FILE, line_of(text, "{"), problem, remedy));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn problems(text: &str) -> Vec<String> {
        let others = json!({ "lobby": [], "timer": "timers" });
        let others = others.as_object().expect("an object");
        let found = of_file(text, others, &["authorizer", "lobby", "timer"]).expect("it is read");
        found.into_iter().map(|finding| finding.problem).collect()
    }

    #[test]
    fn one_function_guards_the_route_of_connections() {
        assert_eq!(problems(r#"{"authorizer": "$connect"}"#), [""; 0]);
        assert_eq!(
            problems(r#"{"doorman": "$connect"}"#),
            ["there is no function `doorman`"]
        );
        assert_eq!(
            problems(r#"{"authorizer": "ping"}"#),
            ["`authorizer` guards \"ping\""]
        );
        for busy in ["lobby", "timer"] {
            assert_eq!(
                problems(&format!(r#"{{"{busy}": "$connect"}}"#)),
                [format!("`{busy}` has routes or a queue too")]
            );
        }
    }
}
