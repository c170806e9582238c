//! Connections that are cut in the middle of a handshake: at every frame in turn, on either side.

use std::time::Duration;

use client::protocol::event::{Event, LobbyResumed};
use client::protocol::lobby::{JoinLobby, StartLobby};
use client::protocol::signalling::IceCandidate;
use client::{
    Backoff, Incoming, Joining, Options, Session, SessionEvent, SessionEvents, SessionOptions,
};
use e2e::{Cut, DEADLINE, FarEnd, Moment, Proxy, World, text};
use futures::future::FutureExt as _;
use futures::stream::{StreamExt as _, iter};
use ids::{LobbyId, PeerAddress};
use tokio::sync::oneshot;
use tokio::time::timeout;

/// How many handshakes go on at a time.
const AT_ONCE: usize = 8;
/// How many seeds there are: each draws how much is said, what Switchboard sees of a cut, and whether another follows.
const SEEDS: u64 = 100;

/// What is said last.
const ALL: &str = "candidate: this was all";

/// Numbers that look random and are the same for the same seed (splitmix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % bound
    }
}

/// What one side has to say to the other.
#[derive(Clone, Debug)]
struct Lines {
    description: String,
    candidates: Vec<String>,
}

impl Lines {
    fn of(who: &str, chance: &mut Chance) -> Self {
        let count = 1 + chance.below(4);
        Self {
            description: format!("v=0 {who}"),
            candidates: (0..count).map(|n| format!("candidate:{n} {who}")).collect(),
        }
    }

    fn all(&self) -> Vec<String> {
        let mut all = self.candidates.clone();
        all.push(self.description.clone());
        all.sort();
        all
    }
}

/// One of the two who shake hands, and what it has heard of the other.
struct Side {
    session: Session,
    events: SessionEvents,
    heard: Vec<String>,
}

impl Side {
    /// Connects; again, where that is cut.
    async fn connect(url: &str) -> Self {
        let options = SessionOptions {
            client: Options {
                deadline: DEADLINE,
                ..Options::default()
            },
            backoff: Backoff {
                first: Duration::from_millis(2),
                most: Duration::from_millis(50),
            },
            ..SessionOptions::default()
        };
        for _ in 0..3 {
            if let Ok((session, events)) = Session::connect(url, options.clone()).await {
                let heard = Vec::new();
                return Self {
                    session,
                    events,
                    heard,
                };
            }
        }
        panic!("a connection was to be had at {url}");
    }

    async fn next(&mut self) -> SessionEvent {
        let next = timeout(DEADLINE, self.events.next()).await;
        let next = next.unwrap_or_else(|_| panic!("more was to come; so far: {:?}", self.heard));
        match next {
            Some(event) => {
                self.listen(&event);
                event
            }
            None => panic!("the session was to last: {}", self.session.ended().await),
        }
    }

    /// Keeps what was said for this side's WebRTC.
    fn listen(&mut self, event: &SessionEvent) {
        let SessionEvent::Incoming(Incoming::Event(event)) = event else {
            return;
        };
        if let Event::ReceivedSessionDescription(description) = event {
            self.heard.push(description.sdp.as_str().to_owned());
        } else if let Event::ReceivedIceCandidate(candidate) = event {
            self.heard.push(candidate.name.as_str().to_owned());
        } else if let Event::ReceivedIceCandidates(batch) = event {
            let names = batch
                .candidates
                .iter()
                .map(|one| one.name.as_str().to_owned());
            self.heard.extend(names);
        } else if let Event::Error(error) = event {
            panic!("nothing was to be refused: {error:?}");
        }
    }

