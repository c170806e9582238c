//! A queue and its players, and what is heard, sent and stored.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use domain::Timestamp;
use domain::lobby::{
    Action, Contact, Entry, JoinPolicy, Lobby, Metadata, PasswordProof, Settings, Visibility,
    start, step,
};
use domain::matchmaking::{Attributes, Owner, Plan, Queue, Queues, State, Ticket, plan};
use function::limit::{LimitSettings, Limits};
use function::{CONNECTION_LIFE, Context, DEFAULT_GRACE, FAREWELL, Failure, fresh_era, now};
use futures::future::BoxFuture;
use ids::{ConnectionId, LobbyId, PlayerId, QueueName, TicketId};
use push::{Deliver, Posted, PushError};
use schedule::{Schedule, ScheduleError, Tick, Timer};
use seal::Sealer;
use store::{AwsSettings, Connection, Place, Saved, Store, TableNames};

use crate::handle;
use crate::work::Shift;

/// A queue that makes matches at once, one that asks first, and one for two against two.
const QUEUES: &str = r#"[
    {"name": "duel", "teams": 2, "team_size": {"min": 1, "max": 1}, "give_up_seconds": 300},
    {"name": "ask", "teams": 2, "team_size": {"min": 1, "max": 1}, "give_up_seconds": 300,
     "acceptance_seconds": 20},
    {"name": "pairs", "teams": 2, "team_size": {"min": 2, "max": 2}, "give_up_seconds": 300}
]"#;

pub(super) struct Scene {
    pub(super) context: Context,
    queue: QueueName,
    phone: Arc<Phone>,
    diary: Arc<Diary>,
}

/// What was posted to whom, and who answers no more.
type Calls = (BTreeMap<String, Vec<String>>, BTreeSet<String>);

/// A way to everybody that remembers what was posted.
#[derive(Default)]
struct Phone(Mutex<Calls>);

/// What was to happen later.
#[derive(Default)]
struct Diary {
    pages: Mutex<(usize, Vec<Timer>)>,
    is_full: AtomicBool,
}

impl Scene {
    /// An empty queue of this name.
    pub(super) async fn of(queue: &str) -> Self {
        let phone = Arc::new(Phone::default());
        let diary = Arc::new(Diary::default());
        let secret = "a secret for tests, of no use elsewhere".to_owned().into();
        let context = Context {
            store: store::in_process().await.expect("tables in this process"),
            push: Arc::<Phone>::clone(&phone),
            schedule: Arc::<Diary>::clone(&diary),
            sealer: Sealer::new(&secret).expect("long enough"),
            ice_servers: Arc::new([]),
            turn: None,
            limits: Arc::new(Limits::new(LimitSettings::default())),
            queues: Arc::new(Queues::parse(QUEUES).expect("queues")),
            grace: DEFAULT_GRACE,
            check_up: None,
            connection_life: CONNECTION_LIFE,
        };
        Self {
            context,
            queue: QueueName::parse(queue).expect("a queue's name"),
            phone,
            diary,
        }
    }

    /// A player comes and waits, for so many seconds already.
    pub(super) async fn waits(&self, name: &str, seconds: u64) -> Ticket {
        let contact = self.connects(name).await;
        let since = Timestamp::from_millis(now().as_millis() - 1_000 * seconds);
        let ticket = self.ticket(Owner::Player, vec![contact], since);
        let joined = self.context.store.tickets().join(&ticket, now()).await;
        joined.expect("the tables answer").expect("a free seat");
        ticket
    }

