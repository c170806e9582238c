//! How players prove to `switchboard serve` who they are.

use anyhow::anyhow;
use clap::Args;
use local::Authentication;

/// How far clocks may be off, in seconds, as Terraform has it by default.
const CLOCK_SKEW_SECONDS: u64 = 60;

/// How players prove who they are. By default they need not.
#[derive(Debug, Args)]
pub(crate) struct IdentityArgs {
    /// A file with the secret of 32 characters or more that signs players' tokens; then nobody connects without one.
    #[arg(long, value_name = "FILE", value_parser = secret, conflicts_with = "issuer")]
    token_secret_file: Option<Secret>,
    /// The `OpenID` Connect issuer of players' tokens; then nobody connects without one.
    #[arg(long, value_name = "ISSUER", requires_all = ["audience", "jwks_url"])]
    issuer: Option<String>,
    /// Whom the issuer's tokens must be made for.
    #[arg(long, value_name = "AUDIENCE", requires = "issuer")]
    audience: Option<String>,
    /// Where the issuer publishes its keys.
    #[arg(long, value_name = "URL", requires = "issuer")]
    jwks_url: Option<String>,
}

/// A text that no help and no error shows.
#[derive(Clone)]
struct Secret(String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl IdentityArgs {
    /// What was asked for.
    pub(crate) fn authentication(self) -> Option<Authentication> {
        let clock_skew_seconds = CLOCK_SKEW_SECONDS;
        if let Some(Secret(secret)) = self.token_secret_file {
            return Some(Authentication::SharedSecret {
                secret: secret.into(),
                clock_skew_seconds,
            });
        }
        Some(Authentication::Jwt {
            issuer: self.issuer?,
            audience: self.audience?,
            jwks_url: self.jwks_url?,
            clock_skew_seconds,
        })
    }
}

fn secret(file: &str) -> anyhow::Result<Secret> {
    let text = std::fs::read_to_string(file);
    let text = text.map_err(|error| anyhow!("the file cannot be read: {error}"))?;
    // Editors end a file with a line's end, which is no part of the secret.
    Ok(Secret(text.trim_end().to_owned()))
}
