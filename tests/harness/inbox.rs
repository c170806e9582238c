//! What a player has heard, and what of it the test has looked at.

use std::fmt::Write as _;
use std::sync::{Arc, Mutex, MutexGuard};

use client::Events;
use protocol::Message;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tokio::sync::watch;
use tokio::time::timeout;

use crate::DEADLINE;

/// One message as it came.
#[derive(Clone, Debug, PartialEq)]
pub struct Heard {
    /// The message itself.
    pub text: String,
    /// The same as JSON; null where it is none.
    pub json: Value,
}

impl Heard {
    fn read(text: String) -> Self {
        let json = serde_json::from_str(&text).unwrap_or_default();
        Self { text, json }
    }

    /// The event's name; empty where it is no event.
    #[must_use]
    pub fn name(&self) -> &str {
        self.json["event"].as_str().unwrap_or_default()
    }

    /// Which message it answers.
    #[must_use]
    pub fn reply_to(&self) -> Option<&str> {
        self.json["reply_to"].as_str()
    }

    /// The names of the content's fields, sorted.
    #[must_use]
    pub fn fields(&self) -> Vec<&str> {
        let content = self.json["content"].as_object();
        let mut fields: Vec<_> = content
            .into_iter()
            .flat_map(|content| content.keys().map(String::as_str))
            .collect();
        fields.sort_unstable();
        fields
    }

    /// The content as the event that it says it is.
    #[must_use]
    pub fn content<E: Message + DeserializeOwned>(&self) -> E {
        assert_eq!(self.name(), E::NAME, "{}", self.text);
        serde_json::from_value(self.json["content"].clone())
            .unwrap_or_else(|error| panic!("no {}: {error}\n{}", E::NAME, self.text))
    }
}

/// What a player has heard. A clone is the same inbox.
#[derive(Clone, Debug)]
pub(crate) struct Inbox {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    heard: Mutex<Vec<Entry>>,
    /// How much has come, and whether more may.
    news: watch::Sender<News>,
}

#[derive(Clone, Copy, Debug, Default)]
struct News {
    count: usize,
    is_over: bool,
}

#[derive(Debug)]
struct Entry {
    heard: Heard,
    looked_at: bool,
}

impl Inbox {
    /// Takes in everything that comes, until the connection ends.
    pub(crate) fn fill(mut events: Events) -> Self {
        let inbox = Self {
            shared: Arc::new(Shared {
                heard: Mutex::default(),
                news: watch::Sender::default(),
            }),
        };
        let filled = inbox.clone();
        tokio::spawn(async move {
            while let Some(text) = events.next_text().await {
                filled.lock().push(Entry {
                    heard: Heard::read(text),
                    looked_at: false,
                });
                filled.shared.news.send_modify(|news| news.count += 1);
            }
            filled.shared.news.send_modify(|news| news.is_over = true);
        });
        inbox
    }

    /// Waits for the first message like this that nobody has looked at. `None` after the deadline or the connection's end.
    pub(crate) async fn wait_for(&self, is_wanted: impl Fn(&Heard) -> bool) -> Option<Heard> {
        let mut found = None;
        let mut news = self.shared.news.subscribe();
        let arrived = news.wait_for(|news| {
            found = self.take(&is_wanted);
            found.is_some() || news.is_over
        });
        timeout(DEADLINE, arrived).await.ok();
        found
    }

    /// Looks at everything that has come.
    pub(crate) fn take_all(&self) -> Vec<Heard> {
        let mut heard = self.lock();
        let unseen = heard.iter_mut().filter(|entry| !entry.looked_at);
        unseen
            .map(|entry| {
                entry.looked_at = true;
                entry.heard.clone()
            })
            .collect()
    }

    /// How much nobody has looked at.
    pub(crate) fn unseen(&self) -> usize {
        self.lock().iter().filter(|entry| !entry.looked_at).count()
    }

    /// Everything that has come, for a failure's message.
    pub(crate) fn tell(&self) -> String {
        let mut told = String::new();
        for entry in self.lock().iter() {
            let mark = if entry.looked_at { "seen" } else { "new " };
            writeln!(told, "    {mark} {}", entry.heard.text).expect("a text takes any text");
        }
        if told.is_empty() {
            told.push_str("    nothing\n");
        }
        told
    }

    fn take(&self, is_wanted: impl Fn(&Heard) -> bool) -> Option<Heard> {
        let mut heard = self.lock();
        let entry = heard
            .iter_mut()
            .find(|entry| !entry.looked_at && is_wanted(&entry.heard))?;
        entry.looked_at = true;
        Some(entry.heard.clone())
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Entry>> {
        self.shared
            .heard
            .lock()
            .expect("nothing panics while it holds this lock")
    }
}
