//! The matchmaking function: tickets in and out of the queues, and what their owners may ask.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    function::serve(matchmaking::handle).await
}
