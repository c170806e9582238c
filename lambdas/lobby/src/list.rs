//! `list_lobbies`: a page of public lobbies.

use domain::listing::{Criterion, Filter, Page, Position, merge};
use function::{Caller, Context, Failure, Reply, summary};
use protocol::lobby::{Criterion as Condition, ListLobbies};
use protocol::{ErrorCode, Whole, event};
use store::cursor;

/// Lobbies on a page where nobody says how many.
const DEFAULT_LIMIT: u32 = 50;

/// What a page's lobbies may come to in bytes, so that the whole answer stays under the platform's 128 KB.
const PAGE_BYTES: usize = 120 * 1024;

/// Answers `lobby_list`. One operation for each shard of the listing.
pub(crate) async fn list_lobbies(
    context: &Context,
    from: &Caller,
    message: ListLobbies,
) -> Result<Reply, Failure> {
    let after = match &message.cursor {
        None => None,
        Some(cursor) => {
            let position = cursor::decode(cursor.as_str());
            Some(position.ok_or(Failure::Refused(ErrorCode::InvalidCursor))?)
        }
    };
    let limit = message.limit.map_or(DEFAULT_LIMIT, Whole::get);
    let shards = context
        .store
        .lobbies()
        .list(after.as_ref(), from.now)
        .await?;
    let page = merge(
        shards,
        &filter(message),
        usize::try_from(limit).unwrap_or(usize::MAX),
    );
    Ok(Reply::Event(write(page).into()))
}

fn filter(message: ListLobbies) -> Filter {
    let criterion = |condition| match condition {
        Condition::Equals(value) => Criterion::Equals(value),
        Condition::Range(range) => Criterion::Range {
            min: range.min,
            max: range.max,
        },
    };
    message
        .filter
        .into_iter()
        .map(|(key, condition)| (key, criterion(condition)))
        .collect()
}

/// Cuts the page where it would grow too long for one message; the cursor then goes on from there.
fn write(page: Page) -> event::LobbyList {
    let mut next = page.next;
    let mut lobbies = Vec::with_capacity(page.lobbies.len());
    let mut bytes = 0;
    let mut last: Option<Position> = None;
    for lobby in page.lobbies {
        let position = Position::from(&lobby);
        let lobby = summary(lobby);
        bytes += serde_json::to_string(&lobby).map_or(0, |json| json.len() + 1);
        if bytes > PAGE_BYTES && last.is_some() {
            next = last;
            break;
        }
        lobbies.push(lobby);
        last = Some(position);
    }
    event::LobbyList {
        lobbies,
        cursor: next.as_ref().map(cursor::encode),
    }
}
