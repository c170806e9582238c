//! Two players on a Switchboard in containers of the test's own.

use client::protocol::event::ReceivedSessionDescription;
use containers::Images;
use e2e::{Party, World};

#[tokio::test]
async fn two_players_meet_on_a_switchboard_that_testcontainers_started() {
    let Some(images) = Images::find() else {
        return;
    };
    let switchboard = images.start().await;
    let world = World::behind(switchboard.url());

    let Party { lobby, players } = world.party(["host", "guest"]).await;
    let [host, guest] = &players;
    guest.offers(&lobby.address(host, guest), "v=0").await;
    let heard = host.hears::<ReceivedSessionDescription>().await;
    assert_eq!(heard.connection_id, lobby.address(guest, host));
    assert_eq!(heard.sdp.as_str(), "v=0");

    world.ends().await;
    switchboard.stop().await;
}
