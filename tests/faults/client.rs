//! A client: it says what it wants, hears what it is told, and comes back after its line is cut.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use domain::Timestamp;
use ids::ConnectionId;
use protocol::Event;
use serde_json::{Value, json};
use tokio::sync::mpsc::error::TryRecvError;
use tokio::time::{Instant, sleep};

use crate::chance::Chance;
use crate::knowledge::Knowledge;
use crate::platform::{Line, Platform};
use crate::wishes::{Theme, wish};

/// How long a client waits for an answer before it asks again.
const PATIENCE: Duration = Duration::from_secs(3);

/// What a client waits for at the end of a run, when everything answers.
const AMPLE: Duration = Duration::from_secs(20);

pub(crate) struct Client {
    platform: Arc<Platform>,
    theme: Theme,
    line: Option<Line>,
    knows: Knowledge,
    /// What it has asked and has not been answered yet, and since when.
    asked: BTreeMap<String, (Value, Timestamp)>,
    questions: u32,
    /// With what it may come back as the player that it was.
    resume_token: Option<String>,
    /// Which of what was kept for it it has taken in: that may come more than once.
    caught_up: BTreeSet<u64>,
}

impl Client {
    pub(crate) fn new(platform: &Arc<Platform>, theme: Theme) -> Self {
        Self {
            platform: Arc::clone(platform),
            theme,
            line: None,
            knows: Knowledge::default(),
            asked: BTreeMap::new(),
            questions: 0,
            resume_token: None,
            caught_up: BTreeSet::new(),
        }
    }

    /// Where it is reached, if it is connected.
    pub(crate) fn connection_id(&self) -> Option<&ConnectionId> {
        self.line.as_ref().map(|line| &line.connection_id)
    }

    /// Does so many things, one after the other.
    pub(crate) async fn lives(mut self, turns: u32) -> Self {
        for _ in 0..turns {
            sleep(self.chance().between(20, 1_500)).await;
            self.listens();
            self.takes_its_turn().await;
        }
        self
    }

    async fn takes_its_turn(&mut self) {
        if self.line.is_none() {
            self.connects().await;
        } else if self.chance().in_a_thousand(35) {
            self.vanishes();
        } else if let Some(again) = self
            .unanswered()
            .filter(|_| self.chance().in_a_thousand(600))
        {
            self.says(&again);
        } else {
            self.says_something();
            if self.chance().in_a_thousand(150) {
                self.says_something();
            }
        }
    }

    pub(crate) async fn connects(&mut self) {
        self.line = self.platform.connect().await;
        if self.line.is_some() {
            let hello = match self.resume_token.take() {
                Some(token) => json!({ "resume": token }),
                None => json!({}),
            };
            self.asks(json!({ "action": "hello", "content": hello }));
        }
    }

    /// Ends its connection, with a farewell or without: that is for the platform to notice.
    pub(crate) fn vanishes(&mut self) {
        if let Some(line) = self.line.take() {
            self.platform.disconnect(&line);
        }
        self.forgets();
    }

    /// Is there no more, and nobody hears of it.
    pub(crate) fn is_lost(&mut self) {
        if let Some(line) = self.line.take() {
            self.platform.lose(&line);
        }
        self.forgets();
    }

    fn forgets(&mut self) {
        self.knows = Knowledge::default();
        self.asked.clear();
    }

    fn says_something(&mut self) {
        if let Some(wish) = wish(self.theme, &self.knows, self.chance()) {
            self.asks(wish);
        }
    }

    /// Says something and remembers that it wants an answer. The name of the question.
    pub(crate) fn asks(&mut self, mut message: Value) -> String {
        self.questions += 1;
        let id = self.questions.to_string();
        message["id"] = json!(id);
        self.says(&message);
        self.asked.insert(id.clone(), (message, function::now()));
        id
    }

    fn says(&self, message: &Value) {
        if let Some(line) = &self.line {
            self.platform.send(line, &message.to_string());
        }
    }

    /// What it has waited for too long, asked from now on.
    fn unanswered(&mut self) -> Option<Value> {
        let now = function::now();
        let mut asked = self.asked.values_mut();
        let (message, since) = asked.find(|(_, since)| *since + PATIENCE <= now)?;
        *since = now;
        Some(message.clone())
    }

    /// Hears all that has come.
    pub(crate) fn listens(&mut self) {
        let _ = self.hears_until(|_| false);
    }

    /// Hears what has come until something is what it waits for.
    fn hears_until(&mut self, is_it: impl Fn(&Value) -> bool) -> Option<Value> {
        loop {
            let heard = self.line.as_mut()?.inbox.try_recv();
            match heard {
                Ok(frame) => {
                    let frame = self.hears(&frame);
                    if is_it(&frame) {
                        return Some(frame);
                    }
                }
                Err(TryRecvError::Empty) => return None,
                Err(TryRecvError::Disconnected) => {
                    self.line = None;
                    self.forgets();
                }
            }
        }
    }

    fn hears(&mut self, frame: &str) -> Value {
        let frame: Value = serde_json::from_str(frame).expect("every frame is JSON");
        let sequence = frame["sequence"].as_u64();
        if sequence.is_some_and(|sequence| !self.caught_up.insert(sequence)) {
            return frame;
        }
        if let Some(line) = &self.line {
            let mut history = self.platform.shared.history();
            history.hears(&line.connection_id, &frame);
        }
        if let Some(id) = frame["reply_to"].as_str() {
            self.is_told(id, &frame);
        }
        if frame["event"] == "welcome" {
            let token = frame["content"]["resume_token"].as_str();
            self.resume_token = token.map(str::to_owned);
        }
        if let Ok(event) = serde_json::from_value::<Event>(frame.clone()) {
            self.knows.hear(event);
        }
        frame
    }

    /// Whoever could not be greeted asks again later: nothing else is to be had before that.
    fn is_told(&mut self, id: &str, answer: &Value) {
        let greets = |(message, _): &(Value, Timestamp)| message["action"] == "hello";
        let later = answer["content"]["retryable"] == true;
        if !(later && self.asked.get(id).is_some_and(greets)) {
            self.asked.remove(id);
        }
    }

    /// Says hello again where that was not answered: whoever is being taken up is sure to be where it was once it is.
    pub(crate) async fn is_greeted(&mut self) {
        let mut asked = self.asked.values();
        let hello = asked.find(|(message, _)| message["action"] == "hello");
        if let Some((hello, _)) = hello.cloned() {
            self.is_answered(hello).await;
        }
    }

    /// Asks something while everything answers, and waits for the answer.
    pub(crate) async fn is_answered(&mut self, message: Value) -> Option<Value> {
        let id = self.asks(message);
        let deadline = Instant::now() + AMPLE;
        while Instant::now() < deadline {
            let answer = self.hears_until(|frame| frame["reply_to"] == id.as_str());
            if answer.is_some() {
                return answer;
            }
            sleep(Duration::from_millis(50)).await;
        }
        None
    }

    fn chance(&self) -> &Chance {
        &self.platform.shared.chance
    }
}
