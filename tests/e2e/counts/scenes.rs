//! One scene for each row of the page: two other members wherever there are others.

use client::protocol::event::{PlayerAway, PlayerBack, ReceivedJoinRequest};
use client::protocol::lobby::{
    CloseLobby, JoinPolicy, KickPlayer, LeaveLobby, ListLobbies, RejectJoinRequest, StartLobby,
    UpdateLobby,
};
use client::protocol::matchmaking::LeaveMatchmaking;
use client::protocol::signalling::{
    GetIceServers, IceCandidate, SendIceCandidate, SendIceCandidates,
};
use client::protocol::{Action, Text, connection};
use client::{Client, Options, RequestError};
use e2e::{Counts, Inside, Lobby, Party, Player, World, accept, join, offer, settings, text};
use ids::PeerAddress;

/// Players who stay until the end, so that no farewell falls into another scene.
pub(super) struct Scenes<'a> {
    pub(super) world: &'a World,
    pub(super) inside: Inside<'a>,
    players: Vec<Player>,
    clients: Vec<Client>,
}

/// What a scene cost.
pub(super) struct Cost {
    /// The action, and the ticks that it led to.
    pub(super) counts: Counts,
    /// What those ticks did, as the page calls it.
    pub(super) ticked: Vec<&'static str>,
}

/// Who is still connected, in no lobby.
pub(super) struct Remaining {
    pub(super) count: u64,
    /// Dropped, they would say goodbye.
    _clients: Vec<Client>,
}

/// On a server of its own, which knows no TURN servers.
async fn without_turn() -> Counts {
    let world = World::with(settings(), "what the server counts").await;
    let world = world.expect("the page's server is local, too");
    let inside = world.inside().expect("the server is this scene's own");
    let player = world.player("player").await;
    let before = inside.counts();
    player.does(GetIceServers {}).await;
    let spent = inside.counts().since(&before);
    world.ends().await;
    spent
}

impl<'a> Scenes<'a> {
    pub(super) fn new(world: &'a World, inside: Inside<'a>) -> Self {
        Self {
            world,
            inside,
            players: Vec::new(),
            clients: Vec::new(),
        }
    }

    /// Plays a row's scene; what its action cost, and the ticks that it led to.
    pub(super) async fn cost_of(&mut self, row: &str) -> Cost {
        if let Some(cost) = self.cost_of_search(row).await {
            return cost;
        }
        let counts = match self.cost_of_fight(row).await {
            Some(counts) => counts,
            None => self.cost_of_talk(row).await,
        };
        Cost {
            counts,
            ticked: Vec::new(),
        }
    }

    async fn cost_of_talk(&mut self, row: &str) -> Counts {
        match row {
            "$connect" => self.connect().await,
            "$disconnect, in a lobby" => self.disconnect().await,
            "$default" => self.default().await,
            "hello" => self.alone(connection::Hello::default()).await,
            "hello, back to a lobby" => self.comes_back().await,
            "send_session_description, to one who is away" => self.offers_to_one_away().await,
            "ping" => self.alone(connection::Ping {}).await,
            "get_ice_servers, without TURN" => without_turn().await,
            "get_ice_servers, with TURN" => self.alone(GetIceServers {}).await,
            "start_lobby" => self.alone(StartLobby::default()).await,
            "list_lobbies" => self.alone(ListLobbies::default()).await,
            "join_lobby, by asking" => self.join(JoinPolicy::Ask).await,
            "join_lobby, into an open lobby" => self.join(JoinPolicy::Open).await,
            "accept_join_request" => self.decides(|guest| accept(guest).into()).await,
            "reject_join_request" => self.decides(reject).await,
            "leave_lobby" => self.guest(|_| LeaveLobby {}.into()).await,
            "kick_player" => self.host(kick).await,
            "update_lobby" => self.host(|_| update().into()).await,
            "close_lobby" => self.host(|_| CloseLobby {}.into()).await,
            "send_session_description" => self.guest(|host| offer(host, "v=0").into()).await,
            "send_ice_candidate" => self.guest(send_candidate).await,
            "send_ice_candidates" => self.guest(send_candidates).await,
            other => panic!("docs/access-patterns.md has a row that no scene plays: {other}"),
        }
    }

    /// Everybody is in no lobby any more.
    pub(super) async fn everybody_leaves(self) -> Remaining {
        let mut count = self.clients.len();
        for player in &self.players {
            // Refused to most, who are in no queue and in no lobby. Who has vanished counts no more.
            player.client().request(LeaveMatchmaking {}).await.ok();
            let left = player.client().request(LeaveLobby {}).await;
            if !matches!(left, Err(RequestError::Ended(_))) {
                count += 1;
            }
        }
        for player in &self.players {
            player.looks_at_everything().await;
        }
        Remaining {
            count: u64::try_from(count).expect("a few"),
            _clients: self.clients,
        }
    }

    async fn connect(&mut self) -> Counts {
        let before = self.inside.counts();
        let connected = Client::connect(self.world.url(), Options::default()).await;
        let (client, _) = connected.expect("everybody is let in");
        let spent = self.inside.counts().since(&before);
        self.clients.push(client);
        spent
    }

    async fn disconnect(&mut self) -> Counts {
        let [host, ann, bob] = self.party().await.1;
        let before = self.inside.counts();
        bob.vanishes();
        for other in [&host, &ann] {
            other.hears::<PlayerAway>().await;
        }
        self.spent(&before, [host, ann, bob]).await
    }

