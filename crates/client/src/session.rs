//! A connection that comes back by itself.

mod core;
mod driver;
mod event;
mod frames;
mod opening;
mod options;
mod peers;
mod settle;
mod teller;

use std::sync::Arc;

use ids::PlayerId;
use protocol::envelope::write_action;
use protocol::{Action, ErrorCode, Event, MAX_MESSAGE_BYTES};
use tokio::sync::mpsc;

use self::core::{Core, Identity, Line};
use self::driver::Driver;
use self::opening::{OpenError, Who, open_or_start_over};
use self::settle::{Fate, fate};
use crate::{ConnectError, End, Refused, RequestError, SendError, Stats};

pub use self::event::{Resumed, SessionEvent, SessionEvents};
pub use self::options::{Backoff, Patience, ResumeToken, SessionOptions, WhenForgotten};

/// How often an action is asked again before it counts as interrupted.
const MOST_REPEATS: u32 = 5;

/// A player's session with Switchboard: a [`Client`](crate::Client) that comes back by itself.
///
/// When its connection is lost it opens another, with backoff and jitter, and takes up the same player there: lobby, place in a
/// queue, battle. Before the platform ends a connection for its age, it moves to another. What the program sees of it:
///
/// - **Addresses stay.** The program goes on using the `connection_id` that it first heard for a player, though the wire's changes
///   whenever either of the two comes back.
/// - **Signalling is lossless.** A session description or candidate that may have been lost with a connection, on either side, is
///   sent again, and heard once. Of what is sent to one peer the last 128 frames and 256 KB are kept for this, for as long as a
///   loss may go unnoticed.
/// - **Requests go on.** One whose answer was lost is asked again where that is harmless, or answered by what the lobby looks like
///   on coming back. Where neither will do (a mark, an attack), it fails with [`RequestError::Interrupted`].
/// - **Events are in order, and come once**, what was said meanwhile included. [`SessionEvent::Resumed`] then says where the player
///   is, for whatever was lost all the same.
///
/// Clones share it; when the last is dropped it says goodbye.
#[derive(Clone, Debug)]
pub struct Session {
    core: Arc<Core>,
    /// Whose closing tells the task that every handle is gone.
    _alive: mpsc::Sender<()>,
}

/// Why there is no session.
#[derive(Debug, thiserror::Error)]
pub enum SessionError {
    /// There is no connection.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// There is one, and the player was not welcome on it.
    #[error(transparent)]
    Hello(RequestError),
    /// The server said more than it keeps for one player.
    #[error(
        "More was said on connecting than Switchboard keeps for one player: use a client of the server's version."
    )]
    TooMuch,
}

impl From<OpenError> for SessionError {
    fn from(error: OpenError) -> Self {
        match error {
            OpenError::Connect(error) => Self::Connect(error),
            OpenError::Hello(error) => Self::Hello(error),
            OpenError::TooMuch => Self::TooMuch,
        }
    }
}

impl Session {
    /// Connects and says `hello`; with [`SessionOptions::resume`], as the player of an earlier session. A first connection is tried
    /// once, so that a wrong address is known at once.
    ///
    /// # Errors
    /// [`SessionError`], a sentence that says what to do.
    pub async fn connect(
        url: &str,
        options: SessionOptions,
    ) -> Result<(Self, SessionEvents), SessionError> {
        let who = match &options.resume {
            Some(token) => Who::Again(token.clone(), None),
            None => Who::New,
        };
        let opened = open_or_start_over(url, &options, who).await?;
        let core = Arc::new(Core::new(Identity::of(
            &opened.welcome,
            opened.last_sequence,
        )));
        let (output, events) = mpsc::channel(options.client.unread_events.max(1));
        let (alive, handles) = mpsc::channel(1);
        let driver = Driver::new(Arc::clone(&core), url.to_owned(), options, output);
        tokio::spawn(driver.run(opened, handles));
        let session = Self {
            core,
            _alive: alive,
        };
        Ok((session, SessionEvents::new(events)))
    }

    /// Who the player is.
    #[must_use]
    pub fn player_id(&self) -> PlayerId {
        self.core.identity().player_id.clone()
    }

    /// What another process needs to take this session's player up. It changes with each connection; older ones remain good for a
    /// while.
    #[must_use]
    pub fn resume_token(&self) -> ResumeToken {
        self.core.identity().token.clone()
    }

