//! What functions do to connections from outside: post to them and delete them.

use local::{PostError, Posted, Settings};

use crate::world::{World, settings, soon};

#[tokio::test]
async fn posts_reach_their_client_in_order() {
    let mut world = World::start();
    let mut one = world.client().await;
    let mut other = world.client().await;
    for number in 0..100 {
        let text = format!("{number}");
        assert_eq!(world.connections.post(&one.id, text), Ok(Posted::Delivered));
    }
    assert_eq!(
        world.connections.post(&other.id, "yours".into()),
        Ok(Posted::Delivered)
    );
    assert_eq!(other.text().await, "yours");
    for number in 0..100 {
        assert_eq!(one.text().await, format!("{number}"));
    }
}

#[tokio::test]
async fn a_post_to_a_client_that_has_gone_is_gone() {
    let mut world = World::start();
    let mut client = world.client().await;
    client.close(None).await;
    world.disconnected().await;
    assert_eq!(
        world.connections.post(&client.id, "hello?".into()),
        Ok(Posted::Gone)
    );
    assert_eq!(world.connections.open_count(), 0);
}

#[tokio::test]
async fn a_post_of_128_kb_arrives_and_a_longer_one_is_refused() {
    let mut world = World::start();
    let mut client = world.client().await;
    let limit = 128 * 1024;
    let long = "x".repeat(limit);
    assert_eq!(
        world.connections.post(&client.id, long.clone()),
        Ok(Posted::Delivered)
    );
    assert_eq!(client.text().await, long);
    assert_eq!(
        world.connections.post(&client.id, format!("{long}x")),
        Err(PostError::TooLarge {
            bytes: limit + 1,
            limit
        })
    );
}

#[tokio::test]
async fn a_deleted_connection_is_closed_with_1000_after_what_was_posted_before() {
    let mut world = World::start();
    let mut client = world.client().await;
    assert_eq!(
        world.connections.post(&client.id, "last words".into()),
        Ok(Posted::Delivered)
    );
    assert_eq!(world.connections.disconnect(&client.id), Posted::Delivered);
    assert_eq!(client.text().await, "last words");
    assert_eq!(
        client.closed().await,
        (1000, "Connection Closed Normally".into())
    );
    assert_eq!(
        world.disconnected().await,
        (client.id, 1000, "Connection Closed Normally".into())
    );
}

#[tokio::test]
async fn a_client_that_does_not_read_is_ended_and_holds_up_nobody() {
    let mut world = World::with(Settings {
        max_unread: 512 * 1024,
        ..settings()
    });
    let slow = world.client().await;
    let mut quick = world.client().await;
    let flood = async {
        let text = "x".repeat(64 * 1024);
        while world.connections.post(&slow.id, text.clone()) == Ok(Posted::Delivered) {
            assert_eq!(
                world.connections.post(&quick.id, "news".into()),
                Ok(Posted::Delivered)
            );
            assert_eq!(quick.text().await, "news");
        }
    };
    soon("the end of the slow reader", flood).await;
    let (gone, code, _) = world.disconnected().await;
    assert_eq!((gone, code), (slow.id, 1008));
}
