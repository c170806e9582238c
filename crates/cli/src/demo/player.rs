//! One player's connection to Switchboard.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail, ensure};
use client::{End, Incoming, Refused, Session, SessionEvent, SessionEvents, SessionOptions};
use futures::FutureExt as _;
use protocol::event::{Event, IceServer};

use super::timeline::{Side, Step, Timeline};

/// One player's connection to Switchboard, and what it has heard there.
pub(super) struct Player<'a> {
    pub(super) side: Side,
    pub(super) client: Session,
    pub(super) timeline: &'a Timeline,
    events: SessionEvents,
    heard: BTreeMap<String, u64>,
}

impl<'a> Player<'a> {
    /// Connects, and asks who one is.
    pub(super) async fn connect(
        side: Side,
        url: &str,
        timeline: &'a Timeline,
    ) -> anyhow::Result<Self> {
        let (client, events) = Session::connect(url, SessionOptions::default()).await?;
        let mut player = Self {
            side,
            client,
            timeline,
            events,
            heard: BTreeMap::new(),
        };
        player.note("welcome");
        if let Some(scissors) = timeline.scissors() {
            scissors.hold(side, &player.client);
        }
        let player_id = player.client.player_id();
        timeline.made_with(side, Step::Connected, format!("player {player_id}"));
        Ok(player)
    }

    /// The STUN and TURN servers to use.
    pub(super) async fn ice_servers(&mut self) -> anyhow::Result<Vec<IceServer>> {
        let answer = self.client.ice_servers().await?;
        self.note("ice_servers");
        Ok(answer.ice_servers)
    }

    /// Keeps count of an answer.
    pub(super) fn note(&mut self, event: &str) {
        *self.heard.entry(event.to_owned()).or_default() += 1;
    }

    /// Leaves Switchboard; nothing is cut any more.
    pub(super) async fn leave(&self) -> anyhow::Result<()> {
        if let Some(scissors) = self.timeline.scissors() {
            scissors.let_go(self.side);
        }
        let end = self.client.close().await;
        ensure!(
            end == End::Closed,
            "Switchboard was lost too early by {}. {end}",
            self.side.title()
        );
        Ok(())
    }

    /// The next event; a refusal and the end of the session are errors. The lobby as it is on coming back is an event too. Safe
    /// to cancel.
    pub(super) async fn next(&mut self) -> anyhow::Result<Event> {
        loop {
            let told = self.events.next().await;
            if let Some(SessionEvent::Resumed(resumed) | SessionEvent::Moved(resumed)) = told {
                self.timeline.made(self.side, Step::Resumed);
                self.note("welcome");
                if let Some(lobby) = resumed.lobby {
                    self.note("lobby_resumed");
                    return Ok(lobby.into());
                }
                continue;
            }
            let incoming = match told {
                Some(SessionEvent::Incoming(incoming)) => Some(incoming),
                Some(
                    SessionEvent::Reconnecting { .. }
                    | SessionEvent::StartedOver { .. }
                    | SessionEvent::Resumed(_)
                    | SessionEvent::Moved(_),
                ) => continue,
                None => None,
            };
            match incoming {
                Some(Incoming::Event(event)) => {
                    self.note(event.name());
                    return match Refused::of(&event) {
                        Some(refused) => Err(refused.into()),
                        None => Ok(event),
                    };
                }
                Some(Incoming::Unknown(unknown)) => self.note(&unknown.name),
                Some(Incoming::NotAnEvent(odd)) => bail!(
                    "Switchboard said something that is no event: {}.",
                    odd.problem
                ),
                None => {
                    let end = self.client.ended().await;
                    let who = self.side.title();
                    return Err(end).context(format!("Switchboard was lost too early by {who}."));
                }
            }
        }
    }

    /// Counts what has come already and nobody has waited for.
    pub(super) fn read_waiting(&mut self) -> anyhow::Result<()> {
        while let Some(event) = self.next().now_or_never() {
            event?;
        }
        Ok(())
    }

    /// What it has heard, by name.
    pub(super) fn heard(&self) -> BTreeMap<String, u64> {
        self.heard.clone()
    }
}
