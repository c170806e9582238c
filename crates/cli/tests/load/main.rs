//! `switchboard load`, as it is typed, with few players for a short time.

use std::process::Command;

use serde_json::Value;

/// What the command prints with `--json`, where it succeeds.
fn load(arguments: &str) -> Value {
    let command = Command::new(env!("CARGO_BIN_EXE_switchboard"))
        .arg("load")
        .args(arguments.split(' '))
        .arg("--json")
        .output()
        .expect("the command runs");
    let (told, aside) = (command.stdout, command.stderr);
    let aside = String::from_utf8_lossy(&aside);
    assert!(command.status.success(), "{}: {aside}", command.status);
    serde_json::from_slice(&told).unwrap_or_else(|error| panic!("no JSON: {error}\n{aside}"))
}

#[test]
fn a_lobby_of_eight_loses_no_frame_while_eight_others_are_connected() {
    let report = load("relay --connections 16 --signalling 8 --seconds 2 --rate 20");
    let frames = &report["frames"];
    assert_eq!(frames["sent"], 8 * 2 * 20, "{report}");
    assert_eq!(frames["received"], frames["sent"], "{report}");
    assert_eq!((&frames["lost"], &frames["twice"]), (&0.into(), &0.into()));
    assert_eq!(
        (&report["lobbies"], &report["problems"]),
        (&1.into(), &0.into())
    );
    let time = &report["milliseconds_to_relay"];
    assert!(time["p50"].as_f64() > Some(0.0), "{report}");
    assert!(time["p50"].as_f64() <= time["p99"].as_f64(), "{report}");
    for when in ["start", "middle", "end"] {
        let memory = &report["server_memory_bytes"][when];
        assert_eq!(memory.is_u64(), cfg!(target_os = "linux"), "{report}");
    }
}

#[test]
fn players_who_do_not_fill_their_lobbies_are_refused_with_what_to_do() {
    let command = Command::new(env!("CARGO_BIN_EXE_switchboard"))
        .args(["load", "relay", "--signalling", "20"])
        .output()
        .expect("the command runs");
    let told = String::from_utf8_lossy(&command.stderr);
    assert!(!command.status.success());
    assert!(told.contains("multiple of --lobby-size"), "{told}");
}

#[test]
fn sixteen_players_are_matched_in_pairs() {
    let report = load("match --players 16 --rate 100");
    assert_eq!(report["matches"], 8, "{report}");
    let time = &report["milliseconds_to_match"];
    assert!(time["max"].as_f64() > Some(0.0), "{report}");
}
