//! From a URL to an open WebSocket.

use http::header::SEC_WEBSOCKET_PROTOCOL;
use http::{HeaderValue, Uri};
use protocol::{SUBPROTOCOL, TOKEN_SUBPROTOCOL};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::{
    Connector, MaybeTlsStream, WebSocketStream, connect_async_tls_with_config,
};

use crate::{ConnectError, Options, Token, tls};

/// An open WebSocket.
pub(crate) type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Opens a WebSocket.
pub(crate) async fn open(url: &str, options: &Options) -> Result<Socket, ConnectError> {
    let connector = connector(url)?;
    let opening = async {
        let request = request(url, options.token.as_ref()).await?;
        let opened = connect_async_tls_with_config(request, None, true, Some(connector)).await;
        opened.map_err(|error| explain(error, url))
    };
    match timeout(options.deadline, opening).await {
        Ok(Ok((socket, _))) => Ok(socket),
        Ok(Err(error)) => Err(error),
        Err(_) => Err(ConnectError::Deadline {
            url: without_query(url),
            deadline: options.deadline,
        }),
    }
}

/// The request for a WebSocket, with the player's token if there is one.
async fn request(url: &str, token: Option<&Token>) -> Result<Request, ConnectError> {
    let request = url.into_client_request();
    let mut request = request.map_err(|error| explain(error, url))?;
    if let Some(token) = token {
        let token = token.get().await.map_err(ConnectError::Token)?;
        let offered = format!("{SUBPROTOCOL}, {TOKEN_SUBPROTOCOL}{token}");
        // A comma would make two of it.
        let offered = HeaderValue::from_str(&offered).ok();
        let offered = offered.filter(|_| !token.contains([',', ' ']));
        let mut offered = offered.ok_or(ConnectError::InvalidToken)?;
        offered.set_sensitive(true);
        request
            .headers_mut()
            .insert(SEC_WEBSOCKET_PROTOCOL, offered);
    }
    Ok(request)
}

fn connector(url: &str) -> Result<Connector, ConnectError> {
    let parsed: Option<Uri> = url.parse().ok();
    match parsed.as_ref().and_then(Uri::scheme_str) {
        Some("ws") => Ok(Connector::Plain),
        Some("wss") => tls::connector().map_err(|problem| ConnectError::Tls {
            url: without_query(url),
            problem,
        }),
        Some(_) | None => Err(ConnectError::Url {
            url: without_query(url),
        }),
    }
}

fn explain(error: Error, url: &str) -> ConnectError {
    let url = without_query(url);
    if let Error::Http(response) = &error {
        return ConnectError::Rejected {
            url,
            status: response.status().as_u16(),
        };
    }
    match error {
        Error::Io(source) if is_tls(&source) => ConnectError::Tls {
            url,
            problem: source.to_string(),
        },
        Error::Io(source) => ConnectError::Unreachable { url, source },
        Error::Tls(problem) => ConnectError::Tls {
            url,
            problem: problem.to_string(),
        },
        Error::Url(_) => ConnectError::Url { url },
        Error::ConnectionClosed
        | Error::AlreadyClosed
        | Error::Capacity(_)
        | Error::Protocol(_)
        | Error::WriteBufferFull(_)
        | Error::Utf8(_)
        | Error::AttackAttempt
        | Error::Http(_)
        | Error::HttpFormat(_) => ConnectError::Protocol {
            url,
            problem: error.to_string(),
        },
    }
}

/// What goes wrong in a TLS handshake arrives as an error of input and output with rustls' own inside.
fn is_tls(error: &std::io::Error) -> bool {
    error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<rustls::Error>())
        .is_some()
}

/// A token travels in the query, and errors travel into logs.
fn without_query(url: &str) -> String {
    url.split(['?', '#']).next().unwrap_or(url).to_owned()
}
