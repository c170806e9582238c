//! A Docker engine: the one that answers, or one of our own for as long as the step takes.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use super::packages::{is_root, runs};
use super::{Found, step};
use crate::process::capture;
use crate::project::Project;
use crate::up::emulator::kill;
use crate::up::layout;

const READY_WITHIN: Duration = Duration::from_mins(1);
const STOPPED_WITHIN: Duration = Duration::from_secs(30);
/// It says to nobody that it is ready, or gone.
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(200);

/// An engine.
pub(super) struct Engine {
    /// `None`: the one that the environment speaks of.
    own: Option<Own>,
}

/// One that we started. Dropped, it is stopped.
struct Own {
    host: String,
    process: Child,
    /// Its sockets: a path below the checkout may be longer than a socket's may be.
    sockets: PathBuf,
}

impl Engine {
    /// The one that answers, else one that is started. What it makes stays below the target folder, for the next time.
    pub(super) fn find(project: &Project) -> Result<Found<Self>> {
        if runs("docker", &["info"]) {
            return Ok(Ok(Self { own: None }));
        }
        if !is_root() {
            let sentence =
                "no Docker engine answers; start one, or set DOCKER_HOST to where one is";
            return Ok(Err(sentence.to_owned()));
        }
        step("starting a Docker engine");
        let home = project.target.join("docker");
        let mut own = Own::spawn(&home)?;
        let deadline = Instant::now() + READY_WITHIN;
        while !own.answers() {
            if own.has_ended()? || Instant::now() > deadline {
                let log = fs::read_to_string(home.join("dockerd.log")).unwrap_or_default();
                let last = log.trim_end().lines().next_back().unwrap_or_default();
                return Ok(Err(format!("dockerd does not start here ({last})")));
            }
            thread::sleep(LOOK_AGAIN_AFTER);
        }
        Ok(Ok(Self { own: Some(own) }))
    }

    /// Where it is, unless the environment says so already.
    pub(super) fn host(&self) -> Option<&str> {
        self.own.as_ref().map(|own| own.host.as_str())
    }

    /// A command that speaks with it.
    pub(super) fn command(&self, project: &Project, program: &str) -> Command {
        let mut command = project.command(program);
        command.envs(self.host().map(|host| ("DOCKER_HOST", host)));
        command
    }

    /// Stops it, if we started it.
    pub(super) fn stop(self) -> Result<()> {
        match self.own {
            Some(mut own) => own.stop(),
            None => Ok(()),
        }
    }
}

impl Own {
    fn spawn(home: &Path) -> Result<Self> {
        layout::create(home)?;
        let sockets =
            std::env::temp_dir().join(format!("switchboard-docker-{}", std::process::id()));
        layout::create(&sockets)?;
        let log = File::create(home.join("dockerd.log")).context("cannot write dockerd's log")?;
        let errors = log.try_clone().context("cannot write dockerd's log")?;
        let host = format!("unix://{}", sockets.join("docker.sock").display());
        let process = Command::new("dockerd")
            .args(["--host", &host])
            .arg("--data-root")
            .arg(home.join("data"))
            .arg("--exec-root")
            .arg(sockets.join("run"))
            .arg("--pidfile")
            .arg(sockets.join("pid"))
            .stdin(Stdio::null())
            .stdout(log)
            .stderr(errors)
            .spawn()
            .context("cannot start dockerd")?;
        Ok(Self {
            host,
            process,
            sockets,
        })
    }

    fn answers(&self) -> bool {
        let mut command = Command::new("docker");
        capture(command.args(["--host", &self.host, "info"])).is_ok_and(|outcome| outcome.success)
    }

    fn has_ended(&mut self) -> Result<bool> {
        let status = self.process.try_wait().context("cannot watch dockerd")?;
        Ok(status.is_some())
    }

    fn stop(&mut self) -> Result<()> {
        // Gently: it has containers, mounts and a containerd to end.
        kill("TERM", &self.process.id().to_string())?;
        let deadline = Instant::now() + STOPPED_WITHIN;
        while !self.has_ended()? {
            if Instant::now() > deadline {
                self.process.kill().context("dockerd cannot be ended")?;
                self.process.wait().context("dockerd's end was lost")?;
                bail!("dockerd did not stop within {} s", STOPPED_WITHIN.as_secs());
            }
            thread::sleep(LOOK_AGAIN_AFTER);
        }
        layout::remove(&self.sockets)
    }
}

impl Drop for Own {
    fn drop(&mut self) {
        if matches!(self.process.try_wait(), Ok(None)) {
            // Whatever went wrong before has been told; an engine that is left is the lesser evil.
            let _ = self.stop();
        }
    }
}
