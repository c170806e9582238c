//! A queue of many: its tickets are spread over shards, and read in pages.

use domain::matchmaking::Attribute;
use store::{POOL_SHARDS, Store};

use crate::queue::*;
use crate::scene::*;

async fn cost(store: &Store, what: impl Future) -> String {
    let earlier = store.operations();
    what.await;
    store.operations().since(&earlier).to_string()
}

async fn many(store: &Store, tickets: u32) {
    for number in 0..tickets {
        queued(store, &format!("player-{number}")).await;
    }
}

#[tokio::test]
async fn a_queue_is_read_whole_however_many_wait_at_a_query_a_shard() {
    let store = empty().await;
    let read = async || drop(pooled(&store).await);
    let queries = format!("Query {POOL_SHARDS}");
    assert_eq!(cost(&store, read()).await, queries);
    many(&store, 500).await;
    assert_eq!(cost(&store, read()).await, queries);
    assert_eq!(pooled(&store).await.len(), 500);
}

#[tokio::test]
async fn a_shard_of_more_than_a_megabyte_is_read_to_its_end_and_costs_pages_not_tickets() {
    let store = empty().await;
    // Twelve megabytes: one and a half a shard.
    for number in 0..120 {
        let mut ticket = ticket(&format!("player-{number}"));
        let long = Attribute::Text("x".repeat(100 * 1024));
        ticket.attributes.insert("long".to_owned(), long);
        assert_eq!(try_join(&store, &ticket).await, Ok(()));
    }
    let earlier = store.operations();
    assert_eq!(pooled(&store).await.len(), 120);
    let queries = store.operations().since(&earlier).of("Query");
    let shards = u64::from(POOL_SHARDS);
    assert!((shards + 1..=3 * shards).contains(&queries), "{queries}");
}
