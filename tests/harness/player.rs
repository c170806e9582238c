//! One player: a connection, what is said over it, and what has been heard.

use std::fmt;
use std::panic::Location;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use client::{Client, End, Heartbeat, Options, RawFrame, Refused, RequestError, Token};
use ids::PlayerId;
use protocol::connection::Hello;
use protocol::event::{Error, LeaveReason, PlayerAway, PlayerLeft, Welcome};
use protocol::{Action, Event, Message};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tokio::time::timeout;

use crate::DEADLINE;
use crate::inbox::{Heard, Inbox};

/// One player. Dropped, it fails the test if it heard something that nobody looked at.
pub struct Player {
    name: String,
    welcome: Welcome,
    line: Line,
}

/// What a player and its world share.
#[derive(Clone)]
pub(crate) struct Line {
    pub(crate) client: Client,
    pub(crate) inbox: Inbox,
    /// Whether the story is over, and with it the looking.
    pub(crate) is_over: Arc<AtomicBool>,
}

type Caller = &'static Location<'static>;

impl Player {
    /// Connects, and says `hello`.
    pub(crate) async fn connect(
        url: &str,
        name: &str,
        token: Option<Token>,
        is_over: Arc<AtomicBool>,
    ) -> Self {
        Self::connect_as(url, name, token, Hello::default(), is_over).await
    }

    /// Connects, and says this `hello`.
    pub(crate) async fn connect_as(
        url: &str,
        name: &str,
        token: Option<Token>,
        hello: Hello,
        is_over: Arc<AtomicBool>,
    ) -> Self {
        let options = Options {
            deadline: DEADLINE,
            heartbeat: Heartbeat::Never,
            token,
            ..Options::default()
        };
        let connected = Client::connect(url, options).await;
        let (client, events) =
            connected.unwrap_or_else(|error| panic!("{name} could not connect: {error}"));
        let inbox = Inbox::fill(events);
        let line = Line {
            client,
            inbox,
            is_over,
        };
        let welcome = match line.client.request(hello).await {
            Ok(Event::Welcome(welcome)) => welcome,
            other => panic!("{name} was not welcome: {other:?}"),
        };
        Self {
            name: name.to_owned(),
            welcome,
            line,
        }
    }

    /// What the test calls it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Who it is.
    #[must_use]
    pub fn id(&self) -> &PlayerId {
        &self.welcome.player_id
    }

    /// What makes it itself again on another connection.
    #[must_use]
    pub fn token(&self) -> &str {
        &self.welcome.resume_token
    }

    /// Whether it was here before.
    #[must_use]
    pub fn is_resumed(&self) -> bool {
        self.welcome.resumed
    }

    /// Its connection, for what has no verb here.
    #[must_use]
    pub fn client(&self) -> &Client {
        &self.line.client
    }

    pub(crate) fn line(&self) -> &Line {
        &self.line
    }

    /// Does something that succeeds; the answer.
    #[track_caller]
    pub fn does(&self, action: impl Into<Action>) -> impl Future<Output = Event> {
        let (at, action) = (Location::caller(), action.into());
        async move {
            let name = action.name();
            match self.line.client.request(action).await {
                Ok(answer) => answer,
                Err(error) => self.fail(at, &format!("`{name}` was to succeed: {error}")),
            }
        }
    }

    /// Tries something that is refused; why.
    #[track_caller]
    pub fn is_refused(&self, action: impl Into<Action>) -> impl Future<Output = Refused> {
        let (at, action) = (Location::caller(), action.into());
        async move {
            let name = action.name();
            match self.line.client.request(action).await {
                Err(RequestError::Refused(refused)) => refused,
                Err(error) => self.fail(at, &format!("`{name}` was to be refused: {error}")),
                Ok(answer) => self.fail(at, &format!("`{name}` was to be refused: {answer:?}")),
            }
        }
    }

    /// Sends a message given as JSON, with its `id` (or one that is made); the answer as it came.
    #[track_caller]
    pub fn asks(&self, message: Value) -> impl Future<Output = Heard> {
        let at = Location::caller();
        async move {
            let Value::Object(message) = message else {
                self.fail(at, "a message is an object");
            };
            self.asks_object(at, message).await
        }
    }

    async fn asks_object(&self, at: Caller, message: Map<String, Value>) -> Heard {
        match self.line.client.request_raw(message).await {
            Ok(text) => Heard {
                json: serde_json::from_str(&text).unwrap_or_default(),
                text,
            },
            Err(error) => self.fail(at, &format!("an answer was to come: {error}")),
        }
    }

    /// Sends a text as it is, be it a message or not. Whatever comes of it is heard.
    #[track_caller]
    pub fn says(&self, text: impl Into<String>) -> impl Future<Output = ()> {
        let (at, text) = (Location::caller(), text.into());
        async move {
            if let Err(error) = self.line.client.send_text(text).await {
                self.fail(at, &format!("something was to be said: {error}"));
            }
        }
    }

