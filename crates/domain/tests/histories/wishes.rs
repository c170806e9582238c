//! What may happen next, and how often. Wishes name nobody: who is meant is found in the world when they are granted.

use domain::lobby::{
    Ban, Changes, JoinPolicy, Metadata, PasswordHash, PasswordProof, Settings, Visibility,
};
use proptest::collection::vec;
use proptest::option::{of, weighted};
use proptest::prelude::*;

use crate::plays::{self, Play, Turn};

/// Something that may happen.
#[derive(Clone, Debug)]
pub(crate) enum Wish {
    /// A player starts a lobby.
    Start {
        who: u8,
        lobby: u8,
        settings: Settings,
    },
    /// A player asks to join.
    Join {
        who: u8,
        lobby: u8,
        password: PasswordProof,
    },
    /// Somebody lets somebody in.
    Accept {
        who: Who,
        whom: Whom,
        peer_id: Option<u32>,
    },
    /// Somebody turns somebody away.
    Reject { who: Who, whom: Whom },
    /// Somebody removes somebody.
    Kick { who: Who, whom: Whom, ban: Ban },
    /// Somebody changes a lobby.
    Update { who: Who, changes: Changes },
    /// Somebody closes a lobby.
    Close { who: Who },
    /// A player leaves.
    Leave { who: Who },
    /// Somebody does something with its lobby's battle, or its ticket.
    Play { who: Who, play: Play },
    /// Somebody who plays in this lobby makes a move.
    Turn { lobby: u8, turn: Turn },
    /// Several moves come one after the other.
    Bout { lobby: u8, turns: Vec<Turn> },
    /// A queue puts its hand on this lobby.
    Serve { lobby: u8, service: plays::Service },
    /// An alarm rings whose time has come, or one that has rung before.
    Ring { which: u8 },
    /// A player's connection drops, and it may stay away for so long.
    Drop {
        who: u8,
        farewell: Farewell,
        seconds: u8,
    },
    /// A player says hello from a new connection as the one it was.
    Return { who: Comer },
    /// A farewell that was late arrives.
    Arrive { which: u8 },
    /// Time passes.
    Wait { minutes: u8 },
    /// A little time passes.
    Pass { seconds: u8 },
    /// Something that was done before is done again.
    Repeat { which: u8 },
    /// The second is decided on what was read before the first was done.
    SideBySide { first: Box<Wish>, second: Box<Wish> },
}

/// Who does it, and to which lobby.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Who {
    /// The host of this lobby.
    Host(u8),
    /// One who was its host once.
    FormerHost(u8),
    /// Anybody, to the lobby that it is in.
    Anybody(u8),
    /// Anybody, to this lobby.
    Intruder(u8, u8),
}

/// Who comes back.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Comer {
    /// One of those who are away.
    Away(u8),
    /// Anybody, away or not.
    Anybody(u8),
}

/// To whom it is done.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Whom {
    /// One who waits.
    Waiting(u8),
    /// One who is in.
    Member(u8),
    /// Anybody.
    Anybody(u8),
}

/// What becomes of the news that a connection is gone.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Farewell {
    /// It arrives at once.
    Prompt,
    /// It arrives at some later time.
    Late,
    /// It arrives at once, and once more later.
    Twice,
    /// It never arrives.
    Lost,
}

fn hash() -> PasswordHash {
    PasswordHash::from_phc("$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA".to_owned())
}

fn policy() -> impl Strategy<Value = JoinPolicy> {
    prop_oneof![Just(JoinPolicy::Ask), Just(JoinPolicy::Open)]
}

fn visibility() -> impl Strategy<Value = Visibility> {
    prop_oneof![Just(Visibility::Private), Just(Visibility::Public)]
}

fn settings() -> impl Strategy<Value = Settings> {
    let password = weighted(0.2, Just(hash()));
    (2_u32..=6, visibility(), policy(), password).prop_map(
        |(max_players, visibility, join_policy, password)| Settings {
            name: None,
            max_players,
            visibility,
            join_policy,
            locked: false,
            password,
            metadata: Metadata::new(),
        },
    )
}

fn changes() -> impl Strategy<Value = Changes> {
    let password = weighted(0.2, of(Just(hash())));
    let locked = weighted(0.4, prop_oneof![1 => Just(true), 3 => Just(false)]);
    let name = weighted(0.3, "[a-c]");
    (
        name,
        of(2_u32..=6),
        weighted(0.2, visibility()),
        weighted(0.3, policy()),
        locked,
        password,
    )
        .prop_map(
            |(name, max_players, visibility, join_policy, locked, password)| Changes {
                name,
                max_players,
                visibility,
                join_policy,
                locked,
                password,
                metadata: None,
            },
        )
}

fn who() -> impl Strategy<Value = Who> {
    prop_oneof![
        12 => any::<u8>().prop_map(Who::Host),
        1 => any::<u8>().prop_map(Who::FormerHost),
        1 => any::<u8>().prop_map(Who::Anybody),
        1 => any::<(u8, u8)>().prop_map(|(who, lobby)| Who::Intruder(who, lobby)),
    ]
}

