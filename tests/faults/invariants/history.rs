//! What has happened in a run, looked at as it happens.

use std::collections::{BTreeMap, BTreeSet};

use domain::Timestamp;
use function::{Answer, Failure};
use ids::{BattleId, ConnectionId, PlayerId};
use serde_json::Value;
use store::{Contents, StoreError};

use super::stored;

/// What has happened, as far as an invariant needs to know.
#[derive(Default)]
pub(crate) struct History {
    log: Vec<String>,
    broken: Option<String>,
    /// Who was ever in a lobby together, or waited to be let in by the other, by whichever name: both ways round.
    introduced: BTreeSet<(PlayerId, PlayerId)>,
    /// Who is on which connection, or was last.
    players: BTreeMap<ConnectionId, PlayerId>,
    /// Who has heard how a battle ended.
    settled: BTreeSet<(ConnectionId, BattleId)>,
    /// How often clients have heard each event, and each code of a refusal.
    heard: BTreeMap<String, u64>,
    /// Whose end was handled.
    gone: BTreeSet<ConnectionId>,
}

impl History {
    pub(crate) fn note(&mut self, at: u64, line: &str) {
        self.log.push(format!("{at:>8} ms  {line}"));
    }

    /// An invariant of this name is broken. The first one counts: what comes after it may come of it.
    pub(crate) fn broken(&mut self, invariant: &str, how: &str) {
        if self.broken.is_none() {
            let line = format!("{invariant} is broken: {how}");
            self.log.push(line.clone());
            self.broken = Some(line);
        }
    }

    /// Writes down whatever is broken.
    pub(crate) fn check(&mut self, invariant: &str, held: Result<(), String>) {
        if let Err(how) = held {
            self.broken(invariant, &how);
        }
    }

    pub(crate) fn told(&mut self) -> (Vec<String>, Option<String>) {
        (std::mem::take(&mut self.log), self.broken.take())
    }

    /// What the tables hold after a write.
    pub(crate) fn see(&mut self, contents: Option<Result<Contents, StoreError>>, now: Timestamp) {
        let contents = match contents {
            None => return,
            Some(Ok(contents)) => contents,
            Some(Err(malformed)) => {
                self.broken("items_can_be_read", &format!("{malformed}"));
                return;
            }
        };
        for trace in &contents.connections {
            let connection = trace.connection.clone();
            let after = connection.player_id.clone();
            let before = self
                .players
                .insert(connection.connection_id, connection.player_id);
            if let Some(before) = before.filter(|before| *before != after) {
                self.is_another(&before, &after);
            }
        }
        for lobby in &contents.lobbies {
            self.introduce(lobby);
        }
        for (invariant, held) in stored::all(&contents, now) {
            self.check(invariant, held);
        }
    }

    /// Whoever was on a connection is another player from now on: still the one who was introduced there.
    fn is_another(&mut self, before: &PlayerId, after: &PlayerId) {
        let known: Vec<_> = self.introduced.iter().cloned().collect();
        for (_, other) in known.into_iter().filter(|(one, _)| one == before) {
            self.introduced.insert((after.clone(), other.clone()));
            self.introduced.insert((other, after.clone()));
        }
    }

    fn introduce(&mut self, lobby: &domain::lobby::Lobby) {
        let members = || lobby.members.keys();
        let asking = lobby.requests.keys().map(|player| (&lobby.host, player));
        let together = members().flat_map(|one| members().map(move |other| (one, other)));
        for (one, other) in together.chain(asking) {
            self.introduced.insert((one.clone(), other.clone()));
            self.introduced.insert((other.clone(), one.clone()));
        }
    }

    /// A connection's end was handled.
    pub(crate) fn has_said_goodbye(&mut self, connection_id: &ConnectionId) {
        self.gone.insert(connection_id.clone());
    }

    pub(crate) fn is_gone(&self, connection_id: &ConnectionId) -> bool {
        self.gone.contains(connection_id)
    }

    /// A handler posts a frame: what a peer says goes only to whom it was introduced to.
    pub(crate) fn posts(&mut self, from: Option<&ConnectionId>, to: &ConnectionId, frame: &str) {
        let event = name(frame);
        let is_relayed = event.starts_with("received_session") || event.starts_with("received_ice");
        let player = |connection_id: &ConnectionId| self.players.get(connection_id).cloned();
        let pair = from.and_then(player).zip(player(to));
        // Whoever comes back has what was kept for it posted to itself. Who said that was looked at when it was said.
        let is_kept = from == Some(to);
        let is_introduced = is_kept || pair.is_some_and(|pair| self.introduced.contains(&pair));
        if is_relayed && !is_introduced {
            let how = format!("{to:?} gets {event} from {from:?}");
            self.broken("nobody_gets_a_frame_from_a_stranger", &how);
        }
    }

    /// How often clients have heard each event, and each code of a refusal.
    pub(crate) fn heard(&self) -> BTreeMap<String, u64> {
        self.heard.clone()
    }

    /// A client hears a frame: of each settlement once.
    pub(crate) fn hears(&mut self, by: &ConnectionId, frame: &Value) {
        for what in [&frame["event"], &frame["content"]["code"]] {
            if let Some(what) = what.as_str() {
                *self.heard.entry(what.to_owned()).or_default() += 1;
            }
        }
        if frame["event"] != "battle_settled" {
            return;
        }
        let battle = frame["content"]["battle_id"].as_str().unwrap_or_default();
        let battle = BattleId::parse(battle).expect("a settled battle has an id");
        if !self.settled.insert((by.clone(), battle)) {
            let how = format!("{by:?} hears twice of {frame}");
            self.broken("a_battle_is_settled_once", &how);
        }
    }

    /// A client's message was handled to its end.
    pub(crate) fn answers(&mut self, message: &str, answer: &Answer) {
        let message: Value = serde_json::from_str(message).expect("clients here send JSON");
        let body = answer.body.as_deref().unwrap_or("{}");
        let body: Value = serde_json::from_str(body).unwrap_or_default();
        let is_answered = answer.status == 200 && body["reply_to"] == message["id"];
        let is_told = match &answer.failure {
            None => true,
            Some(failure) => {
                self.fails(failure);
                body["event"] == "error" && body["content"]["retryable"] == true
            }
        };
        if !is_answered || !is_told {
            let how = format!("{message} is answered by {answer:?}");
            self.broken("every_message_is_answered", &how);
        }
    }

    /// A handler has failed: only what it depends on may be why.
    pub(crate) fn fails(&mut self, failure: &Failure) {
        let is_own = matches!(
            failure,
            Failure::Broken(_) | Failure::Store(StoreError::Malformed { .. })
        );
        if is_own {
            self.broken("handlers_fail_by_faults_alone", &format!("{failure:?}"));
        }
    }
}

fn name(frame: &str) -> String {
    let frame: Value = serde_json::from_str(frame).unwrap_or_default();
    frame["event"].as_str().unwrap_or_default().to_owned()
}