    async fn says(&self, to: &PeerAddress, kind: &str, lines: &Lines) {
        let session = &self.session;
        let said = session.send_session_description(to.clone(), kind, &lines.description);
        said.await.expect("the session lasts");
        let (first, rest) = lines.candidates.split_first().expect("one at least");
        let sent = session.send_ice_candidate(to.clone(), candidate(first));
        sent.await.expect("the session lasts");
        if !rest.is_empty() {
            let rest = rest.iter().map(|one| candidate(one)).collect();
            let sent = session.send_ice_candidates(to.clone(), rest);
            sent.await.expect("the session lasts");
        }
    }

    /// Goes on until everything that the other side has to say was heard.
    async fn hears_out(&mut self, lines: &Lines) {
        while self.heard.len() < lines.all().len() {
            self.next().await;
        }
    }

    /// Says to a peer that this was all.
    async fn says_that_this_was_all(&self, to: &PeerAddress) {
        let sent = self.session.send_ice_candidate(to.clone(), candidate(ALL));
        sent.await.expect("the session lasts");
    }

    /// Has heard everything that the other side had to say, and all of it once, by the time that this was all.
    async fn has_heard_once(&mut self, lines: &Lines, what: &str) {
        while !self.heard.iter().any(|heard| heard == ALL) {
            self.next().await;
        }
        while let Some(Some(event)) = self.events.next().now_or_never() {
            self.listen(&event);
        }
        self.heard.retain(|heard| heard != ALL);
        self.heard.sort();
        assert_eq!(self.heard, lines.all(), "{what}");
    }
}

fn candidate(name: &str) -> IceCandidate {
    IceCandidate {
        media: text("0"),
        index: 0,
        name: text(name),
    }
}

async fn host(
    url: &str,
    lobby_id: &LobbyId,
    open: oneshot::Sender<()>,
    own: &Lines,
    others: &Lines,
) -> (Side, PeerAddress) {
    let mut side = Side::connect(url).await;
    let lobby = StartLobby {
        lobby_id: Some(lobby_id.clone()),
        ..StartLobby::default()
    };
    let started = side.session.start_lobby(lobby).await;
    started.expect("nothing stands in the way");
    open.send(()).expect("the guest waits");
    let guest = loop {
        let event = side.next().await;
        if let SessionEvent::Incoming(Incoming::Event(Event::ReceivedJoinRequest(request))) = event
        {
            break request.connection_id;
        } else if let SessionEvent::Resumed(resumed) = event
            && let Some(request) = resumed
                .lobby
                .and_then(|lobby| lobby.requests.into_iter().next())
        {
            break request.connection_id;
        }
    };
    let accepted = side.session.accept(guest.clone(), None).await;
    accepted.expect("the guest waits");
    side.says(&guest, "offer", own).await;
    side.hears_out(others).await;
    (side, guest)
}

async fn guest(
    url: &str,
    lobby_id: &LobbyId,
    open: oneshot::Receiver<()>,
    own: &Lines,
    others: &Lines,
) -> (Side, PeerAddress) {
    let mut side = Side::connect(url).await;
    open.await.expect("the host opens a lobby");
    let lobby = JoinLobby {
        lobby_id: lobby_id.clone(),
        password: None,
        metadata: None,
    };
    let host = match side.session.join_lobby(lobby).await.expect("it may ask") {
        Joining::Accepted(accepted) => accepted.host_connection_id,
        Joining::Asked => loop {
            let event = side.next().await;
            if let SessionEvent::Incoming(Incoming::Event(Event::JoinRequestAccepted(accepted))) =
                event
            {
                break accepted.host_connection_id;
            } else if let SessionEvent::Resumed(resumed) = event
                && let Some(host) = resumed.lobby.as_ref().and_then(host_of)
            {
                break host;
            }
        },
    };
    side.hears_out(others).await;
    side.says(&host, "answer", own).await;
    (side, host)
}

/// The host of a lobby that its hearer is in.
fn host_of(lobby: &LobbyResumed) -> Option<PeerAddress> {
    let host = lobby
        .members
        .iter()
        .find(|member| member.peer_id == lobby.host_peer_id);
    host.map(|host| host.connection_id.clone())
}

