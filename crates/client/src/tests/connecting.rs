//! Connections that do not come about.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::{Client, ConnectError, Options};

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
