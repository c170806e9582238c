//! A client's words for what it says of itself, and the rules'.

use domain::matchmaking::{Attribute, Attributes};
use protocol::Text;
use protocol::matchmaking::{Attribute as Said, Attributes as AllSaid};

/// What the rules read.
pub(crate) fn attributes(said: Option<AllSaid>) -> Attributes {
    let said = said.unwrap_or_default().into_map().into_iter();
    said.map(|(name, value)| (name.into_string(), attribute(value)))
        .collect()
}

fn attribute(said: Said) -> Attribute {
    match said {
        Said::Number(number) => Attribute::Number(number.get()),
        Said::Text(text) => Attribute::Text(text.into_string()),
        Said::Texts(texts) => Attribute::Texts(texts.into_iter().map(Text::into_string).collect()),
        Said::Latencies(regions) => {
            let regions = regions.into_iter();
            let regions = regions.map(|(region, latency)| (region.into_string(), latency.get()));
            Attribute::Latencies(regions.collect())
        }
    }
}
