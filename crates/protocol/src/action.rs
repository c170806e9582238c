//! How actions are grouped: one enum per function, and one over all of them for clients.

use serde::{Deserialize, Serialize};

use crate::{battle, connection, lobby, matchmaking, signalling};

/// One message of the protocol: an action's content, or an event's.
pub trait Message: Sized {
    /// Its name on the wire.
    const NAME: &'static str;

    /// One that is valid, for docs and tests.
    fn example() -> Self;
}

/// The actions of one function.
pub trait Actions: Sized {
    /// Every route key that leads here, aliases included.
    const NAMES: &'static [&'static str];

    /// Reads the content of the action called `name`; `None` where no action of this function is called so.
    ///
    /// # Errors
    /// Those of the deserializer, with the path at which it stopped.
    fn read(
        name: &str,
        content: &str,
    ) -> Option<Result<Self, serde_path_to_error::Error<serde_json::Error>>>;

    /// The action's name on the wire; never an alias.
    fn name(&self) -> &'static str;

    /// One of each.
    fn examples() -> Vec<Self>;
}

/// Defines a function's enum of actions: each variant, its content, and further names that are accepted for it.
macro_rules! actions {
    ($(#[$doc:meta])* enum Action { $($(#[$variant_doc:meta])* $variant:ident $(, alias = $alias:literal)?;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, ::serde::Serialize, ::serde::Deserialize)]
        #[cfg_attr(feature = "schema", derive(::schemars::JsonSchema))]
        #[serde(tag = "action", content = "content", rename_all = "snake_case")]
        pub enum Action {
            $($(#[$variant_doc])* $(#[serde(alias = $alias)])? $variant($variant),)*
        }

        impl $crate::Actions for Action {
            const NAMES: &'static [&'static str] =
                &[$(<$variant as $crate::Message>::NAME, $($alias,)?)*];

            fn read(
                name: &str,
                content: &str,
            ) -> Option<Result<Self, ::serde_path_to_error::Error<::serde_json::Error>>> {
                $(if name == <$variant as $crate::Message>::NAME $(|| name == $alias)? {
                    let mut json = ::serde_json::Deserializer::from_str(content);
                    let mut track = ::serde_path_to_error::Track::new();
                    let json = ::serde_path_to_error::Deserializer::new(&mut json, &mut track);
                    let content = $crate::text::object(json).map(Self::$variant);
                    return Some(content.map_err(|error| ::serde_path_to_error::Error::new(track.path(), error)));
                })*
                None
            }

            fn name(&self) -> &'static str {
                match self { $(Self::$variant(_) => <$variant as $crate::Message>::NAME,)* }
            }

            fn examples() -> Vec<Self> {
                vec![$(Self::$variant(<$variant as $crate::Message>::example()),)*]
            }
        }

        $(impl From<$variant> for $crate::Action {
            fn from(content: $variant) -> Self {
                Action::$variant(content).into()
            }
        })*
    };
}

/// Says what a message is called and shows one.
macro_rules! message {
    ($type:ident, $name:literal, $example:expr) => {
        impl $crate::Message for $type {
            const NAME: &'static str = $name;

            fn example() -> Self {
                $example
            }
        }
    };
}

pub(crate) use actions;
pub(crate) use message;

/// Any action at all: what a client can send.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
pub enum Action {
    /// Handled by the connection function.
    Connection(connection::Action),
    /// Handled by the lobby function.
    Lobby(lobby::Action),
    /// Handled by the signalling function.
    Signalling(signalling::Action),
    /// Handled by the matchmaking function.
    Matchmaking(matchmaking::Action),
    /// Handled by the battle function.
    Battle(battle::Action),
}

impl Action {
    /// Its name on the wire.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Connection(action) => action.name(),
            Self::Lobby(action) => action.name(),
            Self::Signalling(action) => action.name(),
            Self::Matchmaking(action) => action.name(),
            Self::Battle(action) => action.name(),
        }
    }

    /// One of each.
    #[must_use]
    pub fn examples() -> Vec<Self> {
        fn of<A: Actions + Into<Action>>() -> impl Iterator<Item = Action> {
            A::examples().into_iter().map(Into::into)
        }
        of::<connection::Action>()
            .chain(of::<lobby::Action>())
            .chain(of::<signalling::Action>())
            .chain(of::<matchmaking::Action>())
            .chain(of::<battle::Action>())
            .collect()
    }

    /// Whether any function knows an action of this name or alias.
    #[must_use]
    pub fn is_known(name: &str) -> bool {
        [
            connection::Action::NAMES,
            lobby::Action::NAMES,
            signalling::Action::NAMES,
            matchmaking::Action::NAMES,
            battle::Action::NAMES,
        ]
        .iter()
        .any(|names| names.contains(&name))
    }
}

impl From<connection::Action> for Action {
    fn from(action: connection::Action) -> Self {
        Self::Connection(action)
    }
}

impl From<lobby::Action> for Action {
    fn from(action: lobby::Action) -> Self {
        Self::Lobby(action)
    }
}

impl From<signalling::Action> for Action {
    fn from(action: signalling::Action) -> Self {
        Self::Signalling(action)
    }
}

impl From<matchmaking::Action> for Action {
    fn from(action: matchmaking::Action) -> Self {
        Self::Matchmaking(action)
    }
}

impl From<battle::Action> for Action {
    fn from(action: battle::Action) -> Self {
        Self::Battle(action)
    }
}
