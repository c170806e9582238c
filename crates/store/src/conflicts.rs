//! What only the real DynamoDB does, and only now and then: transactions that meet, and throttling.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Region};
use aws_sdk_dynamodb::error::DisplayErrorContext;
use aws_sdk_dynamodb::{Client, Config};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use domain::Timestamp;
use domain::lobby::{Contact, JoinPolicy, Lobby, Metadata, Settings, Visibility, start};
use domain::matchmaking::{Attributes, Match, Owner, State, Ticket};
use ids::{ConnectionId, LobbyEra, LobbyId, PlayerId, QueueName, TicketId};
use serde_json::{Value, json};

use crate::{
    Closed, Connection, CreateConflict, JoinConflict, Reached, Saved, Store, StoreError, TableNames,
};

/// Gives prepared answers, one after the other.
#[derive(Clone, Debug)]
struct Prepared(Arc<Mutex<VecDeque<Value>>>);

impl HttpConnector for Prepared {
    fn call(&self, _request: HttpRequest) -> HttpConnectorFuture {
        let answer = self.0.lock().expect("no test panics here").pop_front();
        let answer = answer.expect("an answer is prepared for each request");
        let status = if answer.get("__type").is_some() {
            400
        } else {
            200
        };
        let status = StatusCode::try_from(status).expect("a status code");
        let body = SdkBody::from(answer.to_string());
        HttpConnectorFuture::ready(Ok(HttpResponse::new(status, body)))
    }
}

