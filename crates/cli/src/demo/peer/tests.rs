//! Two peers joined by two in-memory queues.

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::timeout;

use super::{Candidate, Peer, PeerEvent, Ways};

const MESSAGES: usize = 2_000;
const DEADLINE: Duration = Duration::from_mins(1);

type Candidates = mpsc::UnboundedSender<Candidate>;

/// Hands out candidates until the data channel is open, then everything that is said, in order.
async fn listen(
    mut events: mpsc::Receiver<PeerEvent>,
    candidates: Candidates,
    opened: mpsc::Sender<()>,
) -> Vec<String> {
    let mut heard = Vec::new();
    while heard.len() < MESSAGES {
        match events.recv().await.expect("the peer lives") {
            PeerEvent::Candidate(candidate) => {
                candidates.send(candidate).expect("the other side listens");
            }
            PeerEvent::ChannelOpen => opened.send(()).await.expect("the test waits for it"),
            PeerEvent::Message(text) => heard.push(text),
            PeerEvent::Connected => {}
            event @ (PeerEvent::Closed | PeerEvent::Failed(_)) => {
                panic!("the connection ended early: {event:?}")
            }
        }
    }
    heard
}

async fn pass_on(mut candidates: mpsc::UnboundedReceiver<Candidate>, peer: &Peer) {
    while let Some(candidate) = candidates.recv().await {
        peer.add_candidate(candidate)
            .await
            .expect("candidates of one peer suit the other");
    }
}

async fn say(peer: &Peer, name: &str) {
    for number in 0..MESSAGES {
        peer.send(&format!("{name} says {number}"))
            .await
            .expect("the channel is open");
    }
}

fn all_of(name: &str) -> Vec<String> {
    (0..MESSAGES)
        .map(|number| format!("{name} says {number}"))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_peers_exchange_two_thousand_messages_each_way_in_order() {
    let (host, host_events) = Peer::start(Vec::new(), Ways::All)
        .await
        .expect("a peer starts");
    let (guest, guest_events) = Peer::start(Vec::new(), Ways::All)
        .await
        .expect("a peer starts");
    let (to_guest, for_guest) = mpsc::unbounded_channel();
    let (to_host, for_host) = mpsc::unbounded_channel();
    let (opened, mut open) = mpsc::channel(2);
    let host_listens = tokio::spawn(listen(host_events, to_guest, opened.clone()));
    let guest_listens = tokio::spawn(listen(guest_events, to_host, opened));

    let talk = async {
        let offer = host.offer().await.expect("an offer");
        let answer = guest.accept_offer(offer).await.expect("an answer");
        host.accept_answer(answer).await.expect("a good answer");
        open.recv().await.expect("one end opens");
        open.recv().await.expect("the other end opens");
        tokio::join!(say(&host, "host"), say(&guest, "guest"));
        (
            host_listens.await.expect("no panic"),
            guest_listens.await.expect("no panic"),
        )
    };
    // The listeners end with the last message and drop their ends of the queues, which ends the passing on.
    let ((host_heard, guest_heard), (), ()) = timeout(DEADLINE, async {
        tokio::join!(talk, pass_on(for_guest, &guest), pass_on(for_host, &host))
    })
    .await
    .expect("the peers are done in time");

    assert_eq!(host_heard, all_of("guest"));
    assert_eq!(guest_heard, all_of("host"));
    host.close().await.expect("a close");
    guest.close().await.expect("a close");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn candidates_that_overtake_the_description_are_not_lost() {
    let (host, mut host_events) = Peer::start(Vec::new(), Ways::All)
        .await
        .expect("a peer starts");
    let (guest, mut guest_events) = Peer::start(Vec::new(), Ways::All)
        .await
        .expect("a peer starts");
    let offer = host.offer().await.expect("an offer");
    // Loopback is always among them, so one candidate of the host is enough; the guest's are withheld altogether.
    let candidate = loop {
        if let PeerEvent::Candidate(candidate) = host_events.recv().await.expect("the peer lives") {
            break candidate;
        }
    };
    guest
        .add_candidate(candidate)
        .await
        .expect("it waits for the description");
    let answer = guest.accept_offer(offer).await.expect("an answer");
    host.accept_answer(answer).await.expect("a good answer");

    let opened = async {
        while guest_events.recv().await.expect("the peer lives") != PeerEvent::ChannelOpen {}
    };
    timeout(DEADLINE, opened)
        .await
        .expect("the channel opens from the early candidate alone");
}

#[tokio::test]
async fn sending_before_the_channel_is_open_is_refused_with_advice() {
    let (host, _events) = Peer::start(Vec::new(), Ways::All)
        .await
        .expect("a peer starts");
    let refusal = host
        .send("too early")
        .await
        .expect_err("there is no channel yet")
        .to_string();
    assert_eq!(
        refusal,
        "The data channel is not open yet: wait for `ChannelOpen`."
    );
}
