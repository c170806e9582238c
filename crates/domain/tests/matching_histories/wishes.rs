//! What may happen next, and how often. Wishes name nobody: who is meant is found in the world when they are granted.

use proptest::collection::vec;
use proptest::prelude::*;

/// Something that may happen.
#[derive(Clone, Debug)]
pub(crate) enum Wish {
    /// A player asks to be matched.
    Join { who: u16, says: Says, post: Post },
    /// So many who were never there before do.
    Crowd { count: u16, says: Says },
    /// Some who are nowhere open a lobby together.
    Gather { who: u16, size: u8 },
    /// A host asks for its lobby to be matched, or for its empty seats to be filled.
    Enqueue { who: u16, says: Says, post: Post },
    /// A player takes its ticket out, or leaves its lobby.
    Leave { who: u16, post: Post },
    /// A player who is asked accepts.
    Accept { who: u16, post: Post },
    /// Everybody who is asked does.
    AcceptAll,
    /// A player who is asked declines.
    Decline { who: u16, post: Post },
    /// A player's connection drops.
    Drop { who: u16, farewell: Post },
    /// A player says hello from a new connection as the one it was.
    Return { who: Comer, post: Post },
    /// A message that was late arrives.
    Arrive { which: u16 },
    /// One that arrived before does so again.
    Repeat { which: u16 },
    /// Time passes.
    Wait { millis: u16 },
    /// A tick is worked. In between its reading and its writing this happens, and after so many writes it may be killed.
    Tick {
        meanwhile: Vec<Wish>,
        killed: Option<u8>,
        again: Again,
    },
}

/// What a ticket says.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Says {
    /// Its skill.
    pub(crate) skill: u8,
    /// The number of a player whom it does not want to meet.
    pub(crate) blocked: Option<u16>,
}

/// Who comes back.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Comer {
    /// One of those who are away.
    Away(u16),
    /// Anybody, away or not.
    Anybody(u16),
}

/// What becomes of a message.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Post {
    /// It arrives at once.
    Prompt,
    /// It arrives at some later time.
    Late,
    /// It arrives at once, and once more later.
    Twice,
    /// It never arrives.
    Lost,
    /// It arrives, and the function is killed after its write; whoever sent it hears nothing, and sends it again later.
    Killed,
}

/// Whether a tick comes once more, though it was worked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Again {
    /// It does not.
    No,
    /// It does.
    Yes,
}

fn post() -> impl Strategy<Value = Post> {
    prop_oneof![
        12 => Just(Post::Prompt),
        2 => Just(Post::Late),
        2 => Just(Post::Twice),
        1 => Just(Post::Lost),
        1 => Just(Post::Killed),
    ]
}

fn says() -> impl Strategy<Value = Says> {
    let blocked = proptest::option::weighted(0.1, any::<u16>());
    (any::<u8>(), blocked).prop_map(|(skill, blocked)| Says { skill, blocked })
}

fn comer() -> impl Strategy<Value = Comer> {
    prop_oneof![
        4 => any::<u16>().prop_map(Comer::Away),
        1 => any::<u16>().prop_map(Comer::Anybody),
    ]
}

/// What somebody means to do.
fn deed() -> BoxedStrategy<Wish> {
    prop_oneof![
        24 => (any::<u16>(), says(), post()).prop_map(|(who, says, post)| Wish::Join { who, says, post }),
        1 => (1_u16..40, says()).prop_map(|(count, says)| Wish::Crowd { count, says }),
        6 => (any::<u16>(), 2_u8..=4).prop_map(|(who, size)| Wish::Gather { who, size }),
        8 => (any::<u16>(), says(), post()).prop_map(|(who, says, post)| Wish::Enqueue { who, says, post }),
        6 => (any::<u16>(), post()).prop_map(|(who, post)| Wish::Leave { who, post }),
        12 => (any::<u16>(), post()).prop_map(|(who, post)| Wish::Accept { who, post }),
        3 => Just(Wish::AcceptAll),
        3 => (any::<u16>(), post()).prop_map(|(who, post)| Wish::Decline { who, post }),
        6 => (any::<u16>(), post()).prop_map(|(who, farewell)| Wish::Drop { who, farewell }),
        5 => (comer(), post()).prop_map(|(who, post)| Wish::Return { who, post }),
        3 => any::<u16>().prop_map(|which| Wish::Arrive { which }),
        5 => any::<u16>().prop_map(|which| Wish::Repeat { which }),
        8 => (1_u16..8_000).prop_map(|millis| Wish::Wait { millis }),
    ]
    // Boxed, because a test's stack is too small for several of them side by side.
    .boxed()
}

fn tick(meanwhile: impl Strategy<Value = Vec<Wish>>) -> impl Strategy<Value = Wish> {
    let killed = proptest::option::weighted(0.25, 0_u8..6);
    let again = prop_oneof![9 => Just(Again::No), 1 => Just(Again::Yes)];
    (meanwhile, killed, again).prop_map(|(meanwhile, killed, again)| Wish::Tick {
        meanwhile,
        killed,
        again,
    })
}

/// Anything that may happen.
pub(crate) fn wish() -> impl Strategy<Value = Wish> {
    // Two workers at the same queue should not be; they do no harm.
    let nested = prop_oneof![6 => deed(), 1 => tick(vec(deed(), 0..2))].boxed();
    prop_oneof![
        60 => deed(),
        20 => tick(Just(Vec::new())),
        10 => tick(vec(nested, 1..4)),
    ]
    .boxed()
}
