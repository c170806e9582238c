//! Two peers through a real TURN server, with the credentials that Switchboard makes for it.

use anyhow::{Context as _, Result};

use super::emulator::run;
use super::{Verdict, packages};
use crate::project::Project;
use crate::up::functions::test_executables;

/// Installs coturn where this machine lets us, and runs what leaves itself out without it.
pub(super) fn check(project: &Project) -> Result<Verdict> {
    if let Err(missing) = packages::have_coturn()? {
        return Ok(Verdict::LeftOut(missing));
    }
    let tests = test_executables(project, &["--bin", "switchboard"])?;
    let test = tests
        .get("switchboard")
        .context("crates/cli has no tests of its binary")?;
    let variables = [("SWITCHBOARD_TURNSERVER", packages::TURN_SERVER)];
    Ok(match run(project, test, &["demo::tests::relay"], &variables) {
        Ok(()) => Verdict::Passed,
        Err(failure) => Verdict::Failed {
            output: format!("{failure:#}"),
            remedy: "`switchboard demo --relay-only --turn URL --turn-secret-file FILE` does the same by hand.".to_owned(),
        },
    })
}
