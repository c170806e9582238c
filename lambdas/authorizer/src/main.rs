//! Who may connect: players' tokens, checked before `$connect`.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    authorizer::serve().await
}
