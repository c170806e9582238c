//! The HTTP side of the front: the upgrade to a WebSocket, and how the server is.

use std::net::SocketAddr;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use http::header::{
    CONNECTION, CONTENT_TYPE, HOST, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY,
    SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, UPGRADE, USER_AGENT,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use http_body_util::Full;
use hyper::body::Incoming;
use ids::ConnectionId;
use serde_json::json;
use tokio::sync::oneshot;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

use crate::ambient;
use crate::event::Client;
use crate::gateway::Front;
use crate::session::{Opening, Session, Verdict};

type Answer = Response<Full<Bytes>>;

/// Answers one HTTP request.
pub(crate) async fn answer(
    front: Arc<Front>,
    peer: SocketAddr,
    request: Request<Incoming>,
) -> Answer {
    match (request.method(), request.uri().path()) {
        (&Method::GET, "/health") => health(&front),
        (&Method::GET, "/") => upgrade(front, peer, request).await,
        (method, path) => {
            let url = front.url();
            let sentence = format!(
                "There is no {method} {path} here: open a WebSocket to {url}, or GET /health.\n"
            );
            plain(StatusCode::NOT_FOUND, sentence)
        }
    }
}

fn health(front: &Front) -> Answer {
    json_answer(
        StatusCode::OK,
        json!({ "status": "ok", "connections": front.connections.open_count() }).to_string(),
    )
}

async fn upgrade(front: Arc<Front>, peer: SocketAddr, mut request: Request<Incoming>) -> Answer {
    let Some(key) = websocket_key(request.headers()) else {
        let sentence = format!(
            "This is a WebSocket: open {} with a client for one.\n",
            front.url()
        );
        let mut answer = plain(StatusCode::UPGRADE_REQUIRED, sentence);
        answer.headers_mut().extend([
            (CONNECTION, HeaderValue::from_static("upgrade")),
            (UPGRADE, HeaderValue::from_static("websocket")),
            (SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13")),
        ]);
        return answer;
    };
    let accept = derive_accept_key(key.as_bytes());
    let Ok(slot) = Arc::clone(&front.slots).try_acquire_owned() else {
        let most = front.settings.max_connections;
        let sentence = format!("This server serves {most} connections, and they are all taken.\n");
        return plain(StatusCode::TOO_MANY_REQUESTS, sentence);
    };

    let upgrade = hyper::upgrade::on(&mut request);
    let query = request.uri().query().map(str::to_owned);
    let opening = Opening {
        headers: std::mem::take(request.headers_mut()),
        query,
        upgrade,
    };
    let session = Session::new(Arc::clone(&front), client(&front, peer, &opening.headers));
    let (verdict, decided) = oneshot::channel();
    front.tasks.spawn(async move {
        session.run(opening, verdict).await;
        drop(slot);
    });
    match decided.await {
        Ok(Verdict {
            status,
            subprotocol,
            ..
        }) if status.is_success() => switching_protocols(&accept, subprotocol),
        Ok(Verdict { status, body, .. }) => json_answer(status, body),
        Err(_) => plain(
            StatusCode::INTERNAL_SERVER_ERROR,
            "This connection could not be opened.\n".into(),
        ),
    }
}

/// The key of a request that asks for a WebSocket as RFC 6455 wants it.
fn websocket_key(headers: &HeaderMap) -> Option<HeaderValue> {
    let asks = names(headers, &CONNECTION, "upgrade")
        && names(headers, &UPGRADE, "websocket")
        && headers
            .get(SEC_WEBSOCKET_VERSION)
            .is_some_and(|version| version == "13");
    headers.get(SEC_WEBSOCKET_KEY).filter(|_| asks).cloned()
}

/// Whether a header that is a list has this entry.
fn names(headers: &HeaderMap, header: &HeaderName, entry: &str) -> bool {
    headers
        .get_all(header)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|value| value.trim().eq_ignore_ascii_case(entry))
}

fn client(front: &Front, peer: SocketAddr, headers: &HeaderMap) -> Client {
    let text = |header| {
        headers
            .get(header)
            .and_then(|value| value.to_str().ok())
            .map(str::to_owned)
    };
    Client {
        id: ConnectionId::parse(ambient::name()).expect("sixteen characters of base64 are an id"),
        connected_at: ambient::now(),
        source_ip: peer.ip().to_string(),
        user_agent: text(USER_AGENT),
        domain_name: text(HOST).unwrap_or_else(|| front.address.to_string()),
        authorized: OnceLock::new(),
    }
}

fn switching_protocols(accept: &str, subprotocol: Option<HeaderValue>) -> Answer {
    let mut answer = Answer::default();
    *answer.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    answer.headers_mut().extend([
        (CONNECTION, HeaderValue::from_static("upgrade")),
        (UPGRADE, HeaderValue::from_static("websocket")),
        (
            SEC_WEBSOCKET_ACCEPT,
            HeaderValue::from_str(accept).expect("base64 is a header value"),
        ),
    ]);
    let chosen = subprotocol.map(|chosen| (SEC_WEBSOCKET_PROTOCOL, chosen));
    answer.headers_mut().extend(chosen);
    answer
}

fn plain(status: StatusCode, text: String) -> Answer {
    body(status, "text/plain; charset=utf-8", text)
}

fn json_answer(status: StatusCode, text: String) -> Answer {
    body(status, "application/json", text)
}

fn body(status: StatusCode, content_type: &'static str, text: String) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from(text)));
    *answer.status_mut() = status;
    answer
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    answer
}
