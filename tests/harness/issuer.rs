//! Whoever vouches for players: a game's own backend, and an `OpenID` Connect issuer that publishes its keys.

use std::sync::{Arc, Mutex};
use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use client::tokens::{Grant, Permissions, SharedSecret};
use ids::PlayerId;
use local::Authentication;
use ring::hmac;
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256,
    RsaKeyPair,
};
use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::AbortHandle;

/// Made for tests, and used nowhere else.
const RSA: &[u8] = include_bytes!("../../crates/identity/tests/rsa.der");

const ISSUER: &str = "https://login.example.org";
const AUDIENCE: &str = "game";

/// What the game's backend and Switchboard alone know.
pub const BACKEND_SECRET: &str = "what the backend and Switchboard alone know";

/// The game's backend, and how a server takes its word.
#[must_use]
pub fn backend() -> (SharedSecret, Authentication) {
    let secret = SecretString::from(BACKEND_SECRET);
    let backend = SharedSecret::new(&secret).expect("long enough");
    let authentication = Authentication::SharedSecret {
        secret,
        clock_skew_seconds: 5,
    };
    (backend, authentication)
}

/// What the backend vouches for: this player may do this, and connect within ten minutes.
///
/// # Panics
/// Where the name is no player id.
#[must_use]
pub fn grant(name: &str, permissions: Permissions) -> Grant {
    Grant {
        player_id: PlayerId::parse(name).expect("a player id"),
        permissions,
        expires_at: now() + 600,
    }
}

/// The time, in seconds since 1970, as tokens have it.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "a token is about the real time")]
pub fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.expect("it is later than 1970").as_secs()
}

/// A key that signs tokens.
pub enum Key {
    /// RS256.
    Rsa(Box<RsaKeyPair>),
    /// ES256.
    Ecdsa(EcdsaKeyPair),
    /// `EdDSA`.
    Ed25519(Ed25519KeyPair),
}

impl Key {
    /// The one for RS256. There is but one: making more takes long.
    #[must_use]
    pub fn rsa() -> Self {
        Self::Rsa(Box::new(RsaKeyPair::from_der(RSA).expect("a key")))
    }

    /// A fresh one for ES256.
    #[must_use]
    pub fn ecdsa() -> Self {
        let (with, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
        let key = EcdsaKeyPair::generate_pkcs8(with, &random).expect("a fresh key");
        Self::Ecdsa(EcdsaKeyPair::from_pkcs8(with, key.as_ref(), &random).expect("a key"))
    }

    /// A fresh one for `EdDSA`.
    #[must_use]
    pub fn ed25519() -> Self {
        let key = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).expect("a fresh key");
        Self::Ed25519(Ed25519KeyPair::from_pkcs8(key.as_ref()).expect("a key"))
    }

    fn algorithm(&self) -> &'static str {
        match self {
            Self::Rsa(_) => "RS256",
            Self::Ecdsa(_) => "ES256",
            Self::Ed25519(_) => "EdDSA",
        }
    }

    /// As an issuer publishes it.
    fn published(&self, id: &str) -> Value {
        match self {
            Self::Rsa(key) => {
                let public: PublicKeyComponents<Vec<u8>> = key.public().into();
                json!({"kty": "RSA", "kid": id, "use": "sig", "n": base64(public.n), "e": base64(public.e)})
            }
            Self::Ecdsa(key) => {
                let (x, y) = key.public_key().as_ref()[1..].split_at(32);
                json!({"kty": "EC", "kid": id, "crv": "P-256", "x": base64(x), "y": base64(y)})
            }
            Self::Ed25519(key) => {
                json!({"kty": "OKP", "kid": id, "crv": "Ed25519", "x": base64(key.public_key().as_ref())})
            }
        }
    }

    /// A token with these claims, by the key of this id.
    #[must_use]
    pub fn token(&self, id: &str, claims: &Value) -> String {
        let header = json!({"alg": self.algorithm(), "kid": id, "typ": "JWT"});
        let message = unsigned(&header, claims);
        let random = SystemRandom::new();
        let signature = match self {
            Self::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                let signed = key.sign(
                    &RSA_PKCS1_SHA256,
                    &random,
                    message.as_bytes(),
                    &mut signature,
                );
                signed.expect("a signature");
                signature
            }
            Self::Ecdsa(key) => {
                let signature = key.sign(&random, message.as_bytes()).expect("a signature");
                signature.as_ref().to_vec()
            }
            Self::Ed25519(key) => key.sign(message.as_bytes()).as_ref().to_vec(),
        };
        format!("{message}.{}", base64(signature))
    }

    /// A token signed with HS256, and for a secret what everybody can read: this key's public half.
    #[must_use]
    pub fn confused(&self, id: &str, claims: &Value) -> String {
        let public = match self {
            Self::Rsa(key) => key.public().as_ref(),
            Self::Ecdsa(key) => key.public_key().as_ref(),
            Self::Ed25519(key) => key.public_key().as_ref(),
        };
        let message = unsigned(&json!({"alg": "HS256", "kid": id}), claims);
        let key = hmac::Key::new(hmac::HMAC_SHA256, public);
        format!("{message}.{}", base64(hmac::sign(&key, message.as_bytes())))
    }
}

