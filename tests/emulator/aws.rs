//! The emulator as its operator sees it: policies, settings, logs, processes and tables.

use std::fmt::Write as _;
use std::process::Command;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use client::ids::{LobbyId, PlayerId};
use domain::Timestamp;
use domain::lobby::Lobby;
use e2e::{DEADLINE, leave_out};
use serde_json::{Map, Value, json};
use store::{AwsSettings, Store, TableNames};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::{Mutex, MutexGuard};
use tokio::time::{Instant, sleep};

const REGION: &str = "us-east-1";
/// What the names of everything begin with where Terraform's variables have their defaults.
pub(crate) const PREFIX: &str = "switchboard-dev-";

/// A log says nothing by itself: it has to be asked again.
pub(crate) const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// Every test here changes what all players share.
static ALONE: Mutex<()> = Mutex::const_new(());

/// The emulator, for one test alone.
pub(crate) struct Emulator {
    address: String,
    _alone: MutexGuard<'static, ()>,
}

/// A moment in the emulator's logs.
#[derive(Clone, Copy)]
pub(crate) struct Moment(u128);

impl Moment {
    #[expect(
        clippy::disallowed_methods,
        reason = "the emulator stamps its logs by this machine's clock"
    )]
    pub(crate) fn now() -> Self {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        Self(since.expect("it is after 1970").as_millis())
    }

    /// The same, as the functions count time.
    pub(crate) fn timestamp(self) -> Timestamp {
        Timestamp::from_millis(u64::try_from(self.0).expect("it is not far in the future"))
    }
}

