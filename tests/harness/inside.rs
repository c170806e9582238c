//! What only the inside of a local server shows.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::Timestamp;
use domain::lobby::{Contact, Lobby, Settings, Visibility, start};
use ids::{ConnectionId, LobbyEra, LobbyId, PeerAddress, PlayerId};
use local::Server;
use store::{Connection, Contents, OperationCounts, Store};

/// When the contacts that tests make up end: long after every test. In milliseconds since 1970.
const FAR_AWAY: u64 = 4_000_000_000_000;

/// What an address begins with: version, expiry and MAC. Behind it stands the connection that it leads to.
const ADDRESS_HEADER: usize = 1 + 4 + 16;

/// The inside of a local server.
#[derive(Clone, Copy)]
pub struct Inside<'a> {
    server: &'a Server,
}

/// What has been asked of DynamoDB and of queues, and posted to connections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts {
    /// Requests to DynamoDB.
    pub operations: OperationCounts,
    /// Ticks and timers that were sent.
    pub messages: u64,
    /// Frames posted to connections other than the caller's.
    pub posts: u64,
}

impl Counts {
    /// What has been added since an earlier look.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        Self {
            operations: self.operations.since(&earlier.operations),
            messages: self.messages - earlier.messages,
            posts: self.posts - earlier.posts,
        }
    }

    /// Nothing at all.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.operations.total() == 0 && self.messages == 0 && self.posts == 0
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (operations, messages, posts) = (&self.operations, self.messages, self.posts);
        write!(f, "{operations}; queue {messages}; posts {posts}")
    }
}

impl<'a> Inside<'a> {
    pub(crate) fn new(server: &'a Server) -> Self {
        Self { server }
    }

    /// The tables.
    #[must_use]
    pub fn store(self) -> &'a Store {
        self.server.store()
    }

    /// All that is in the tables, what has expired included.
    #[must_use]
    pub fn contents(self) -> Contents {
        let contents = self.server.inspector().contents();
        contents.expect("the tables hold what the store writes")
    }

    /// Every item of the tables as it is stored, as text.
    #[must_use]
    pub fn items(self) -> Vec<String> {
        self.server.inspector().texts()
    }

    /// How many connections the server has open.
    #[must_use]
    pub fn open_connections(self) -> usize {
        self.server.connections().open_count()
    }

    /// What has been counted until now.
    #[must_use]
    pub fn counts(self) -> Counts {
        let scheduled = self.server.scheduled();
        Counts {
            operations: self.server.store().operations(),
            messages: scheduled.ticks + scheduled.timers,
            posts: self.server.posts(),
        }
    }

    /// Waits until nothing is to be done any more but what comes later.
    pub async fn quiet(self) {
        self.server.quiet().await;
    }

    /// A lobby as it is stored.
    pub async fn stored(self, lobby_id: &LobbyId) -> Option<Lobby> {
        let found = self.store().lobbies().find(lobby_id, the_beginning()).await;
        found.expect("the tables answer")
    }

    /// Makes the address of one connection for the use of another with this server's secret, good until then.
    #[must_use]
    pub fn seal(self, of: &ConnectionId, for_whom: &ConnectionId, until: Timestamp) -> PeerAddress {
        let contact = |connection_id: &ConnectionId| Contact {
            player_id: PlayerId::parse("nobody-in-particular").expect("a valid id"),
            connection_id: connection_id.clone(),
            expires_at: until,
            away: false,
        };
        self.server.sealer().seal(&contact(of), &contact(for_whom))
    }

    /// Stores lobbies, each with a host that nobody plays, every second one of them listed.
    pub async fn stores_lobbies(self, count: u32) {
        for number in 0..count {
            let id = format!("stored-{number}");
            let opened_at = Timestamp::from_millis(1_000 * u64::from(number));
            let host = Contact {
                player_id: PlayerId::parse(id.clone()).expect("a valid id"),
                connection_id: ConnectionId::parse(id.clone()).expect("a valid id"),
                expires_at: Timestamp::from_millis(FAR_AWAY),
                away: false,
            };
            let connection = Connection {
                connection_id: host.connection_id.clone(),
                player_id: host.player_id.clone(),
                connected_at: opened_at,
                expires_at: host.expires_at,
                permissions: None,
            };
            let opened = self.store().connections().open(&connection).await;
            opened.expect("the tables answer");
            let opened = start(
                LobbyId::parse(id.clone()).expect("a valid id"),
                LobbyEra::parse(id).expect("a valid era"),
                some_settings(number),
                host,
                opened_at,
            );
            let lobby = opened.lobby.expect("a lobby that was just opened");
            let created = self.store().lobbies().create(&lobby, the_beginning()).await;
            created.expect("the tables answer").expect("its id is free");
        }
    }
}

/// Nothing has expired yet.
fn the_beginning() -> Timestamp {
    Timestamp::from_millis(0)
}

fn some_settings(number: u32) -> Settings {
    let visibility = if number.is_multiple_of(2) {
        Visibility::Public
    } else {
        Visibility::Private
    };
    Settings {
        name: None,
        max_players: 8,
        visibility,
        join_policy: domain::lobby::JoinPolicy::Open,
        locked: false,
        password: None,
        metadata: domain::lobby::Metadata::default(),
    }
}

impl fmt::Debug for Inside<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Inside")
    }
}

/// The connection that an address leads to, which no client is to know.
#[must_use]
pub fn connection_behind(address: &PeerAddress) -> ConnectionId {
    let bytes = URL_SAFE_NO_PAD.decode(address.as_str());
    let bytes = bytes.expect("an address is base64url");
    let connection = std::str::from_utf8(&bytes[ADDRESS_HEADER..]).expect("an id is a text");
    ConnectionId::parse(connection).expect("an address ends with a connection's id")
}
