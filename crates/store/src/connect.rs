//! A client as a function needs it: little to start, short timeouts, few retries.

use std::fmt;
use std::time::Duration;

use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_dynamodb::config::retry::RetryConfig;
use aws_sdk_dynamodb::config::timeout::TimeoutConfig;
use aws_sdk_dynamodb::config::{BehaviorVersion, Builder, Region};
use aws_sdk_dynamodb::{Client, Config};

/// What is needed to reach DynamoDB. Read from the environment by whoever calls; nothing here looks at it.
pub struct AwsSettings {
    /// The tables' region.
    pub region: String,
    /// Where DynamoDB is, if not at AWS. An emulator's may be plain `http`.
    pub endpoint_url: Option<String>,
    /// Who asks.
    pub credentials: SharedCredentialsProvider,
}

impl fmt::Debug for AwsSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AwsSettings")
            .field("region", &self.region)
            .field("endpoint_url", &self.endpoint_url)
            .finish_non_exhaustive()
    }
}

/// A client that gives up on a connection after one second, on an attempt after two, and on a request after five; three
/// attempts. Nothing is sent yet.
///
/// What the SDK tries again: throttling, transactions in progress, timeouts and failures of the service. A retried
/// transaction carries the same token, so it is done once. Lost conditions are not tried again here.
#[must_use]
pub fn connect(settings: AwsSettings) -> Client {
    let mut config = patience(Config::builder())
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(settings.region))
        .credentials_provider(settings.credentials)
        .http_client(https::client());
    config.set_endpoint_url(settings.endpoint_url);
    Client::from_conf(config.build())
}

/// How long a function waits for DynamoDB, and how often it asks again.
pub(crate) fn patience(config: Builder) -> Builder {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(1))
        .operation_attempt_timeout(Duration::from_secs(2))
        .operation_timeout(Duration::from_secs(5))
        .build();
    // The SDK would begin with a second, half the time that anybody waits for an answer.
    let retries = RetryConfig::standard()
        .with_max_attempts(3)
        .with_initial_backoff(Duration::from_millis(50));
    config.retry_config(retries).timeout_config(timeouts)
}

#[cfg(test)]
mod tests {
    use aws_credential_types::Credentials;
    use domain::Timestamp;
    use ids::LobbyId;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    use super::*;
    use crate::{Store, TableNames};

    /// A server that gives these answers, one to each connection, and then returns the first bytes of what it was asked.
    async fn serve(listener: TcpListener, answers: [&str; 3]) -> Vec<String> {
        let mut requests = Vec::new();
        for answer in answers {
            let (mut socket, _) = listener.accept().await.expect("a connection");
            let mut request = vec![0; 8 * 1024];
            let length = socket.read(&mut request).await.expect("a request");
            request.truncate(length);
            requests.push(String::from_utf8_lossy(&request).to_lowercase());
            let head = "content-type: application/x-amz-json-1.0\r\nconnection: close";
            let answer = format!("HTTP/1.1 {answer}\r\n{head}\r\ncontent-length: 2\r\n\r\n{{}}");
            socket
                .write_all(answer.as_bytes())
                .await
                .expect("it is read");
        }
        requests
    }

    #[tokio::test]
    async fn a_service_that_fails_twice_over_plain_http_is_asked_a_third_time_and_each_is_counted()
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("it is bound");
        let failed = "500 Internal Server Error";
        let server = tokio::spawn(serve(listener, [failed, failed, "200 OK"]));
        let client = connect(AwsSettings {
            region: "eu-central-1".to_owned(),
            endpoint_url: Some(format!("http://{address}")),
            credentials: SharedCredentialsProvider::new(Credentials::new(
                "id", "secret", None, None, "test",
            )),
        });
        let store = Store::new(client, TableNames::with_prefix("test-"));
        let lobby_id = LobbyId::parse("L").expect("a lobby id");
        let found = store
            .lobbies()
            .find(&lobby_id, Timestamp::from_millis(0))
            .await;
        assert_eq!(found.expect("the third answer is good"), None);
        assert_eq!(store.operations().to_string(), "GetItem 3");
        for request in server.await.expect("it answered three times") {
            assert!(request.starts_with("post / http/1.1"), "{request}");
            assert!(request.contains("x-amz-target: dynamodb_20120810.getitem"));
        }
    }
}
