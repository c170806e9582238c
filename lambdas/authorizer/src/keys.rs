//! An issuer's keys, fetched when they are needed and kept for a while.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use function::InFull;
use futures::future::BoxFuture;
use https::{GetError, Limits};
use identity::{InvalidKeys, KeySet};
use thiserror::Error;
use tokio::sync::Mutex;
use tracing::{info, warn};

/// How old keys may become, in seconds: so long is a key believed that its issuer has taken back.
const MAX_AGE: u64 = 3_600;

/// How long to wait after one attempt to fetch keys before the next, in seconds: whoever makes up ids of keys has them fetched
/// no more often than this.
const PAUSE: u64 = 30;

/// The same, while there are no keys at all and so nobody can connect.
const PAUSE_WITHOUT_KEYS: u64 = 1;

/// A set of keys has a kilobyte or a few. A player waits for it.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(4),
    bytes: 256 * 1024,
};

/// Fetches what an issuer publishes.
type Fetch = Box<dyn Fn() -> BoxFuture<'static, Result<Vec<u8>, GetError>> + Send + Sync>;

/// The keys of one issuer.
pub(crate) struct Keys {
    url: String,
    fetch: Fetch,
    /// Locked while keys are fetched: whoever comes meanwhile waits for those.
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    keys: Option<Arc<KeySet>>,
    /// When they were fetched.
    fetched_at: u64,
    /// When that was last tried; not known after the first time that it was done, so that an issuer may publish a key, and
    /// sign with it, just after an instance has started.
    tried_at: Option<u64>,
}

/// There are no keys to check tokens by.
#[derive(Debug, Error)]
#[error(
    "there are no keys to check tokens by: check that {url} (jwks_url) answers with the issuer's keys"
)]
pub struct KeysUnavailable {
    url: String,
    #[source]
    source: Option<Unfetched>,
}

