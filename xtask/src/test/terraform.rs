//! Terraform's own checks, on a copy: in `terraform/` itself they would leave a lock file that knows one platform only.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use super::Verdict;
use crate::process::capture;
use crate::project::Project;
use crate::up::layout;
use crate::up::terraform::{NO_PROVIDER, Terraform, clean_command, init};

/// What Terraform says of a provider that it cannot fetch, whatever the reason.
const OUT_OF_REACH: [&str; 3] = [
    "Failed to query available provider packages",
    "Failed to install provider",
    "Invalid provider registry host",
];

/// `terraform validate` and `terraform test`.
pub(super) fn check(project: &Project) -> Result<Verdict> {
    if let Err(missing) = Terraform::check() {
        return Ok(Verdict::LeftOut(format!("{missing:#}")));
    }
    let copy = project.root.join("target/terraform-test");
    layout::remove(&copy)?;
    copy_folder(&project.root.join("terraform"), &copy)?;
    let verdict = check_copy(&copy);
    layout::remove(&copy)?;
    verdict
}

fn check_copy(copy: &Path) -> Result<Verdict> {
    if let Err(said) = init(&mut terraform(copy))? {
        if OUT_OF_REACH.iter().any(|reason| said.contains(reason)) {
            return Ok(Verdict::LeftOut(NO_PROVIDER.to_owned()));
        }
        return Ok(failed(said, "init"));
    }
    for task in ["validate", "test"] {
        let outcome = capture(terraform(copy).args([task, "-no-color"]))?;
        if !outcome.success {
            return Ok(failed(outcome.output, task));
        }
    }
    Ok(Verdict::Passed)
}

fn terraform(folder: &Path) -> Command {
    let mut command = clean_command();
    command
        .current_dir(folder)
        .env("TF_IN_AUTOMATION", "true")
        .env("AWS_EC2_METADATA_DISABLED", "true");
    command
}

fn failed(output: String, task: &str) -> Verdict {
    Verdict::Failed {
        output,
        remedy: format!("Mend what `terraform {task}` says."),
    }
}

/// All of it but what Terraform itself may have left there.
fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    layout::create(to)?;
    let entries = fs::read_dir(from).with_context(|| format!("cannot list {}", from.display()))?;
    for entry in entries {
        let entry = entry.with_context(|| format!("cannot list {}", from.display()))?;
        let (source, name) = (entry.path(), entry.file_name());
        if name.to_string_lossy().starts_with('.') || is_state(&name.to_string_lossy()) {
            continue;
        }
        if source.is_dir() {
            copy_folder(&source, &to.join(name))?;
        } else {
            fs::copy(&source, to.join(name))
                .with_context(|| format!("cannot copy {}", source.display()))?;
        }
    }
    Ok(())
}

fn is_state(name: &str) -> bool {
    name.contains(".tfstate") || name.ends_with(".tfvars")
}
