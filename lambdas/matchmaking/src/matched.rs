//! A match of which somebody may not have heard.

use domain::lobby::Contact;
use function::lobby::{Natural, find, tell};
use function::{Caller, Context, Failure, Reply};
use ids::{LobbyId, QueueName};

use crate::search::is_gone;

/// Tells somebody once more of the match that it is in, if this lobby is a match of that queue and goes on. Whoever makes a
/// match tells everybody once; where it is killed before, or the news is lost, those players ask again. One operation.
pub(crate) async fn tell_again(
    context: &Context,
    from: &Caller,
    by: &Contact,
    queue: &QueueName,
    lobby_id: &LobbyId,
) -> Result<Option<Reply>, Failure> {
    let lobby = match find(context, lobby_id, from.now).await {
        Ok(lobby) => lobby,
        Err(failure) if is_gone(&failure) => return Ok(None),
        Err(failure) => return Err(failure),
    };
    let Some(news) = lobby.news_of_match(&by.player_id, queue) else {
        return Ok(None);
    };
    let again = tell(context, from, Natural::Answer(|_| true), vec![news]).await;
    Ok(Some(again))
}
