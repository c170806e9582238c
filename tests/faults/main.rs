//! No fault breaks what must always hold.

mod kills;

use std::collections::BTreeMap;
use std::fmt;
use std::io::Write as _;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;

use faults::{Counts, FAULTS, Run, run};

/// How many runs a test lives through where nobody says: it may be unoptimised.
const FEW: u64 = 15;

/// In so many runs everything goes wrong that can.
const MANY: u64 = 300;

/// How many runs, or which one is the first.
fn setting(name: &str) -> Option<u64> {
    #[expect(
        clippy::disallowed_methods,
        reason = "a test is told by its environment how long to go on"
    )]
    let text = std::env::var(name).ok()?;
    let number = text.parse();
    Some(number.unwrap_or_else(|_| panic!("{name} is a whole number, and not `{text}`")))
}

/// What many runs have in common.
#[derive(Default)]
struct Total {
    runs: u64,
    faults: Counts,
    heard: BTreeMap<String, u64>,
    /// The lowest seed that broke an invariant, and its run.
    broken: Option<(u64, Run)>,
}

impl Total {
    fn add(&mut self, seed: u64, run: Run) {
        self.runs += 1;
        self.faults.add(&run.faults);
        for (what, times) in &run.heard {
            *self.heard.entry(what.clone()).or_default() += times;
        }
        let is_first = self.broken.as_ref().is_none_or(|(first, _)| seed < *first);
        if run.broken.is_some() && is_first {
            self.broken = Some((seed, run));
        }
    }

    fn join(mut self, other: Self) -> Self {
        self.runs += other.runs;
        self.faults.add(&other.faults);
        for (what, times) in other.heard {
            *self.heard.entry(what).or_default() += times;
        }
        let broken = self.broken.into_iter().chain(other.broken);
        self.broken = broken.min_by_key(|(seed, _)| *seed);
        self
    }
}

impl fmt::Display for Total {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "What went wrong:\n{}What clients heard:", self.faults)?;
        for (what, times) in &self.heard {
            writeln!(f, "  {times:>9}  {what}")?;
        }
        Ok(())
    }
}

/// Lives through runs, as many side by side as there are processors: each stays on its thread and knows of no other.
fn live_through(first: u64, runs: u64) -> Total {
    let (next, is_enough) = (AtomicU64::new(first), AtomicBool::new(false));
    let work = || {
        let mut total = Total::default();
        while !is_enough.load(Ordering::Relaxed) {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + runs {
                break;
            }
            total.add(seed, run(seed));
            if total.broken.is_some() {
                is_enough.store(true, Ordering::Relaxed);
            }
        }
        total
    };
    let processors = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..processors).map(|_| scope.spawn(work)).collect();
        let totals = workers.into_iter().map(thread::ScopedJoinHandle::join);
        let totals = totals.map(|total| total.expect("what panics in a run is caught there"));
        totals.fold(Total::default(), Total::join)
    })
}

#[test]
fn whatever_goes_wrong_every_invariant_holds() {
    let first = setting("SWITCHBOARD_FAULT_SEED").unwrap_or(1);
    let runs = setting("SWITCHBOARD_FAULT_RUNS").unwrap_or(FEW);
    let total = live_through(first, runs);
    if let Some((seed, run)) = &total.broken {
        panic!(
            "{run}\nThat was seed {seed}. Live through it again with\n    \
             SWITCHBOARD_FAULT_SEED={seed} SWITCHBOARD_FAULT_RUNS=1 cargo test -p faults"
        );
    }
    // Past the test harness, which keeps what a test prints to itself.
    let runs = total.runs;
    let told = format!("{runs} runs from seed {first}, and every invariant held. {total}\n");
    let _ = std::io::stderr().write_all(told.as_bytes());
    if runs >= MANY {
        let never = FAULTS.iter().filter(|fault| total.faults.of(**fault) == 0);
        let never: Vec<_> = never.collect();
        assert!(never.is_empty(), "this never went wrong: {never:?}");
    }
}

#[test]
fn the_same_seed_gives_the_same_run() {
    for seed in 1_000_000..1_000_003 {
        let (once, again) = (run(seed), run(seed));
        let mut lines = once.log.iter().zip(&again.log);
        let differs = lines.find(|(one, other)| one != other);
        assert_eq!(differs, None, "seed {seed}");
        assert_eq!(once, again, "seed {seed}");
    }
}
