//! The timer function: what must happen later, when it is due.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    function::serve_messages(timer::handle).await
}
