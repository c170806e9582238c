//! The HTTP client under each of the SDKs that we use: one TLS stack, chosen in one place. And [`get`], for what no SDK asks.

mod get;

use aws_smithy_http_client::{Builder, tls};
use aws_smithy_runtime_api::client::http::SharedHttpClient;

pub use get::{GetError, Limits, get};

/// A client that speaks TLS by rustls with ring, and trusts what this machine trusts. An endpoint may be plain `http`, as an
/// emulator's is. It connects when it is first used.
#[must_use]
pub fn client() -> SharedHttpClient {
    Builder::new().tls_provider(provider()).build_https()
}

fn provider() -> tls::Provider {
    tls::Provider::Rustls(tls::rustls_provider::CryptoMode::Ring)
}
