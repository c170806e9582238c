//! Which tokens are believed, and why the others are not.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use identity::{CLOCK_SKEW, Grant, Identity, Issuer, KeySet, Permissions, Refused, SharedSecret};
use ids::{PlayerId, QueueName};
use proptest::prelude::*;
use ring::rand::SystemRandom;
use ring::rsa::PublicKeyComponents;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256,
    RsaKeyPair,
};
use secrecy::SecretString;
use serde_json::{Value, json};

const NOW: u64 = 1_800_000_000;
const ISSUER: &str = "https://login.example.org";
const AUDIENCE: &str = "game";

/// Made for these tests, and used nowhere else.
const RSA: &[u8] = include_bytes!("rsa.der");

fn base64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// Somebody who signs, and publishes the key.
enum Signer {
    Rsa(RsaKeyPair),
    Ecdsa(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl Signer {
    fn rsa() -> Self {
        Self::Rsa(RsaKeyPair::from_der(RSA).expect("a key"))
    }

    fn ecdsa() -> Self {
        let (with, random) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
        let key = EcdsaKeyPair::generate_pkcs8(with, &random).expect("a fresh key");
        Self::Ecdsa(EcdsaKeyPair::from_pkcs8(with, key.as_ref(), &random).expect("a key"))
    }

    fn ed25519() -> Self {
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

    fn published(&self, id: &str) -> Value {
        match self {
            Self::Rsa(key) => {
                let public: PublicKeyComponents<Vec<u8>> = key.public().into();
                json!({"kty": "RSA", "kid": id, "use": "sig", "alg": "RS256", "n": base64(public.n), "e": base64(public.e)})
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

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let message = unsigned(header, claims);
        let random = SystemRandom::new();
        let signature = match self {
            Self::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(
                    &RSA_PKCS1_SHA256,
                    &random,
                    message.as_bytes(),
                    &mut signature,
                )
                .expect("a signature");
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

    /// A token as an issuer makes them.
    fn token(&self, claims: &Value) -> String {
        self.sign(
            &json!({"alg": self.algorithm(), "kid": "one", "typ": "JWT"}),
            claims,
        )
    }
}

fn unsigned(header: &Value, claims: &Value) -> String {
    format!(
        "{}.{}",
        base64(header.to_string()),
        base64(claims.to_string())
    )
}

fn keys(published: &[Value]) -> KeySet {
    KeySet::parse(json!({ "keys": published }).to_string().as_bytes()).expect("a set of keys")
}

fn claims() -> Value {
    json!({"iss": ISSUER, "aud": AUDIENCE, "sub": "ada", "exp": NOW + 600})
}

fn with(name: &str, value: Value) -> Value {
    let mut claims = claims();
    claims[name] = value;
    claims
}

fn without(name: &str) -> Value {
    let mut claims = claims();
    claims.as_object_mut().expect("an object").remove(name);
    claims
}

fn verify(signer: &Signer, token: &str) -> Result<Identity, Refused> {
    let issuer = Issuer::new(ISSUER.to_owned(), AUDIENCE.to_owned());
    issuer.verify(token, &keys(&[signer.published("one")]), NOW)
}

fn refused(claims: &Value) -> Refused {
    let signer = Signer::ed25519();
    verify(&signer, &signer.token(claims)).expect_err("it is not to be believed")
}

fn secret() -> SharedSecret {
    SharedSecret::new(&SecretString::from("a secret of thirty-two bytes, or more"))
        .expect("long enough")
}

fn grant(permissions: Permissions) -> Grant {
    Grant {
        player_id: PlayerId::parse("ada").expect("a player id"),
        permissions,
        expires_at: NOW + 600,
    }
}

#[test]
fn an_issuers_token_is_believed_by_each_kind_of_key() {
    for signer in [Signer::rsa(), Signer::ecdsa(), Signer::ed25519()] {
        let identity = verify(&signer, &signer.token(&claims())).expect("it is believed");
        assert_eq!(identity.player_id.as_str(), "ada");
        assert_eq!(identity.permissions, Permissions::default());
    }
}

#[test]
fn a_token_that_was_altered_is_not_believed() {
    for signer in [Signer::rsa(), Signer::ecdsa(), Signer::ed25519()] {
        let token = signer.token(&claims());
        let signature = token.rsplit_once('.').expect("three parts").1;
        let header = json!({"alg": signer.algorithm(), "kid": "one"});
        let forged = format!(
            "{}.{signature}",
            unsigned(&header, &with("sub", json!("eve")))
        );
        assert_eq!(verify(&signer, &forged), Err(Refused::Signature));
    }
}

#[test]
fn a_token_signed_by_somebody_elses_key_is_not_believed() {
    let (issuer, stranger) = (Signer::ecdsa(), Signer::ecdsa());
    let token = stranger.token(&claims());
    assert_eq!(verify(&issuer, &token), Err(Refused::Signature));
}

#[test]
fn none_is_no_algorithm() {
    for name in ["none", "None", "NONE"] {
        let token = format!(
            "{}.",
            unsigned(&json!({"alg": name, "kid": "one"}), &claims())
        );
        assert_eq!(verify(&Signer::rsa(), &token), Err(Refused::Algorithm));
        assert_eq!(secret().verify(&token, NOW), Err(Refused::Algorithm));
    }
}

#[test]
fn a_public_key_is_never_taken_for_a_secret() {
    let signer = Signer::rsa();
    let Signer::Rsa(key) = &signer else {
        unreachable!("it is one");
    };
    let message = unsigned(&json!({"alg": "HS256", "kid": "one"}), &claims());
    let public = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, key.public().as_ref());
    let signature = ring::hmac::sign(&public, message.as_bytes());
    let token = format!("{message}.{}", base64(signature.as_ref()));
    assert_eq!(verify(&signer, &token), Err(Refused::Algorithm));
}

#[test]
fn a_key_of_one_kind_is_not_used_with_the_algorithm_of_another() {
    let signer = Signer::ed25519();
    let token = signer.sign(&json!({"alg": "ES256", "kid": "one"}), &claims());
    assert_eq!(verify(&signer, &token), Err(Refused::Algorithm));
}

#[test]
fn a_secret_in_a_public_list_is_no_key() {
    let secret =
        json!({"kty": "oct", "kid": "one", "k": base64("a secret that everybody can read")});
    assert!(!keys(&[secret]).contains("one"));
}

#[test]
fn a_key_for_encryption_checks_no_signature() {
    let mut key = Signer::rsa().published("one");
    key["use"] = json!("enc");
    assert!(!keys(&[key]).contains("one"));
}

#[test]
fn an_unknown_key_shows_before_anything_is_believed() {
    let signer = Signer::ed25519();
    let token = signer.sign(&json!({"alg": "EdDSA", "kid": "two"}), &claims());
    assert_eq!(Issuer::key_id(&token).as_deref(), Ok("two"));
    assert_eq!(verify(&signer, &token), Err(Refused::UnknownKey));
    let nameless = signer.sign(&json!({"alg": "EdDSA"}), &claims());
    assert_eq!(Issuer::key_id(&nameless), Err(Refused::UnknownKey));
}

#[test]
fn a_token_is_over_when_its_time_and_the_skew_are() {
    let at = |exp| with("exp", json!(exp));
    let signer = Signer::ed25519();
    assert!(verify(&signer, &signer.token(&at(NOW - CLOCK_SKEW + 1))).is_ok());
    assert_eq!(refused(&at(NOW - CLOCK_SKEW)), Refused::Expired);
    assert_eq!(refused(&at(0)), Refused::Expired);
}

#[test]
fn a_token_is_not_valid_before_its_time() {
    let signer = Signer::ed25519();
    let at = |nbf| with("nbf", json!(nbf));
    assert!(verify(&signer, &signer.token(&at(NOW + CLOCK_SKEW))).is_ok());
    assert_eq!(refused(&at(NOW + CLOCK_SKEW + 1)), Refused::TooEarly);
}

#[test]
fn a_token_of_another_issuer_or_for_another_audience_is_not_believed() {
    assert_eq!(
        refused(&with("iss", json!("https://evil.example.org"))),
        Refused::Issuer
    );
    assert_eq!(
        refused(&with("aud", json!("another game"))),
        Refused::Audience
    );
    let signer = Signer::ed25519();
    let several = with("aud", json!(["another game", AUDIENCE]));
    assert!(verify(&signer, &signer.token(&several)).is_ok());
}

#[test]
fn what_a_token_must_say_it_must_say() {
    for name in ["iss", "aud", "sub", "exp"] {
        assert_eq!(refused(&without(name)), Refused::Malformed, "{name}");
    }
}

#[test]
fn a_subject_that_cannot_be_a_player_id_is_one_by_its_hash() {
    let signer = Signer::ed25519();
    let player = |subject: &str| {
        let token = signer.token(&with("sub", json!(subject)));
        let identity = verify(&signer, &token).expect("it is believed");
        identity.player_id.as_str().to_owned()
    };
    for itself in ["ada", "auth0|5f7c8ec7c33c6c004bbafe82", &"a".repeat(128)] {
        assert_eq!(player(itself), itself);
    }
    // As `printf 'a b' | openssl dgst -sha256 -binary | basenc --base64url` has it.
    let hashed = "sha256:yGh6CKpdbtIEQyj6aml6uOltw0KR6MIDSujDjm_MbWU";
    assert_eq!(player("a b"), hashed);
    let others = ["a  b", "Ä", "\n", &"a".repeat(129), hashed];
    for other in others {
        assert!(player(other).starts_with("sha256:"), "{other}");
        assert_ne!(player(other), hashed, "{other}");
    }
    assert_eq!(refused(&with("sub", json!(""))), Refused::Subject);
}

#[test]
fn what_is_too_long_is_not_looked_at() {
    let signer = Signer::ed25519();
    let long = with("name", json!("a".repeat(identity::MAX_TOKEN)));
    assert_eq!(verify(&signer, &signer.token(&long)), Err(Refused::TooLong));
}

#[test]
fn a_backends_token_says_who_and_what_is_allowed() {
    let permissions = Permissions {
        host: false,
        matchmake: true,
        queues: Some([QueueName::parse("ranked").expect("a queue")].into()),
        expires_at: Some(NOW + 7_200),
    };
    let token = secret().sign(&grant(permissions.clone()));
    let identity = secret().verify(&token, NOW).expect("believed");
    assert_eq!(identity.player_id.as_str(), "ada");
    assert_eq!(identity.permissions, permissions);
    let queue = |name| QueueName::parse(name).expect("a queue");
    assert!(permissions.may_enter(&queue("ranked")));
    assert!(!permissions.may_enter(&queue("1v1")));
}

#[test]
fn what_a_token_allows_may_end_before_the_token() {
    let until = |expires_at| {
        secret().sign(&grant(Permissions {
            expires_at: Some(expires_at),
            ..Permissions::default()
        }))
    };
    assert!(secret().verify(&until(NOW + 1), NOW).is_ok());
    let over = secret().verify(&until(NOW - CLOCK_SKEW), NOW);
    assert_eq!(over, Err(Refused::Expired));
}

#[test]
fn how_far_a_clock_may_be_off_can_be_said() {
    let token = secret().sign(&grant(Permissions::default()));
    let strict = secret().with_clock_skew(0);
    assert!(strict.verify(&token, NOW + 599).is_ok());
    assert_eq!(strict.verify(&token, NOW + 600), Err(Refused::Expired));
    let lax = secret().with_clock_skew(300);
    assert!(lax.verify(&token, NOW + 899).is_ok());
}

#[test]
fn an_identity_survives_its_way_through_the_platform() {
    let permissions = Permissions {
        host: false,
        matchmake: false,
        queues: Some([QueueName::parse("ranked").expect("a queue")].into()),
        expires_at: Some(NOW),
    };
    let identity = Identity {
        player_id: PlayerId::parse("auth0|ada").expect("a player id"),
        permissions,
    };
    let context = identity.to_context();
    let field = |name| context.get(name).map(String::as_str);
    assert_eq!(Identity::from_context(field).expect("it is one"), identity);
    let without = |missing| {
        let rest = move |name: &'static str| field(name).filter(|_| name != missing);
        Identity::from_context(rest).expect_err("a part is missing")
    };
    for name in ["player_id", "permissions"] {
        assert!(without(name).to_string().contains(name));
    }
}

#[test]
fn a_backends_token_is_not_believed_by_another_secret_nor_after_its_time() {
    let token = secret().sign(&grant(Permissions::default()));
    let other = SecretString::from("another secret of thirty-two bytes");
    let other = SharedSecret::new(&other).expect("long enough");
    assert_eq!(other.verify(&token, NOW), Err(Refused::Signature));
    let over = NOW + 600 + CLOCK_SKEW;
    assert_eq!(secret().verify(&token, over), Err(Refused::Expired));
}

#[test]
fn a_backends_token_for_somebody_else_is_refused() {
    let signer = Signer::rsa();
    assert_eq!(
        secret().verify(&signer.token(&claims()), NOW),
        Err(Refused::Algorithm)
    );
}

#[test]
fn a_short_secret_is_none() {
    assert!(SharedSecret::new(&SecretString::from("a".repeat(31))).is_err());
    assert!(SharedSecret::new(&SecretString::from("a".repeat(32))).is_ok());
}

#[test]
fn a_permission_that_does_not_exist_is_refused() {
    let unknown = with("switchboard", json!({"hosts": false}));
    assert_eq!(refused(&unknown), Refused::Malformed);
}

#[test]
fn what_is_no_set_of_keys_is_an_error() {
    assert!(KeySet::parse(b"<html>").is_err());
    let many: Vec<_> = (0..65)
        .map(|number| json!({"kty": "oct", "kid": number.to_string(), "k": "AA"}))
        .collect();
    assert!(KeySet::parse(json!({ "keys": many }).to_string().as_bytes()).is_err());
}

proptest! {
    #[test]
    fn no_text_is_believed_or_makes_it_panic(text in "[A-Za-z0-9_.{}\":-]{0,200}") {
        prop_assert!(secret().verify(&text, NOW).is_err());
        prop_assert!(verify(&Signer::rsa(), &text).is_err());
    }

    #[test]
    fn no_single_flipped_letter_is_believed(place in 0_usize..1_000) {
        let token = secret().sign(&grant(Permissions::default()));
        let place = place % token.len();
        let mut altered = token.clone().into_bytes();
        altered[place] = if altered[place] == b'A' { b'B' } else { b'A' };
        let altered = String::from_utf8(altered).expect("letters");
        // The last letter of a signature carries four bits that mean nothing.
        prop_assume!(place + 1 < token.len() && altered != token);
        prop_assert!(secret().verify(&altered, NOW).is_err());
    }
}
