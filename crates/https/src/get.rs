//! One document from the web, within bounds of size and time.

use std::error::Error;
use std::time::Duration;

use aws_smithy_http_client::Connector;
use aws_smithy_runtime_api::client::http::HttpConnector as _;
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use thiserror::Error;
use tokio::time::timeout;

/// How much of an answer is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long the whole may take, from the name's look-up to the last byte.
    pub time: Duration,
    /// The most bytes of the body.
    pub bytes: usize,
}

/// Why there is no document.
#[derive(Debug, Error)]
pub enum GetError {
    /// What was to be fetched has no address.
    #[error("this is no URL")]
    Url(#[source] Box<dyn Error + Send + Sync>),
    /// Nobody answered, or not by HTTP.
    #[error("no answer came")]
    Unreachable(#[source] Box<dyn Error + Send + Sync>),
    /// Something else than the document was answered. A redirect is: whoever may move a document may replace it.
    #[error("the answer was HTTP status {0}, not 200")]
    Status(u16),
    /// It broke off.
    #[error("the answer broke off")]
    Broken(#[source] Box<dyn Error + Send + Sync>),
    /// It has no end, or a late one.
    #[error("the answer is longer than {0} bytes")]
    TooLong(usize),
    /// It took too long.
    #[error("no whole answer came within {0:?}")]
    TooLate(Duration),
}

/// Fetches a document over a connection of its own, which is closed afterwards: what is fetched once an hour finds a kept
/// connection dead.
///
/// # Errors
/// [`GetError`] says why there is none.
pub async fn get(url: &str, limits: Limits) -> Result<Vec<u8>, GetError> {
    let fetched = timeout(limits.time, fetch(url, limits.bytes)).await;
    fetched.unwrap_or(Err(GetError::TooLate(limits.time)))
}

async fn fetch(url: &str, bytes: usize) -> Result<Vec<u8>, GetError> {
    let mut request = HttpRequest::get(url).map_err(|error| GetError::Url(error.into()))?;
    request.headers_mut().insert("accept", "application/json");
    let connector = Connector::builder().tls_provider(super::provider()).build();
    let answer = connector.call(request).await;
    let answer = answer.map_err(|error| GetError::Unreachable(error.into()))?;
    let status = answer.status().as_u16();
    if status != 200 {
        return Err(GetError::Status(status));
    }
    let body = Limited::new(answer.into_body(), bytes).collect().await;
    let body = body.map_err(|error| {
        if error.is::<LengthLimitError>() {
            GetError::TooLong(bytes)
        } else {
            GetError::Broken(error)
        }
    })?;
    Ok(body.to_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    const LIMITS: Limits = Limits {
        time: Duration::from_secs(10),
        bytes: 64,
    };

    /// What comes of this answer, byte for byte; none is kept waiting for.
    async fn answered(answer: Option<&'static [u8]>, limits: Limits) -> Result<Vec<u8>, GetError> {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound address");
        let url = format!("http://{address}/keys");
        let serve = async {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            let mut request = [0; 1024];
            assert!(stream.read(&mut request).await.expect("a request") > 0);
            match answer {
                Some(answer) => {
                    // A client that has read enough hangs up.
                    let _ = stream.write_all(answer).await;
                    drop(stream);
                    std::future::pending::<()>().await;
                }
                None => std::future::pending::<()>().await,
            }
        };
        tokio::select! {
            got = get(&url, limits) => got,
            () = serve => unreachable!("it never ends"),
        }
    }

    #[tokio::test]
    async fn a_document_comes_as_it_is() {
        let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";
        let got = answered(Some(answer), LIMITS).await;
        assert_eq!(got.expect("a document"), b"{}");
    }

    #[tokio::test]
    async fn a_redirect_is_not_followed() {
        let answer =
            b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:9/\r\ncontent-length: 0\r\n\r\n";
        let got = answered(Some(answer), LIMITS).await;
        assert!(matches!(got, Err(GetError::Status(302))), "{got:?}");
    }

    #[tokio::test]
    async fn a_document_without_an_end_is_given_up() {
        let long = b"HTTP/1.1 200 OK\r\n\r\n{\"keys\": [                                                            ";
        let got = answered(Some(long), LIMITS).await;
        assert!(matches!(got, Err(GetError::TooLong(64))), "{got:?}");
    }

    #[tokio::test]
    async fn a_document_that_breaks_off_is_none() {
        let half = b"HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\n{\"keys\"";
        let got = answered(Some(half), LIMITS).await;
        assert!(matches!(got, Err(GetError::Broken(_))), "{got:?}");
    }

    #[tokio::test]
    async fn whoever_does_not_answer_is_not_waited_for() {
        let time = Duration::from_millis(50);
        let got = answered(None, Limits { time, ..LIMITS }).await;
        assert!(matches!(got, Err(GetError::TooLate(late)) if late == time));
    }

    #[tokio::test]
    async fn nobody_listening_is_told_from_no_url() {
        let got = get("http://127.0.0.1:9/", LIMITS).await;
        assert!(matches!(got, Err(GetError::Unreachable(_))), "{got:?}");
        let got = get("not a url", LIMITS).await;
        assert!(matches!(got, Err(GetError::Url(_))), "{got:?}");
    }
}
