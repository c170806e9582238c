//! One run: clients come and do things while everything goes wrong that can; then nothing does any more, and everything is
//! looked at.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use domain::matchmaking::Queues as Configured;
use function::limit::{LimitSettings, Limits};
use function::simulation::Simulation;
use function::{CONNECTION_LIFE, Context, DEFAULT_CHECK_UP, DEFAULT_GRACE};
use futures::future::join_all;
use seal::Sealer;
use serde_json::Value;
use tokio::sync::mpsc::unbounded_channel;
use tokio::time::sleep;

use crate::chance::Chance;
use crate::client::Client;
use crate::diary::Diary;
use crate::invariants;
use crate::invocation::Kill;
use crate::plan::{Climate, Counts, Plan};
use crate::platform::Platform;
use crate::push::Lines;
use crate::queues::{HIDDEN, Queues};
use crate::shared::{Shared, epoch};
use crate::tables::Network;
use crate::wishes::{QUEUES, Theme};

/// How long everything is given to come to rest: whatever was killed twice comes again, battles and searches are over, and
/// whoever is gone has been away for longer than anybody waits.
const REST: Duration = Duration::from_secs(3 * HIDDEN.as_secs());

/// A connection's two hours, and the minute for which it counts as there beyond them.
const LIFETIME: Duration = Duration::from_mins(2 * 60 + 2);

/// How long a script waits between two lines: for a tick and what comes of it.
const BETWEEN_LINES: Duration = Duration::from_secs(2);

/// What came of a run.
#[derive(Debug, PartialEq, Eq)]
pub struct Run {
    /// How often each fault happened.
    pub faults: Counts,
    /// How often clients have heard each event, and each code of a refusal.
    pub heard: BTreeMap<String, u64>,
    /// What happened, for whoever looks into it.
    pub log: Vec<String>,
    /// The first invariant that was broken, and how.
    pub broken: Option<String>,
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.log {
            writeln!(f, "{line}")?;
        }
        match &self.broken {
            Some(broken) => writeln!(f, "\n{broken}"),
            None => writeln!(f, "\nevery invariant holds"),
        }
    }
}

/// Lives through the run of a seed. The same seed gives the same run.
#[must_use]
pub fn run(seed: u64) -> Run {
    let chance = Chance::of(seed);
    let climate = Climate::drawn(&chance);
    let theme = Theme::drawn(&chance);
    let title = format!("seed {seed}: {theme:?} in {climate:?}");
    run_in(seed, chance, climate, title, async |platform| {
        live_through(platform, theme).await
    })
}

/// What a script has a client do.
#[derive(Clone, Debug)]
pub enum Line {
    /// It says this.
    Says(Value),
    /// Its connection is lost, and it comes back by another one.
    ComesBack,
    /// Its connection is lost, for good.
    IsLost,
}

/// Lives through what a test has written, a line of one of the clients after the other, while nothing goes wrong but that
/// the first handler of something is killed at a moment.
#[must_use]
pub fn scripted(script: &[(usize, Line)], kill: Kill) -> Run {
    let chance = Chance::of(1);
    let title = format!("{kill:?} in {script:?}");
    run_in(1, chance, Climate::CALM, title, async |platform| {
        let plan = &platform.shared.kill;
        *plan.lock().unwrap_or_else(PoisonError::into_inner) = Some(kill);
        follow(platform, script).await
    })
}

fn run_in(
    seed: u64,
    chance: Chance,
    climate: Climate,
    title: String,
    traffic: impl AsyncFnOnce(&Arc<Platform>) -> Vec<Client>,
) -> Run {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build();
    let runtime = runtime.expect("a runtime takes no more than memory");
    runtime.block_on(async {
        fastrand::seed(seed);
        let _simulation = Simulation::begin(seed, epoch());
        let (jobs, received) = unbounded_channel();
        let shared = Shared::new(chance, Plan::of(climate), jobs);
        let platform = Platform::new(Arc::clone(&shared), context(&shared).await);
        let queues = Queues::new(Arc::clone(&platform));
        let work = tokio::spawn(queues.work(received));
        shared.note(|| title);
        let clients = traffic(&platform).await;
        come_to_rest(&platform, clients).await;
        work.abort();
        let faults = shared.plan.counts();
        let heard = shared.history().heard();
        let (log, broken) = shared.history().told();
        Run {
            faults,
            heard,
            log,
            broken,
        }
    })
}

async fn context(shared: &Arc<Shared>) -> Context {
    let network = Arc::new(Network(Arc::clone(shared)));
    let made = store::in_process_behind(network).await;
    let (store, inspector) = made.expect("the tables are as they are defined");
    shared.inspector.set(inspector).expect("it is set once");
    let secret = "a secret for tests, of no use elsewhere".to_owned().into();
    Context {
        store,
        push: Arc::new(Lines(Arc::clone(shared))),
        schedule: Arc::new(Diary(Arc::clone(shared))),
        sealer: Sealer::new(&secret).expect("long enough"),
        ice_servers: Arc::new([]),
        turn: None,
        limits: Arc::new(Limits::new(LimitSettings::default())),
        queues: Arc::new(Configured::parse(QUEUES).expect("queues")),
        grace: DEFAULT_GRACE,
        check_up: Some(DEFAULT_CHECK_UP),
        connection_life: CONNECTION_LIFE,
    }
}

/// Clients come and do what they like.
async fn live_through(platform: &Arc<Platform>, theme: Theme) -> Vec<Client> {
    let chance = &platform.shared.chance;
    let number = 3 + chance.below(4);
    let lives = (0..number).map(|_| {
        let turns = 8 + chance.below(16);
        tokio::spawn(Client::new(platform, theme).lives(turns))
    });
    let lives = join_all(lives.collect::<Vec<_>>()).await.into_iter();
    lives.map(|life| life.expect("no client panics")).collect()
}

/// Clients come and do what is written.
async fn follow(platform: &Arc<Platform>, script: &[(usize, Line)]) -> Vec<Client> {
    let mut clients = Vec::new();
    let number = script.iter().map(|(client, _)| client + 1).max();
    for _ in 0..number.unwrap_or_default() {
        let mut client = Client::new(platform, Theme::Everything);
        client.connects().await;
        clients.push(client);
    }
    for (client, line) in script {
        let client = &mut clients[*client];
        match line {
            Line::Says(message) => drop(client.asks(message.clone())),
            Line::ComesBack => {
                client.listens();
                client.is_lost();
                client.connects().await;
            }
            Line::IsLost => client.is_lost(),
        }
        sleep(BETWEEN_LINES).await;
        client.listens();
    }
    clients
}

/// Nothing goes wrong any more; and everything is looked at, until nothing is left.
async fn come_to_rest(platform: &Arc<Platform>, mut clients: Vec<Client>) {
    let shared = &platform.shared;
    shared.plan.end();
    shared.note(|| "nothing goes wrong any more".to_owned());
    sleep(REST).await;
    clients.iter_mut().for_each(Client::listens);
    invariants::at_rest(platform, &mut clients).await;
    shared.note(|| "everybody goes".to_owned());
    clients.iter_mut().for_each(Client::vanishes);
    sleep(REST).await;
    invariants::once_everybody_has_gone(platform);
    sleep(LIFETIME).await;
    invariants::once_every_connection_has_ended(platform);
}
