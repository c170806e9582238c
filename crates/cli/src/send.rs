//! `switchboard send`

use std::time::Duration;

use anyhow::bail;
use client::{Client, Events};
use tokio::time::timeout;

use crate::args::SendArgs;
use crate::transcript::{self, Said};

/// How long to wait for the answer to what carries no id.
const PATIENCE: Duration = Duration::from_secs(10);

/// Sends the messages one after the other, then listens for as long as asked.
pub(crate) async fn run(args: SendArgs) -> anyhow::Result<()> {
    let (client, mut events) = transcript::connect(&args.target).await?;
    if args.messages.is_empty() {
        let mut lines = transcript::lines_of_stdin();
        while let Some(line) = lines.recv().await {
            if !line.trim().is_empty() {
                say(&client, &mut events, &line).await?;
            }
        }
    }
    for message in &args.messages {
        say(&client, &mut events, message).await?;
    }
    let listening = async {
        while let Some(text) = events.next_text().await {
            transcript::heard(&text);
        }
    };
    // Even a wait of nothing at all shows what is here already.
    if timeout(args.wait, listening).await.is_ok() {
        return Err(client.ended().await.into());
    }
    client.close().await;
    Ok(())
}

async fn say(client: &Client, events: &mut Events, message: &str) -> anyhow::Result<()> {
    match transcript::say(client, message).await? {
        Said::Answered(_) => Ok(()),
        Said::Unmarked => match timeout(PATIENCE, events.next_text()).await {
            Ok(Some(text)) => {
                transcript::heard(&text);
                Ok(())
            }
            Ok(None) => Err(client.ended().await.into()),
            Err(_) => bail!(
                "Nothing came back within {PATIENCE:?}. Is it Switchboard that listens there?"
            ),
        },
    }
}
