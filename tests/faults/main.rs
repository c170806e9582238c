//! No fault breaks what must always hold.

mod kills;

use std::collections::BTreeMap;
use std::io::Write as _;

use faults::{Counts, FAULTS, run};

/// How many runs a test lives through where nobody says: it may be unoptimised.
const FEW: u64 = 15;

/// In so many runs everything goes wrong that can, and clients hear of all there is.
const MANY: u64 = 300;

/// How many runs, and which one is the first.
fn setting(name: &str) -> Option<u64> {
    #[expect(
        clippy::disallowed_methods,
        reason = "a test is told by its environment how long to go on"
    )]
    let text = std::env::var(name).ok()?;
    let number = text.parse();
    Some(number.unwrap_or_else(|_| panic!("{name} is a whole number, and not `{text}`")))
}

fn say(line: &str) {
    // Past the test harness, which keeps what a test prints to itself.
    let _ = writeln!(std::io::stderr(), "{line}");
}

#[test]
fn whatever_goes_wrong_every_invariant_holds() {
    let first = setting("SWITCHBOARD_FAULT_SEED").unwrap_or(1);
    let runs = setting("SWITCHBOARD_FAULT_RUNS").unwrap_or(FEW);
    let mut faults = Counts::default();
    let mut heard: BTreeMap<String, u64> = BTreeMap::new();
    for seed in first..first + runs {
        let run = run(seed);
        faults.add(&run.faults);
        for (what, times) in &run.heard {
            *heard.entry(what.clone()).or_default() += times;
        }
        if let Some(broken) = &run.broken {
            let log = run.log.join("\n");
            panic!(
                "{log}\n\nseed {seed}: {broken}\nLive through it again with\n    \
                 SWITCHBOARD_FAULT_SEED={seed} SWITCHBOARD_FAULT_RUNS=1 cargo test -p faults"
            );
        }
    }
    say(&format!(
        "{runs} runs from seed {first}, and every invariant held. What went wrong:\n{faults}"
    ));
    let heard_lines = heard
        .iter()
        .map(|(what, times)| format!("  {times:>9}  {what}\n"));
    say(&format!(
        "What clients heard:\n{}",
        heard_lines.collect::<String>()
    ));
    if runs >= MANY {
        let never = FAULTS.iter().filter(|fault| faults.of(**fault) == 0);
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