    async fn comes_back(&mut self) -> Counts {
        let [host, ann, bob] = self.party().await.1;
        bob.vanishes();
        for other in [&host, &ann] {
            other.hears::<PlayerAway>().await;
        }
        let fresh = Client::connect(self.world.url(), Options::default()).await;
        let (client, mut events) = fresh.expect("a connection");
        let before = self.inside.counts();
        let hello = connection::Hello {
            resume: Some(Text::new(bob.token()).expect("short enough")),
            last_sequence: None,
        };
        client.request(hello).await.expect("it is taken up");
        events.next().await.expect("how its lobby is");
        for other in [&host, &ann] {
            other.hears::<PlayerBack>().await;
        }
        let spent = self.spent(&before, [host, ann, bob]).await;
        client.request(LeaveLobby {}).await.expect("it leaves");
        self.clients.push(client);
        spent
    }

    async fn offers_to_one_away(&mut self) -> Counts {
        let (lobby, [host, ann, bob]) = self.party().await;
        let to = lobby.address(&bob, &host);
        bob.vanishes();
        for other in [&host, &ann] {
            other.hears::<PlayerAway>().await;
        }
        let before = self.inside.counts();
        host.does(offer(&to, "v=0")).await;
        self.spent(&before, [host, ann, bob]).await
    }

    async fn default(&mut self) -> Counts {
        let player = self.world.player("player").await;
        let before = self.inside.counts();
        player.says("{}").await;
        player.hears_refusal().await;
        self.spent(&before, [player]).await
    }

    async fn alone(&mut self, action: impl Into<Action>) -> Counts {
        let player = self.world.player("player").await;
        let before = self.inside.counts();
        player.does(action).await;
        self.spent(&before, [player]).await
    }

    async fn join(&mut self, policy: JoinPolicy) -> Counts {
        let lobby = StartLobby {
            join_policy: Some(policy),
            ..StartLobby::default()
        };
        let Party { lobby, players } = self.world.party_in(lobby, ["host", "ann"]).await;
        let guest = self.world.player("guest").await;
        let before = self.inside.counts();
        guest.does(join(&lobby.id)).await;
        let [host, ann] = players;
        self.spent(&before, [host, ann, guest]).await
    }

    /// A host decides on a guest that waits; there is another member.
    async fn decides(&mut self, deed: impl FnOnce(&PeerAddress) -> Action) -> Counts {
        let Party { lobby, players } = self.world.party(["host", "ann"]).await;
        let [host, ann] = players;
        let guest = self.world.player("guest").await;
        guest.asks_to_join(&lobby.id).await;
        let request = host.hears::<ReceivedJoinRequest>().await;
        let before = self.inside.counts();
        host.does(deed(&request.connection_id)).await;
        self.spent(&before, [host, ann, guest]).await
    }

    /// A host of two does something, to one of them or to all.
    async fn host(&mut self, deed: impl FnOnce(&PeerAddress) -> Action) -> Counts {
        let (lobby, [host, ann, bob]) = self.party().await;
        let before = self.inside.counts();
        host.does(deed(&lobby.address(&ann, &host))).await;
        self.spent(&before, [host, ann, bob]).await
    }

    /// One of two guests does something, to the host or to all.
    async fn guest(&mut self, deed: impl FnOnce(&PeerAddress) -> Action) -> Counts {
        let (lobby, [host, ann, bob]) = self.party().await;
        let before = self.inside.counts();
        bob.does(deed(&lobby.address(&host, &bob))).await;
        self.spent(&before, [host, ann, bob]).await
    }

    pub(super) async fn party(&self) -> (Lobby, [Player; 3]) {
        let Party { lobby, players } = self.world.party(["host", "ann", "bob"]).await;
        (lobby, players)
    }

    /// What has been spent: everything is counted by the time it is answered. The players stay.
    pub(super) async fn spent<const N: usize>(
        &mut self,
        before: &Counts,
        players: [Player; N],
    ) -> Counts {
        let spent = self.inside.counts().since(before);
        for player in players {
            player.looks_at_everything().await;
            self.players.push(player);
        }
        spent
    }
}

fn reject(guest: &PeerAddress) -> Action {
    RejectJoinRequest {
        player_connection_id: guest.clone(),
        reason: None,
    }
    .into()
}

fn kick(guest: &PeerAddress) -> Action {
    KickPlayer {
        player_connection_id: guest.clone(),
        reason: None,
        ban: None,
    }
    .into()
}

fn update() -> UpdateLobby {
    UpdateLobby {
        locked: Some(true),
        ..UpdateLobby::default()
    }
}

fn candidate() -> IceCandidate {
    IceCandidate {
        media: text("0"),
        index: 0,
        name: text("candidate:1"),
    }
}

fn send_candidate(host: &PeerAddress) -> Action {
    let IceCandidate { media, index, name } = candidate();
    SendIceCandidate {
        frame_id: None,
        connection_id: host.clone(),
        media,
        index,
        name,
    }
    .into()
}

fn send_candidates(host: &PeerAddress) -> Action {
    SendIceCandidates {
        frame_id: None,
        connection_id: host.clone(),
        candidates: vec![candidate()],
    }
    .into()
}
