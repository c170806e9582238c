//! What can be typed after `switchboard`.

mod identity;
mod load;
mod play;
mod turn;

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use clap::{Args, Parser, Subcommand};
use client::{Options, Token};
use ids::LobbyId;
use local::Queues;
use local::limit::LimitSettings;
use protocol::Metadata;
use serde_json::Value;

use crate::help;

pub(crate) use identity::IdentityArgs;
pub(crate) use load::{LoadCommand, LoadMatchArgs, LoadRelayArgs};
pub(crate) use play::{
    JoinNoughtsArgs, NewNoughtsArgs, NoughtsCommand, PlayCommand, ScoreAttackArgs,
};
pub(crate) use turn::TurnArgs;

/// Where `switchboard serve` listens, unless it is told otherwise.
pub(crate) const DEFAULT_URL: &str = "ws://127.0.0.1:8787";

/// The whole command line.
#[derive(Debug, Parser)]
#[command(name = "switchboard", version, about = help::ABOUT, long_about = help::LONG_ABOUT, after_long_help = help::TOUR)]
pub(crate) struct Cli {
    /// What to log on standard error, for example `debug` or `client=debug,info`.
    #[arg(long, global = true, env = "SWITCHBOARD_LOG", value_name = "FILTER")]
    pub(crate) log: Option<String>,

    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run Switchboard on this machine, until Ctrl-C.
    #[command(after_long_help = help::SERVE)]
    Serve(ServeArgs),
    /// Let two players meet: lobby, handshake, and a real WebRTC data channel between them.
    #[command(after_long_help = help::DEMO)]
    Demo(DemoArgs),
    /// Play a game in this terminal.
    #[command(subcommand)]
    Play(PlayCommand),
    /// Start, join or list lobbies by hand.
    #[command(subcommand)]
    Lobby(LobbyCommand),
    /// Send any message and see what comes back.
    #[command(after_long_help = help::SEND)]
    Send(SendArgs),
    /// Measure how much one Switchboard can take.
    #[command(subcommand)]
    Load(LoadCommand),
}

/// What to do with lobbies.
#[derive(Debug, Subcommand)]
pub(crate) enum LobbyCommand {
    /// Open a lobby and host it, until Ctrl-C.
    #[command(after_long_help = help::LOBBY_START)]
    Start(StartArgs),
    /// Ask to be let into a lobby and stay, until Ctrl-C.
    #[command(after_long_help = help::LOBBY_JOIN)]
    Join(JoinArgs),
    /// Show the public lobbies, the newest first.
    #[command(after_long_help = help::LOBBY_LIST)]
    List(ListArgs),
}

/// Where Switchboard is.
#[derive(Debug, Args)]
pub(crate) struct Target {
    /// Where Switchboard is, as a WebSocket URL.
    #[arg(long, env = "SWITCHBOARD_URL", default_value = DEFAULT_URL)]
    pub(crate) url: String,
    /// Who the player is, as a token, where Switchboard wants to know.
    #[arg(
        long,
        env = "SWITCHBOARD_TOKEN",
        hide_env_values = true,
        value_name = "TOKEN"
    )]
    pub(crate) token: Option<String>,
}

impl Target {
    /// How to connect there.
    pub(crate) fn options(&self) -> Options {
        Options {
            token: self.token.as_deref().map(Token::fixed),
            ..Options::default()
        }
    }
}

