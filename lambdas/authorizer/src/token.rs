//! Where a request carries its token.

use protocol::TOKEN_SUBPROTOCOL;

use crate::Request;

/// The token of a request: among the subprotocols that it offers, else in its query as `token`.
pub(crate) fn of(request: &Request) -> Option<&str> {
    let offered = request.headers.get("sec-websocket-protocol");
    let offered = offered.and_then(|offered| offered.to_str().ok());
    let mut offered = offered.unwrap_or_default().split(',');
    let offered = offered.find_map(|name| name.trim().strip_prefix(TOKEN_SUBPROTOCOL));
    let token = offered.or_else(|| request.query_string_parameters.first("token"));
    token.filter(|token| !token.is_empty())
}
