//! The images that everything is built upon: a registry's, or made of Debian's packages.

use std::fs;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow};

use super::engine::Engine;
use super::{Found, expect_success, packages, step};
use crate::process::{capture, capture_within};
use crate::project::Project;
use crate::up::terraform::Terraform;

/// Arguments of the Dockerfile, which are variables of Compose.
const ARGUMENTS: [&str; 3] = ["PYTHON_IMAGE", "RUST_IMAGE", "TERRAFORM_IMAGE"];
/// The smallest image on a slow line.
const PULLED_WITHIN: Duration = Duration::from_mins(5);
const SCRIPT: &str = "localstack/base-images.sh";
/// What the script says where Debian is out of reach too.
const NO_DEBIAN: &str = "is a mirror of Debian within reach?";

/// What Compose is to be told: nothing where it is told already, or where a registry answers.
pub(super) fn have(project: &Project, engine: &Engine) -> Result<Found<Vec<(String, String)>>> {
    let is_told = ARGUMENTS
        .iter()
        .all(|name| std::env::var_os(name).is_some());
    if is_told || project.root.join(".env").is_file() || pull(project, engine)? {
        return Ok(Ok(Vec::new()));
    }
    step("making base images, for no registry of images answers");
    let tools = packages::have_debootstrap()?
        .and_then(|()| Terraform::check().map_err(|missing| format!("{missing:#}")));
    if let Err(missing) = tools {
        return Ok(Err(missing));
    }
    let made = capture(engine.command(project, "sh").arg(SCRIPT))?;
    if made.output.contains(NO_DEBIAN) {
        return Ok(Err(
            "neither a registry of images nor a mirror of Debian is within reach".to_owned(),
        ));
    }
    expect_success(made.success, SCRIPT, &made.output)?;
    let variables = made.output.lines().filter_map(|line| line.split_once('='));
    let variables = variables.filter(|(name, _)| ARGUMENTS.contains(name));
    Ok(Ok(variables
        .map(|(name, image)| (name.to_owned(), image.to_owned()))
        .collect()))
}

/// Whether the smallest of the public images is here, or can be fetched.
fn pull(project: &Project, engine: &Engine) -> Result<bool> {
    let file = project.root.join("localstack/Dockerfile");
    let text =
        fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let argument = format!("ARG {}=", ARGUMENTS[0]);
    let image = text.lines().find_map(|line| line.strip_prefix(&argument));
    let image = image.ok_or_else(|| anyhow!("{} has no `{argument}`", file.display()))?;
    step(&format!("fetching {image}"));
    let mut pull = engine.command(project, "docker");
    let pulled = capture_within(pull.args(["pull", image]), PULLED_WITHIN)?;
    Ok(pulled.success)
}
