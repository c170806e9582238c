//! `switchboard play`: games in the terminal, refereed by Switchboard.

mod game;
mod moves;
mod screen;
mod script;
mod table;
#[cfg(test)]
mod tests;
mod window;

use std::collections::BTreeMap;
use std::time::Instant;

use anyhow::{anyhow, ensure};
use client::{Joining, Session, SessionEvents, SessionOptions};
use ids::{LobbyId, QueueName};
use protocol::battle::Rules;
use protocol::lobby::{JoinLobby, JoinPolicy, StartLobby};
use protocol::matchmaking::{Attribute, AttributeNumber, Attributes, JoinMatchmaking};
use protocol::{Text, Whole};

use self::game::{Game, Room};
use self::script::Script;
use self::table::Table;
use crate::args::{
    JoinNoughtsArgs, NewNoughtsArgs, NoughtsCommand, PlayCommand, ScoreAttackArgs, Target,
};
use crate::output;

pub(crate) use self::moves::{NoughtsMoves, ScoreMoves};

/// How many fit into a lobby for two who play and their friends who watch.
const SEATS: u32 = 16;

/// Plays.
///
/// # Errors
/// A sentence that says why there is no game, or no end of it.
pub(crate) async fn run(command: PlayCommand) -> anyhow::Result<()> {
    match command {
        PlayCommand::Noughts(NoughtsCommand::New(args)) => new_noughts(args).await,
        PlayCommand::Noughts(NoughtsCommand::Join(args)) => join_noughts(args).await,
        PlayCommand::ScoreAttack(args) => score_attack(args).await,
    }
}

async fn new_noughts(args: NewNoughtsArgs) -> anyhow::Result<()> {
    let seat = Seat::take(&args.target, args.moves.map(Script::from)).await?;
    let game = seat.open(args.lobby_id, &args.target).await?;
    seat.play(game).await
}

async fn join_noughts(args: JoinNoughtsArgs) -> anyhow::Result<()> {
    let seat = Seat::take(&args.target, args.moves.map(Script::from)).await?;
    let game = seat.join(args.lobby_id).await?;
    seat.play(game).await
}

async fn score_attack(args: ScoreAttackArgs) -> anyhow::Result<()> {
    let attributes = args.skill.map(skill).transpose()?;
    let seat = Seat::take(&args.target, args.moves.map(Script::from)).await?;
    let game = seat.search(args.queue, attributes).await?;
    seat.play(game).await
}

/// A session, and how the game in it will be played.
struct Seat {
    session: Session,
    events: SessionEvents,
    script: Option<Script>,
}

impl Seat {
    async fn take(target: &Target, script: Option<Script>) -> anyhow::Result<Self> {
        // Said before anybody else is bothered.
        ensure!(
            script.is_some() || window::has_terminal(),
            "There is no terminal to play on: use one, or give --moves."
        );
        let options = SessionOptions {
            client: target.options(),
            ..SessionOptions::default()
        };
        let (session, events) = Session::connect(&target.url, options).await?;
        Ok(Self {
            session,
            events,
            script,
        })
    }

    /// Opens a lobby for a friend.
    async fn open(&self, lobby_id: Option<LobbyId>, target: &Target) -> anyhow::Result<Game> {
        let lobby = StartLobby {
            lobby_id,
            name: Text::new("Noughts and crosses").ok(),
            max_players: Whole::new(SEATS).ok(),
            join_policy: Some(JoinPolicy::Open),
            ..StartLobby::default()
        };
        let started = self.session.start_lobby(lobby).await?;
        let invitation = invitation(started.lobby.lobby_id.as_str(), target);
        let room = Room {
            lobby_id: started.lobby.lobby_id,
            me: started.peer_id,
            host: started.peer_id,
            others: BTreeMap::new(),
        };
        let mut game = Game::in_lobby(
            self.session.player_id(),
            Rules::NoughtsAndCrosses,
            Some(room),
        );
        game.invite(invitation);
        Ok(game)
    }

    /// Joins a friend's lobby.
    async fn join(&self, lobby_id: LobbyId) -> anyhow::Result<Game> {
        let lobby = JoinLobby {
            lobby_id,
            password: None,
            metadata: None,
        };
        let joining = self.session.join_lobby(lobby).await?;
        let mut game = Game::in_lobby(self.session.player_id(), Rules::NoughtsAndCrosses, None);
        match joining {
            Joining::Accepted(accepted) => game.hear(accepted.into(), Instant::now()),
            // The host's answer will be heard like anything else.
            Joining::Asked => {}
        }
        Ok(game)
    }

    /// Looks for a stranger.
    async fn search(
        &self,
        queue: QueueName,
        attributes: Option<Attributes>,
    ) -> anyhow::Result<Game> {
        let wish = JoinMatchmaking {
            queue: Some(queue),
            attributes,
            party: None,
        };
        let started = self.session.join_matchmaking(wish).await?;
        let now = Instant::now();
        Ok(Game::in_queue(
            self.session.player_id(),
            Rules::ScoreAttack,
            started,
            now,
        ))
    }

    async fn play(self, game: Game) -> anyhow::Result<()> {
        let table = Table::new(self.session, self.events, game);
        match self.script {
            Some(script) => script::play(table, script, |line| output::line(line)).await,
            None => window::play(table).await,
        }
    }
}

fn skill(number: i64) -> anyhow::Result<Attributes> {
    let number = AttributeNumber::new(number)
        .map_err(|problem| anyhow!("--skill is {problem}: change it and try again."))?;
    let name = Text::new("skill").expect("short");
    let attributes = BTreeMap::from([(name, Attribute::Number(number))]);
    Attributes::new(attributes).map_err(|problem| anyhow!(problem))
}

/// What a friend types to come to the same Switchboard.
fn invitation(lobby_id: &str, target: &Target) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "_-".contains(letter);
    let lobby_id = if lobby_id.chars().all(is_plain) {
        lobby_id.to_owned()
    } else {
        format!("'{}'", lobby_id.replace('\'', r"'\''"))
    };
    let url = if target.url == crate::args::DEFAULT_URL {
        String::new()
    } else {
        format!(" --url {}", target.url)
    };
    format!("switchboard play noughts join {lobby_id}{url}")
}