/// How to serve.
#[derive(Debug, Args)]
pub(crate) struct ServeArgs {
    /// Where to listen; port 0 takes one that is free.
    #[arg(long, default_value = "127.0.0.1:8787", value_name = "ADDRESS")]
    pub(crate) listen: SocketAddr,
    /// The STUN and TURN servers that `get_ice_servers` tells, as a JSON array in the shape of `RTCIceServer`.
    #[arg(long, env = "SWITCHBOARD_ICE_SERVERS", hide_env_values = true, value_name = "JSON", value_parser = ice_servers)]
    pub(crate) ice_servers: Option<IceServers>,
    #[command(flatten)]
    pub(crate) turn: TurnArgs,
    /// A file with the matchmaking queues, in the JSON that Terraform takes; without it, `1v1` and `ranked`.
    #[arg(long, value_name = "FILE", value_parser = queues)]
    pub(crate) queues: Option<Queues>,
    /// A file with limits that are not to be as they come, in the JSON that Terraform takes (docs/limits.md).
    #[arg(long, value_name = "FILE", value_parser = limits)]
    pub(crate) limits: Option<LimitSettings>,
    /// How many seconds whoever plays a battle may be away before it is forfeit.
    #[arg(long, default_value = "30", value_name = "SECONDS", value_parser = seconds)]
    pub(crate) grace_seconds: Duration,
    #[command(flatten)]
    pub(crate) identity: IdentityArgs,
    /// Print the URL as one JSON object.
    #[arg(long)]
    pub(crate) json: bool,
}

/// A type of its own, because of a list in an argument clap makes several arguments.
pub(crate) type IceServers = Vec<protocol::event::IceServer>;

/// How to demonstrate.
#[derive(Debug, Args)]
pub(crate) struct DemoArgs {
    /// A Switchboard to use; without it, one is started here.
    #[arg(long, conflicts_with = "turn")]
    pub(crate) url: Option<String>,
    #[command(flatten)]
    pub(crate) turn: TurnArgs,
    /// Let the peers connect through a TURN server only, as two behind strict firewalls would.
    #[arg(long)]
    pub(crate) relay_only: bool,
    /// Let two strangers be matched, connect, and fight a battle to its end instead.
    #[arg(long = "match")]
    pub(crate) is_match: bool,
    /// Cut one of the two connections to Switchboard at every step; which, is drawn from the seed.
    #[arg(long, value_name = "SEED", num_args = 0..=1, default_missing_value = "1", conflicts_with = "is_match")]
    pub(crate) cut: Option<u64>,
    /// Print one JSON object instead of the timeline.
    #[arg(long)]
    pub(crate) json: bool,
    /// How many seconds the whole may take.
    #[arg(long, default_value = "60", value_name = "SECONDS", value_parser = seconds)]
    pub(crate) deadline: Duration,
}

/// What lobby to start.
#[derive(Debug, Args)]
pub(crate) struct StartArgs {
    #[command(flatten)]
    pub(crate) target: Target,
    /// The id that players join by; without it, Switchboard makes a short code.
    #[arg(value_parser = lobby_id)]
    pub(crate) lobby_id: Option<LobbyId>,
    /// A name for people.
    #[arg(long)]
    pub(crate) name: Option<String>,
    /// Seats, the host's included: 2 to 64.
    #[arg(long, value_name = "NUMBER")]
    pub(crate) max_players: Option<u32>,
    /// Show it in the listing.
    #[arg(long)]
    pub(crate) public: bool,
    /// Let everybody in, without being asked.
    #[arg(long)]
    pub(crate) open: bool,
    /// What players must know to join.
    #[arg(long)]
    pub(crate) password: Option<String>,
    /// What the game says of it, as a JSON object.
    #[arg(long, value_name = "JSON", value_parser = metadata)]
    pub(crate) metadata: Option<Metadata>,
    /// Accept everybody who asks.
    #[arg(long)]
    pub(crate) accept_all: bool,
}

/// What lobby to join.
#[derive(Debug, Args)]
pub(crate) struct JoinArgs {
    #[command(flatten)]
    pub(crate) target: Target,
    /// Which lobby.
    #[arg(value_parser = lobby_id)]
    pub(crate) lobby_id: LobbyId,
    /// Its password, if it has one.
    #[arg(long)]
    pub(crate) password: Option<String>,
    /// What the player says of itself, as a JSON object.
    #[arg(long, value_name = "JSON", value_parser = metadata)]
    pub(crate) metadata: Option<Metadata>,
}

