//! A TURN server of a test's own: Debian's coturn, on loopback alone.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{Ipv4Addr, UdpSocket};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use local::turn::{Turn, TurnSettings};

/// What coturn and Switchboard know, and nobody else.
const SECRET: &str = "what coturn and Switchboard know, and nobody else";

/// What coturn has not said after this long it never says.
const PATIENCE: Duration = Duration::from_secs(20);

/// A coturn that runs. Dropping it ends it.
pub(super) struct Coturn {
    child: Child,
    lines: Receiver<String>,
    said: Vec<String>,
    port: u16,
}

impl Coturn {
    /// Starts one, where the step of `cargo xtask test` that installs coturn has said so; else a line says that the test is
    /// left out.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is where the step says which program it has installed"
    )]
    pub(super) fn start() -> Option<Self> {
        let Ok(program) = std::env::var("SWITCHBOARD_TURNSERVER") else {
            let thread = std::thread::current();
            let test = thread.name().unwrap_or("a test");
            let why = "it needs coturn, `cargo xtask test --only turn` installs it";
            // Goes past the test runner, which keeps what a passing test prints. Nobody to tell is no reason to fail.
            writeln!(std::io::stderr(), "{test}: left out: {why}").ok();
            return None;
        };
        let port = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))
            .and_then(|socket| socket.local_addr())
            .expect("a free port")
            .port();
        let mut child = Command::new(program)
            .args(["-n", "--no-cli", "--no-tls", "--no-dtls", "--verbose"])
            .args(["--listening-ip=127.0.0.1", "--relay-ip=127.0.0.1"])
            .arg(format!("--listening-port={port}"))
            // The two peers of a test are on this machine, too.
            .args(["--allow-loopback-peers", "--realm=switchboard.test"])
            .args([
                "--use-auth-secret",
                &format!("--static-auth-secret={SECRET}"),
            ])
            .args(["--log-file=stdout", "--simple-log"])
            .arg(format!(
                "--pidfile={}",
                std::env::temp_dir()
                    .join(format!("coturn-{port}.pid"))
                    .display()
            ))
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the step has installed coturn");
        let output = child.stdout.take().expect("it is piped");
        let (sender, lines) = mpsc::channel();
        std::thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    return;
                }
            }
        });
        let mut coturn = Self {
            child,
            lines,
            said: Vec::new(),
            port,
        };
        coturn.says(|line| line.contains("UDP listener opened"));
        Some(coturn)
    }

    /// What makes credentials for it.
    pub(super) fn turn(&self) -> Turn {
        self.turn_with(SECRET)
    }

    /// What makes credentials for it under a secret that may be another.
    pub(super) fn turn_with(&self, secret: &str) -> Turn {
        let url = format!("turn:127.0.0.1:{}", self.port);
        let settings = TurnSettings::new(vec![url], Duration::from_mins(5)).expect("good settings");
        Turn::new(settings, &secret.into()).expect("long enough")
    }

    /// Waits until it has said a line that is meant. Goes through all its lines, from its start on.
    pub(super) fn says(&mut self, mut is_meant: impl FnMut(&str) -> bool) {
        if self.said.iter().any(|line| is_meant(line)) {
            return;
        }
        let deadline = Instant::now() + PATIENCE;
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let Ok(line) = self.lines.recv_timeout(left) else {
                panic!("coturn did not say it; it said:\n{}", self.said.join("\n"));
            };
            let is_it = is_meant(&line);
            self.said.push(line);
            if is_it {
                return;
            }
        }
    }

    /// Whether it lets its own client have a relay with these credentials, and send a message through it.
    pub(super) fn takes(&self, name: &str, password: &str) -> bool {
        let asked = Command::new("turnutils_uclient")
            .args(["-y", "-n", "1", "-m", "1", "-u", name, "-w", password])
            .args(["-p", &self.port.to_string(), "127.0.0.1"])
            .output()
            .expect("coturn comes with its client");
        let said = String::from_utf8_lossy(&asked.stdout) + String::from_utf8_lossy(&asked.stderr);
        let is_refused = said.contains("Cannot complete Allocation");
        assert_ne!(
            asked.status.success(),
            is_refused,
            "another trouble: {said}"
        );
        !is_refused
    }
}

impl Drop for Coturn {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}