fn leaver() -> impl Strategy<Value = Who> {
    prop_oneof![
        6 => any::<u8>().prop_map(Who::Anybody),
        2 => any::<u8>().prop_map(Who::Host),
        1 => any::<(u8, u8)>().prop_map(|(who, lobby)| Who::Intruder(who, lobby)),
    ]
}

fn one_who_waits() -> impl Strategy<Value = Whom> {
    prop_oneof![
        12 => any::<u8>().prop_map(Whom::Waiting),
        1 => any::<u8>().prop_map(Whom::Member),
        1 => any::<u8>().prop_map(Whom::Anybody),
    ]
}

fn one_who_is_in() -> impl Strategy<Value = Whom> {
    prop_oneof![
        12 => any::<u8>().prop_map(Whom::Member),
        1 => any::<u8>().prop_map(Whom::Waiting),
        1 => any::<u8>().prop_map(Whom::Anybody),
    ]
}

fn ban() -> impl Strategy<Value = Ban> {
    prop_oneof![3 => Just(Ban::No), 1 => Just(Ban::Yes)]
}

fn farewell() -> impl Strategy<Value = Farewell> {
    prop_oneof![
        2 => Just(Farewell::Prompt),
        1 => Just(Farewell::Late),
        1 => Just(Farewell::Twice),
        1 => Just(Farewell::Lost),
    ]
}

fn drop() -> impl Strategy<Value = Wish> {
    let seconds = prop_oneof![6 => Just(30), 1 => Just(0), 1 => 1_u8..90];
    (any::<u8>(), farewell(), seconds).prop_map(|(who, farewell, seconds)| Wish::Drop {
        who,
        farewell,
        seconds,
    })
}

fn come_back() -> impl Strategy<Value = Wish> {
    let who = prop_oneof![
        5 => any::<u8>().prop_map(Comer::Away),
        2 => any::<u8>().prop_map(Comer::Anybody),
    ];
    who.prop_map(|who| Wish::Return { who })
}

fn join() -> impl Strategy<Value = Wish> {
    let password = prop_oneof![4 => Just(PasswordProof::Right), 1 => Just(PasswordProof::Wrong)];
    (any::<u8>(), any::<u8>(), password).prop_map(|(who, lobby, password)| Wish::Join {
        who,
        lobby,
        password,
    })
}

fn accept() -> impl Strategy<Value = Wish> {
    (who(), one_who_waits(), weighted(0.3, 1_u32..=8))
        .prop_map(|(who, whom, peer_id)| Wish::Accept { who, whom, peer_id })
}

/// What somebody means to do.
fn intent() -> BoxedStrategy<Wish> {
    prop_oneof![
        6 => (any::<u8>(), any::<u8>(), settings())
            .prop_map(|(who, lobby, settings)| Wish::Start { who, lobby, settings }),
        24 => join(),
        16 => accept(),
        3 => (who(), one_who_waits()).prop_map(|(who, whom)| Wish::Reject { who, whom }),
        6 => (who(), one_who_is_in(), ban()).prop_map(|(who, whom, ban)| Wish::Kick { who, whom, ban }),
        4 => (who(), changes()).prop_map(|(who, changes)| Wish::Update { who, changes }),
        1 => who().prop_map(|who| Wish::Close { who }),
        4 => leaver().prop_map(|who| Wish::Leave { who }),
        6 => come_back(),
        10 => (who(), plays::start()).prop_map(|(who, play)| Wish::Play { who, play }),
        5 => (who(), plays::enter()).prop_map(|(who, play)| Wish::Play { who, play }),
        1 => (leaver(), plays::any_move()).prop_map(|(who, play)| Wish::Play { who, play }),
        14 => (any::<u8>(), plays::turn()).prop_map(|(lobby, turn)| Wish::Turn { lobby, turn }),
        6 => (any::<u8>(), plays::service()).prop_map(|(lobby, service)| Wish::Serve { lobby, service }),
    ]
    // Boxed, because a test's stack is too small for two of them side by side.
    .boxed()
}

/// Anything that may happen.
pub(crate) fn wish() -> impl Strategy<Value = Wish> {
    prop_oneof![
        60 => intent(),
        6 => drop(),
        4 => any::<u8>().prop_map(|which| Wish::Arrive { which }),
        3 => (0_u8..60).prop_map(|minutes| Wish::Wait { minutes }),
        8 => (0_u8..40).prop_map(|seconds| Wish::Pass { seconds }),
        10 => any::<u8>().prop_map(|which| Wish::Ring { which }),
        10 => (any::<u8>(), vec(plays::turn(), 1..=14))
            .prop_map(|(lobby, turns)| Wish::Bout { lobby, turns }),
        10 => any::<u8>().prop_map(|which| Wish::Repeat { which }),
        12 => (intent(), intent()).prop_map(|(first, second)| {
            let [first, second] = [first, second].map(Box::new);
            Wish::SideBySide { first, second }
        }),
    ]
}
