//! Who a player is: tokens at `$connect`, in each way that a server may be told to take them.

use client::protocol::ErrorCode;
use client::protocol::lobby::StartLobby;
use client::tokens::{Grant, Permissions, SharedSecret};
use client::{Client, Options};
use e2e::{Issuer, Key, Player, World, backend, forged, grant, join, now, settings, wish};
use ids::QueueName;
use local::{Authentication, ServerSettings};
use serde_json::json;

const FORBIDDEN: u16 = 403;
const FAILED: u16 = 500;

async fn world(authentication: Authentication) -> Option<World> {
    let settings = ServerSettings {
        authentication: Some(authentication),
        ..settings()
    };
    World::with(settings, "a server that takes tokens").await
}

fn everything(name: &str) -> Grant {
    grant(name, Permissions::default())
}

fn queue(name: &str) -> QueueName {
    QueueName::parse(name).expect("a queue")
}

#[tokio::test]
async fn everybody_is_somebody_new_where_nobody_asks() {
    let world = World::start().await;
    let (one, other) = (world.player("one").await, world.player("other").await);
    assert_ne!(one.id(), other.id());
    let claimed = world
        .player_with("claims to be ada", "a.token.of-ada")
        .await;
    assert_ne!(claimed.id().as_str(), "ada");
    world.ends().await;
}

#[tokio::test]
async fn a_backends_token_says_who_a_player_is_in_every_event() {
    let (backend, authentication) = backend();
    let Some(world) = world(authentication).await else {
        return;
    };
    let host = world
        .player_with("host", &backend.sign(&everything("ada")))
        .await;
    let guest = world
        .player_with("guest", &backend.sign(&everything("bob")))
        .await;
    assert_eq!((host.id().as_str(), guest.id().as_str()), ("ada", "bob"));
    let lobby_id = host.starts_lobby().await;
    let introduction = host.lets_in(&guest, &lobby_id).await;
    assert_eq!(introduction.request.player_id.as_str(), "bob");
    world.ends().await;
}

#[tokio::test]
async fn a_token_may_come_in_the_query_for_clients_that_know_no_subprotocol() {
    let (backend, authentication) = backend();
    let Some(world) = world(authentication).await else {
        return;
    };
    let with = |token: &str| format!("{}/?token={token}", world.url());
    let url = with(&backend.sign(&everything("ada")));
    let (client, _events) = Client::connect(&url, Options::default())
        .await
        .expect("let in");
    let welcome = client.hello().await.expect("a welcome");
    assert_eq!(welcome.player_id.as_str(), "ada");
    let refused = Client::connect(&with("no.token"), Options::default()).await;
    assert!(refused.is_err());
    world.ends().await;
}

#[tokio::test]
async fn a_backends_token_that_is_no_good_opens_nothing() {
    let (backend, authentication) = backend();
    let Some(world) = world(authentication).await else {
        return;
    };
    assert_eq!(world.turns_away(None).await, FORBIDDEN);
    let stranger = SharedSecret::new(&"a secret that somebody else has made up".into());
    let stranger = stranger.expect("long enough");
    let expired = Grant {
        expires_at: now() - 6,
        ..everything("ada")
    };
    let over = grant(
        "ada",
        Permissions {
            expires_at: Some(now() - 6),
            ..Permissions::default()
        },
    );
    let claims = json!({"sub": "ada", "aud": "switchboard", "exp": now() + 600});
    let good = backend.sign(&everything("ada"));
    let long = format!("{good}{}", "A".repeat(4_096));
    let other = backend.sign(&everything("eve"));
    let (head, _) = good.rsplit_once('.').expect("a signature");
    let (_, signature) = other.rsplit_once('.').expect("a signature");
    for (why, token) in [
        ("another secret's", stranger.sign(&everything("ada"))),
        ("expired", backend.sign(&expired)),
        ("what it permits has ended", backend.sign(&over)),
        ("unsigned", forged("none", "one", &claims)),
        ("an issuer's", Key::ed25519().token("one", &claims)),
        ("another token's signature", format!("{head}.{signature}")),
        ("too long", long),
        ("none", "switchboard".to_owned()),
    ] {
        assert_eq!(world.turns_away(Some(&token)).await, FORBIDDEN, "{why}");
    }
    world.player_with("ada", &good).await;
    world.ends().await;
}

