//! Whom a token's `sub` means.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ids::PlayerId;
use ring::digest::{SHA256, digest};

use crate::Refused;

/// How the player id of a subject begins that cannot be one itself.
const HASHED: &str = "sha256:";

/// The player id of a subject: the subject itself, where it can be one; else `sha256:` and its SHA-256 in base64url. No two
/// subjects are the same player: one that begins with `sha256:` itself is hashed, too.
pub(crate) fn player_id(subject: String) -> Result<PlayerId, Refused> {
    if subject.is_empty() {
        return Err(Refused::Subject);
    }
    let hash = digest(&SHA256, subject.as_bytes());
    if !subject.starts_with(HASHED)
        && let Ok(itself) = PlayerId::parse(subject)
    {
        return Ok(itself);
    }
    let hashed = format!("{HASHED}{}", URL_SAFE_NO_PAD.encode(hash));
    Ok(PlayerId::parse(hashed).expect("a colon, letters, digits, `-` and `_` are allowed"))
}
