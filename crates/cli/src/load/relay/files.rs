//! Files that a process may have open: each socket is one.

use anyhow::{Context as _, ensure};

/// What a process needs besides its sockets.
const OTHERS: u64 = 200;

/// Allows this process, and those that it starts, so many sockets.
///
/// # Errors
/// Where the system allows fewer, with what to do about it.
pub(super) fn allow(sockets: u32) -> anyhow::Result<()> {
    let wanted = u64::from(sockets) + OTHERS;
    let allowed = rlimit::increase_nofile_limit(wanted)
        .context("The system does not say how many files may be open.")?;
    ensure!(
        allowed >= wanted,
        "{sockets} connections need {wanted} open files, and this system allows {allowed}: raise the hard limit \
         (`ulimit -Hn {wanted}` as root, or LimitNOFILE of a service), or lower --connections."
    );
    Ok(())
}
