//! Compose, as a project of its own beside whatever else runs.

use std::process::Command;

use anyhow::{Result, ensure};

use super::engine::Engine;
use super::expect_success;
use super::packages::runs;
use crate::process::capture;
use crate::project::Project;

/// The emulator's image and Terraform's, as `docker-compose.yml` names them.
pub(super) const IMAGES: &str = "switchboard-localstack,switchboard-deploy";
/// What its containers, networks and volumes are named after.
const NAME: &str = "switchboard-test";
/// What would make it another test.
const FOREIGN: [&str; 4] = [
    "DOCKER_SOCKET",
    "EMULATOR_HOST",
    "LOCALSTACK_AUTH_TOKEN",
    "LOCALSTACK_IMAGE",
];

/// `docker-compose.yml` on one engine.
pub(super) struct Compose<'a> {
    project: &'a Project,
    engine: &'a Engine,
    images: Vec<(String, String)>,
    port: u16,
    /// Debian has Compose as a program, everybody else as a plugin.
    is_plugin: bool,
}

impl<'a> Compose<'a> {
    pub(super) fn new(
        project: &'a Project,
        engine: &'a Engine,
        images: Vec<(String, String)>,
        port: u16,
    ) -> Result<Self> {
        let compose = Self {
            project,
            engine,
            images,
            port,
            is_plugin: runs("docker", &["compose", "version"]),
        };
        // What a run left that was interrupted.
        compose.down()?;
        Ok(compose)
    }

    /// Runs Compose, which must succeed; what it said.
    pub(super) fn succeed(&self, arguments: &[&str]) -> Result<String> {
        let outcome = capture(self.command().args(arguments))?;
        let what = format!("docker compose {}", arguments.join(" "));
        expect_success(outcome.success, &what, &outcome.output)?;
        Ok(outcome.output)
    }

    /// Removes everything but the images, and makes sure of it.
    pub(super) fn remove(&self) -> Result<()> {
        self.down()?;
        let label = format!("label=com.docker.compose.project={NAME}");
        for (kind, list) in [
            ("containers", &["ps", "--all"][..]),
            ("volumes", &["volume", "ls"]),
            ("networks", &["network", "ls"]),
        ] {
            let mut docker = self.engine.command(self.project, "docker");
            docker.args(list).args(["--quiet", "--filter", &label]);
            let left = capture(&mut docker)?;
            expect_success(left.success, "docker", &left.output)?;
            ensure!(
                left.output.trim().is_empty(),
                "`docker compose down --volumes` leaves {kind}"
            );
        }
        Ok(())
    }

    fn down(&self) -> Result<()> {
        self.succeed(&["down", "--volumes", "--remove-orphans"])?;
        Ok(())
    }

    fn command(&self) -> Command {
        let mut command = if self.is_plugin {
            let mut docker = self.engine.command(self.project, "docker");
            docker.arg("compose");
            docker
        } else {
            self.engine.command(self.project, "docker-compose")
        };
        for name in FOREIGN {
            command.env_remove(name);
        }
        command
            .args(["--project-name", NAME])
            .env("SWITCHBOARD_PORT", self.port.to_string())
            .envs(self.images.iter().map(|(name, image)| (name, image)));
        command
    }
}