    /// Sends frames as they are. The server may have hung up before the last.
    pub async fn sends_frames(&self, frames: impl IntoIterator<Item = RawFrame>) {
        for frame in frames {
            if self.line.client.send_frame(frame).await.is_err() {
                return;
            }
        }
    }

    /// Waits for an event; its content.
    #[track_caller]
    pub fn hears<E: Message + DeserializeOwned>(&self) -> impl Future<Output = E> {
        let at = Location::caller();
        async move { self.wait_for(at, E::NAME).await.content() }
    }

    /// Waits for an event; the whole message as it came.
    #[track_caller]
    pub fn hears_raw(&self, name: &str) -> impl Future<Output = Heard> {
        self.wait_for(Location::caller(), name)
    }

    /// Hears that another's connection has ended, and, once the grace period is over, that it is gone.
    #[track_caller]
    pub fn hears_it_go(&self, other: &Self) -> impl Future<Output = ()> {
        let at = Location::caller();
        async move {
            let away: PlayerAway = self.wait_for(at, PlayerAway::NAME).await.content();
            assert_eq!(&away.player_id, other.id(), "{at}");
            let left: PlayerLeft = self.wait_for(at, PlayerLeft::NAME).await.content();
            let expected = (other.id(), LeaveReason::Disconnected);
            assert_eq!((&left.player_id, left.reason), expected, "{at}");
        }
    }

    /// Waits for a refusal of something that was said without an id.
    #[track_caller]
    pub fn hears_refusal(&self) -> impl Future<Output = Error> {
        let at = Location::caller();
        async move { self.wait_for(at, Error::NAME).await.content() }
    }

    /// Waits for anything at all; the whole message as it came.
    #[track_caller]
    pub fn hears_anything(&self) -> impl Future<Output = Heard> {
        let at = Location::caller();
        async move {
            match self.line.inbox.wait_for(|_| true).await {
                Some(heard) => heard,
                None => self.fail(at, "something was to be heard, and nothing came"),
            }
        }
    }

    /// Has heard nothing more than what the test has looked at. What was posted before this is heard before its `pong`.
    #[track_caller]
    pub fn hears_nothing_more(&self) -> impl Future<Output = ()> {
        let at = Location::caller();
        async move {
            if let Err(error) = self.line.client.ping().await {
                self.fail(at, &format!("a `pong` was to come: {error}"));
            }
            if self.line.inbox.unseen() > 0 {
                self.fail(at, "nothing more was to be heard");
            }
        }
    }

    /// Looks at everything that was posted to it until now, whatever it is.
    pub async fn looks_at_everything(&self) -> Vec<Heard> {
        // What was posted before this is heard before its `pong`. Who is gone hears nothing.
        self.line.client.ping().await.ok();
        self.line.inbox.take_all()
    }

    /// How much it has heard until now that nobody has looked at.
    #[must_use]
    pub fn unseen(&self) -> usize {
        self.line.inbox.unseen()
    }

    /// Says goodbye.
    pub async fn hangs_up(&self) {
        self.line.client.close().await;
    }

    /// Is gone without a goodbye, as after a crash.
    pub fn vanishes(&self) {
        self.line.client.abort();
    }

    /// Waits until the server has closed the connection; the close code.
    #[track_caller]
    pub fn is_disconnected(&self) -> impl Future<Output = u16> {
        let at = Location::caller();
        async move {
            match timeout(DEADLINE, self.line.client.ended()).await {
                Ok(End::ByServer { code, .. }) => code,
                Ok(end) => self.fail(at, &format!("the server was to close: {end:?}")),
                Err(_) => self.fail(at, "the server was to close, and did not"),
            }
        }
    }

    async fn wait_for(&self, at: Caller, event: &str) -> Heard {
        let heard = self.line.inbox.wait_for(|heard| heard.name() == event);
        match heard.await {
            Some(heard) => heard,
            None => self.fail(at, &format!("`{event}` was to be heard, and did not come")),
        }
    }

    fn fail(&self, at: Caller, problem: &str) -> ! {
        let (name, told) = (&self.name, self.line.inbox.tell());
        panic!("{at}: {name}: {problem}. So far it heard:\n{told}")
    }
}

impl Drop for Player {
    fn drop(&mut self) {
        let is_looked_at = self.line.is_over.load(Ordering::Relaxed) || std::thread::panicking();
        if !is_looked_at && self.line.inbox.unseen() > 0 {
            let (name, told) = (&self.name, self.line.inbox.tell());
            panic!("nobody looked at all that {name} heard:\n{told}");
        }
    }
}

impl fmt::Debug for Player {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Player").field(&self.name).finish()
    }
}
