//! The Switchboard that a test plays with, and the end of its story.

use std::fmt;
use std::hash::{BuildHasher as _, RandomState};
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use client::{Client, ConnectError, Options, Token};
use domain::matchmaking::Queues;
use ids::LobbyId;
use local::turn::{DEFAULT_TURN_LIFETIME, Turn, TurnSettings};
use local::{Server, ServerSettings, Settings, serve};
use protocol::Text;
use protocol::connection::Hello;
use store::OperationCounts;

use crate::player::Line;
use crate::{Inside, Player, leave_out};

/// One Switchboard and its players. Its story is to be [ended](World::ends).
pub struct World {
    url: String,
    server: Option<Server>,
    /// Keeps what this test leaves behind elsewhere apart from what others do.
    tag: String,
    lines: Mutex<Vec<(String, Line)>>,
    is_over: Arc<AtomicBool>,
}

/// The URL of a Switchboard elsewhere, if the suite is to run against one.
#[expect(
    clippy::disallowed_methods,
    reason = "this is where the suite's one setting comes in"
)]
pub(crate) fn elsewhere() -> Option<String> {
    std::env::var("SWITCHBOARD_URL")
        .ok()
        .filter(|url| !url.is_empty())
}

/// The queues that the suite plays with, wherever it runs: a Switchboard elsewhere must have been given them.
const QUEUES: &str = include_str!("../queues.json");

/// How long whoever is cut off from a battle has to come back, in the suite's own servers.
const GRACE: Duration = Duration::from_secs(2);

/// A local server's settings on a free port, with the suite's queues and a short grace period; everything else as it comes.
#[must_use]
pub fn settings() -> ServerSettings {
    ServerSettings {
        queues: Queues::parse(QUEUES).expect("the suite's queues are in order"),
        grace: GRACE,
        front: Settings {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            ..Settings::default()
        },
        ..ServerSettings::default()
    }
}

/// What makes credentials for a TURN server of the test's.
#[must_use]
pub fn turn(url: &str) -> Turn {
    let settings = TurnSettings::new(vec![url.to_owned()], DEFAULT_TURN_LIFETIME);
    let secret = "a secret that a TURN server knows as well";
    Turn::new(settings.expect("good settings"), &secret.into()).expect("long enough")
}

impl World {
    /// The Switchboard that `SWITCHBOARD_URL` names, else a local one of this test's own.
    pub async fn start() -> Self {
        match elsewhere() {
            Some(url) => Self::at(url, None),
            None => Self::local(settings()).await,
        }
    }

    /// The same, where whoever is cut off has time enough to come back, however slow the machine is. A Switchboard elsewhere
    /// has the grace period that it was given.
    pub async fn patient() -> Self {
        if let Some(url) = elsewhere() {
            return Self::at(url, None);
        }
        let grace = Duration::from_mins(1);
        Self::local(ServerSettings {
            grace,
            ..settings()
        })
        .await
    }

    /// Whether this is a Switchboard elsewhere, where everything takes longer.
    #[must_use]
    pub fn is_elsewhere(&self) -> bool {
        self.server.is_none()
    }

    /// A local one with these settings, for a test about something that only such a one has; `None`, and a line that says so,
    /// where the suite runs against one elsewhere.
    pub async fn with(settings: ServerSettings, what: &str) -> Option<Self> {
        if elsewhere().is_some() {
            leave_out(what);
            return None;
        }
        Some(Self::local(settings).await)
    }

    /// The Switchboard at this URL, whatever `SWITCHBOARD_URL` names.
    #[must_use]
    pub fn behind(url: &str) -> Self {
        Self::at(url.to_owned(), None)
    }

    async fn local(settings: ServerSettings) -> Self {
        let server = serve(settings).await.expect("a local server");
        Self::at(server.url(), Some(server))
    }

