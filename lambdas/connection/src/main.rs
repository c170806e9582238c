//! Connections: opened, greeted, kept alive, closed, and whatever no other function knows.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    function::serve(connection::handle).await
}
