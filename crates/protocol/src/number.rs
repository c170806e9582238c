//! Bounded numbers: what a client can make as large as it likes stops here.

use serde::de::{Deserializer, Error as _};
use serde::{Deserialize, Serialize};

/// Defines a whole number between two bounds, both included.
macro_rules! bounded {
    ($(#[$doc:meta])* $name:ident of $inner:ty) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
        #[serde(transparent)]
        pub struct $name<const MIN: $inner, const MAX: $inner>($inner);

        impl<const MIN: $inner, const MAX: $inner> $name<MIN, MAX> {
            /// Checks a number.
            ///
            /// # Errors
            /// A sentence where it is out of range.
            pub fn new(number: $inner) -> Result<Self, String> {
                if (MIN..=MAX).contains(&number) {
                    Ok(Self(number))
                } else {
                    Err(format!("not between {MIN} and {MAX}"))
                }
            }

            /// The number itself.
            #[must_use]
            pub fn get(self) -> $inner {
                self.0
            }
        }

        impl<'de, const MIN: $inner, const MAX: $inner> Deserialize<'de> for $name<MIN, MAX> {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::new(<$inner>::deserialize(deserializer)?).map_err(D::Error::custom)
            }
        }

        #[cfg(feature = "schema")]
        impl<const MIN: $inner, const MAX: $inner> schemars::JsonSchema for $name<MIN, MAX> {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                format!("{}_{MIN}_{MAX}", stringify!($name)).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({"type": "integer", "minimum": MIN, "maximum": MAX})
            }
        }
    };
}

bounded! {
    /// A whole number from `MIN` to `MAX`.
    Whole of u32
}

bounded! {
    /// A whole number from `MIN` to `MAX` that may need more than 32 bits.
    Large of u64
}

bounded! {
    /// A whole number from `MIN` to `MAX` that may be negative.
    Signed of i64
}
