//! Opening one of a session's connections: `hello`, and everything that the server says of what was missed.

use std::collections::VecDeque;
use std::time::Duration;

use protocol::connection::{Hello, Ping};
use protocol::event::Welcome;
use protocol::{Action, ErrorCode, Event};

use super::event::Resumed;
use super::options::{ResumeToken, SessionOptions, WhenForgotten};
use crate::events::Frame;
use crate::{Client, ConnectError, End, Events, Options, RequestError};

/// How many frames may come before the player is back; more than the server keeps for one.
const MOST_FRAMES: usize = 4096;

/// An open connection whose player is known.
#[derive(Debug)]
pub(crate) struct Opened {
    pub(crate) client: Client,
    /// What is said from now on, in order.
    pub(crate) feed: Feed,
    pub(crate) welcome: Welcome,
    /// What was kept for the player, in order.
    pub(crate) kept: Vec<Frame>,
    /// Where the player is.
    pub(crate) resumed: Resumed,
    /// The last of what was kept, or what was last before.
    pub(crate) last_sequence: Option<u64>,
}

/// What comes by a connection: what came while it was opened, then whatever comes.
#[derive(Debug)]
pub(crate) struct Feed {
    backlog: VecDeque<Frame>,
    events: Events,
}

impl Feed {
    /// The next frame; `None` once the connection has ended. Safe to cancel.
    pub(crate) async fn next(&mut self) -> Option<Frame> {
        match self.backlog.pop_front() {
            Some(frame) => Some(frame),
            None => self.events.next_frame().await,
        }
    }
}

/// Why a connection was not opened.
#[derive(Debug)]
pub(crate) enum OpenError {
    /// Nobody answered, or not as they should.
    Connect(ConnectError),
    /// `hello` was not answered well.
    Hello(RequestError),
    /// More was said than can be.
    TooMuch,
}

impl OpenError {
    /// What it means for a session that has tried so often, where trying again cannot help.
    pub(crate) fn end(&self, attempts: u32) -> Option<End> {
        let problem = self.to_string();
        match self {
            Self::Connect(
                ConnectError::Url { .. }
                | ConnectError::Rejected {
                    status: 401 | 403, ..
                },
            ) => Some(End::GaveUp { attempts, problem }),
            Self::Hello(RequestError::Refused(refused))
                if refused.code == ErrorCode::ResumeRefused =>
            {
                Some(End::ResumeRefused(refused.message.clone()))
            }
            Self::Connect(_) | Self::Hello(_) | Self::TooMuch => None,
        }
    }

    /// For how long the server asks not to be asked again.
    pub(crate) fn retry_after(&self) -> Duration {
        match self {
            Self::Hello(RequestError::Refused(refused)) => refused.retry_after.unwrap_or_default(),
            Self::Connect(_) | Self::Hello(_) | Self::TooMuch => Duration::ZERO,
        }
    }
}

impl std::fmt::Display for OpenError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Connect(error) => error.fmt(f),
            Self::Hello(error) => error.fmt(f),
            Self::TooMuch => f.write_str("More was said than Switchboard keeps for one player."),
        }
    }
}

/// Whom to be on a connection.
#[derive(Clone, Debug)]
pub(crate) enum Who {
    /// A new player.
    New,
    /// One that was here before, and what it heard last.
    Again(ResumeToken, Option<u64>),
}

/// As [`open`]; where the player is forgotten and the options say so, as a new one.
pub(crate) async fn open_or_start_over(
    url: &str,
    options: &SessionOptions,
    who: Who,
) -> Result<Opened, OpenError> {
    match open(url, &options.client, who).await {
        Err(OpenError::Hello(RequestError::Refused(refused)))
            if refused.code == ErrorCode::ResumeRefused
                && options.when_forgotten == WhenForgotten::StartOver =>
        {
            open(url, &options.client, Who::New).await
        }
        opened => opened,
    }
}

/// Opens a connection and becomes a player on it. Safe to cancel: what is opened by then says goodbye.
pub(crate) async fn open(url: &str, options: &Options, who: Who) -> Result<Opened, OpenError> {
    let connected = Client::connect(url, options.clone()).await;
    let (client, mut events) = connected.map_err(OpenError::Connect)?;
    let (hello, last_sequence) = match &who {
        Who::New => (Hello::default(), None),
        Who::Again(token, last) => (
            token
                .hello(*last)
                .map_err(|error| OpenError::Hello(error.into()))?,
            *last,
        ),
    };
    let mut backlog = Vec::new();
    let answer = ask(&client, &mut events, hello.into(), &mut backlog).await?;
    let Event::Welcome(welcome) = answer else {
        let (action, answer) = ("hello".to_owned(), answer.name().to_owned());
        return Err(OpenError::Hello(RequestError::Unexpected {
            action,
            answer,
        }));
    };
    if welcome.resumed {
        // Everything that was missed was posted before `welcome` was answered, and may have been overtaken by it. Nothing
        // overtakes a whole round trip.
        ask(&client, &mut events, Ping {}.into(), &mut backlog).await?;
    }
    let sorted = sort(backlog, last_sequence);
    Ok(Opened {
        client,
        feed: Feed {
            backlog: sorted.live,
            events,
        },
        welcome,
        kept: sorted.kept,
        resumed: sorted.resumed,
        last_sequence: sorted.last_sequence,
    })
}

/// Asks, and takes in what comes before the answer.
async fn ask(
    client: &Client,
    events: &mut Events,
    action: Action,
    backlog: &mut Vec<Frame>,
) -> Result<Event, OpenError> {
    let asking = client.request(action);
    tokio::pin!(asking);
    loop {
        tokio::select! {
            // What was said first is taken in first.
            biased;
            Some(frame) = events.next_frame() => {
                backlog.push(frame);
                if backlog.len() > MOST_FRAMES {
                    return Err(OpenError::TooMuch);
                }
            }
            answer = &mut asking => return answer.map_err(OpenError::Hello),
        }
    }
}

#[derive(Debug, Default)]
struct Sorted {
    kept: Vec<Frame>,
    resumed: Resumed,
    live: VecDeque<Frame>,
    last_sequence: Option<u64>,
}

/// Tells what was kept from where the player is, and both from what was said since.
fn sort(backlog: Vec<Frame>, last_sequence: Option<u64>) -> Sorted {
    let mut sorted = Sorted::default();
    for frame in backlog {
        if frame.sequence().is_some() {
            if frame.sequence() > last_sequence {
                sorted.kept.push(frame);
            }
            continue;
        }
        if let Some(Event::LobbyResumed(lobby)) = frame.event() {
            sorted.resumed.lobby = Some(lobby.clone());
        } else if let Some(Event::BattleState(battle)) = frame.event() {
            sorted.resumed.battle = Some(battle.clone());
        } else if let Some(Event::MatchmakingResumed(search)) = frame.event() {
            sorted.resumed.matchmaking = Some(search.clone());
        } else {
            sorted.live.push_back(frame);
        }
    }
    sorted.kept.sort_by_key(Frame::sequence);
    sorted.kept.dedup_by_key(|frame| frame.sequence());
    let newest = sorted.kept.last().and_then(Frame::sequence);
    sorted.last_sequence = newest.max(last_sequence);
    sorted
}