#[derive(Debug, Error)]
enum Unfetched {
    #[error("the issuer's keys could not be fetched")]
    Get(#[from] GetError),
    #[error(transparent)]
    Invalid(#[from] InvalidKeys),
}

impl Keys {
    /// The keys that are published at a URL.
    pub(crate) fn at(url: String) -> Self {
        let from = url.clone();
        Self::fetched_by(url, move || {
            let from = from.clone();
            Box::pin(async move { https::get(&from, LIMITS).await })
        })
    }

    fn fetched_by(
        url: String,
        fetch: impl Fn() -> BoxFuture<'static, Result<Vec<u8>, GetError>> + Send + Sync + 'static,
    ) -> Self {
        Self {
            url,
            fetch: Box::new(fetch),
            kept: Mutex::default(),
        }
    }

    /// The keys at this time, in seconds since 1970: fetched anew where they are an hour old, or where the one that is wanted
    /// is not among them. Where that fails, the old ones are as good as they were.
    pub(crate) async fn with(
        &self,
        key_id: &str,
        now: u64,
    ) -> Result<Arc<KeySet>, KeysUnavailable> {
        let mut kept = self.kept.lock().await;
        let mut problem = None;
        if kept.are_due(key_id, now) {
            kept.tried_at = Some(now);
            match self.fetch().await {
                Ok(keys) => {
                    info!(keys = ?keys, "the issuer's keys were fetched");
                    if kept.keys.replace(Arc::new(keys)).is_none() {
                        kept.tried_at = None;
                    }
                    kept.fetched_at = now;
                }
                Err(error) => {
                    if kept.keys.is_some() {
                        warn!(url = self.url, error = %InFull(&error), "the issuer's old keys go on being used");
                    }
                    problem = Some(error);
                }
            }
        }
        kept.keys.clone().ok_or_else(|| KeysUnavailable {
            url: self.url.clone(),
            source: problem,
        })
    }

    async fn fetch(&self) -> Result<KeySet, Unfetched> {
        let published = (self.fetch)().await?;
        Ok(KeySet::parse(&published)?)
    }
}

impl Kept {
    fn are_due(&self, key_id: &str, now: u64) -> bool {
        let (wanted, pause) = match &self.keys {
            None => (true, PAUSE_WITHOUT_KEYS),
            Some(keys) => {
                let are_old = now.abs_diff(self.fetched_at) >= MAX_AGE;
                (are_old || !keys.contains(key_id), PAUSE)
            }
        };
        wanted && self.tried_at.is_none_or(|at| now.abs_diff(at) >= pause)
    }
}

impl fmt::Debug for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Keys")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    const NOW: u64 = 1_800_000_000;

    /// What is published: the ids of the keys, or nothing.
    #[derive(Clone, Default)]
    struct Published(
        Arc<std::sync::Mutex<Option<Vec<&'static str>>>>,
        Arc<AtomicUsize>,
    );

    impl Published {
        fn set(&self, ids: Option<&[&'static str]>) {
            *self.0.lock().expect("nothing panics with this lock") = ids.map(<[_]>::to_vec);
        }

        fn fetches(&self) -> usize {
            self.1.load(Ordering::Relaxed)
        }

        fn keys(&self) -> Keys {
            let published = self.clone();
            Keys::fetched_by("https://login.example.org/keys".to_owned(), move || {
                published.1.fetch_add(1, Ordering::Relaxed);
                let ids = published.0.lock().expect("nothing panics with this lock");
                let document = ids.as_ref().map(|ids| key_set(ids));
                Box::pin(async move { document.ok_or(GetError::Status(503)) })
            })
        }
    }

    fn key_set(ids: &[&str]) -> Vec<u8> {
        let key = |id| {
            serde_json::json!({
                "kty": "OKP", "crv": "Ed25519", "kid": id, "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo",
            })
        };
        let keys: Vec<_> = ids.iter().map(key).collect();
        serde_json::json!({ "keys": keys }).to_string().into_bytes()
    }

    #[tokio::test]
    async fn keys_are_fetched_once_and_again_when_they_are_old() {
        let published = Published::default();
        published.set(Some(&["one"]));
        let keys = published.keys();
        for now in [NOW, NOW + 1, NOW + MAX_AGE - 1] {
            let found = keys.with("one", now).await.expect("keys");
            assert!(found.contains("one"));
            assert_eq!(published.fetches(), 1);
        }
        published.set(Some(&["two"]));
        let found = keys.with("one", NOW + MAX_AGE).await.expect("keys");
        assert!(!found.contains("one"), "a key that was taken back goes");
        assert_eq!(published.fetches(), 2);
    }

    #[tokio::test]
    async fn a_key_that_is_new_is_found_and_one_that_is_made_up_asks_no_more_than_every_half_minute()
     {
        let published = Published::default();
        published.set(Some(&["one"]));
        let keys = published.keys();
        keys.with("one", NOW).await.expect("keys");
        published.set(Some(&["one", "two"]));
        let found = keys.with("two", NOW + 1).await.expect("keys");
        assert!(found.contains("one") && found.contains("two"));
        assert_eq!(published.fetches(), 2);
        for now in NOW + 1..=NOW + PAUSE {
            let found = keys.with("made up", now).await.expect("keys");
            assert!(!found.contains("made up"));
        }
        assert_eq!(published.fetches(), 2);
        keys.with("made up", NOW + 1 + PAUSE).await.expect("keys");
        assert_eq!(published.fetches(), 3);
    }

    #[tokio::test]
    async fn old_keys_are_used_where_there_are_no_new_ones() {
        let published = Published::default();
        published.set(Some(&["one"]));
        let keys = published.keys();
        keys.with("one", NOW).await.expect("keys");
        published.set(None);
        for now in [NOW + MAX_AGE, NOW + MAX_AGE + 1, NOW + 2 * MAX_AGE] {
            let found = keys.with("one", now).await.expect("the old ones");
            assert!(found.contains("one"));
        }
        assert_eq!(published.fetches(), 3, "not at every connection");
    }

    #[tokio::test]
    async fn without_keys_nobody_can_tell_until_there_are_some() {
        let published = Published::default();
        let keys = published.keys();
        let error = keys.with("one", NOW).await.expect_err("no keys");
        let told = InFull(&error).to_string();
        assert!(told.contains("https://login.example.org/keys"), "{told}");
        assert!(told.contains("503"), "{told}");
        assert!(keys.with("one", NOW).await.is_err());
        assert_eq!(published.fetches(), 1, "not at every connection");
        published.set(Some(&["one"]));
        let found = keys.with("one", NOW + PAUSE_WITHOUT_KEYS).await;
        assert!(found.expect("keys").contains("one"));
    }

    #[tokio::test]
    async fn who_comes_together_has_keys_fetched_once() {
        let published = Published::default();
        published.set(Some(&["one"]));
        let keys = published.keys();
        let all = (0..100).map(|_| keys.with("one", NOW));
        let found = futures::future::join_all(all).await;
        assert!(found.iter().all(Result::is_ok));
        assert_eq!(published.fetches(), 1);
    }
}