    /// Two players come, and wait as a party.
    pub(super) async fn wait_together(&self, host: &str, guest: &str) -> Ticket {
        let contacts = [self.connects(host).await, self.connects(guest).await];
        let now = now();
        let lobby = lobby_of_two(&contacts, now);
        let created = self.context.store.lobbies().create(&lobby, now).await;
        created.expect("the tables answer").expect("a new lobby");
        let owner = Owner::Party {
            lobby_id: lobby.lobby_id.clone(),
            era: lobby.era.clone(),
        };
        let ticket = self.ticket(owner, contacts.into(), now);
        let enqueue = Action::Enqueue {
            by: lobby.host.clone(),
            ticket: ticket.reference(),
            kind: Entry::Party {
                most: 2,
                estimate: None,
            },
        };
        let entered = step(&lobby, enqueue, now).expect("a host may").lobby;
        let entered = entered.expect("it is still there");
        let lobbies = self.context.store.lobbies();
        let saved = lobbies.enqueue(&lobby, &entered, &ticket, now).await;
        assert_eq!(saved.expect("the tables answer"), Saved::Done);
        ticket
    }

    fn ticket(&self, owner: Owner, players: Vec<Contact>, since: Timestamp) -> Ticket {
        let ticket_id = format!("of-{}", players[0].player_id);
        Ticket {
            ticket_id: TicketId::parse(ticket_id).expect("a ticket id"),
            queue: self.queue.clone(),
            owner,
            players,
            attributes: Attributes::new(),
            created_at: since,
            version: 1,
            state: State::Waiting,
        }
    }

    async fn connects(&self, name: &str) -> Contact {
        let connected_at = now();
        let connection = Connection {
            connection_id: connection(name),
            player_id: player(name),
            connected_at,
            expires_at: connected_at + Duration::from_hours(2) + FAREWELL,
            permissions: None,
        };
        let opened = self.context.store.connections().open(&connection).await;
        opened.expect("the tables answer");
        Contact {
            player_id: connection.player_id,
            connection_id: connection.connection_id,
            expires_at: connection.expires_at,
            away: false,
        }
    }

    /// A player's line goes dead; nobody has noticed.
    pub(super) fn vanishes(&self, name: &str) {
        let connection = connection(name);
        self.phone.lock().1.insert(connection.as_str().to_owned());
    }

    /// The queue is worked once.
    pub(super) async fn ticks(&self) {
        self.tries_to_tick().await.expect("everything answers");
    }

    /// The tables do not answer from now on.
    pub(super) fn loses_its_tables(&mut self) {
        let credentials = Credentials::new("id", "secret", None, None, "test");
        let client = store::connect(AwsSettings {
            region: "eu-central-1".to_owned(),
            // Nobody listens at this port, which no program may have.
            endpoint_url: Some("http://127.0.0.1:0".to_owned()),
            credentials: SharedCredentialsProvider::new(credentials),
        });
        self.context.store = Store::new(client, TableNames::with_prefix("lost-"));
    }

    /// No timer is taken from now on.
    pub(super) fn loses_its_schedule(&self) {
        self.diary.is_full.store(true, Ordering::Relaxed);
    }

    /// The queue is worked once, and what comes of it.
    pub(super) async fn tries_to_tick(&self) -> Result<(), Failure> {
        let queue = self.queue.clone();
        handle(&self.context, Tick { queue, bucket: 0 }).await
    }

    /// What would be done now.
    pub(super) async fn plans(&self) -> Plan {
        plan(self.queue(), &self.waiting().await, now())
    }

    /// A plan is done that may be old by now; whether another look is needed.
    pub(super) async fn carries_out(&self, plan: Plan) -> bool {
        let shift = Shift {
            context: &self.context,
            queue: self.queue(),
            now: now(),
        };
        let done = shift.carry_out(plan).await;
        assert!(done.failure.is_none(), "{:?}", done.failure);
        done.look_again
    }

    fn queue(&self) -> &Queue {
        let queue = self.context.queues.get(&self.queue);
        queue.expect("a queue that is configured")
    }

    /// Who waits, as it is stored.
    pub(super) async fn waiting(&self) -> Vec<Ticket> {
        let tickets = self.context.store.tickets();
        let tickets = tickets.of_pool(&self.queue, now()).await;
        tickets.expect("the tables answer")
    }

    /// Where a player is, as it is stored.
    pub(super) async fn place_of(&self, name: &str) -> Option<Place> {
        let players = self.context.store.players();
        let seat = players.seat(&player(name), now()).await;
        seat.expect("the tables answer").map(|seat| seat.place)
    }

