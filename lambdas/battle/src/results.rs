//! `list_results`: how the caller's battles have ended.

use function::lobby::caller;
use function::{Caller, Context, Failure, Reply, battle_result};
use protocol::battle::ListResults;
use protocol::{ErrorCode, Whole, event};
use store::cursor;

/// Results on a page where nobody says how many.
const DEFAULT_LIMIT: u32 = 50;

/// Answers `result_list`. Two operations: who, and the page.
pub(crate) async fn list_results(
    context: &Context,
    from: &Caller,
    message: ListResults,
) -> Result<Reply, Failure> {
    let after = match &message.cursor {
        None => None,
        Some(cursor) => {
            let position = cursor::decode_result(cursor.as_str());
            Some(position.ok_or(Failure::Refused(ErrorCode::InvalidCursor))?)
        }
    };
    let by = caller(context, from).await?.player_id;
    let limit = message.limit.map_or(DEFAULT_LIMIT, Whole::get);
    let results = context.store.results();
    let page = results.list(&by, after.as_ref(), limit, from.now).await?;
    let results = page.results.into_iter();
    let list = event::ResultList {
        results: results
            .filter_map(|settlement| battle_result(settlement, &by))
            .collect(),
        cursor: page.next.as_ref().map(cursor::encode_result),
    };
    Ok(Reply::Event(list.into()))
}