/// What lobbies to list.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    #[command(flatten)]
    pub(crate) target: Target,
    /// What the metadata must say, as a JSON object: a value, or `{"min", "max"}` for a number.
    #[arg(long, value_name = "JSON", value_parser = object)]
    pub(crate) filter: Option<Value>,
    /// The most lobbies to show.
    #[arg(long, default_value = "50", value_name = "NUMBER")]
    pub(crate) limit: usize,
    /// Print them as one JSON array.
    #[arg(long)]
    pub(crate) json: bool,
}

/// What to send.
#[derive(Debug, Args)]
pub(crate) struct SendArgs {
    #[command(flatten)]
    pub(crate) target: Target,
    /// The messages, one after the other on one connection; without any, the lines of standard input.
    #[arg(value_name = "MESSAGE")]
    pub(crate) messages: Vec<String>,
    /// How many seconds to go on listening after the last answer.
    #[arg(long, default_value = "0", value_name = "SECONDS", value_parser = seconds)]
    pub(crate) wait: Duration,
}

fn seconds(text: &str) -> anyhow::Result<Duration> {
    let seconds: f64 = text.parse().context("it is no number of seconds")?;
    Duration::try_from_secs_f64(seconds).context("it is no length of time")
}

fn lobby_id(text: &str) -> anyhow::Result<LobbyId> {
    Ok(LobbyId::parse(text)?)
}

fn object(text: &str) -> anyhow::Result<Value> {
    let value: Value = serde_json::from_str(text).context("it is not JSON")?;
    if value.is_object() {
        Ok(value)
    } else {
        Err(anyhow!("it is JSON, but no object"))
    }
}

fn ice_servers(text: &str) -> anyhow::Result<IceServers> {
    serde_json::from_str(text).context("it is no JSON array of ICE servers")
}

fn queues(file: &str) -> anyhow::Result<Queues> {
    Ok(Queues::parse(&text_of(file)?)?)
}

fn limits(file: &str) -> anyhow::Result<LimitSettings> {
    Ok(LimitSettings::parse(&text_of(file)?)?)
}

fn text_of(file: &str) -> anyhow::Result<String> {
    std::fs::read_to_string(file).map_err(|error| anyhow!("the file cannot be read: {error}"))
}

fn metadata(text: &str) -> anyhow::Result<Metadata> {
    let object = serde_json::from_str(text).context("it is no JSON object")?;
    Metadata::new(object).map_err(|problem| anyhow!("it is {problem}"))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_contradicts_itself_nowhere() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_turn_server_comes_with_its_secret_and_its_lifetime() {
        let parse = |arguments: &[&str]| {
            Cli::try_parse_from([&["switchboard", "serve"], arguments].concat())
        };
        let url = ["--turn", "turn:turn.example.org"];
        assert!(parse(&url).is_err(), "a secret is missing");
        let file = [
            "--turn-secret-file",
            "secret",
            "--turn-lifetime-seconds",
            "600",
        ];
        assert!(parse(&[&url[..], &file[..]].concat()).is_ok());
        assert!(parse(&file).is_err(), "a server is missing");
    }

    #[test]
    fn metadata_that_is_too_long_is_refused_before_anything_is_sent() {
        let long = format!(r#"{{"map":"{}"}}"#, "x".repeat(Metadata::MAX_BYTES));
        assert_eq!(
            metadata(&long).expect_err("too long").to_string(),
            "it is longer than 2048 bytes of JSON"
        );
    }

    #[test]
    fn the_default_url_is_where_serve_listens_by_default() {
        let serve = Cli::try_parse_from(["switchboard", "serve"]).expect("a command");
        let Command::Serve(serve) = serve.command else {
            panic!("another command")
        };
        let defaults = Cli::command();
        let url = defaults
            .find_subcommand("send")
            .and_then(|send| send.get_arguments().find(|arg| arg.get_id() == "url"));
        let url = url.expect("`send` has a URL").get_default_values();
        assert_eq!(url, [format!("ws://{}", serve.listen).as_str()]);
    }
}
