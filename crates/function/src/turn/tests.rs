//! What credentials look like, how long they last, and which settings are refused.

use super::*;

const SECRET: &str = "a secret of at least 32 characters";

fn turn(lifetime: Duration) -> Turn {
    let urls = vec!["turn:turn.example.org:3478".to_owned()];
    let settings = TurnSettings::new(urls, lifetime).expect("good settings");
    Turn::new(settings, &SECRET.into()).expect("long enough")
}

fn player(id: &str) -> PlayerId {
    PlayerId::parse(id).expect("valid")
}

fn at(second: u64) -> Timestamp {
    Timestamp::from_millis(second * 1_000)
}

#[test]
fn the_credential_is_the_one_that_coturn_computes() {
    let issued = turn(DEFAULT_TURN_LIFETIME).issue(&player("ann"), at(1_800_000_000));
    assert_eq!(issued.expires_at, 1_800_003_600);
    assert_eq!(issued.server.username.as_deref(), Some("1800003600:ann"));
    // printf %s 1800003600:ann | openssl dgst -sha1 -hmac "$SECRET" -binary | base64
    assert_eq!(
        issued.server.credential.as_deref(),
        Some("YFhPKWK3+GqcFHMvRIFeW+0tlzc=")
    );
}

#[test]
fn credentials_last_for_the_lifetime_and_a_quarter_of_it_longer_at_most() {
    let lifetime = DEFAULT_TURN_LIFETIME.as_secs();
    let turn = turn(DEFAULT_TURN_LIFETIME);
    for second in 1_800_000_000..1_800_000_000 + lifetime {
        let lasts = turn.issue(&player("ann"), at(second)).expires_at - second;
        assert!(
            (lifetime..lifetime + lifetime / 4).contains(&lasts),
            "{lasts} s"
        );
    }
}

#[test]
fn who_asks_again_gets_the_same_credentials() {
    let turn = turn(DEFAULT_TURN_LIFETIME);
    let issue = |second| turn.issue(&player("ann"), at(second));
    assert_eq!(issue(1_800_000_001), issue(1_800_000_900));
    assert_ne!(issue(1_800_000_900), issue(1_800_000_901));
}

#[test]
fn two_players_share_no_credentials() {
    let turn = turn(DEFAULT_TURN_LIFETIME);
    let issue = |id| turn.issue(&player(id), at(1_800_000_000)).server;
    assert_ne!(issue("ann").credential, issue("bob").credential);
}

#[test]
fn settings_that_cannot_work_are_refused_with_what_to_do() {
    let new = |urls: &[&str], seconds| {
        let urls = urls.iter().map(ToString::to_string).collect();
        let made = TurnSettings::new(urls, Duration::from_secs(seconds));
        made.expect_err("they cannot work").to_string()
    };
    let good = "turns:turn.example.org";
    assert_eq!(
        new(&[], 600),
        "there are 0 URLs of TURN servers: give 1 to 8"
    );
    assert_eq!(
        new(&[good; 9], 600),
        "there are 9 URLs of TURN servers: give 1 to 8"
    );
    for url in [
        "stun:stun.example.org",
        "turn:",
        "turn: x",
        "https://example.org",
    ] {
        assert_eq!(
            new(&[good, url], 600),
            format!("`{url}` is no URL of a TURN server: write it like turn:turn.example.org:3478")
        );
    }
    for seconds in [299, 86_401] {
        assert_eq!(
            new(&[good], seconds),
            format!("a lifetime of {seconds} s is outside 300 to 86400 s: choose one between")
        );
    }
}

#[test]
fn a_short_secret_is_refused_and_none_is_shown() {
    let urls = vec!["turn:turn.example.org".to_owned()];
    let settings = TurnSettings::new(urls, DEFAULT_TURN_LIFETIME).expect("good settings");
    let refused = Turn::new(settings, &"short".into()).err();
    assert_eq!(refused, Some(TurnError::WeakSecret));
    assert!(!format!("{:?}", turn(DEFAULT_TURN_LIFETIME)).contains("secret of"));
}
