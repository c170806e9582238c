//! As much HTTP as it takes to ask an emulator on this machine.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context as _, Result};

const TIMEOUT: Duration = Duration::from_secs(10);

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

/// Asks for a page.
pub(crate) fn get(port: u16, path: &str) -> Result<Answer> {
    exchange(
        port,
        &format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"),
    )
}

/// Calls an operation of an AWS service that speaks JSON. The emulator lets its root key in unsigned.
pub(crate) fn call(port: u16, service: &str, operation: &str, body: &str) -> Result<Answer> {
    let region = super::terraform::REGION;
    let credential = format!("test/20260101/{region}/{service}/aws4_request");
    exchange(
        port,
        &format!(
            "POST / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\
             Content-Type: application/x-amz-json-1.1\r\nX-Amz-Target: {operation}\r\n\
             Authorization: AWS4-HMAC-SHA256 Credential={credential}, SignedHeaders=host, Signature=none\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len(),
        ),
    )
}

fn exchange(port: u16, request: &str) -> Result<Answer> {
    let mut stream =
        TcpStream::connect(("127.0.0.1", port)).context("the emulator does not listen")?;
    stream
        .set_read_timeout(Some(TIMEOUT))
        .context("cannot set a time limit")?;
    stream
        .write_all(request.as_bytes())
        .context("the emulator hung up")?;
    let mut bytes = Vec::new();
    stream
        .read_to_end(&mut bytes)
        .context("the emulator does not answer")?;
    let text = String::from_utf8_lossy(&bytes);
    let (head, body) = text
        .split_once("\r\n\r\n")
        .context("the emulator's answer is cut short")?;
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    let status = status.context("the emulator's answer is no HTTP")?;
    Ok(Answer {
        status,
        body: body.to_owned(),
    })
}
