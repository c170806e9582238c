//! The battle function: starts, plays and settles battles, and lists their results.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    function::serve(battle::handle).await
}
