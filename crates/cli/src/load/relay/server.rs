//! A Switchboard in a process of its own, whose memory is therefore its own alone.

use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use serde::Deserialize;
use tokio::time::timeout;

/// How long it may take to start.
const PATIENCE: Duration = Duration::from_secs(30);

/// A process that serves. Dropped, it ends.
pub(super) struct ServerProcess {
    process: Child,
    url: String,
}

/// What it says once it listens.
#[derive(Deserialize)]
struct Ready {
    url: String,
}

impl ServerProcess {
    /// Starts this very program once more, as a server with everything as it comes.
    ///
    /// # Errors
    /// Where it does not start, or does not listen in time.
    pub(super) async fn start() -> anyhow::Result<Self> {
        let program = std::env::current_exe().context("This program cannot be found on disk.")?;
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).to_string();
        let mut process = Command::new(&program)
            .args(["--log", "warn", "serve", "--json", "--listen", &listen])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{} could not be started.", program.display()))?;
        let said = process.stdout.take().expect("it was asked for");
        // From here on, whatever goes wrong ends it.
        let mut server = Self {
            process,
            url: String::new(),
        };
        let first = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            BufReader::new(said).read_line(&mut line).map(|_| line)
        });
        let first = timeout(PATIENCE, first).await;
        let first = first.map_err(|_| anyhow!("The server does not say where it listens."))??;
        let ready: Ready = serde_json::from_str(&first?)
            .context("The server did not start; what it said of it stands above.")?;
        server.url = ready.url;
        Ok(server)
    }

    /// Where it listens.
    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// How many bytes of memory it has at present; `None` where this system does not tell.
    pub(super) fn memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()));
        resident(&status.ok()?)
    }
}

impl Drop for ServerProcess {
    fn drop(&mut self) {
        // Where it has ended by itself, there is nothing to end.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// The resident set in Linux' description of a process, in bytes.
fn resident(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1_024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_resident_set_is_read_in_bytes() {
        let status = "Name:\tswitchboard\nVmHWM:\t  9000 kB\nVmRSS:\t  1234 kB\nThreads:\t3\n";
        assert_eq!(resident(status), Some(1_234 * 1_024));
        assert_eq!(resident("Name:\tswitchboard\n"), None);
    }
}
