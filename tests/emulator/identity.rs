//! Who a player is, where API Gateway asks the authorizer: each mode, with the tokens that it takes and those that it does not.

use std::panic::{AssertUnwindSafe, resume_unwind};

use client::protocol::ErrorCode;
use client::protocol::event::ConnectionReplaced;
use client::protocol::lobby::StartLobby;
use client::tokens::{Permissions, SharedSecret};
use client::{Client, Options};
use e2e::{Issuer, Key, World, forged, grant, leave_out, now};
use futures::FutureExt as _;
use serde_json::{Value, json};

use crate::aws::{Emulator, Moment};

const AUTHORIZER: &str = "authorizer";
const SETTING: &str = "SWITCHBOARD_AUTHENTICATION";

/// The emulator, where players need the token of a backend; `None`, and a line that says so, where they need none.
#[expect(
    clippy::disallowed_methods,
    reason = "this is where these tests' one setting comes in"
)]
async fn guarded() -> Option<Emulator> {
    let is_guarded = std::env::var(SETTING).is_ok_and(|mode| mode == "shared_secret");
    if !is_guarded {
        leave_out(
            "it needs an emulator that asks for tokens, and SWITCHBOARD_AUTHENTICATION=shared_secret",
        );
        return None;
    }
    Emulator::find().await
}

/// The secret that Terraform has made.
async fn backend(emulator: &Emulator) -> SharedSecret {
    let setting = emulator.settings(AUTHORIZER).await;
    let setting = setting[SETTING].as_str().expect("a setting");
    let setting: Value = serde_json::from_str(setting).expect("a setting is JSON");
    let asked = json!({ "Name": setting["parameter"], "WithDecryption": true });
    let kind = "Content-Type: application/x-amz-json-1.1\r\nX-Amz-Target: AmazonSSM.GetParameter";
    let answer = emulator
        .ask("ssm", "POST /", kind, &asked.to_string())
        .await;
    let answer: Value = serde_json::from_str(&answer).expect("an answer is JSON");
    let secret = answer["Parameter"]["Value"].as_str().expect("a secret");
    SharedSecret::new(&secret.into()).expect("long enough")
}

#[tokio::test]
async fn the_emulator_lets_in_whom_a_backend_vouches_for_and_nobody_else() {
    let Some(emulator) = guarded().await else {
        return;
    };
    let (world, since) = (World::start().await, Moment::now());
    let backend = backend(&emulator).await;
    let ada = backend.sign(&grant("ada", Permissions::default()));
    let player = world.player_with("ada", &ada).await;
    assert_eq!(player.id().as_str(), "ada");
    let url = format!("{}?token={ada}", world.url());
    let (by_query, _events) = Client::connect(&url, Options::default())
        .await
        .expect("let in");
    let welcome = by_query.hello().await.expect("a welcome");
    assert_eq!(welcome.player_id.as_str(), "ada");
    // The same player by another connection takes over from this one.
    player.hears::<ConnectionReplaced>().await;

    let may_not = Permissions {
        host: false,
        ..Permissions::default()
    };
    let bob = backend.sign(&grant("bob", may_not));
    let guest = world.player_with("bob", &bob).await;
    let refused = guest.is_refused(StartLobby::default()).await;
    assert_eq!(refused.code, ErrorCode::NotPermitted);

    let claims = json!({"sub": "ada", "aud": "switchboard", "exp": now() + 600});
    let unsigned = forged("none", "one", &claims);
    let strange = Key::ed25519().token("one", &claims);
    let altered = format!("{ada}x");
    for token in [None, Some(&unsigned), Some(&strange), Some(&altered)] {
        let status = world.turns_away(token.map(String::as_str)).await;
        assert_eq!(status, 403, "{token:?}");
    }
    emulator.logs(AUTHORIZER, since, "no token was given").await;
    for function in [AUTHORIZER, "connection"] {
        let log = emulator.log(function, since).await.join("\n");
        for token in [&ada, &bob, &unsigned, &strange] {
            let signed = token.split('.').nth(1).expect("a body");
            assert!(!log.contains(signed), "{function} logs a token:\n{log}");
        }
    }
    world.ends().await;
}

