//! The lobby function: starts, joins, runs and closes lobbies.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    function::serve(lobby::handle).await
}
