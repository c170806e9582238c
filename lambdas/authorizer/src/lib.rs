//! Who may connect: players' tokens, checked before `$connect`.
//!
//! API Gateway calls this function with the request that asks for a WebSocket, and lets it through to `$connect` or not, as the
//! policy says that comes back. A token that is not believed, or none, is a policy that denies: the client hears 403. Keys that
//! cannot be had are a failure: the client hears 500, and may try again. [`serve`] is the function on Lambda, and [`invoke`]
//! the same for the local server.

mod answer;
mod keys;
mod settings;
#[cfg(test)]
mod tests;
mod token;

use function::{InFull, now, start_with};
use identity::{Identity, Issuer, Refused, SharedSecret};
use lambda_runtime::{LambdaEvent, service_fn};
use tokio::time::Instant;
use tracing::{error, info};

pub use answer::{Answer, Request};
pub use keys::KeysUnavailable;
pub use settings::{Authentication, InvalidAuthentication};

use keys::Keys;

/// Checks tokens. One per process: it keeps the issuer's keys.
#[derive(Debug)]
pub struct Authorizer {
    trust: Trust,
}

/// Whose word is taken.
#[derive(Debug)]
enum Trust {
    /// The game's own backend's.
    Backend(SharedSecret),
    /// An `OpenID` Connect issuer's.
    Issuer(Issuer, Keys),
}

/// Runs the function on Lambda.
///
/// # Errors
/// Where the settings are wrong, or Lambda's runtime API is not there.
pub async fn serve() -> Result<(), lambda_runtime::Error> {
    let authorizer = start_with(settings::connect).await?;
    let authorizer = &authorizer;
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Request>| {
        let answered = invoke(authorizer, event.payload).await;
        answered.map_err(lambda_runtime::Error::from)
    }))
    .await
}

/// Says whether the client of a request may connect, and as whom. Logs that it did, and never the token.
///
/// # Errors
/// [`KeysUnavailable`] where nobody can tell.
pub async fn invoke(authorizer: &Authorizer, request: Request) -> Result<Answer, KeysUnavailable> {
    let started = Instant::now();
    let now = now().as_secs();
    let checked = authorizer.check(token::of(&request), now).await;
    let duration_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    let resource = request.method_arn.unwrap_or_default();
    match checked {
        Ok(Ok(identity)) => {
            info!(player.id = %identity.player_id, outcome = "allowed", duration_ms, "authorized");
            Ok(Answer::allow(&identity, resource))
        }
        Ok(Err(refused)) => {
            info!(reason = %refused, outcome = "denied", duration_ms, "authorized");
            Ok(Answer::deny(resource))
        }
        Err(unavailable) => {
            error!(error = %InFull(&unavailable), outcome = "unavailable", duration_ms, "failed");
            Err(unavailable)
        }
    }
}

impl Authorizer {
    /// Who the bearer of a token is, at this time in seconds since 1970.
    async fn check(
        &self,
        token: Option<&str>,
        now: u64,
    ) -> Result<Result<Identity, Refused>, KeysUnavailable> {
        let Some(token) = token else {
            return Ok(Err(Refused::Missing));
        };
        match &self.trust {
            Trust::Backend(secret) => Ok(secret.verify(token, now)),
            Trust::Issuer(issuer, keys) => {
                let key_id = match Issuer::key_id(token) {
                    Ok(key_id) => key_id,
                    Err(refused) => return Ok(Err(refused)),
                };
                let keys = keys.with(&key_id, now).await?;
                Ok(issuer.verify(token, &keys, now))
            }
        }
    }
}
