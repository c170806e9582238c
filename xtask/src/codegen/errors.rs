//! `docs/errors.md`: the closed set of error codes.

use protocol::ErrorCode;

use super::GENERATED;

/// The text of the page.
pub(super) fn page() -> String {
    let rows = ErrorCode::ALL.iter().map(|code| {
        let retryable = if code.is_retryable() { "yes" } else { "no" };
        format!(
            "| `{}` | {retryable} | {} |\n",
            code.as_str(),
            code.sentence()
        )
    });
    let rows: String = rows.collect();
    format!(
        "<!-- {GENERATED} -->\n\
        # Error codes\n\
        \n\
        Whatever is refused is answered by an `error` event, or by an event of its own that carries a `code` \
        (`lobby_creation_failed`, `join_request_rejected`). The socket stays open. The set is closed: a client can handle \
        every code, and a new one comes with a new version of the protocol.\n\
        \n\
        Where `retryable` is true, the same message, sent again a little later, may succeed; where it is false, it will be \
        refused again until something else has changed.\n\
        \n\
        | code | retryable | meaning |\n\
        |---|---|---|\n\
        {rows}\n\
        What the platform itself refuses does not get as far as an answer: a WebSocket frame of more than 32 KB, a message \
        of more than 128 KB and text that is not UTF-8 close the socket (codes 1009 and 1007), and the player is cleaned up \
        as after any other end of its connection.\n"
    )
}