impl Emulator {
    /// The one that `SWITCHBOARD_EMULATOR` names, once no other test is at it; `None`, and a line that says so, where it names
    /// none.
    #[expect(
        clippy::disallowed_methods,
        reason = "this is where these tests' one setting comes in"
    )]
    pub(crate) async fn find() -> Option<Self> {
        let named = std::env::var("SWITCHBOARD_EMULATOR").unwrap_or_default();
        let Some(address) = named.strip_prefix("http://") else {
            leave_out("it needs an emulator, `cargo xtask test --only emulator` starts one");
            return None;
        };
        Some(Self {
            address: address.trim_end_matches('/').to_owned(),
            _alone: ALONE.lock().await,
        })
    }

    /// A function's policy.
    pub(crate) async fn policy(&self, function: &str) -> Value {
        let answer = self.iam(function, "GetRolePolicy", &[]).await;
        let document = answer
            .split_once("<PolicyDocument>")
            .and_then(|(_, rest)| rest.split_once("</PolicyDocument>"));
        let (document, _) = document.expect("a policy in the answer");
        let pair = format!("document={document}");
        let (_, document) = form_urlencoded::parse(pair.as_bytes())
            .next()
            .expect("a pair");
        serde_json::from_str(&document).expect("a policy is JSON")
    }

    /// Gives a function another policy.
    pub(crate) async fn set_policy(&self, function: &str, policy: &Value) {
        let document = ("PolicyDocument", policy.to_string());
        self.iam(function, "PutRolePolicy", &[document]).await;
    }

    async fn iam(&self, function: &str, operation: &str, more: &[(&str, String)]) -> String {
        let form = form_urlencoded::Serializer::new(String::new())
            .append_pair("Action", operation)
            .append_pair("Version", "2010-05-08")
            .append_pair("RoleName", &format!("{PREFIX}{function}"))
            .append_pair("PolicyName", "function")
            .extend_pairs(more)
            .finish();
        let kind = "Content-Type: application/x-www-form-urlencoded";
        self.ask("iam", "POST /", kind, &form).await
    }

    /// A function's environment.
    pub(crate) async fn settings(&self, function: &str) -> Map<String, Value> {
        let configuration = self.configuration(function).await;
        let variables = configuration["Environment"]["Variables"].as_object();
        variables.expect("an environment").clone()
    }

    /// Gives a function another environment, in which it starts anew.
    pub(crate) async fn set_settings(&self, function: &str, variables: &Map<String, Value>) {
        let target = format!("PUT /2015-03-31/functions/{PREFIX}{function}/configuration");
        let body = json!({ "Environment": { "Variables": variables } }).to_string();
        let kind = "Content-Type: application/json";
        self.ask("lambda", &target, kind, &body).await;
    }

    async fn configuration(&self, function: &str) -> Value {
        let target = format!("GET /2015-03-31/functions/{PREFIX}{function}/configuration");
        let answer = self.ask("lambda", &target, "Accept: */*", "").await;
        serde_json::from_str(&answer).expect("a configuration is JSON")
    }

    /// Waits until a function has logged this; the whole line.
    pub(crate) async fn logs(&self, function: &str, since: Moment, text: &str) -> String {
        let deadline = Instant::now() + DEADLINE;
        loop {
            let lines = self.log(function, since).await;
            if let Some(line) = lines.iter().find(|line| line.contains(text)) {
                return line.clone();
            }
            let told = lines.join("\n");
            assert!(
                Instant::now() < deadline,
                "{function} was to log `{text}`, and logged:\n{told}"
            );
            // Sleeps because a log has to be asked.
            sleep(LOOK_AGAIN_AFTER).await;
        }
    }

    /// What a function has logged since.
    pub(crate) async fn log(&self, function: &str, since: Moment) -> Vec<String> {
        let group = format!("/aws/lambda/{PREFIX}{function}");
        let body = json!({ "logGroupName": group, "startTime": since.0 }).to_string();
        let kind = "Content-Type: application/x-amz-json-1.1\r\nX-Amz-Target: Logs_20140328.FilterLogEvents";
        let answer = self.ask("logs", "POST /", kind, &body).await;
        let answer: Value = serde_json::from_str(&answer).expect("an answer is JSON");
        let events = answer["events"].as_array().expect("a list of events");
        let messages = events.iter().filter_map(|event| event["message"].as_str());
        messages.map(str::to_owned).collect()
    }

    /// Ends a function's processes at once, whatever they are at; how many there were.
    pub(crate) async fn kill(&self, function: &str) -> usize {
        let configuration = self.configuration(function).await;
        let hash = configuration["CodeSha256"].as_str().expect("a hash");
        let hash = STANDARD.decode(hash).expect("a hash is base64");
        // The emulator unpacks a function into a folder with its hash for a name.
        let mut folder = String::new();
        for byte in hash {
            write!(folder, "{byte:02x}").expect("a text takes any text");
        }
        let listed = Command::new("ps")
            .args(["-A", "-o", "pid=,args="])
            .output()
            .expect("ps lists the processes");
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        let port = self.address.rsplit(':').next().unwrap_or_default();
        let program = format!("ministack-provided-code-{port}/{folder}/bootstrap");
        let running: Vec<&str> = listed
            .lines()
            .filter(|line| line.contains(&program))
            .filter_map(|line| line.split_whitespace().next())
            .collect();
        if !running.is_empty() {
            // One that has ended by itself is as good as killed.
            Command::new("kill")
                .arg("-KILL")
                .args(&running)
                .output()
                .expect("kill is there");
        }
        running.len()
    }

    /// Ends a function's processes; the next call starts one.
    pub(crate) async fn stop(&self, function: &str) {
        let deadline = Instant::now() + DEADLINE;
        while self.kill(function).await > 0 {
            assert!(Instant::now() < deadline, "{function} goes on");
            // Sleeps because the processes are another's children.
            sleep(LOOK_AGAIN_AFTER).await;
        }
    }

    /// A lobby as it is stored, and which of these players have a seat in it.
    pub(crate) async fn stored(
        &self,
        lobby_id: &LobbyId,
        players: impl IntoIterator<Item = &PlayerId>,
    ) -> (Option<Lobby>, Vec<PlayerId>) {
        let (store, now) = (self.store(), Moment::now().timestamp());
        let lobby = store.lobbies().find(lobby_id, now).await;
        let mut seated = Vec::new();
        for player_id in players {
            let seat = store.players().seat(player_id, now).await;
            if seat
                .expect("the tables answer")
                .is_some_and(|seat| seat.lobby_id() == Some(lobby_id))
            {
                seated.push(player_id.clone());
            }
        }
        (lobby.expect("the tables answer"), seated)
    }

    /// The tables, for their owner.
    pub(crate) fn store(&self) -> Store {
        let root = Credentials::new("test", "test", None, None, "emulator");
        let client = store::connect(AwsSettings {
            region: REGION.to_owned(),
            endpoint_url: Some(format!("http://{}", self.address)),
            credentials: SharedCredentialsProvider::new(root),
        });
        Store::new(client, TableNames::with_prefix(PREFIX))
    }

    /// Asks a service for something; the answer, which is to be good.
    pub(crate) async fn ask(
        &self,
        service: &str,
        target: &str,
        headers: &str,
        body: &str,
    ) -> String {
        let (head, answer) = self.exchange(service, target, headers, body).await;
        let is_good = head.starts_with("HTTP/1.1 200");
        assert!(
            is_good,
            "{service} does not do `{target}`: {head}\n{answer}"
        );
        answer
    }

    /// Asks as the emulator's root, who need not sign; the answer's head and body.
    async fn exchange(
        &self,
        service: &str,
        target: &str,
        headers: &str,
        body: &str,
    ) -> (String, String) {
        let address = &self.address;
        let credential = format!("test/20260101/{REGION}/{service}/aws4_request");
        let request = format!(
            "{target} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{headers}\r\n\
             Authorization: AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=none\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len(),
        );
        let stream = TcpStream::connect(address).await;
        let mut stream = stream.expect("the emulator listens");
        let written = stream.write_all(request.as_bytes()).await;
        written.expect("the emulator reads");
        let mut answer = Vec::new();
        let read = stream.read_to_end(&mut answer).await;
        read.expect("the emulator answers");
        let answer = String::from_utf8_lossy(&answer);
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head and a body");
        (head.to_owned(), body.to_owned())
    }
}