#[tokio::test]
async fn an_issuers_token_is_believed_by_each_kind_of_key() {
    let (rsa, ecdsa, ed25519) = (Key::rsa(), Key::ecdsa(), Key::ed25519());
    let keys = [("rsa", &rsa), ("ecdsa", &ecdsa), ("ed25519", &ed25519)];
    let issuer = Issuer::publishing(&keys).await;
    let Some(world) = world(issuer.authentication()).await else {
        return;
    };
    for (id, key) in keys {
        let subject = format!("auth0|{id}");
        let player = world
            .player_with(id, &key.token(id, &Issuer::claims(&subject)))
            .await;
        assert_eq!(player.id().as_str(), subject);
    }
    let strange = Issuer::claims("Ada Lovelace, née Byron");
    let player = world.player_with("ada", &rsa.token("rsa", &strange)).await;
    assert!(
        player.id().as_str().starts_with("sha256:"),
        "{}",
        player.id()
    );
    world.ends().await;
}

#[tokio::test]
async fn an_issuers_token_that_is_no_good_opens_nothing() {
    let (rsa, ed25519, stranger) = (Key::rsa(), Key::ed25519(), Key::ed25519());
    let issuer = Issuer::publishing(&[("rsa", &rsa), ("ed25519", &ed25519)]).await;
    let Some(world) = world(issuer.authentication()).await else {
        return;
    };
    assert_eq!(world.turns_away(None).await, FORBIDDEN);
    let good = Issuer::claims("ada");
    let with = |name: &str, value| {
        let claims = Issuer::claims_with("ada", name, value);
        ed25519.token("ed25519", &claims)
    };
    for (why, token) in [
        ("expired", with("exp", json!(now() - 6))),
        ("not valid yet", with("nbf", json!(now() + 60))),
        ("for another audience", with("aud", json!("another game"))),
        (
            "another issuer's",
            with("iss", json!("https://evil.example.org")),
        ),
        ("nobody's", with("sub", json!(""))),
        ("forged", stranger.token("ed25519", &good)),
        (
            "by a key that is not published",
            stranger.token("stranger", &good),
        ),
        ("unsigned", forged("none", "ed25519", &good)),
        ("signed with a public key", rsa.confused("rsa", &good)),
        (
            "signed with another public key",
            ed25519.confused("ed25519", &good),
        ),
        (
            "by another algorithm than its key's",
            ed25519.token("rsa", &good),
        ),
    ] {
        assert_eq!(world.turns_away(Some(&token)).await, FORBIDDEN, "{why}");
    }
    world
        .player_with("ada", &ed25519.token("ed25519", &good))
        .await;
    world.ends().await;
}

#[tokio::test]
async fn an_issuer_may_change_its_keys_while_players_come() {
    let (old, new, newest) = (Key::ed25519(), Key::ecdsa(), Key::ed25519());
    let issuer = Issuer::publishing(&[("old", &old)]).await;
    let Some(world) = world(issuer.authentication()).await else {
        return;
    };
    let token = |key: &Key, id: &str, name: &str| key.token(id, &Issuer::claims(name));
    // Nobody has come yet, so the keys are those of the moment at which somebody does.
    issuer.fails();
    let of_ada = token(&old, "old", "ada");
    assert_eq!(world.turns_away(Some(&of_ada)).await, FAILED);
    issuer.publishes(&[("old", &old)]);
    let ada = loop {
        // Once a second they are asked for again.
        match client_with(&world, &of_ada).await {
            Ok(ada) => break ada,
            Err(status) => assert_eq!(status, FAILED),
        }
    };
    let welcome = ada.hello().await.expect("a welcome");
    assert_eq!(welcome.player_id.as_str(), "ada");

    issuer.publishes(&[("old", &old), ("new", &new)]);
    world.player_with("bob", &token(&new, "new", "bob")).await;
    world.player_with("cem", &token(&old, "old", "cem")).await;
    // What an issuer that does not answer has published before is good.
    issuer.fails();
    world.player_with("dan", &token(&new, "new", "dan")).await;
    // So soon after the last time, nobody asks for a key that is unknown.
    issuer.publishes(&[("newest", &newest)]);
    let unknown = token(&newest, "newest", "eve");
    assert_eq!(world.turns_away(Some(&unknown)).await, FORBIDDEN);
    world.ends().await;
}

