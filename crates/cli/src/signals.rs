//! When to stop.

use anyhow::Context as _;

/// Waits for Ctrl-C or, where there is such a thing, for a polite request to terminate.
///
/// # Errors
/// Where the system tells of neither.
pub(crate) async fn stop() -> anyhow::Result<()> {
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted.context("This system does not tell of Ctrl-C."),
        terminated = terminated() => terminated,
    }
}

#[cfg(unix)]
async fn terminated() -> anyhow::Result<()> {
    let kind = tokio::signal::unix::SignalKind::terminate();
    let mut signal =
        tokio::signal::unix::signal(kind).context("This system does not tell of SIGTERM.")?;
    signal.recv().await;
    Ok(())
}

#[cfg(not(unix))]
async fn terminated() -> anyhow::Result<()> {
    std::future::pending().await
}
