//! The closed set of refusals.

use serde::{Deserialize, Serialize};

/// Defines the codes once: name on the wire, the sentence of the docs, and whether trying again can help.
macro_rules! codes {
    ($($(#[$group:meta])* $name:ident = $wire:literal, $retryable:literal, $sentence:literal;)*) => {
        /// Why something was refused. Closed: a client can handle every one; new ones come with a new protocol version.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
        #[serde(rename_all = "snake_case")]
        pub enum ErrorCode {
            $(#[doc = $sentence] $name,)*
        }

        impl ErrorCode {
            /// All codes, in the order of the docs.
            pub const ALL: &[Self] = &[$(Self::$name,)*];

            /// The code as it stands on the wire.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $wire,)* }
            }

            /// Whether the same message, sent again, may succeed.
            #[must_use]
            pub fn is_retryable(self) -> bool {
                match self { $(Self::$name => $retryable,)* }
            }

            /// What the docs say of it.
            #[must_use]
            pub fn sentence(self) -> &'static str {
                match self { $(Self::$name => $sentence,)* }
            }
        }
    };
}

codes! {
    NotJson = "not_json", false, "The message is not JSON.";
    NotAnObject = "not_an_object", false, "The message is JSON, but not an object.";
    EmptyMessage = "empty_message", false, "The message is empty.";
    BinaryMessage = "binary_message", false, "The message came in a binary frame; send text frames.";
    TooDeep = "too_deep", false, "The message nests arrays or objects more than a hundred levels deep.";
    MissingAction = "missing_action", false, "The message has no `action`.";
    UnknownAction = "unknown_action", false, "There is no such action.";
    MissingField = "missing_field", false, "A field that the action needs is missing; `field` names it.";
    UnknownField = "unknown_field", false, "The action knows no such field; `field` names it.";
    WrongType = "wrong_type", false, "A field has the wrong type; `field` names it.";
    TooLong = "too_long", false, "A field is longer than its limit; `field` names it.";
    InvalidValue = "invalid_value", false, "A field has the right type and a value outside its range; `field` names it.";
    MessageTooLong = "message_too_long", false, "What would be passed on is longer than the 128 KB that the platform carries.";
    InvalidCursor = "invalid_cursor", false, "The cursor was not made by an earlier listing; list from the start.";
    AddressInvalid = "address_invalid", false, "The `connection_id` was not made for this connection: forged, altered, or another pair's.";
    AddressExpired = "address_expired", false, "The `connection_id` has expired; the peers must be introduced again.";
    PeerGone = "peer_gone", false, "That peer is no longer connected.";
    MailboxFull = "mailbox_full", true, "That peer is away, and as much as is kept for it waits for it already; try again when it is back.";
    AlreadyInLobby = "already_in_lobby", false, "The player is in a lobby already, or waits to be let into one; `leave_lobby` first.";
    NotInLobby = "not_in_lobby", false, "The player is in no lobby.";
    NotHost = "not_host", false, "Only the lobby's host may do this.";
    LobbyExists = "lobby_exists", false, "A lobby of that id exists already.";
    LobbyNotFound = "lobby_not_found", false, "There is no lobby of that id.";
    LobbyClosed = "lobby_closed", false, "The lobby closed before its host had decided.";
    LobbyFull = "lobby_full", false, "The lobby has no free seat.";
    LobbyLocked = "lobby_locked", false, "The lobby lets nobody in at present.";
    WrongPassword = "wrong_password", false, "The lobby has a password, and this is not it.";
    Banned = "banned", false, "The host has banned the player from this lobby.";
    RejectedByHost = "rejected_by_host", false, "The host has declined the request.";
    RequestNotFound = "request_not_found", false, "That player is not waiting to be let in.";
    TooManyRequests = "too_many_requests", true, "As many players as a lobby can hold are waiting to be let in already.";
    TooManyBans = "too_many_bans", false, "The lobby's list of bans is full.";
    PeerIdTaken = "peer_id_taken", false, "Another member of the lobby has that peer id.";
    NotAMember = "not_a_member", false, "That player is not a member of the lobby.";
    BelowMembers = "below_members", false, "The lobby has more members than `max_players` would allow.";
    AlreadyInMatchmaking = "already_in_matchmaking", false, "The player, or the lobby that it is in, is in matchmaking already; `leave_matchmaking` first.";
    NotInMatchmaking = "not_in_matchmaking", false, "Neither the player nor the lobby that it is in is in matchmaking.";
    QueueNotFound = "queue_not_found", false, "There is no queue of that name.";
    AttributeMissing = "attribute_missing", false, "A rule of the queue needs an attribute that is not there, or is of another kind; `field` names it.";
    MemberAway = "member_away", true, "A member of the lobby is away; try again when it is back, or out.";
    PartyTooLarge = "party_too_large", false, "The party has more players than a team of that queue.";
    MatchNotFound = "match_not_found", false, "No match of that id asks for the player's consent; it was made already, or given up.";
    NoFreeSeats = "no_free_seats", false, "The match has no free seat to fill.";
    NotAMatch = "not_a_match", false, "The lobby was not made by matchmaking.";
    NoBattle = "no_battle", false, "There has been no battle in the lobby yet.";
    BattleRunning = "battle_running", false, "The lobby's battle is not over yet.";
    BattleOver = "battle_over", false, "The battle is over.";
    NotPlaying = "not_playing", false, "The player watches this battle; those who play it do this.";
    WrongRules = "wrong_rules", false, "The rules of this battle know no such action.";
    TooFewPlayers = "too_few_players", false, "The battle needs two players who are in the lobby.";
    BelowCost = "below_cost", false, "The score, less what earlier attacks have cost, is below the cost of an attack.";
    Frozen = "frozen", true, "The player is frozen by an attack; it ends by itself.";
    Dead = "dead", false, "The player has died in this battle.";
    ScoreLowered = "score_lowered", false, "The score is lower than it was; a score never falls.";
    ScoreTooHigh = "score_too_high", false, "The score is higher than the rules allow.";
    OutOfTurn = "out_of_turn", false, "It is the other player's turn.";
    TileTaken = "tile_taken", false, "The tile has a mark already.";
    OffTheBoard = "off_the_board", false, "The board has no such tile.";
    NotPermitted = "not_permitted", false, "The player's token does not permit this.";
    ResumeRefused = "resume_refused", false, "The resume token is not valid: forged, another player's, or older than the grace period; say `hello` without one.";
    NotConnected = "not_connected", false, "Switchboard no longer knows this connection; open a new one.";
    RateLimited = "rate_limited", true, "Too many messages of this kind in a short time; try again after `retry_after_seconds`.";
    Busy = "busy", true, "Too many others changed the same thing at the same moment; try again.";
    Unavailable = "unavailable", true, "Something that Switchboard depends on did not answer; try again.";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_written_as_it_is_named() {
        for code in ErrorCode::ALL {
            let json = serde_json::to_string(code).expect("a unit variant");
            assert_eq!(json, format!("\"{}\"", code.as_str()));
        }
    }

    #[test]
    fn every_code_has_a_sentence() {
        for code in ErrorCode::ALL {
            assert!(code.sentence().ends_with('.'), "{code:?}");
        }
    }
}