/// Connects with a token; or the status by which that is refused.
async fn client_with(world: &World, token: &str) -> Result<Client, u16> {
    let options = Options {
        token: Some(client::Token::fixed(token)),
        ..Options::default()
    };
    match Client::connect(world.url(), options).await {
        Ok((client, _events)) => Ok(client),
        Err(client::ConnectError::Rejected { status, .. }) => Err(status),
        Err(error) => panic!("neither let in nor refused by a status: {error}"),
    }
}

#[tokio::test]
async fn who_may_not_host_opens_no_lobby_and_joins_those_of_others() {
    let (backend, authentication) = backend();
    let Some(world) = world(authentication).await else {
        return;
    };
    let may_not = Permissions {
        host: false,
        ..Permissions::default()
    };
    let guest = world
        .player_with("guest", &backend.sign(&grant("guest", may_not)))
        .await;
    let refused = guest.is_refused(StartLobby::default()).await;
    assert_eq!(refused.code, ErrorCode::NotPermitted);
    assert!(!refused.retryable);
    let host = world
        .player_with("host", &backend.sign(&everything("host")))
        .await;
    let lobby_id = host.starts_open_lobby().await;
    guest.does(join(&lobby_id)).await;
    host.hears_raw("player_joined").await;
    world.ends().await;
}

#[tokio::test]
async fn who_may_not_be_matched_enters_no_queue_and_who_may_only_those_of_its_token() {
    let (backend, authentication) = backend();
    let Some(world) = world(authentication).await else {
        return;
    };
    let arrives = async |name: &str, matchmake, queues: Option<&[&str]>| -> Player {
        let permissions = Permissions {
            matchmake,
            queues: queues.map(|names| names.iter().map(|name| queue(name)).collect()),
            ..Permissions::default()
        };
        let token = backend.sign(&grant(name, permissions));
        world.player_with(name, &token).await
    };
    let never = arrives("never", false, Some(&["1v1"])).await;
    let elsewhere = arrives("elsewhere", true, Some(&["duel"])).await;
    for player in [&never, &elsewhere] {
        let refused = player.is_refused(wish(&world, "1v1")).await;
        assert_eq!(refused.code, ErrorCode::NotPermitted);
        // Nor as a party.
        player.starts_lobby().await;
        let mut party = wish(&world, "1v1");
        party.party = Some(true);
        let refused = player.is_refused(party).await;
        assert_eq!(refused.code, ErrorCode::NotPermitted);
        player.leaves().await;
    }
    let here = arrives("here", true, Some(&["1v1"])).await;
    here.does(wish(&world, "1v1")).await;
    world.ends().await;
}

#[tokio::test]
async fn what_a_token_permits_may_end_before_the_connection_would() {
    let (backend, authentication) = backend();
    let Some(world) = world(authentication).await else {
        return;
    };
    // Far enough away that nobody is told to go yet.
    let end = now() + 3_600;
    let permissions = Permissions {
        expires_at: Some(end),
        ..Permissions::default()
    };
    let token = backend.sign(&grant("ada", permissions));
    let ada = world.player_with("ada", &token).await;
    let welcome = ada.client().hello().await.expect("a welcome");
    assert_eq!(welcome.expires_at, end);
    world.ends().await;
}