impl HttpClient for Prepared {
    fn http_connector(
        &self,
        _settings: &HttpConnectorSettings,
        _components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

fn store(answers: impl IntoIterator<Item = Value>) -> Store {
    let answers = answers.into_iter().collect();
    let retries = RetryConfig::standard().with_initial_backoff(Duration::from_millis(1));
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("local"))
        .credentials_provider(Credentials::new("id", "secret", None, None, "test"))
        .retry_config(retries)
        .http_client(Prepared(Arc::new(Mutex::new(answers))))
        .build();
    Store::new(Client::from_conf(config), TableNames::with_prefix("test-"))
}

fn refusal(name: &str) -> Value {
    json!({ "__type": format!("com.amazonaws.dynamodb.v20120810#{name}") })
}

fn cancelled(reasons: &[&str]) -> Value {
    let mut cancelled = refusal("TransactionCanceledException");
    let reasons = reasons.iter().map(|reason| json!({ "Code": reason }));
    cancelled["CancellationReasons"] = reasons.collect();
    cancelled
}

fn contact() -> Contact {
    Contact {
        player_id: PlayerId::parse("player").expect("a player id"),
        connection_id: ConnectionId::parse("C=").expect("a connection id"),
        expires_at: Timestamp::from_millis(2),
        away: false,
    }
}

fn connection() -> Connection {
    let contact = contact();
    Connection {
        connection_id: contact.connection_id,
        player_id: contact.player_id,
        connected_at: now(),
        expires_at: contact.expires_at,
        permissions: None,
    }
}

fn now() -> Timestamp {
    Timestamp::from_millis(1)
}

fn lobby() -> Lobby {
    let settings = Settings {
        name: None,
        max_players: 8,
        visibility: Visibility::Private,
        join_policy: JoinPolicy::Ask,
        locked: false,
        password: None,
        metadata: Metadata::new(),
    };
    let lobby_id = LobbyId::parse("L").expect("a lobby id");
    let era = LobbyEra::parse("era").expect("an era");
    let outcome = start(lobby_id, era, settings, contact(), now());
    outcome.lobby.expect("a new lobby")
}

fn ticket() -> Ticket {
    Ticket {
        ticket_id: TicketId::parse("t").expect("a ticket id"),
        queue: QueueName::parse("1v1").expect("a queue"),
        owner: Owner::Player,
        players: vec![contact()],
        attributes: Attributes::new(),
        created_at: now(),
        version: 1,
        state: State::Waiting,
    }
}

fn locked(lobby: &Lobby) -> Lobby {
    let mut locked = lobby.clone();
    locked.settings.locked = true;
    locked.version += 1;
    locked
}

#[tokio::test]
async fn a_create_that_meets_another_transaction_has_lost_a_race() {
    let store = store([cancelled(&["TransactionConflict", "None"])]);
    let created = store.lobbies().create(&lobby(), now()).await;
    assert_eq!(created.expect("no failure"), Err(CreateConflict::LostRace));
}

#[tokio::test]
async fn a_save_that_meets_another_transaction_has_lost_a_race() {
    let before = lobby();
    let after = locked(&before);
    let store = store([
        refusal("TransactionConflictException"),
        cancelled(&["None", "TransactionConflict"]),
    ]);
    for after in [Some(&after), None] {
        let saved = store.lobbies().save(&before, after, now()).await;
        assert_eq!(saved.expect("no failure"), Saved::LostRace);
    }
}

#[tokio::test]
async fn whatever_is_done_to_a_ticket_that_meets_another_transaction_has_lost_a_race() {
    let conflict = || cancelled(&["None", "TransactionConflict", "None"]);
    let store = store([
        conflict(),
        refusal("TransactionConflictException"),
        conflict(),
        conflict(),
    ]);
    let (tickets, ticket) = (store.tickets(), ticket());
    let joined = tickets.join(&ticket, now()).await;
    assert_eq!(joined.expect("no failure"), Err(JoinConflict::LostRace));
    let saved = tickets.save(&ticket, &ticket.returned()).await;
    assert_eq!(saved.expect("no failure"), Saved::LostRace);
    let removed = tickets.remove(&ticket, now()).await;
    assert_eq!(removed.expect("no failure"), Saved::LostRace);
    let of = Match {
        placed: Vec::new(),
        backfill: None,
    };
    let claimed = tickets.claim(&of, &lobby(), now()).await;
    assert_eq!(claimed.expect("no failure"), Saved::LostRace);
}

#[tokio::test]
async fn a_connection_is_opened_and_closed_once_the_other_transaction_is_over() {
    let conflict = || cancelled(&["None", "TransactionConflict"]);
    let store = store([conflict(), json!({}), conflict(), conflict(), json!({})]);
    let opened = store.connections().open(&connection()).await;
    opened.expect("the second attempt is done");
    let connections = store.connections();
    let closed = connections
        .close(&connection(), Reached::ByNone, now(), now())
        .await;
    assert_eq!(closed.expect("the third attempt is done"), Closed::Done);
    assert_eq!(store.operations().to_string(), "TransactWriteItems 5");
}

#[tokio::test]
async fn a_connection_whose_items_are_never_let_go_is_given_up_after_four_attempts() {
    let store = store((0..4).map(|_| cancelled(&["TransactionConflict", "None"])));
    let connections = store.connections();
    let closed = connections
        .close(&connection(), Reached::ByNone, now(), now())
        .await;
    assert!(matches!(closed, Err(StoreError::Unavailable { .. })));
    assert_eq!(store.operations().to_string(), "TransactWriteItems 4");
}

#[tokio::test]
async fn a_transaction_that_is_throttled_is_a_failure_and_no_lost_race() {
    let store = store([cancelled(&["None", "ThrottlingError"])]);
    let created = store.lobbies().create(&lobby(), now()).await;
    let error = created.expect_err("it was throttled");
    let error = DisplayErrorContext(error).to_string();
    assert!(error.contains("ThrottlingError"), "{error}");
}

#[tokio::test]
async fn what_is_throttled_or_still_in_progress_is_tried_again_and_counted_again() {
    let store = store([
        refusal("ProvisionedThroughputExceededException"),
        refusal("ThrottlingException"),
        json!({}),
        refusal("TransactionInProgressException"),
        json!({}),
    ]);
    let found = store.lobbies().find(&lobby().lobby_id, now()).await;
    assert_eq!(found.expect("the third attempt is answered"), None);
    let created = store.lobbies().create(&lobby(), now()).await;
    assert_eq!(created.expect("the second attempt is done"), Ok(()));
    let counts = store.operations().to_string();
    assert_eq!(counts, "GetItem 3, TransactWriteItems 2");
}
