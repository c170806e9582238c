//! How a `wss` connection is secured.

use std::sync::Arc;

use rustls::{ClientConfig, RootCertStore};
use tokio_tungstenite::Connector;

/// TLS with ring, trusting whom this machine trusts. The provider is named, because a program that links two of them has
/// no default.
///
/// # Errors
/// A sentence, where this machine trusts nobody.
pub(crate) fn connector() -> Result<Connector, String> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    let (trusted, _) = roots.add_parsable_certificates(found.certs);
    if trusted == 0 {
        return Err(
            "this machine has no trusted root certificates (on Debian, install `ca-certificates`)"
                .to_owned(),
        );
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| error.to_string())?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(Connector::Rustls(Arc::new(config)))
}
