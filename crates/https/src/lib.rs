//! The HTTP client under each of the SDKs that we use: one TLS stack, chosen in one place.

use aws_smithy_http_client::{Builder, tls};
use aws_smithy_runtime_api::client::http::SharedHttpClient;

/// A client that speaks TLS by rustls with ring, and trusts what this machine trusts. An endpoint may be plain `http`, as an
/// emulator's is. It connects when it is first used.
#[must_use]
pub fn client() -> SharedHttpClient {
    Builder::new()
        .tls_provider(tls::Provider::Rustls(
            tls::rustls_provider::CryptoMode::Ring,
        ))
        .build_https()
}
