//! The matchmaker: works a queue, one tick at a time.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    function::serve_messages(matchmaker::handle).await
}
