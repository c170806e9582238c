//! `switchboard lobby`: lobbies by hand.

use anyhow::{anyhow, bail};
use client::{Client, Refused};
use protocol::envelope::write_action;
use protocol::event::{Event, LobbySummary};
use protocol::lobby::{
    AcceptJoinRequest, JoinLobby, JoinPolicy, ListLobbies, StartLobby, Visibility,
};
use protocol::{Action, Text, Whole};

use crate::args::{JoinArgs, ListArgs, StartArgs};
use crate::output::{self, GOOD, HEADING, QUIET};
use crate::transcript::{self, Said};

/// The most lobbies on one page of a listing.
const PAGE: usize = 50;

/// Opens a lobby and hosts it.
pub(crate) async fn start(args: StartArgs) -> anyhow::Result<()> {
    let lobby = StartLobby {
        lobby_id: args.lobby_id,
        name: args.name.map(|name| text("name", &name)).transpose()?,
        max_players: args
            .max_players
            .map(|seats| whole("max-players", seats))
            .transpose()?,
        visibility: args.public.then_some(Visibility::Public),
        join_policy: args.open.then_some(JoinPolicy::Open),
        password: args
            .password
            .map(|password| text("password", &password))
            .transpose()?,
        metadata: args.metadata,
    };
    let (client, mut events) = transcript::connect(&args.target).await?;
    if let Event::LobbyStarted(started) = ask(&client, lobby).await? {
        let id = started.lobby.lobby_id;
        transcript::remark(&format!(
            "Players join with: switchboard lobby join '{id}' --url {}",
            args.target.url
        ));
    }
    let accept = async |client: &Client, text: &str| {
        if !args.accept_all {
            return Ok(());
        }
        let Some(Event::ReceivedJoinRequest(request)) = transcript::event(text) else {
            return Ok(());
        };
        let accept = AcceptJoinRequest {
            player_connection_id: request.connection_id,
            player_peer_id: None,
        };
        // Refused, it has been shown as such; the lobby goes on.
        transcript::say(client, &write_action(&accept.into(), None))
            .await
            .map(drop)
    };
    transcript::converse(&client, &mut events, accept).await
}

/// Asks to be let into a lobby and stays.
pub(crate) async fn join(args: JoinArgs) -> anyhow::Result<()> {
    let join = JoinLobby {
        lobby_id: args.lobby_id,
        password: args
            .password
            .map(|password| text("password", &password))
            .transpose()?,
        metadata: args.metadata,
    };
    let (client, mut events) = transcript::connect(&args.target).await?;
    if let Event::Ok(_) = ask(&client, join).await? {
        transcript::remark("The host has been asked.");
    }
    let give_up = async |_: &Client, text: &str| match transcript::event(text) {
        Some(event @ Event::JoinRequestRejected(_)) => Err(refusal(&event)),
        Some(_) | None => Ok(()),
    };
    transcript::converse(&client, &mut events, give_up).await
}

/// Shows the public lobbies.
pub(crate) async fn list(args: ListArgs) -> anyhow::Result<()> {
    let filter = args.filter.map(serde_json::from_value).transpose();
    let filter = filter
        .map_err(|error| anyhow!("--filter does not fit: {error}."))?
        .unwrap_or_default();
    let (client, _) = transcript::connect(&args.target).await?;
    let mut found = Vec::new();
    let mut wanted = ListLobbies {
        filter,
        limit: None,
        cursor: None,
    };
    while found.len() < args.limit {
        let page = u32::try_from((args.limit - found.len()).min(PAGE))?;
        wanted.limit = Some(whole("limit", page)?);
        let answer = client.list_lobbies(wanted.clone()).await?;
        found.extend(answer.lobbies);
        let Some(cursor) = answer.cursor else { break };
        wanted.cursor = Some(text("cursor", &cursor)?);
    }
    client.close().await;
    if args.json {
        output::line(serde_json::to_string(&found)?);
    } else {
        show(&found);
    }
    Ok(())
}

fn show(lobbies: &[LobbySummary]) {
    if lobbies.is_empty() {
        output::line(format_args!(
            "{QUIET}No public lobby. `switchboard lobby start --public` opens one.{QUIET:#}"
        ));
        return;
    }
    let id_width = lobbies
        .iter()
        .map(|lobby| lobby.lobby_id.as_str().chars().count())
        .max()
        .unwrap_or(0)
        .max(5);
    output::line(format_args!(
        "{HEADING}{:<id_width$}  players  name{HEADING:#}",
        "lobby"
    ));
    for lobby in lobbies {
        let players = format!("{}/{}", lobby.players, lobby.max_players);
        let name = lobby.name.as_deref().unwrap_or_default();
        let open = (lobby.join_policy == JoinPolicy::Open).then_some("open");
        let locked = lobby.locked.then_some("locked");
        let password = lobby.has_password.then_some("password");
        let metadata = (!lobby.metadata.is_empty())
            .then(|| serde_json::Value::Object(lobby.metadata.clone()).to_string());
        let marks: Vec<&str> = [open, locked, password, metadata.as_deref()]
            .into_iter()
            .flatten()
            .collect();
        let marks = marks.join(" ");
        // The id as a text first: only texts are padded.
        let id = lobby.lobby_id.as_str();
        output::line(format_args!(
            "{GOOD}{id:<id_width$}{GOOD:#}  {players:>7}  {name} {QUIET}{marks}{QUIET:#}"
        ));
    }
}

/// Says an action, shown with its answer; a refusal is an error.
async fn ask(client: &Client, action: impl Into<Action>) -> anyhow::Result<Event> {
    let Said::Answered(answer) =
        transcript::say(client, &write_action(&action.into(), None)).await?
    else {
        bail!("An action is a JSON object and could be given no id.");
    };
    let Some(event) = transcript::event(&answer) else {
        bail!("This program does not understand the answer: use one of the server's version.");
    };
    match Refused::of(&event) {
        Some(refused) => Err(refused.into()),
        None => Ok(event),
    }
}

fn refusal(event: &Event) -> anyhow::Error {
    Refused::of(event).map_or_else(|| anyhow!("Switchboard said no."), anyhow::Error::from)
}

fn text<const MIN: usize, const MAX: usize>(
    flag: &str,
    value: &str,
) -> anyhow::Result<Text<MIN, MAX>> {
    Text::new(value).map_err(|problem| anyhow!("--{flag} is {problem}: change it and try again."))
}

fn whole<const MIN: u32, const MAX: u32>(
    flag: &str,
    value: u32,
) -> anyhow::Result<Whole<MIN, MAX>> {
    Whole::new(value).map_err(|problem| anyhow!("--{flag} is {problem}: change it and try again."))
}
