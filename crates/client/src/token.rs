//! What a player shows to be let in.

use std::error::Error;
use std::fmt;
use std::future::ready;
use std::sync::Arc;

use futures::FutureExt as _;
use futures::future::BoxFuture;

/// Why there is no token.
pub type TokenError = Box<dyn Error + Send + Sync>;

/// Where a player's token comes from, each time that a connection is opened. It travels as a subprotocol, which no proxy writes
/// into its log as it does a URL.
#[derive(Clone)]
pub struct Token(Arc<dyn Fn() -> BoxFuture<'static, Result<String, TokenError>> + Send + Sync>);

impl Token {
    /// This one, for as long as it is good.
    #[must_use]
    pub fn fixed(token: impl Into<String>) -> Self {
        let token = token.into();
        Self(Arc::new(move || ready(Ok(token.clone())).boxed()))
    }

    /// A fresh one for every connection, such as the game's own backend gives out.
    #[must_use]
    pub fn fetched<F, T>(fetch: F) -> Self
    where
        F: Fn() -> T + Send + Sync + 'static,
        T: Future<Output = Result<String, TokenError>> + Send + 'static,
    {
        Self(Arc::new(move || fetch().boxed()))
    }

    pub(crate) async fn get(&self) -> Result<String, TokenError> {
        (self.0)().await
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}
