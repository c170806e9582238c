//! A place in the listing, or among results, as clients carry it: opaque text.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::listing::Position;

use crate::{ResultPosition, keys};

/// The text for a position.
#[must_use]
pub fn encode(position: &Position) -> String {
    URL_SAFE_NO_PAD.encode(keys::listed_at(position))
}

/// The position that a text made by [`encode`] stands for; `None` for any other text.
#[must_use]
pub fn decode(cursor: &str) -> Option<Position> {
    keys::position(&text(cursor)?)
}

/// The text for a position among results.
#[must_use]
pub fn encode_result(position: &ResultPosition) -> String {
    URL_SAFE_NO_PAD.encode(keys::settled_at(position))
}

/// The position that a text made by [`encode_result`] stands for; `None` for any other text.
#[must_use]
pub fn decode_result(cursor: &str) -> Option<ResultPosition> {
    keys::result_position(&text(cursor)?)
}

fn text(cursor: &str) -> Option<String> {
    String::from_utf8(URL_SAFE_NO_PAD.decode(cursor).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use domain::Timestamp;
    use ids::{BattleId, LobbyId};

    use super::*;

    fn position(millis: u64, lobby_id: &str) -> Position {
        Position {
            created_at: Timestamp::from_millis(millis),
            lobby_id: LobbyId::parse(lobby_id).expect("an id"),
        }
    }

    #[test]
    fn a_position_survives_being_carried_by_a_client() {
        for position in [
            position(0, "#"),
            position(1_700_000_000_123, "Ünsere Lobby #1"),
            position(u64::MAX, "x"),
        ] {
            assert_eq!(decode(&encode(&position)), Some(position));
        }
    }

    #[test]
    fn a_position_among_results_survives_being_carried_by_a_client() {
        for millis in [0, 1_700_000_000_123, u64::MAX] {
            let position = ResultPosition {
                settled_at: Timestamp::from_millis(millis),
                battle_id: BattleId::parse("3b241101-e2bb").expect("an id"),
            };
            let carried = decode_result(&encode_result(&position));
            assert_eq!(carried, Some(position));
        }
    }

    #[test]
    fn a_text_that_is_no_cursor_is_no_position() {
        let cases = [
            "",
            "!",
            "AAAA",
            "MTIzIzQ",
            &URL_SAFE_NO_PAD.encode("+0000000000000000001#a"),
        ];
        for cursor in cases {
            assert_eq!(decode(cursor), None, "{cursor}");
            assert_eq!(decode_result(cursor), None, "{cursor}");
        }
    }

    #[test]
    fn positions_sort_as_text_as_they_do_as_values() {
        let mut positions = [
            position(10, "b"),
            position(9, "z"),
            position(10, "a"),
            position(u64::MAX, "a"),
            position(10, "ä"),
        ];
        positions.sort();
        let texts: Vec<_> = positions.iter().map(keys::listed_at).collect();
        assert!(texts.is_sorted());
    }
}