    fn at(url: String, server: Option<Server>) -> Self {
        Self {
            url,
            server,
            // Nobody draws the same twice, and no crate is needed for it.
            tag: format!("{:016x}", RandomState::new().hash_one(0)),
            lines: Mutex::default(),
            is_over: Arc::default(),
        }
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A text that no other test has.
    #[must_use]
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// A lobby id that no other test uses.
    #[must_use]
    pub fn lobby_id(&self, name: &str) -> LobbyId {
        LobbyId::parse(format!("{name}-{}", self.tag)).expect("short enough")
    }

    /// Somebody connects, and says `hello`.
    pub async fn player(&self, name: &str) -> Player {
        self.arrives(name, None).await
    }

    /// Somebody connects with a token, and says `hello`.
    pub async fn player_with(&self, name: &str, token: &str) -> Player {
        self.arrives(name, Some(Token::fixed(token))).await
    }

    /// Somebody is not let in with a token, or without one; the HTTP status that it hears.
    ///
    /// # Panics
    /// Where it is let in, or not refused by a status.
    pub async fn turns_away(&self, token: Option<&str>) -> u16 {
        let options = Options {
            token: token.map(Token::fixed),
            ..Options::default()
        };
        match Client::connect(&self.url, options).await {
            Err(ConnectError::Rejected { status, .. }) => status,
            Err(error) => panic!("it was to be refused by a status: {error}"),
            Ok(_) => panic!("it was to be refused, and was let in"),
        }
    }

    /// Somebody connects who says `hello` with the token of an earlier `welcome`, and is taken up.
    pub async fn comes_back(&self, name: &str, token: &str) -> Player {
        let hello = Hello {
            resume: Some(Text::new(token).expect("short enough")),
            last_sequence: None,
        };
        let player = self.says_hello(name, hello).await;
        assert!(player.is_resumed(), "{name} was to be taken up");
        self.know(player)
    }

    /// Somebody connects and says this `hello`.
    pub async fn says_hello(&self, name: &str, hello: Hello) -> Player {
        let is_over = Arc::clone(&self.is_over);
        Player::connect_as(&self.url, name, None, hello, is_over).await
    }

    async fn arrives(&self, name: &str, token: Option<Token>) -> Player {
        let is_over = Arc::clone(&self.is_over);
        let player = Player::connect(&self.url, name, token, is_over).await;
        self.know(player)
    }

    fn know(&self, player: Player) -> Player {
        self.lines
            .lock()
            .expect("nothing panics while it holds this lock")
            .push((player.name().to_owned(), player.line().clone()));
        player
    }

    /// The inside of the local server; `None`, and a line that says so, where the server is elsewhere.
    #[must_use]
    pub fn inside(&self) -> Option<Inside<'_>> {
        let server = self.server.as_ref();
        if server.is_none() {
            leave_out("what only the inside of the server shows");
        }
        server.map(Inside::new)
    }

    /// The end of the story: everybody who is still there has heard nothing but what the test has looked at.
    pub async fn ends(self) {
        self.nobody_has_heard_more().await;
        self.is_over.store(true, Ordering::Relaxed);
    }

    /// The end of the story, and of its server: what its last `$disconnect`s asked of DynamoDB.
    ///
    /// # Panics
    /// Where the server is elsewhere.
    pub async fn stops(mut self) -> OperationCounts {
        self.nobody_has_heard_more().await;
        self.is_over.store(true, Ordering::Relaxed);
        let server = self.server.take().expect("a server of this test's own");
        let store = server.store().clone();
        let before = store.operations();
        server.stop().await;
        store.operations().since(&before)
    }

    async fn nobody_has_heard_more(&self) {
        let lines = self
            .lines
            .lock()
            .expect("nothing panics while it holds this lock")
            .clone();
        for (name, line) in lines {
            // What was posted before this is heard before its answer. Who is gone hears nothing.
            line.client.ping().await.ok();
            assert!(
                line.inbox.unseen() == 0,
                "nobody looked at all that {name} heard:\n{}",
                line.inbox.tell()
            );
        }
    }
}

impl Drop for World {
    fn drop(&mut self) {
        let has_ended = self.is_over.load(Ordering::Relaxed) || std::thread::panicking();
        assert!(
            has_ended,
            "this story has no end: call `world.ends().await`"
        );
    }
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}
