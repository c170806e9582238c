//! How a textual id is made.

use thiserror::Error;

/// Why a text is no id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum InvalidId {
    /// Nothing in it.
    #[error("{what} is empty")]
    Empty {
        /// Which id.
        what: &'static str,
    },
    /// More characters than allowed.
    #[error("{what} is longer than {max} characters")]
    TooLong {
        /// Which id.
        what: &'static str,
        /// The most characters it may have.
        max: usize,
    },
    /// A character that ids of this kind may not contain.
    #[error("{what} contains a character that is not allowed in it")]
    Character {
        /// Which id.
        what: &'static str,
    },
    /// A peer id outside 1 to 2,147,483,647.
    #[error("peer id is not between 1 and 2147483647")]
    OutOfRange,
}

/// Defines a checked textual id with everything that the rest of the code asks of one.
macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $what:literal, max = $max:literal, allowed = $allowed:expr $(,)?) => {
        text_id!(@type $(#[$doc])* $name, $what, $max, $allowed);

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self.0)
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
    ($(#[$doc:meta])* redacted $name:ident, $what:literal, max = $max:literal, allowed = $allowed:expr $(,)?) => {
        text_id!(@type $(#[$doc])* $name, $what, $max, $allowed);

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                let tail = self.0.char_indices().rev().nth(3).map_or("", |(start, _)| &self.0[start..]);
                write!(f, concat!(stringify!($name), "(…{})"), tail)
            }
        }
    };
    (@type $(#[$doc:meta])* $name:ident, $what:literal, $max:literal, $allowed:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, ::serde::Serialize, ::serde::Deserialize)]
        #[cfg_attr(feature = "schema", derive(::schemars::JsonSchema))]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(#[cfg_attr(feature = "schema", schemars(length(min = 1, max = $max)))] String);

        impl $name {
            #[doc = concat!("Checks a text and makes it a ", $what, ".")]
            ///
            /// # Errors
            /// [`InvalidId`] says what is wrong with it.
            pub fn parse(text: impl Into<String>) -> Result<Self, $crate::InvalidId> {
                let text = text.into();
                let allowed: fn(char) -> bool = $allowed;
                if text.is_empty() {
                    Err($crate::InvalidId::Empty { what: $what })
                } else if text.chars().nth($max).is_some() {
                    Err($crate::InvalidId::TooLong { what: $what, max: $max })
                } else if !text.chars().all(allowed) {
                    Err($crate::InvalidId::Character { what: $what })
                } else {
                    Ok(Self(text))
                }
            }

            /// The text itself.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = $crate::InvalidId;

            fn try_from(text: String) -> Result<Self, $crate::InvalidId> {
                Self::parse(text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }
    };
}

pub(crate) use text_id;
