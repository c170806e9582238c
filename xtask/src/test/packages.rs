//! Debian's packages: installed where this machine lets us, named where it does not.

use std::process::Command;

use anyhow::Result;

use super::Found;
use crate::process::capture;
use crate::say;

/// What coturn's server is called.
pub(super) const TURN_SERVER: &str = "turnserver";

/// Docker's client, an engine or the means to start one, and Compose.
pub(super) fn have_docker() -> Result<Found<()>> {
    let mut missing = Vec::new();
    if !runs("docker", &["--version"])
        || !(runs("docker", &["info"]) || runs("dockerd", &["--version"]))
    {
        missing.push("docker.io");
    }
    if !runs("docker", &["compose", "version"]) && !runs("docker-compose", &["version"]) {
        missing.push("docker-compose");
    }
    have(&missing, "elsewhere Docker's own packages")
}

/// What makes a Debian out of packages.
pub(super) fn have_debootstrap() -> Result<Found<()>> {
    if runs("debootstrap", &["--version"]) {
        return Ok(Ok(()));
    }
    have(&["debootstrap"], "elsewhere there is no need of it")
}

/// A TURN server, and its client.
pub(super) fn have_coturn() -> Result<Found<()>> {
    if is_on_path(TURN_SERVER) && is_on_path("turnutils_uclient") {
        return Ok(Ok(()));
    }
    have(&["coturn"], "elsewhere coturn's own packages")
}

/// Whether there is a program of this name, where it cannot be asked without more being done.
fn is_on_path(program: &str) -> bool {
    runs("sh", &["-c", &format!("command -v {program}")])
}

/// Whether this program is there and succeeds.
pub(super) fn runs(program: &str, arguments: &[&str]) -> bool {
    capture(Command::new(program).args(arguments)).is_ok_and(|outcome| outcome.success)
}

/// Whether it is root who runs this.
pub(super) fn is_root() -> bool {
    capture(Command::new("id").arg("-u")).is_ok_and(|outcome| outcome.output.trim() == "0")
}

fn have(packages: &[&str], elsewhere: &str) -> Result<Found<()>> {
    if packages.is_empty() {
        return Ok(Ok(()));
    }
    let names = packages.join(", ");
    if !is_root() || !runs("apt-get", &["--version"]) {
        return Ok(Err(format!(
            "missing: {names}; as root on Debian, `apt-get install {}`, {elsewhere}",
            packages.join(" ")
        )));
    }
    say::line(&format!("    installing {names} ..."));
    // Lists may be missing, or name versions that are no more.
    capture(apt_get().arg("update"))?;
    let installed = capture(
        apt_get()
            .args([
                "install",
                "--yes",
                "--no-install-recommends",
                "ca-certificates",
            ])
            .args(packages),
    )?;
    if installed.success {
        return Ok(Ok(()));
    }
    let last = installed.output.trim_end().lines().next_back();
    Ok(Err(format!(
        "apt-get could not install {names} ({})",
        last.unwrap_or("it did not say why").trim()
    )))
}

fn apt_get() -> Command {
    let mut command = Command::new("apt-get");
    command.env("DEBIAN_FRONTEND", "noninteractive");
    command
}