/// Who is cut, and where.
#[derive(Clone, Copy, Debug)]
enum Who {
    Host,
    Guest,
}

/// Shakes hands, one of the two behind a proxy that cuts it like this; how many frames its first connection carried.
async fn shake_hands(world: &World, seed: u64, number: usize, who: Who, cuts: &[Cut]) -> usize {
    let what = format!("seed {seed}, {who:?} cut at {cuts:?}");
    let mut chance = Chance(seed);
    let lines = [
        Lines::of("host", &mut chance),
        Lines::of("guest", &mut chance),
    ];
    let proxy = Proxy::start(world.url(), cuts.iter().copied().map(Some)).await;
    let (host_url, guest_url) = match who {
        Who::Host => (proxy.url(), world.url()),
        Who::Guest => (world.url(), proxy.url()),
    };
    let lobby_id = world.lobby_id(&format!("cut-{seed}-{number}"));
    let (open, opened) = oneshot::channel();
    let ((mut host, to_guest), (mut guest, to_host)) = tokio::join!(
        Box::pin(host(host_url, &lobby_id, open, &lines[0], &lines[1])),
        Box::pin(guest(guest_url, &lobby_id, opened, &lines[1], &lines[0])),
    );
    host.says_that_this_was_all(&to_guest).await;
    guest.says_that_this_was_all(&to_host).await;
    host.has_heard_once(&lines[1], &what).await;
    guest.has_heard_once(&lines[0], &what).await;
    let frames = proxy.frames();
    // The handshake may need fewer frames by the time that a later cut is due.
    assert!(cuts.is_empty() || proxy.cuts() > 0, "{what}: {frames:?}");
    guest.session.leave_lobby().await.expect("it is in a lobby");
    host.session.leave_lobby().await.expect("it is in a lobby");
    frames.first().copied().unwrap_or_default()
}

/// Cuts before each frame of either side of a seed's handshake, and after each. What else differs is drawn.
async fn ways(world: &World, seed: u64) -> Vec<(Who, Vec<Cut>)> {
    let mut chance = Chance(seed ^ 0x00c0_ffee);
    let mut ways = Vec::new();
    for (number, who) in [Who::Host, Who::Guest].into_iter().enumerate() {
        let whole = shake_hands(world, seed, number, who, &[]).await;
        for frame in 1..=whole {
            for moment in [Moment::Before, Moment::After] {
                ways.push((who, cuts(frame, moment, &mut chance)));
            }
        }
    }
    ways
}

fn cuts(frame: usize, moment: Moment, chance: &mut Chance) -> Vec<Cut> {
    let end = match chance.below(2) {
        0 => FarEnd::Reset,
        _ => FarEnd::Open,
    };
    let mut cuts = vec![Cut { frame, moment, end }];
    if chance.below(4) == 0 {
        // What comes back is cut again, in the middle of coming back or soon after.
        let frame = 1 + usize::try_from(chance.below(6)).expect("it is small");
        cuts.push(Cut { frame, moment, end });
    }
    cuts
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handshake_that_is_cut_at_any_frame_of_either_side_completes_and_nothing_is_lost_or_told_twice()
 {
    let world = World::patient().await;
    // Elsewhere a handshake takes a hundred times as long.
    let (seeds, stride) = if world.is_elsewhere() {
        (1, 13)
    } else {
        (SEEDS, 1)
    };
    for seed in 0..seeds {
        let ways = ways(&world, seed).await;
        assert!(ways.len() > 40, "a handshake has more frames than that");
        let ways = ways.into_iter().enumerate().step_by(stride);
        let shaking = ways.map(|(number, (who, cuts))| {
            let world = &world;
            async move { shake_hands(world, seed, 2 + number, who, &cuts).await }
        });
        iter(shaking).buffer_unordered(AT_ONCE).count().await;
    }
    world.ends().await;
}
