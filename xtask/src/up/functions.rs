//! The functions, built for this host: the emulator runs them as processes beside itself.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use super::archive::{self, Packing};
use super::layout::Layout;
use super::shell::progress;
use crate::project::Project;

/// Which function has which routes.
const ROUTES: &str = "terraform/routes.json";
/// Which function is driven by which queue.
const CONSUMERS: &str = "terraform/consumers.json";
/// Which function guards which route.
const AUTHORIZERS: &str = "terraform/authorizers.json";

/// All functions, in order: those that have routes, those that a queue drives and those that guard a route. Each is a crate
/// under lambdas/ with a binary of the same name.
pub(crate) fn names(layout: &Layout) -> Result<Vec<String>> {
    let mut names = keys(layout, ROUTES)?;
    names.extend(driven_by_queues(layout)?);
    names.extend(guards(layout)?);
    names.sort();
    Ok(names)
}

/// The functions that a queue drives.
pub(crate) fn driven_by_queues(layout: &Layout) -> Result<Vec<String>> {
    keys(layout, CONSUMERS)
}

/// The functions that are asked who may take a route.
pub(crate) fn guards(layout: &Layout) -> Result<Vec<String>> {
    keys(layout, AUTHORIZERS)
}

fn keys(layout: &Layout, file: &str) -> Result<Vec<String>> {
    let text = fs::read_to_string(layout.root().join(file));
    let text = text.with_context(|| format!("{file} is missing"))?;
    let entries: Result<BTreeMap<String, Value>, _> = serde_json::from_str(&text);
    let entries = entries.with_context(|| format!("{file} is no JSON object"))?;
    Ok(entries.into_keys().collect())
}

/// Builds every function.
pub(crate) fn build(project: &Project, layout: &Layout) -> Result<BTreeMap<String, PathBuf>> {
    let names = names(layout)?;
    progress(&format!("Building {} ...", names.join(", ")));
    let mut arguments = vec!["build"];
    for name in &names {
        arguments.extend(["--package", name]);
    }
    let mut binaries = executables(project, &arguments).context("the functions do not build")?;
    let built = names.into_iter().map(|name| {
        let binary = binaries.remove(&name);
        let binary = binary.with_context(|| format!("lambdas/{name} has no binary named {name}"));
        Ok((name, binary?))
    });
    built.collect()
}

/// Zips every function to `packages/<name>.zip`.
pub(crate) fn package(layout: &Layout, binaries: &BTreeMap<String, PathBuf>) -> Result<()> {
    let packages = layout.fresh("packages")?;
    let stripped = layout.fresh("stripped")?;
    for (name, binary) in binaries {
        let binary = without_symbols(binary, stripped.join(name));
        let binary =
            fs::read(&binary).with_context(|| format!("cannot read {}", binary.display()))?;
        archive::write_bootstrap(
            &packages.join(format!("{name}.zip")),
            &binary,
            Packing::Stored,
        )?;
    }
    Ok(())
}

/// The program without what only a debugger reads, three quarters of it: the emulator takes long over every byte. As it is,
/// where there is no `strip`.
fn without_symbols(binary: &Path, stripped: PathBuf) -> PathBuf {
    let mut strip = Command::new("strip");
    let done = strip.arg("-o").arg(&stripped).arg(binary).output();
    if done.is_ok_and(|output| output.status.success()) {
        stripped
    } else {
        binary.to_owned()
    }
}

/// Builds with these arguments to Cargo, and hears from it where it put the programs: a target folder may be set anywhere.
pub(crate) fn executables(
    project: &Project,
    arguments: &[&str],
) -> Result<BTreeMap<String, PathBuf>> {
    let built = project
        .cargo()
        .args(arguments)
        .args(["--message-format", "json-render-diagnostics"])
        .stderr(Stdio::inherit())
        .output()
        .context("cannot run cargo: install Rust by rustup")?;
    if !built.status.success() {
        bail!("`cargo {}` failed", arguments.join(" "));
    }
    let messages = String::from_utf8_lossy(&built.stdout).into_owned();
    let messages = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let executables = messages.filter_map(|message| {
        let name = message["target"]["name"].as_str()?.to_owned();
        Some((name, PathBuf::from(message["executable"].as_str()?)))
    });
    Ok(executables.collect())
}

/// Builds tests, and says where they are. All of the workspace is selected, so that its dependencies are built with the same
/// features, and so once, for every step that tests.
pub(crate) fn test_executables(
    project: &Project,
    targets: &[&str],
) -> Result<BTreeMap<String, PathBuf>> {
    let arguments = [&["test", "--no-run", "--workspace"], targets].concat();
    executables(project, &arguments)
}