    /// The lobby that a player is in, as it is stored.
    pub(super) async fn lobby_of(&self, name: &str) -> Option<Lobby> {
        let Some(Place::Lobby { lobby_id, .. }) = self.place_of(name).await else {
            return None;
        };
        let lobby = self.context.store.lobbies().find(&lobby_id, now()).await;
        lobby.expect("the tables answer")
    }

    /// The names of the events that a player has heard since the last look.
    pub(super) fn heard_by(&self, name: &str) -> Vec<String> {
        let frames = self.phone.lock().0.remove(connection(name).as_str());
        let names = frames.unwrap_or_default().into_iter().map(|frame| {
            let frame: serde_json::Value = serde_json::from_str(&frame).expect("JSON");
            frame["event"].as_str().expect("an event").to_owned()
        });
        names.collect()
    }

    /// How many ticks were sent, and which timers, since the last look.
    pub(super) fn scheduled(&self) -> (usize, Vec<Timer>) {
        std::mem::take(&mut *self.diary.lock())
    }
}

fn lobby_of_two([host, guest]: &[Contact; 2], now: Timestamp) -> Lobby {
    let settings = Settings {
        name: None,
        max_players: 8,
        visibility: Visibility::Private,
        join_policy: JoinPolicy::Open,
        locked: false,
        password: None,
        metadata: Metadata::new(),
    };
    let lobby_id = LobbyId::parse("friends").expect("a lobby id");
    let opened = start(lobby_id, fresh_era(), settings, host.clone(), now);
    let join = Action::Join {
        by: guest.clone(),
        password: PasswordProof::Right,
        metadata: Metadata::new(),
    };
    let lobby = opened.lobby.expect("a lobby that was just opened");
    let joined = step(&lobby, join, now).expect("it is open");
    joined.lobby.expect("it is still there")
}

pub(super) fn player(name: &str) -> PlayerId {
    PlayerId::parse(name).expect("a player id")
}

pub(super) fn connection(name: &str) -> ConnectionId {
    ConnectionId::parse(format!("{name}=")).expect("a connection id")
}

/// The seat of somebody who waits by a ticket of its own.
pub(super) fn by(ticket: &Ticket) -> Place {
    Place::Ticket(ticket.reference())
}

impl Phone {
    fn lock(&self) -> MutexGuard<'_, Calls> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Deliver for Phone {
    fn post<'a>(
        &'a self,
        to: &'a ConnectionId,
        frame: String,
    ) -> BoxFuture<'a, Result<Posted, PushError>> {
        let mut calls = self.lock();
        let posted = if calls.1.contains(to.as_str()) {
            Posted::Gone
        } else {
            let heard = calls.0.entry(to.as_str().to_owned()).or_default();
            heard.push(frame);
            Posted::Delivered
        };
        Box::pin(std::future::ready(Ok(posted)))
    }

    fn is_open<'a>(&'a self, _: &'a ConnectionId) -> BoxFuture<'a, Result<bool, PushError>> {
        unreachable!("a matchmaker looks at no connection")
    }

    fn close<'a>(&'a self, _: &'a ConnectionId) -> BoxFuture<'a, Result<(), PushError>> {
        unreachable!("a matchmaker closes no connection")
    }
}

impl Diary {
    fn lock(&self) -> MutexGuard<'_, (usize, Vec<Timer>)> {
        self.pages.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Schedule for Diary {
    fn tick(&self, _: Tick) -> BoxFuture<'_, Result<(), ScheduleError>> {
        self.lock().0 += 1;
        Box::pin(std::future::ready(Ok(())))
    }

    fn timer(
        &self,
        timer: Timer,
        _: Timestamp,
        _: Timestamp,
    ) -> BoxFuture<'_, Result<(), ScheduleError>> {
        let taken = if self.is_full.load(Ordering::Relaxed) {
            Err(ScheduleError::Full { queue: "timers" })
        } else {
            self.lock().1.push(timer);
            Ok(())
        };
        Box::pin(std::future::ready(taken))
    }
}
