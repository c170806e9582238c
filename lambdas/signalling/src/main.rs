//! The signalling function: relays session descriptions and ICE candidates between introduced peers.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    function::serve(signalling::handle).await
}
