//! Starts a function as Lambda would, against a stub of the Lambda Runtime API, and has it answer one event.

use std::fmt;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

/// An emulated processor takes its time.
const ANSWER_WITHIN: Duration = Duration::from_mins(1);
const LOOK_AGAIN_AFTER: Duration = Duration::from_millis(200);
/// Whose keys nobody asks for where nobody shows a token.
const ISSUER: &str =
    r#"{"mode":"jwt","issuer":"none","audience":"none","jwks_url":"http://127.0.0.1:9/keys"}"#;
/// What the message is called that has to come again.
const UNREADABLE: &str = "059f36b4-87a3-44ab-83d2-661975830a7d";

/// How it went.
#[derive(Debug)]
pub(super) enum Outcome {
    /// It did.
    Answered,
    /// It did not, and why.
    Failed(String),
    /// This machine cannot run it, and what would help.
    NotTried(&'static str),
}

impl fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Answered => "yes",
            Self::Failed(_) => "no",
            Self::NotTried(help) => help,
        })
    }
}

/// What hands its messages to a function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// API Gateway's routes.
    Routes,
    /// A queue.
    Queue,
    /// API Gateway, before it lets somebody connect.
    Upgrades,
}

/// Runs `binary` until it has answered one message, which it can do without AWS.
pub(super) fn ask(function: &str, source: Source, binary: &Path, arch: &str) -> Result<Outcome> {
    let mut command = match command(binary, arch) {
        Ok(command) => command,
        Err(missing) => return Ok(Outcome::NotTried(missing)),
    };
    let listener = TcpListener::bind("127.0.0.1:0").context("cannot open a port")?;
    let address = listener.local_addr().context("the port has no address")?;
    let (sender, answers) = mpsc::channel();
    let event = match source {
        Source::Routes => event(message(function)),
        Source::Queue => batch(),
        Source::Upgrades => upgrade(),
    };
    let event = event.to_string();
    thread::spawn(move || serve(&listener, &event, &sender));
    let child = command
        .env_clear()
        .envs([
            ("AWS_LAMBDA_FUNCTION_NAME", function),
            ("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256"),
            ("AWS_LAMBDA_FUNCTION_VERSION", "1"),
            ("AWS_LAMBDA_LOG_GROUP_NAME", "none"),
            ("AWS_LAMBDA_LOG_STREAM_NAME", "none"),
            ("AWS_ACCESS_KEY_ID", "none"),
            ("AWS_SECRET_ACCESS_KEY", "none"),
            ("AWS_REGION", "eu-central-1"),
            ("SWITCHBOARD_AUTHENTICATION", ISSUER),
            ("SWITCHBOARD_CALLBACK_URL", "http://127.0.0.1:9"),
            (
                "SWITCHBOARD_SEAL_SECRET",
                "0123456789abcdef0123456789abcdef",
            ),
            ("SWITCHBOARD_TABLE_PREFIX", "none-"),
            ("SWITCHBOARD_TICKS_URL", "http://127.0.0.1:9/ticks.fifo"),
            ("SWITCHBOARD_TIMERS_URL", "http://127.0.0.1:9/timers"),
        ])
        .env("AWS_LAMBDA_RUNTIME_API", address.to_string())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn();
    let mut child = child.with_context(|| format!("cannot start {}", binary.display()))?;
    let deadline = Instant::now() + ANSWER_WITHIN;
    let outcome = loop {
        match answers.recv_timeout(LOOK_AGAIN_AFTER) {
            Ok(answer) => break judge(function, source, &answer),
            Err(RecvTimeoutError::Disconnected) => {
                break Outcome::Failed("it does not speak the Runtime API".into());
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
        if let Some(status) = child.try_wait().context("cannot watch the function")? {
            break Outcome::Failed(format!("it ended at once ({status})"));
        }
        if Instant::now() > deadline {
            break Outcome::Failed(format!("nothing within {} s", ANSWER_WITHIN.as_secs()));
        }
    };
    // Either may fail because it has ended already, which is what both are for.
    let _ = child.kill();
    let _ = child.wait();
    Ok(outcome)
}

/// How to run it here, or what is missing for that.
fn command(binary: &Path, arch: &str) -> Result<Command, &'static str> {
    if arch == std::env::consts::ARCH {
        return Ok(Command::new(binary));
    }
    // Debian has it in two packages, under two names.
    let names = [format!("qemu-{arch}"), format!("qemu-{arch}-static")];
    let path = std::env::var_os("PATH").unwrap_or_default();
    let qemu = std::env::split_paths(&path)
        .flat_map(|folder| names.each_ref().map(|name| folder.join(name)))
        .find(|file| file.is_file())
        .ok_or("not tried: no qemu-user")?;
    // Where Debian's cross libraries are.
    let libraries = format!("/usr/{arch}-linux-gnu");
    if !Path::new(&libraries).is_dir() {
        return Err("not tried: no cross libc");
    }
    let mut command = Command::new(qemu);
    command.args(["-L", &libraries]).arg(binary);
    Ok(command)
}

/// A message that needs no table, and what its answer must be.
fn message(function: &str) -> (&'static str, Value) {
    // Refused before anything is loaded.
    let refused = |action| {
        let message = json!({ "action": action, "content": { "no_such_field": true } });
        (action, message)
    };
    match function {
        "battle" => refused("get_battle"),
        "connection" => ("ping", json!({ "action": "ping" })),
        "matchmaking" => refused("leave_matchmaking"),
        "signalling" => ("get_ice_servers", json!({ "action": "get_ice_servers" })),
        _ => refused("list_lobbies"),
    }
}

/// A message that nobody can read, and that needs no table either.
fn batch() -> Value {
    json!({ "Records": [{ "messageId": UNREADABLE, "body": "{}" }] })
}

/// Somebody without a token, who is denied without a look at any key.
fn upgrade() -> Value {
    json!({
        "type": "REQUEST",
        "methodArn": "arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5/dev/$connect",
        "headers": { "Host": "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com" },
        "requestContext": { "routeKey": "$connect", "eventType": "CONNECT", "stage": "dev" },
    })
}

fn judge(function: &str, source: Source, answer: &str) -> Outcome {
    let answer: Value = serde_json::from_str(answer).unwrap_or_default();
    let is_right = match source {
        Source::Routes => {
            let frame = answer["body"]
                .as_str()
                .and_then(|body| serde_json::from_str::<Value>(body).ok())
                .unwrap_or_default();
            let wanted = match function {
                "connection" => "pong",
                "signalling" => "ice_servers",
                _ => "error",
            };
            frame["event"] == wanted
        }
        Source::Queue => answer["batchItemFailures"][0]["itemIdentifier"] == UNREADABLE,
        Source::Upgrades => answer["policyDocument"]["Statement"][0]["Effect"] == "Deny",
    };
    if is_right {
        Outcome::Answered
    } else {
        Outcome::Failed(format!("it says {answer}"))
    }
}

/// A WebSocket message as API Gateway hands it on.
fn event((route, message): (&str, Value)) -> Value {
    json!({
        "requestContext": {
            "routeKey": route,
            "eventType": "MESSAGE",
            "messageId": "bWVzc2FnZQ==",
            "extendedRequestId": "ZXh0ZW5kZWQ=",
            "requestTime": "20/Nov/2026:12:00:00 +0000",
            "messageDirection": "IN",
            "stage": "dev",
            "connectedAt": 1_795_176_000_000_u64,
            "requestTimeEpoch": 1_795_176_001_000_u64,
            "identity": { "sourceIp": "192.0.2.1" },
            "requestId": "cmVxdWVzdA==",
            "domainName": "a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com",
            "connectionId": "Y29ubmVjdGlvbg==",
            "apiId": "a1b2c3d4e5",
        },
        "body": message.to_string(),
        "isBase64Encoded": false,
    })
}

/// Hands out the event, and sends on what comes back.
fn serve(listener: &TcpListener, event: &str, answers: &Sender<String>) {
    for stream in listener.incoming().flatten() {
        let Some((head, body)) = read(&stream) else {
            return;
        };
        let is_answer = head.starts_with("POST ");
        let content = if is_answer { "" } else { event };
        let deadline = "Lambda-Runtime-Deadline-Ms: 4102444800000";
        let function = "Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:eu-central-1:123456789012:function:f";
        let length = content.len();
        let reply = format!(
            "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Lambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\r\n{deadline}\r\n{function}\r\n\
             Content-Length: {length}\r\n\r\n{content}"
        );
        if (&stream).write_all(reply.as_bytes()).is_err()
            || (is_answer && answers.send(body).is_err())
        {
            return;
        }
        if is_answer {
            return;
        }
    }
}

/// A request's head and body; none where it is cut short.
fn read(stream: &TcpStream) -> Option<(String, String)> {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head).ok()? == 0 {
            return None;
        }
    }
    let mut lengths = head.lines().filter_map(|line| {
        line.to_ascii_lowercase()
            .strip_prefix("content-length:")?
            .trim()
            .parse()
            .ok()
    });
    let length: usize = lengths.next().unwrap_or(0);
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((head, String::from_utf8_lossy(&body).into_owned()))
}
