//! The platform: who is connected, and which handler gets which event, maybe twice, late or not at all.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use aws_lambda_events::apigw::ApiGatewayWebsocketProxyRequest;
use domain::Timestamp;
use function::{Answer, Call, Context};
use ids::ConnectionId;
use serde_json::{Value, json};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::sleep;

use crate::invocation::{self, Ended};
use crate::plan::Fault;
use crate::shared::Shared;

/// The one list of routes.
const ROUTES: &str = include_str!("../../terraform/routes.json");

/// What a client hears whose message's handler was killed, from the platform itself.
const INTERNAL_SERVER_ERROR: &str = r#"{"message": "Internal server error"}"#;

pub(crate) struct Platform {
    pub(crate) shared: Arc<Shared>,
    pub(crate) context: Context,
    /// Which function each route leads to.
    routes: BTreeMap<String, String>,
    opened: AtomicU32,
}

/// A client's end of a connection.
pub(crate) struct Line {
    pub(crate) connection_id: ConnectionId,
    pub(crate) connected_at: Timestamp,
    pub(crate) inbox: UnboundedReceiver<String>,
}

/// An event of the platform.
struct Event {
    connection_id: ConnectionId,
    connected_at: Timestamp,
    route: String,
    kind: &'static str,
    body: String,
}

impl Platform {
    pub(crate) fn new(shared: Arc<Shared>, context: Context) -> Arc<Self> {
        let functions: BTreeMap<String, Vec<String>> =
            serde_json::from_str(ROUTES).expect("a test of the protocol reads it");
        let routes = functions.into_iter().flat_map(|(function, routes)| {
            let routes = routes.into_iter();
            routes.map(move |route| (route, function.clone()))
        });
        Arc::new(Self {
            shared,
            context,
            routes: routes.collect(),
            opened: AtomicU32::new(0),
        })
    }

    /// Somebody connects; its line, if it is let in.
    pub(crate) async fn connect(self: &Arc<Self>) -> Option<Line> {
        let number = self.opened.fetch_add(1, Ordering::Relaxed);
        let connection_id = ConnectionId::parse(format!("C{number}=")).expect("an id");
        let connected_at = function::now();
        let event = || Event {
            connection_id: connection_id.clone(),
            connected_at,
            route: "$connect".to_owned(),
            kind: "CONNECT",
            body: String::new(),
        };
        if self.strikes(Fault::ConnectRepeated) {
            let (again, platform) = (event(), Arc::clone(self));
            tokio::spawn(async move { drop(platform.invoke(&again).await) });
        }
        let answer = self.invoke(&event()).await?;
        if answer.status != 200 {
            return None;
        }
        let (outbox, inbox) = unbounded_channel();
        self.shared.open(connection_id.clone(), outbox);
        Some(Line {
            connection_id,
            connected_at,
            inbox,
        })
    }

    /// A client sends a message; what it hears comes by its line.
    pub(crate) fn send(self: &Arc<Self>, line: &Line, body: &str) {
        let times = if self.strikes(Fault::MessageRepeated) {
            2
        } else {
            1
        };
        for _ in 0..times {
            let event = Event {
                connection_id: line.connection_id.clone(),
                connected_at: line.connected_at,
                route: self.route_of(body),
                kind: "MESSAGE",
                body: body.to_owned(),
            };
            let way = if self.strikes(Fault::MessageLate) {
                self.shared.chance.between(100, 4_000)
            } else {
                self.shared.chance.between(1, 30)
            };
            let platform = Arc::clone(self);
            tokio::spawn(async move {
                sleep(way).await;
                platform.handle_message(&event).await;
            });
        }
    }

