//! `terraform/consumers.json` says which function is driven by which queue: in order, and functions without routes.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::{Map, Value};

use super::{Finding, line_of};
use crate::project::Project;

const FILE: &str = "terraform/consumers.json";
const ROUTES: &str = "terraform/routes.json";

pub(super) fn check(project: &Project) -> Result<Vec<Finding>> {
    let text = project.text(Path::new(FILE))?.unwrap_or_default();
    let routes = project.text(Path::new(ROUTES))?.unwrap_or_default();
    let routes: Map<String, Value> = serde_json::from_str(&routes)
        .with_context(|| format!("{ROUTES} is to be an object of lists of route keys"))?;
    let packages = project.packages.iter();
    let packages: Vec<_> = packages.map(|package| package.name.as_str()).collect();
    of_file(&text, &routes, &packages)
}

fn of_file(text: &str, routes: &Map<String, Value>, packages: &[&str]) -> Result<Vec<Finding>> {
    let consumers: Map<String, Value> = serde_json::from_str(text)
        .with_context(|| format!("{FILE} is to be an object of functions and their queues"))?;
    let mut found = Vec::new();
    for function in consumers.keys() {
        let line = line_of(text, &format!("\"{function}\""));
        if !packages.contains(&function.as_str()) {
            found.push(Finding::new(
                FILE,
                line,
                format!("there is no function `{function}`"),
                format!("write lambdas/{function}, or give its queue to another"),
            ));
        }
        if routes.contains_key(function) {
            found.push(Finding::new(
                FILE,
                line,
                format!("`{function}` has routes too"),
                "a function's events come from routes or from a queue: make two functions of it",
            ));
        }
    }
    let lines: Vec<_> = text.lines().filter(|line| line.contains(':')).collect();
    for pair in lines.windows(2).filter(|pair| pair[0] >= pair[1]) {
        found.push(Finding::new(
            FILE,
            line_of(text, pair[1]),
            format!("`{}` stands after `{}`", pair[1].trim(), pair[0].trim()),
            "sort the functions, each once and on a line of its own",
        ));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn problems(text: &str) -> Vec<String> {
        let routes = json!({ "lobby": [] });
        let routes = routes.as_object().expect("an object");
        let found = of_file(text, routes, &["lobby", "matchmaker", "timer"]).expect("it is read");
        found.into_iter().map(|finding| finding.problem).collect()
    }

    #[test]
    fn functions_that_queues_drive_stand_in_order() {
        let sorted = "{\n  \"matchmaker\": \"ticks\",\n  \"timer\": \"timers\"\n}\n";
        assert_eq!(problems(sorted), [""; 0]);
        let turned = "{\n  \"timer\": \"timers\",\n  \"matchmaker\": \"ticks\"\n}\n";
        assert_eq!(problems(turned).len(), 1);
    }

    #[test]
    fn a_function_that_is_not_there_or_has_routes_is_found() {
        assert_eq!(
            problems(r#"{"cron": "ticks"}"#),
            ["there is no function `cron`"]
        );
        assert_eq!(
            problems(r#"{"lobby": "ticks"}"#),
            ["`lobby` has routes too"]
        );
    }
}
