//! The emulator's process: started once, found again, stopped with everything that it started.

use std::fs::{self, File};
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use super::layout::{self, Layout};
use super::shell::{output, progress, stdout};
use super::{http, python};

const READY_WITHIN: Duration = Duration::from_mins(1);
const STOPPED_WITHIN: Duration = Duration::from_secs(10);
/// It is no child of ours, or busy with itself: there is nothing to wait on but the clock.
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(100);
const INSTALL_PS: &str = "install ps (Debian: procps)";

/// A running emulator.
#[derive(Debug)]
pub(crate) struct Emulator {
    pid: u32,
    port: u16,
}

impl Emulator {
    /// The one that an earlier `up` of this checkout left running.
    pub(crate) fn running(layout: &Layout) -> Result<Option<Self>> {
        let Ok(text) = fs::read_to_string(record(layout)) else {
            return Ok(None);
        };
        let record: Value = serde_json::from_str(&text).unwrap_or_default();
        let pid = record["pid"]
            .as_u64()
            .and_then(|pid| u32::try_from(pid).ok());
        let port = record["port"]
            .as_u64()
            .and_then(|port| u16::try_from(port).ok());
        let Some((pid, port)) = pid.zip(port) else {
            return Ok(None);
        };
        let emulator = Self { pid, port };
        Ok(emulator.is_alive()?.then_some(emulator))
    }

    /// Starts one and waits until it takes calls.
    pub(crate) fn start(layout: &Layout, port: u16) -> Result<Self> {
        expect_free(port)?;
        let bin = Self::install(layout)?;
        // Whatever an earlier emulator knew is gone; its state would mislead Terraform.
        layout.clear()?;
        layout::create(&layout.temporary())?;
        progress(&format!("Starting the emulator on port {port} ..."));
        let mut child = spawn(layout, bin.join("python"), port)?;
        let emulator = Self {
            pid: child.id(),
            port,
        };
        fs::write(
            record(layout),
            json!({ "pid": emulator.pid, "port": port }).to_string(),
        )
        .context("cannot write down the emulator's process")?;
        emulator.wait_until_ready(layout, &mut child)?;
        Ok(emulator)
    }

    /// Installs what the emulator consists of; returns its `bin`.
    pub(crate) fn install(layout: &Layout) -> Result<PathBuf> {
        let requirements = layout.root().join("localstack/requirements.txt");
        let requirements =
            fs::read_to_string(requirements).context("localstack/requirements.txt is missing")?;
        layout::create(layout.home())?;
        python::environment(&layout.python(), &requirements)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// An emulator has its port in every function's environment: it cannot move.
    pub(crate) fn on_port(self, port: u16) -> Result<Self> {
        if self.port != port {
            bail!(
                "the emulator already runs, on port {0}: use `--port {0}`, or run `cargo xtask down` first",
                self.port
            );
        }
        Ok(self)
    }

    /// Ends it and its functions, gently first.
    pub(crate) fn stop(&self) -> Result<()> {
        signal_group("TERM", self.pid)?;
        let deadline = Instant::now() + STOPPED_WITHIN;
        while self.is_alive()? {
            if Instant::now() > deadline {
                return signal_group("KILL", self.pid);
            }
            thread::sleep(LOOK_AGAIN_AFTER);
        }
        Ok(())
    }

    fn wait_until_ready(&self, layout: &Layout, child: &mut Child) -> Result<()> {
        let deadline = Instant::now() + READY_WITHIN;
        loop {
            if http::get(self.port, "/_ministack/ready").is_ok_and(|answer| answer.status == 200) {
                return Ok(());
            }
            if let Some(status) = child.try_wait().context("cannot watch the emulator")? {
                super::logs::show_emulator(layout);
                bail!("the emulator ended at once ({status})");
            }
            if Instant::now() > deadline {
                super::logs::show_emulator(layout);
                self.stop()?;
                bail!(
                    "the emulator was not ready within {} s",
                    READY_WITHIN.as_secs()
                );
            }
            thread::sleep(LOOK_AGAIN_AFTER);
        }
    }

    /// Process ids are used again: it is ours only if it runs our script.
    fn is_alive(&self) -> Result<bool> {
        let arguments = ["-o", "args=", "-p", &self.pid.to_string()];
        let printed = output(Command::new("ps").args(arguments), INSTALL_PS)?;
        Ok(String::from_utf8_lossy(&printed.stdout).contains("localstack/emulator.py"))
    }
}

/// Ends functions whose emulator died without ending them.
pub(crate) fn stop_orphans(layout: &Layout) -> Result<()> {
    for pid in processes(layout)? {
        kill("KILL", &pid)?;
    }
    Ok(())
}

/// The functions that run.
pub(crate) fn processes(layout: &Layout) -> Result<Vec<String>> {
    let ours = layout.temporary();
    let ours = ours.to_string_lossy();
    let listed = stdout(
        Command::new("ps").args(["-A", "-o", "pid=", "-o", "args="]),
        INSTALL_PS,
    )?;
    let running = listed
        .lines()
        .filter_map(|line| line.trim_start().split_once(' '));
    let running = running.filter(|(_, program)| program.trim_start().starts_with(&*ours));
    Ok(running.map(|(pid, _)| pid.to_owned()).collect())
}

fn expect_free(port: u16) -> Result<()> {
    if TcpListener::bind(("127.0.0.1", port)).is_err() {
        bail!("port {port} is taken: stop what listens there, or choose another with `--port`");
    }
    Ok(())
}

fn record(layout: &Layout) -> PathBuf {
    layout.in_home("emulator.json")
}

fn spawn(layout: &Layout, python: PathBuf, port: u16) -> Result<Child> {
    let log = File::create(layout.log()).context("cannot write the emulator's log")?;
    let errors = log.try_clone().context("cannot write the emulator's log")?;
    let temporary = layout.temporary();
    Command::new(python)
        .arg(layout.root().join("localstack/emulator.py"))
        // Functions inherit this environment: nothing of the caller's may reach them.
        .env_clear()
        .envs(std::env::var_os("PATH").map(|path| ("PATH", path)))
        .env("HOME", &temporary)
        .env("TMPDIR", &temporary)
        .env("S3_DATA_DIR", temporary.join("s3"))
        .env("STATE_DIR", temporary.join("state"))
        .env("AUTH", "true")
        .env("BIND_HOST", "127.0.0.1")
        .env("GATEWAY_PORT", port.to_string())
        .env("AWS_ENDPOINT_URL", format!("http://127.0.0.1:{port}"))
        .stdin(Stdio::null())
        .stdout(log)
        .stderr(errors)
        // A group of its own: Ctrl-C in the terminal is not meant for it, and `down` ends the whole of it.
        .process_group(0)
        .spawn()
        .context("cannot start the emulator")
}

fn signal_group(signal: &str, pid: u32) -> Result<()> {
    kill(signal, &format!("-{pid}"))
}

/// The shell's own `kill` is everywhere; the standard library has none.
pub(crate) fn kill(signal: &str, target: &str) -> Result<()> {
    // One that is gone already is as good as killed.
    output(
        Command::new("sh").args(["-c", "kill -s \"$0\" -- \"$1\"", signal, target]),
        "install a shell",
    )?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_is_taken_is_named_with_what_to_do() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
        let port = listener.local_addr().expect("it is bound").port();
        let sentence = expect_free(port).expect_err("it is taken").to_string();
        assert!(
            sentence.starts_with(&format!("port {port} is taken: ")),
            "{sentence}"
        );
        assert!(sentence.contains("--port"), "{sentence}");
    }
}
