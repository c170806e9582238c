//! Who may depend on whom.

use std::path::Path;

use anyhow::Result;
use cargo_metadata::{Dependency, DependencyKind, Package};

use super::{Finding, line_of};
use crate::project::Project;

/// Every package and those of ours that it may name, for tests as for anything else.
///
/// `protocol` and `domain` do not know each other: a function translates. No lambda knows another.
const ARROWS: &[(&str, &[&str])] = &[
    ("ids", &[]),
    ("https", &[]),
    ("identity", &["ids"]),
    ("protocol", &["ids"]),
    ("domain", &["ids"]),
    ("seal", &["ids", "domain"]),
    ("store", &["https", "identity", "ids", "domain"]),
    ("push", &["https", "ids", "protocol"]),
    ("schedule", &["https", "ids", "domain"]),
    (
        "function",
        &[
            "https", "identity", "ids", "protocol", "domain", "seal", "store", "push", "schedule",
        ],
    ),
    ("client", &["identity", "ids", "protocol"]),
    (
        "authorizer",
        &["https", "identity", "ids", "protocol", "function"],
    ),
    ("battle", HANDLER),
    ("connection", HANDLER),
    ("lobby", HANDLER),
    ("matchmaker", HANDLER),
    ("matchmaking", HANDLER),
    ("signalling", HANDLER),
    ("timer", HANDLER),
    (
        "local",
        &[
            "ids",
            "protocol",
            "domain",
            "seal",
            "store",
            "push",
            "schedule",
            "function",
            "authorizer",
            "battle",
            "connection",
            "lobby",
            "matchmaker",
            "matchmaking",
            "signalling",
            "timer",
        ],
    ),
    ("cli", &["ids", "protocol", "client", "local"]),
    // It looks into a local server's tables, whose contents are the domain's.
    (
        "e2e",
        &["ids", "protocol", "domain", "store", "client", "local"],
    ),
    ("containers", &["client", "e2e"]),
    // It stands where the platform does, around the real handlers, and looks into their tables.
    (
        "faults",
        &[
            "ids",
            "protocol",
            "domain",
            "seal",
            "store",
            "push",
            "schedule",
            "function",
            "battle",
            "connection",
            "lobby",
            "matchmaker",
            "matchmaking",
            "signalling",
            "timer",
        ],
    ),
    ("xtask", &["protocol"]),
];

const HANDLER: &[&str] = &[
    "identity", "ids", "protocol", "domain", "seal", "store", "push", "schedule", "function",
];

/// Packages that know neither the platform nor the clock nor chance: these come in as arguments.
const PURE: &[&str] = &["ids", "protocol", "domain", "seal"];

/// How a dependency's name begins that brings one of these in.
const IMPURE: &[&str] = &[
    "aws",
    "lambda",
    "tokio",
    "hyper",
    "reqwest",
    "rand",
    "getrandom",
    "uuid",
    "chrono",
    "time",
];

pub(super) fn check(project: &Project) -> Result<Vec<Finding>> {
    let mut found = Vec::new();
    for package in &project.packages {
        let manifest = package.manifest_path.as_std_path();
        let file = manifest.strip_prefix(&project.root).unwrap_or(manifest);
        let text = project.text(file)?.unwrap_or_default();
        found.extend(of_package(package, file, &text));
    }
    Ok(found)
}

fn of_package(package: &Package, file: &Path, manifest: &str) -> Vec<Finding> {
    let Some((_, allowed)) = ARROWS
        .iter()
        .find(|(name, _)| *name == package.name.as_str())
    else {
        return vec![Finding::new(
            file,
            line_of(manifest, "name ="),
            format!("nobody has said what `{}` may depend on", package.name),
            "give it a row in xtask/src/tidy/arrows.rs, and a line in ARCHITECTURE.md",
        )];
    };
    let mut found = Vec::new();
    for dependency in &package.dependencies {
        let line = line_of(manifest, &dependency.name);
        if dependency.path.is_some() && !is_allowed(package, dependency, allowed) {
            found.push(Finding::new(
                file,
                line,
                format!("`{}` may not depend on `{}`", package.name, dependency.name),
                format!(
                    "it may depend on {}; the arrows stand in ARCHITECTURE.md",
                    listed(allowed)
                ),
            ));
        }
        let is_impure = IMPURE.iter().any(|name| dependency.name.starts_with(name));
        if PURE.contains(&package.name.as_str())
            && dependency.kind == DependencyKind::Normal
            && is_impure
        {
            found.push(Finding::new(
                file,
                line,
                format!(
                    "`{}` is pure, and `{}` is not",
                    package.name, dependency.name
                ),
                "let its caller pass in what it needs",
            ));
        }
    }
    found
}

fn is_allowed(package: &Package, dependency: &Dependency, allowed: &[&str]) -> bool {
    // A package's tests may name it with a feature of its own switched on.
    let is_itself = dependency.name == package.name.as_str();
    allowed.contains(&dependency.name.as_str())
        || (is_itself && dependency.kind == DependencyKind::Development)
}

fn listed(names: &[&str]) -> String {
    match names {
        [] => "nothing of ours".to_owned(),
        names => names.join(", "),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn problems(package: &str, dependencies: &[Value]) -> Vec<String> {
        let package: Package = serde_json::from_value(json!({
            "name": package,
            "version": "0.1.0",
            "id": package,
            "dependencies": dependencies,
            "targets": [],
            "features": {},
            "manifest_path": "Cargo.toml",
        }))
        .expect("a package");
        let found = of_package(&package, Path::new("Cargo.toml"), "");
        found.into_iter().map(|finding| finding.problem).collect()
    }

    fn ours(name: &str, kind: Option<&str>) -> Value {
        let mut dependency = theirs(name, kind);
        dependency["path"] = json!(format!("crates/{name}"));
        dependency
    }

    fn theirs(name: &str, kind: Option<&str>) -> Value {
        json!({
            "name": name,
            "req": "*",
            "kind": kind,
            "optional": false,
            "uses_default_features": true,
            "features": [],
        })
    }

    #[test]
    fn an_arrow_that_nobody_drew_is_found() {
        assert_eq!(problems("domain", &[ours("ids", None)]), [""; 0]);
        assert_eq!(
            problems("domain", &[ours("protocol", None)]),
            ["`domain` may not depend on `protocol`"]
        );
        assert_eq!(
            problems("lobby", &[ours("signalling", Some("dev"))]),
            ["`lobby` may not depend on `signalling`"]
        );
    }

    #[test]
    fn a_packages_tests_may_name_the_package_itself() {
        assert_eq!(problems("store", &[ours("store", Some("dev"))]), [""; 0]);
    }

    #[test]
    fn what_is_pure_stays_so() {
        assert_eq!(
            problems("domain", &[theirs("tokio", None)]),
            ["`domain` is pure, and `tokio` is not"]
        );
        assert_eq!(
            problems("domain", &[theirs("proptest", Some("dev"))]),
            [""; 0]
        );
        assert_eq!(problems("store", &[theirs("tokio", None)]), [""; 0]);
    }

    #[test]
    fn a_package_without_a_row_is_found() {
        let nobody = "nobody has said what `tournament` may depend on";
        assert_eq!(problems("tournament", &[]), [nobody]);
    }
}
