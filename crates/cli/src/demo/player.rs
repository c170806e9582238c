//! One player's connection to Switchboard.

use std::collections::BTreeMap;

use anyhow::{Context as _, bail};
use client::{Client, Events, Incoming, Options, Refused};
use futures::FutureExt as _;
use protocol::event::{Event, IceServer};

use super::timeline::{Side, Step, Timeline};

/// One player's connection to Switchboard, and what it has heard there.
pub(super) struct Player<'a> {
    pub(super) side: Side,
    pub(super) client: Client,
    pub(super) timeline: &'a Timeline,
    events: Events,
    heard: BTreeMap<String, u64>,
}

impl<'a> Player<'a> {
    /// Connects, and asks who one is.
    pub(super) async fn connect(
        side: Side,
        url: &str,
        timeline: &'a Timeline,
    ) -> anyhow::Result<Self> {
        let (client, events) = Client::connect(url, Options::default()).await?;
        let mut player = Self {
            side,
            client,
            timeline,
            events,
            heard: BTreeMap::new(),
        };
        let welcome = player.client.hello().await?;
        player.note("welcome");
        timeline.made_with(
            side,
            Step::Connected,
            format!("player {}", welcome.player_id),
        );
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

    /// The next event; a refusal and the end of the connection are errors. Safe to cancel.
    pub(super) async fn next(&mut self) -> anyhow::Result<Event> {
        loop {
            match self.events.next().await {
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
