//! The queues that histories are lived through in.

use domain::matchmaking::{Queue, Queues};
use ids::QueueName;

/// As many kinds of queues as make a difference: equals, skill, being asked, parties, all of it.
const ALL: &str = r#"[
    {"name":"equals","teams":2,"team_size":{"min":1,"max":1},"give_up_seconds":60},
    {"name":"asked","teams":2,"team_size":{"min":1,"max":1},"give_up_seconds":60,"acceptance_seconds":10},
    {"name":"skill","teams":2,"team_size":{"min":1,"max":1},"give_up_seconds":60,
     "rules":[{"kind":"distance","attribute":"skill","most":20,
               "widen":[{"after_seconds":5,"most":60},{"after_seconds":20,"most":null}]},
              {"kind":"blocklist","attribute":"blocked"}]},
    {"name":"squads","teams":2,"team_size":{"min":2,"max":3},"give_up_seconds":60,
     "rules":[{"kind":"distance","attribute":"skill","most":100,"widen":[{"after_seconds":10,"most":200}]}]},
    {"name":"all","teams":3,"team_size":{"min":1,"max":4},"give_up_seconds":60,"acceptance_seconds":10,
     "rules":[{"kind":"distance","attribute":"skill","most":120,"widen":[{"after_seconds":10,"most":null}]},
              {"kind":"blocklist","attribute":"blocked"}]}
]"#;

/// How many there are.
pub(crate) const COUNT: usize = 5;

/// One of them.
pub(crate) fn queue(number: usize) -> Queue {
    let queues = Queues::parse(ALL).unwrap_or_else(|error| panic!("{error}"));
    let names: Vec<&QueueName> = queues.names().collect();
    let name = names[number % names.len()];
    queues.get(name).expect("it is one of them").clone()
}