    /// Says something and waits for the answer, over as many connections as it takes.
    ///
    /// # Errors
    /// As [`Client::request`](crate::Client::request), and [`RequestError::Interrupted`].
    pub async fn request(&self, action: impl Into<Action>) -> Result<Event, RequestError> {
        let mut action = action.into();
        self.core.peers().name(&mut action);
        let before = self.core.peers().lobby().cloned();
        let mut line = self.core.line().await?;
        for _ in 0..=MOST_REPEATS {
            match self.ask(&mut line, &action).await {
                Err(RequestError::Ended(_)) => {}
                Err(error @ RequestError::Deadline { unread: false, .. }) => {
                    self.core.suspicion.notify_one();
                    return Err(error);
                }
                answered => return answered.map(|event| self.core.hear_answer(event)),
            }
            line = self.core.line_after(line.number).await?;
            match fate(&action, before.as_ref(), &line.resumed) {
                Fate::Again => {}
                Fate::Done(event) => return Ok(event),
                Fate::Unknown => break,
            }
        }
        let action = action.name().to_owned();
        Err(RequestError::Interrupted { action })
    }

    /// Asks by the connection of the day, which may be a later one by the time that it is this request's turn.
    async fn ask(&self, line: &mut Line, action: &Action) -> Result<Event, RequestError> {
        loop {
            let shared = self.core.gate.read().await;
            if !self.core.is_current(line) {
                *line = self.core.line().await?;
                continue;
            }
            let sent = self.core.peers().outgoing(action);
            let answer = line.client.request(sent.clone()).await;
            drop(shared);
            match answer {
                Err(RequestError::Refused(refused)) if is_at_home_no_more(&refused) => {
                    // It may just have come back, and the news of where is on its way.
                    if !self.core.finds_another_address(action, &sent).await {
                        return Err(refused.into());
                    }
                }
                answer => return answer,
            }
        }
    }

    /// Says something without asking for an answer. A refusal arrives among the [`SessionEvents`]. While there is no connection it
    /// waits for one. A signalling frame is sent again should it be lost with a connection; anything else is not.
    ///
    /// # Errors
    /// [`SendError`] where it is too long or the session has ended.
    pub async fn send(&self, action: impl Into<Action>) -> Result<(), SendError> {
        let mut action = action.into();
        self.core.peers().name(&mut action);
        let mut line = self.core.line().await?;
        loop {
            match self.say(&line, &action).await {
                Ok(Said::OnItsWay) => return Ok(()),
                Ok(Said::NotHere) => line = self.core.line().await?,
                Err(SendError::Ended(_)) => line = self.core.line_after(line.number).await?,
                Err(error) => return Err(error),
            }
        }
    }

    async fn say(&self, line: &Line, action: &Action) -> Result<Said, SendError> {
        let _shared = self.core.gate.read().await;
        let _outbox = self.core.outbox.lock().await;
        if !self.core.is_current(line) {
            return Ok(Said::NotHere);
        }
        let text = write_action(&self.core.peers().outgoing(action), None);
        let bytes = text.len();
        if bytes > MAX_MESSAGE_BYTES {
            return Err(SendError::TooLong { bytes });
        }
        let is_kept = self.core.peers().keep(action, bytes);
        match line.client.send_text(text).await {
            // It goes again after the resume.
            Err(SendError::Ended(_)) if is_kept => Ok(Said::OnItsWay),
            said => said.map(|()| Said::OnItsWay),
        }
    }

    /// Says goodbye and waits until the session has ended. The player's place is kept for the grace period: leave the lobby or the
    /// queue first, where nobody should wait for it.
    pub async fn close(&self) -> End {
        self.core.closing.send_replace(true);
        self.ended().await
    }

    /// What has gone over the wire so far, over all of its connections.
    #[must_use]
    pub fn stats(&self) -> Stats {
        self.core.stats()
    }

    /// Drops the connection without a goodbye, as a network does, and so has another opened: for tests and for showing.
    pub fn cut(&self) {
        if let Some(line) = self.core.current() {
            line.client.abort();
        }
    }

    /// Waits for the end of the session and says how it came about.
    pub async fn ended(&self) -> End {
        self.core.ended().await
    }
}

/// Whether nobody is at the address that a host acted on.
fn is_at_home_no_more(refused: &Refused) -> bool {
    matches!(
        refused.code,
        ErrorCode::RequestNotFound | ErrorCode::NotAMember
    )
}

/// What came of saying something by one connection.
enum Said {
    /// It goes out, by this one or the next.
    OnItsWay,
    /// Another connection is in use by now.
    NotHere,
}