/// A token that nobody has signed.
#[must_use]
pub fn forged(algorithm: &str, id: &str, claims: &Value) -> String {
    format!(
        "{}.",
        unsigned(&json!({"alg": algorithm, "kid": id}), claims)
    )
}

fn unsigned(header: &Value, claims: &Value) -> String {
    format!(
        "{}.{}",
        base64(header.to_string()),
        base64(claims.to_string())
    )
}

fn base64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// An issuer whose keys can be fetched by HTTP, for as long as it lives.
pub struct Issuer {
    url: String,
    /// What it publishes; it answers 503 while there is nothing.
    published: Arc<Mutex<Option<Value>>>,
    serving: AbortHandle,
}

impl Issuer {
    /// Begins to publish these keys by their ids.
    pub async fn publishing(keys: &[(&str, &Key)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound address");
        let published = Arc::new(Mutex::new(Some(key_set(keys))));
        let serving = tokio::spawn(serve(listener, Arc::clone(&published)));
        Self {
            url: format!("http://{address}/keys"),
            published,
            serving: serving.abort_handle(),
        }
    }

    /// How a server takes its word.
    #[must_use]
    pub fn authentication(&self) -> Authentication {
        Authentication::Jwt {
            issuer: ISSUER.to_owned(),
            audience: AUDIENCE.to_owned(),
            jwks_url: self.url.clone(),
            clock_skew_seconds: 5,
        }
    }

    /// The same, as the authorizer's environment has it.
    #[must_use]
    pub fn setting(&self) -> String {
        let (issuer, audience, jwks_url) = (ISSUER, AUDIENCE, &self.url);
        json!({
            "mode": "jwt", "issuer": issuer, "audience": audience, "jwks_url": jwks_url, "clock_skew_seconds": 5,
        })
        .to_string()
    }

    /// Publishes other keys from now on.
    pub fn publishes(&self, keys: &[(&str, &Key)]) {
        self.set(Some(key_set(keys)));
    }

    /// Answers no more.
    pub fn fails(&self) {
        self.set(None);
    }

    fn set(&self, published: Option<Value>) {
        let mut lock = self.published.lock();
        **lock
            .as_mut()
            .expect("nothing panics while it holds this lock") = published;
    }

    /// What a good token says of this player.
    #[must_use]
    pub fn claims(subject: &str) -> Value {
        json!({"iss": ISSUER, "aud": AUDIENCE, "sub": subject, "exp": now() + 600})
    }

    /// The same, with one claim changed.
    #[must_use]
    pub fn claims_with(subject: &str, name: &str, value: Value) -> Value {
        let mut claims = Self::claims(subject);
        claims[name] = value;
        claims
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn key_set(keys: &[(&str, &Key)]) -> Value {
    let keys: Vec<_> = keys.iter().map(|(id, key)| key.published(id)).collect();
    json!({ "keys": keys })
}

async fn serve(listener: TcpListener, published: Arc<Mutex<Option<Value>>>) {
    while let Ok((stream, _)) = listener.accept().await {
        let published = published.lock().map(|published| published.clone());
        let published = published.expect("nothing panics while it holds this lock");
        // Whoever asks may hang up: that is no failure of the issuer's.
        let _ = answer(stream, published).await;
    }
}

async fn answer(stream: TcpStream, published: Option<Value>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 2 {
        line.clear();
    }
    let (status, body) = match published {
        Some(keys) => ("200 OK", keys.to_string()),
        None => ("503 Service Unavailable", String::new()),
    };
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body.as_bytes()).await?;
    stream.shutdown().await
}
