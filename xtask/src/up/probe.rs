//! One ping through the WebSocket: it has been answered only when the API, a function and its rights are all there.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

const MESSAGE: &str = r#"{"action":"ping"}"#;
/// A function that fails at once would otherwise be asked a thousand times.
const TRY_AGAIN_AFTER: Duration = Duration::from_millis(500);

/// Pings until the answer is a pong.
pub(crate) fn ping(url: &str, within: Duration) -> Result<()> {
    let deadline = Instant::now() + within;
    loop {
        let error = match once(url, within) {
            Ok(answer) if answer.contains("pong") => return Ok(()),
            Ok(answer) => anyhow::anyhow!("{url} answers a ping with {answer}"),
            Err(error) => error,
        };
        if Instant::now() > deadline {
            return Err(error);
        }
        thread::sleep(TRY_AGAIN_AFTER);
    }
}

/// Asks for a WebSocket without a token until it is turned away: there is an authorizer, and it answers.
pub(crate) fn turned_away(url: &str, within: Duration) -> Result<()> {
    let deadline = Instant::now() + within;
    loop {
        let error = match once(url, within) {
            Ok(_) => bail!("{url} lets everybody in, and was to ask for a token"),
            Err(error) if error.to_string().contains(" 403") => return Ok(()),
            Err(error) => error,
        };
        if Instant::now() > deadline {
            return Err(error);
        }
        thread::sleep(TRY_AGAIN_AFTER);
    }
}

/// A WebSocket client of one message. An emulator's URL has no TLS, and its answer fits one small frame.
fn once(url: &str, within: Duration) -> Result<String> {
    let address = url
        .strip_prefix("ws://")
        .with_context(|| format!("{url} is no ws:// URL"))?;
    let (host, path) = address
        .split_once('/')
        .with_context(|| format!("{url} has no path"))?;
    let mut stream = TcpStream::connect(host).with_context(|| format!("{host} does not listen"))?;
    stream
        .set_read_timeout(Some(within))
        .context("cannot set a time limit")?;
    let request = format!(
        "GET /{path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: c3dpdGNoYm9hcmQtcGluZw==\r\n\r\n"
    );
    stream
        .write_all(request.as_bytes())
        .context("cannot ask for a WebSocket")?;
    let head = read_head(&mut stream)?;
    if !head.starts_with("HTTP/1.1 101") {
        bail!(
            "{url} refuses the connection: {}",
            head.lines().next().unwrap_or_default()
        );
    }
    let length =
        u8::try_from(MESSAGE.len()).context("the message is too long for a short frame")?;
    // A final text frame, masked with zeros: masking is obligatory, secrecy is not.
    let mut frame = vec![0x81, 0x80 | length, 0, 0, 0, 0];
    frame.extend_from_slice(MESSAGE.as_bytes());
    stream.write_all(&frame).context("cannot send a message")?;
    read_text(&mut stream).context("no answer to a ping")
}

fn read_head(stream: &mut TcpStream) -> Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream
            .read_exact(&mut byte)
            .context("the connection ends before it is open")?;
        head.extend_from_slice(&byte);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

/// The next text frame; pings and the like on the way are passed over.
fn read_text(stream: &mut TcpStream) -> Result<String> {
    loop {
        let mut start = [0; 2];
        stream.read_exact(&mut start)?;
        let length = match start[1] & 0x7f {
            126 => {
                let mut length = [0; 2];
                stream.read_exact(&mut length)?;
                usize::from(u16::from_be_bytes(length))
            }
            127 => bail!("a frame of more than 64 KB"),
            length => usize::from(length),
        };
        let mut payload = vec![0; length];
        stream.read_exact(&mut payload)?;
        match start[0] & 0x0f {
            1 => return Ok(String::from_utf8_lossy(&payload).into_owned()),
            8 => bail!("the connection was closed"),
            _ => {}
        }
    }
}