#[tokio::test]
async fn the_emulator_lets_in_whom_an_issuer_vouches_for_by_its_keys_of_today() {
    let Some(emulator) = guarded().await else {
        return;
    };
    let world = World::start().await;
    let (rsa, ecdsa, stranger) = (Key::rsa(), Key::ecdsa(), Key::ecdsa());
    let issuer = Issuer::publishing(&[("rsa", &rsa)]).await;
    let right = emulator.settings(AUTHORIZER).await;
    let mut settings = right.clone();
    settings.insert(SETTING.to_owned(), issuer.setting().into());
    emulator.set_settings(AUTHORIZER, &settings).await;
    let played = AssertUnwindSafe(async {
        let good = Issuer::claims("auth0|ada");
        let ada = world.player_with("ada", &rsa.token("rsa", &good)).await;
        assert_eq!(ada.id().as_str(), "auth0|ada");
        let expired = Issuer::claims_with("ada", "exp", json!(now() - 6));
        let elsewhere = Issuer::claims_with("ada", "aud", json!("another game"));
        for (why, token) in [
            ("expired", rsa.token("rsa", &expired)),
            ("for another audience", rsa.token("rsa", &elsewhere)),
            ("unsigned", forged("none", "rsa", &good)),
            ("signed with a public key", rsa.confused("rsa", &good)),
        ] {
            assert_eq!(world.turns_away(Some(&token)).await, 403, "{why}");
        }
        issuer.publishes(&[("ecdsa", &ecdsa)]);
        world
            .player_with("bob", &ecdsa.token("ecdsa", &Issuer::claims("bob")))
            .await;
        let forged = stranger.token("ecdsa", &good);
        assert_eq!(world.turns_away(Some(&forged)).await, 403, "forged");

        // A new instance knows no keys.
        issuer.fails();
        let since = Moment::now();
        emulator.stop(AUTHORIZER).await;
        let token = ecdsa.token("ecdsa", &good);
        assert_eq!(world.turns_away(Some(&token)).await, 500);
        let line = emulator.logs(AUTHORIZER, since, "there are no keys").await;
        assert!(line.contains("ERROR") && line.contains("503"), "{line}");
    });
    let played = played.catch_unwind().await;
    emulator.set_settings(AUTHORIZER, &right).await;
    if let Err(failure) = played {
        resume_unwind(failure);
    }
    world.ends().await;
}

#[tokio::test]
async fn without_the_right_to_read_its_secret_the_authorizer_lets_nobody_in_and_says_why() {
    let Some(emulator) = guarded().await else {
        return;
    };
    let world = World::start().await;
    let backend = backend(&emulator).await;
    let token = backend.sign(&grant("ada", Permissions::default()));
    let policy = emulator.policy(AUTHORIZER).await;
    let mut less = policy.clone();
    let statements = less["Statement"].as_array_mut().expect("statements");
    statements.retain(|statement| statement["Sid"] != "Secret");
    assert_ne!(less, policy);
    let since = Moment::now();
    emulator.set_policy(AUTHORIZER, &less).await;
    emulator.stop(AUTHORIZER).await;
    let tried = AssertUnwindSafe(async {
        assert_eq!(world.turns_away(Some(&token)).await, 500);
        let line = emulator.logs(AUTHORIZER, since, "ssm:GetParameter").await;
        assert!(line.contains(SETTING), "{line}");
    });
    let tried = tried.catch_unwind().await;
    emulator.set_policy(AUTHORIZER, &policy).await;
    emulator.stop(AUTHORIZER).await;
    if let Err(failure) = tried {
        resume_unwind(failure);
    }
    world.player_with("ada", &token).await;
    world.ends().await;
}
