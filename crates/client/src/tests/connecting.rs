//! Connections that do not come about.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::{Client, ConnectError, Options, Token};

async fn refusal(url: &str) -> ConnectError {
    let options = Options {
        deadline: Duration::from_millis(500),
        ..Options::default()
    };
    Client::connect(url, options)
        .await
        .map(drop)
        .expect_err("no connection")
}

async fn listener() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let url = format!("ws://{}", listener.local_addr().expect("a bound address"));
    (listener, url)
}

#[tokio::test]
async fn a_url_that_is_none_is_told_from_one_that_leads_nowhere() {
    for url in ["", "127.0.0.1:8787", "https://example.org", "ws//x"] {
        assert!(
            matches!(refusal(url).await, ConnectError::Url { .. }),
            "{url}"
        );
    }
}

#[tokio::test]
async fn nobody_listening_is_a_sentence_that_says_what_to_start() {
    let (listener, url) = listener().await;
    drop(listener);
    let sentence = refusal(&url).await.to_string();
    assert_eq!(
        sentence,
        format!(
            "Nothing could be reached at {url}. Is Switchboard running there? `switchboard serve` starts one."
        )
    );
}

#[tokio::test]
async fn a_refusal_by_status_names_the_status() {
    let (listener, url) = listener().await;
    let serve = async {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let mut request = [0; 1024];
        assert!(stream.read(&mut request).await.expect("a request") > 0);
        stream
            .write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n")
            .await
            .expect("a reader");
    };
    let (refusal, ()) = tokio::join!(refusal(&url), serve);
    assert!(
        matches!(refusal, ConnectError::Rejected { status: 403, .. }),
        "{refusal:?}"
    );
}

#[tokio::test]
async fn a_server_that_never_answers_the_handshake_is_given_up() {
    let (_listener, url) = listener().await;
    assert!(matches!(refusal(&url).await, ConnectError::Deadline { .. }));
}

#[tokio::test]
async fn a_token_in_the_query_is_in_no_error() {
    let (listener, url) = listener().await;
    drop(listener);
    let refusal = refusal(&format!("{url}/?token=hush")).await;
    assert!(!format!("{refusal} {refusal:?}").contains("hush"));
}

/// What the client asks for where it has this token, and what comes of it.
async fn with_token(token: Token) -> (ConnectError, String) {
    let (listener, url) = listener().await;
    let serve = async {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let mut request = [0; 4096];
        let length = stream.read(&mut request).await.expect("a request");
        stream
            .write_all(b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n")
            .await
            .expect("a reader");
        String::from_utf8_lossy(&request[..length]).into_owned()
    };
    let options = Options {
        token: Some(token),
        ..Options::default()
    };
    let (connected, request) = tokio::join!(Client::connect(&url, options), serve);
    (connected.map(drop).expect_err("it is refused"), request)
}

#[tokio::test]
async fn a_token_travels_as_a_subprotocol_and_is_in_no_error() {
    let (refusal, request) = with_token(Token::fixed("h.u.sh")).await;
    let header = "sec-websocket-protocol: switchboard, token.h.u.sh\r\n";
    let request = request.to_lowercase();
    assert!(request.contains(header), "{request}");
    assert!(request.starts_with("get / http/1.1\r\n"), "{request}");
    assert!(!format!("{refusal} {refusal:?}").contains("h.u.sh"));
    let told = format!("{:?}", Token::fixed("h.u.sh"));
    assert!(!told.contains("h.u.sh"), "{told}");
}

#[tokio::test]
async fn a_token_is_fetched_for_each_connection() {
    let given_out = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&given_out);
    let token = Token::fetched(move || {
        let number = count.fetch_add(1, Ordering::Relaxed);
        async move { Ok(format!("number.{number}")) }
    });
    for number in 0..2 {
        let (_, request) = with_token(token.clone()).await;
        assert!(request.contains(&format!("token.number.{number}")));
    }
}

#[tokio::test]
async fn without_a_token_that_can_be_sent_nothing_is() {
    let with = |token| Options {
        token: Some(token),
        ..Options::default()
    };
    let (_listener, url) = listener().await;
    for bad in ["a, b", "a b", "a\r\nx: y"] {
        let refused = Client::connect(&url, with(Token::fixed(bad))).await;
        let refused = refused.map(drop).expect_err("it cannot be sent");
        assert!(matches!(refused, ConnectError::InvalidToken), "{refused:?}");
    }
    let none = Token::fetched(|| async { Err("the backend is asleep".into()) });
    let refused = Client::connect(&url, with(none)).await;
    let told = refused.map(drop).expect_err("there is none").to_string();
    assert!(told.contains("the backend is asleep"), "{told}");
}

#[tokio::test]
async fn a_plain_server_behind_a_secure_url_is_a_matter_of_tls() {
    let (listener, url) = listener().await;
    let serve = async {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        stream
            .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            .await
            .expect("a reader");
    };
    let secure = url.replace("ws:", "wss:");
    let (refusal, ()) = tokio::join!(refusal(&secure), serve);
    assert!(matches!(refusal, ConnectError::Tls { .. }), "{refusal:?}");
}