    /// A client is there no more; the platform says so, or does not.
    pub(crate) fn disconnect(self: &Arc<Self>, line: &Line) {
        self.shared.cut(&line.connection_id);
        if self.strikes(Fault::FarewellLost) {
            return;
        }
        let times = if self.strikes(Fault::FarewellRepeated) {
            2
        } else {
            1
        };
        for _ in 0..times {
            let event = Event {
                connection_id: line.connection_id.clone(),
                connected_at: line.connected_at,
                route: "$disconnect".to_owned(),
                kind: "DISCONNECT",
                body: String::new(),
            };
            let way = if self.strikes(Fault::FarewellLate) {
                self.shared.chance.between(1_000, 20_000)
            } else {
                self.shared.chance.between(1, 60)
            };
            let platform = Arc::clone(self);
            tokio::spawn(async move {
                sleep(way).await;
                let answer = platform.invoke(&event).await;
                if answer.is_some_and(|answer| answer.status == 200) {
                    platform
                        .shared
                        .history()
                        .has_said_goodbye(&event.connection_id);
                }
            });
        }
    }

    /// A client is there no more, and the platform does not say so.
    pub(crate) fn lose(&self, line: &Line) {
        self.shared.cut(&line.connection_id);
    }

    async fn handle_message(&self, event: &Event) {
        let to = &event.connection_id;
        let Some(answer) = self.invoke(event).await else {
            self.shared.deliver(to, INTERNAL_SERVER_ERROR.to_owned());
            return;
        };
        self.shared.history().answers(&event.body, &answer);
        if let Some(body) = answer.body {
            self.shared.deliver(to, body);
        }
    }

    async fn invoke(&self, event: &Event) -> Option<Answer> {
        let Event {
            connection_id,
            route,
            body,
            ..
        } = event;
        let call = Call::read(event.to_request()).expect("it names its connection");
        self.shared
            .note(|| format!("{} > {route} {body}", connection_id.as_str()));
        let caller = Some(connection_id.clone());
        let handler = Box::pin(self.handle(call));
        let comes_back = route == "hello" && body.contains(r#""resume""#);
        let what = if comes_back { "resume" } else { route };
        match invocation::run(&self.shared, what, caller, true, handler).await {
            Ended::Done(answer) => {
                self.shared.note(|| {
                    let Answer { body, failure, .. } = &answer;
                    format!("{} < {route} {body:?} {failure:?}", connection_id.as_str())
                });
                Some(answer)
            }
            Ended::Killed => {
                self.shared
                    .note(|| format!("{} x {route} was killed", connection_id.as_str()));
                None
            }
        }
    }

    async fn handle(&self, call: Call) -> Answer {
        let context = &self.context;
        let function = self.routes.get(&call.route).map(String::as_str);
        match function {
            Some("battle") => battle::handle(context, call).await,
            Some("lobby") => lobby::handle(context, call).await,
            Some("matchmaking") => matchmaking::handle(context, call).await,
            Some("signalling") => signalling::handle(context, call).await,
            _ => connection::handle(context, call).await,
        }
    }

    /// The route of a message: that of its action, where there is one.
    fn route_of(&self, body: &str) -> String {
        let body: Value = serde_json::from_str(body).unwrap_or_default();
        let action = body["action"].as_str().unwrap_or_default();
        let known = self.routes.contains_key(action);
        let route = if known { action } else { "$default" };
        route.to_owned()
    }

    fn strikes(&self, fault: Fault) -> bool {
        let Shared { chance, plan, .. } = &*self.shared;
        plan.strikes(chance, fault, plan.climate.events)
    }
}

impl Event {
    fn to_request(&self) -> ApiGatewayWebsocketProxyRequest {
        let event = json!({
            "requestContext": {
                "routeKey": self.route,
                "eventType": self.kind,
                "connectionId": self.connection_id.as_str(),
                "connectedAt": self.connected_at.as_millis(),
                "requestTimeEpoch": function::now().as_millis(),
            },
            "body": self.body,
            "isBase64Encoded": false,
        });
        serde_json::from_value(event).expect("it is an event as Lambda knows it")
    }
}
