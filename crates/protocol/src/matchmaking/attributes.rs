//! What a player says of itself for a queue's rules.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::{AttributeName, AttributeNumber, AttributeText, Latency, Region};

/// The most attributes that one may have.
pub const MAX_ATTRIBUTES: usize = 16;
/// The most bytes of compact JSON that they may have together: those of a whole match are kept with its lobby.
pub const MAX_ATTRIBUTE_BYTES: usize = 2_048;
/// The most texts in an attribute that is a list.
pub const MAX_TEXTS: usize = 32;
/// The most regions in an attribute that is a table of latencies.
pub const MAX_REGIONS: usize = 32;

/// Attributes by name: up to 16, and up to 2,048 bytes as compact JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Attributes(BTreeMap<AttributeName, Attribute>);

impl Attributes {
    /// Checks how many there are, and how large they are.
    ///
    /// # Errors
    /// A sentence where they are too many or too large.
    pub fn new(attributes: BTreeMap<AttributeName, Attribute>) -> Result<Self, String> {
        if attributes.len() > MAX_ATTRIBUTES {
            return Err(format!("longer than {MAX_ATTRIBUTES} attributes"));
        }
        let json = serde_json::to_string(&attributes).map_err(|error| error.to_string())?;
        if json.len() > MAX_ATTRIBUTE_BYTES {
            return Err(format!("longer than {MAX_ATTRIBUTE_BYTES} bytes of JSON"));
        }
        Ok(Self(attributes))
    }

    /// The attributes themselves.
    #[must_use]
    pub fn as_map(&self) -> &BTreeMap<AttributeName, Attribute> {
        &self.0
    }

    /// The attributes themselves, owned.
    #[must_use]
    pub fn into_map(self) -> BTreeMap<AttributeName, Attribute> {
        self.0
    }
}

impl<'de> Deserialize<'de> for Attributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::new(BTreeMap::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}

/// One thing that a player says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum Attribute {
    /// A whole number, such as a skill.
    Number(AttributeNumber),
    /// A text, such as a game's mode or version.
    Text(AttributeText),
    /// Texts, such as the player ids of those whom one does not want to meet.
    Texts(Vec<AttributeText>),
    /// How far one is from each region, in milliseconds.
    Latencies(BTreeMap<Region, Latency>),
}

impl<'de> Deserialize<'de> for Attribute {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyAttribute)
    }
}

/// Reads each kind for itself, so that a refusal says what is wrong with this one.
struct AnyAttribute;

impl<'de> Visitor<'de> for AnyAttribute {
    type Value = Attribute;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number, a text, a list of texts or an object of latencies by region")
    }

    fn visit_i64<E: serde::de::Error>(self, number: i64) -> Result<Attribute, E> {
        AttributeNumber::new(number)
            .map(Attribute::Number)
            .map_err(E::custom)
    }

    fn visit_u64<E: serde::de::Error>(self, number: u64) -> Result<Attribute, E> {
        // Past the range of the smaller type is past the bound, too.
        self.visit_i64(i64::try_from(number).unwrap_or(i64::MAX))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Attribute, E> {
        AttributeText::new(text)
            .map(Attribute::Text)
            .map_err(E::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Attribute, A::Error> {
        let mut texts = Vec::new();
        while let Some(text) = list.next_element()? {
            if texts.len() == MAX_TEXTS {
                return Err(A::Error::custom(format!("longer than {MAX_TEXTS} texts")));
            }
            texts.push(text);
        }
        Ok(Attribute::Texts(texts))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Attribute, A::Error> {
        let mut latencies = BTreeMap::new();
        while let Some((region, latency)) = map.next_entry()? {
            latencies.insert(region, latency);
            if latencies.len() > MAX_REGIONS {
                return Err(A::Error::custom(format!(
                    "longer than {MAX_REGIONS} regions"
                )));
            }
        }
        Ok(Attribute::Latencies(latencies))
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Attributes {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Attributes".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "object",
            "description": "What a player says of itself for a queue's rules, by names of 1 to 32 characters; up to 2,048 bytes \
                as compact JSON.",
            "maxProperties": MAX_ATTRIBUTES,
            "propertyNames": generator.subschema_for::<AttributeName>(),
            "additionalProperties": generator.subschema_for::<Attribute>(),
        })
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Attribute {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Attribute".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let text = generator.subschema_for::<AttributeText>();
        schemars::json_schema!({
            "description": "A number such as a skill, a text such as a mode, texts such as the players whom one does not \
                want to meet, or how far one is from each region, in milliseconds.",
            "anyOf": [
                generator.subschema_for::<AttributeNumber>(),
                text,
                {"type": "array", "items": text, "maxItems": MAX_TEXTS},
                {
                    "type": "object",
                    "maxProperties": MAX_REGIONS,
                    "propertyNames": generator.subschema_for::<Region>(),
                    "additionalProperties": generator.subschema_for::<Latency>(),
                },
            ],
        })
    }
}
