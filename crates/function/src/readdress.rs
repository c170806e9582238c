//! Frames that could not be delivered, made anew for the connection that their hearer is on now.
//!
//! A frame's addresses were sealed for the connection that it was to be delivered to, and are good on no other.

use domain::Timestamp;
use domain::lobby::Contact;
use ids::{ConnectionId, PeerAddress};
use serde_json::Value;

use seal::Sealer;

/// The fields that hold an address, wherever in an event they stand.
const ADDRESSES: [&str; 3] = ["connection_id", "host_connection_id", "new_connection_id"];

/// The field that is the game's own, whatever is in it.
const METADATA: &str = "metadata";

/// From which connection to which.
pub(crate) struct Move<'a> {
    /// Where a frame was to be delivered.
    pub(crate) from: &'a ConnectionId,
    /// Where its hearer is now.
    pub(crate) to: &'a Contact,
}

impl Move<'_> {
    /// The frame with every address in it sealed anew, and with its place among what was kept, if it was. `expiry_of` tells
    /// when another's connection ends, where that is known: so an address is the same as the one told elsewhere.
    pub(crate) fn readdress(
        &self,
        sealer: &Sealer,
        frame: &str,
        sequence: Option<u64>,
        expiry_of: &impl Fn(&ConnectionId) -> Option<Timestamp>,
    ) -> String {
        let Ok(mut event) = serde_json::from_str::<Value>(frame) else {
            // It was written here, and so this cannot be; as it is it does no harm.
            return frame.to_owned();
        };
        self.visit(sealer, &mut event, expiry_of);
        if let (Some(sequence), Some(event)) = (sequence, event.as_object_mut()) {
            event.insert("sequence".to_owned(), sequence.into());
        }
        event.to_string()
    }

    fn visit(
        &self,
        sealer: &Sealer,
        value: &mut Value,
        expiry_of: &impl Fn(&ConnectionId) -> Option<Timestamp>,
    ) {
        match value {
            Value::Array(values) => {
                for value in values {
                    self.visit(sealer, value, expiry_of);
                }
            }
            Value::Object(fields) => {
                for (name, value) in fields {
                    if name == METADATA {
                        continue;
                    }
                    let address = value
                        .as_str()
                        .filter(|_| ADDRESSES.contains(&name.as_str()));
                    let address = address.and_then(|text| PeerAddress::parse(text).ok());
                    let anew = address.and_then(|address| {
                        sealer.readdress(&address, self.from, self.to, expiry_of)
                    });
                    match anew {
                        Some(anew) => *value = Value::from(anew.as_str()),
                        None => self.visit(sealer, value, expiry_of),
                    }
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use ids::PlayerId;
    use secrecy::SecretString;
    use serde_json::json;

    use super::*;

    fn contact(name: &str) -> Contact {
        Contact {
            player_id: PlayerId::parse(name).expect("an id"),
            connection_id: ConnectionId::parse(format!("{name}=")).expect("an id"),
            expires_at: Timestamp::from_millis(5_000_000),
            away: false,
        }
    }

    #[test]
    fn addresses_are_made_anew_and_nothing_else_is_touched() {
        let sealer = Sealer::new(&SecretString::from("a secret of at least 32 characters"));
        let sealer = sealer.expect("long enough");
        let (old, new, peer) = (contact("old"), contact("new"), contact("peer"));
        let before = sealer.seal(&peer, &old);
        let after = sealer.seal(&peer, &new);
        let event = |address: &PeerAddress| {
            json!({
                "event": "join_request_accepted",
                "content": {
                    "host_connection_id": address.as_str(),
                    "members": [{"connection_id": address.as_str(), "metadata": {"connection_id": before.as_str()}}],
                    "sdp": before.as_str(),
                    "connection_id": "a forged one",
                },
            })
        };
        let from = &old.connection_id;
        let moved = Move { from, to: &new };
        let frame = moved.readdress(&sealer, &event(&before).to_string(), Some(7), &|_| None);
        let mut expected = event(&after);
        expected["sequence"] = 7.into();
        assert_eq!(
            serde_json::from_str::<Value>(&frame).expect("JSON"),
            expected
        );
    }
}
