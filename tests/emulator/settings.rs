//! Settings that are missing or wrong: one sentence in the function's log names each and says what to do.

use std::panic::{AssertUnwindSafe, resume_unwind};

use client::protocol::lobby::ListLobbies;
use e2e::{World, message};
use futures::FutureExt as _;
use serde_json::Value;

use crate::aws::{Emulator, Moment};

/// What is done to the lobby function's environment, and what its log is to name.
struct Wrong {
    variable: &'static str,
    /// Empty: as good as missing.
    value: &'static str,
    says: &'static [&'static str],
}

const WRONG: [Wrong; 9] = [
    Wrong {
        variable: "SWITCHBOARD_SEAL_PARAMETER",
        value: "",
        says: &[
            "SWITCHBOARD_SEAL_SECRET is not set",
            "SWITCHBOARD_SEAL_PARAMETER",
        ],
    },
    Wrong {
        variable: "SWITCHBOARD_SEAL_PARAMETER",
        value: "/switchboard/nowhere/seal-secret",
        says: &["/switchboard/nowhere/seal-secret", "check that it exists"],
    },
    Wrong {
        variable: "SWITCHBOARD_TABLE_PREFIX",
        value: "",
        says: &["SWITCHBOARD_TABLE_PREFIX is not set"],
    },
    Wrong {
        variable: "SWITCHBOARD_TABLE_PREFIX",
        value: "switchboard-dev-no-",
        says: &["ResourceNotFoundException", "SWITCHBOARD_TABLE_PREFIX"],
    },
    Wrong {
        variable: "SWITCHBOARD_TICKS_URL",
        value: "",
        says: &["SWITCHBOARD_TICKS_URL is not set"],
    },
    Wrong {
        variable: "SWITCHBOARD_QUEUES",
        value: "[]",
        says: &["SWITCHBOARD_QUEUES is not valid", "in square brackets"],
    },
    Wrong {
        variable: "SWITCHBOARD_LIMITS",
        value: r#"{"relay": 5}"#,
        says: &["SWITCHBOARD_LIMITS is not valid", "write it like"],
    },
    Wrong {
        variable: "SWITCHBOARD_GRACE_SECONDS",
        value: "soon",
        says: &["SWITCHBOARD_GRACE_SECONDS is not valid", "from 0 to 900"],
    },
    Wrong {
        variable: "SWITCHBOARD_LOG",
        value: "loud=very",
        says: &["SWITCHBOARD_LOG is not valid"],
    },
];

#[tokio::test]
async fn a_setting_that_is_missing_or_wrong_is_named_in_the_functions_log_with_what_to_do() {
    const FUNCTION: &str = "lobby";
    let Some(emulator) = Emulator::find().await else {
        return;
    };
    let world = World::start().await;
    let player = world.player("player").await;
    let right = emulator.settings(FUNCTION).await;
    // What is not there is to be missing, and not forbidden.
    let policy = emulator.policy(FUNCTION).await;
    let mut unbounded = policy.clone();
    for statement in unbounded["Statement"].as_array_mut().expect("statements") {
        statement["Resource"] = "*".into();
    }
    emulator.set_policy(FUNCTION, &unbounded).await;
    let tried = AssertUnwindSafe(async {
        for wrong in WRONG {
            let mut settings = right.clone();
            settings.insert(wrong.variable.to_owned(), Value::from(wrong.value));
            let since = Moment::now();
            emulator.set_settings(FUNCTION, &settings).await;
            player.says(message(ListLobbies::default())).await;
            player.hears_anything().await;
            let line = emulator.logs(FUNCTION, since, wrong.says[0]).await;
            for part in wrong.says {
                assert!(line.contains(part), "`{part}` is missing: {line}");
            }
        }
    });
    let tried = tried.catch_unwind().await;
    emulator.set_settings(FUNCTION, &right).await;
    emulator.set_policy(FUNCTION, &policy).await;
    if let Err(failure) = tried {
        resume_unwind(failure);
    }
    player.lists(ListLobbies::default()).await;
    world.ends().await;
}
