//! Delivery by API Gateway's Management API.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_apigatewaymanagement::config::retry::RetryConfig;
use aws_sdk_apigatewaymanagement::config::timeout::TimeoutConfig;
use aws_sdk_apigatewaymanagement::config::{BehaviorVersion, Region};
use aws_sdk_apigatewaymanagement::error::SdkError;
use aws_sdk_apigatewaymanagement::operation::post_to_connection::PostToConnectionError;
use aws_sdk_apigatewaymanagement::primitives::Blob;
use aws_sdk_apigatewaymanagement::{Client, Config};
use futures::future::BoxFuture;
use ids::ConnectionId;

use crate::{Deliver, Posted, PushError};

/// What a [`ManagementApi`] needs to know.
pub struct Settings {
    /// The API's region.
    pub region: String,
    /// The API's stage as an `https` address: `https://{api}.execute-api.{region}.amazonaws.com/{stage}`.
    pub callback_url: String,
    /// Who posts.
    pub credentials: SharedCredentialsProvider,
}

/// Posts through `PostToConnection`, looks through `GetConnection`, closes through `DeleteConnection`.
#[derive(Clone)]
pub struct ManagementApi {
    client: Client,
}

impl fmt::Debug for ManagementApi {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ManagementApi")
    }
}

impl ManagementApi {
    /// A client of one API's stage. Nothing is sent yet.
    #[must_use]
    pub fn new(settings: Settings) -> Self {
        let timeouts = TimeoutConfig::builder()
            .connect_timeout(Duration::from_secs(1))
            .operation_attempt_timeout(Duration::from_secs(3))
            .operation_timeout(Duration::from_secs(8))
            .build();
        let config = Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new(settings.region))
            .endpoint_url(settings.callback_url)
            .credentials_provider(settings.credentials)
            .http_client(https::client())
            .retry_config(RetryConfig::standard().with_max_attempts(3))
            .timeout_config(timeouts)
            .build();
        Self {
            client: Client::from_conf(config),
        }
    }
}

impl Deliver for ManagementApi {
    fn post<'a>(
        &'a self,
        to: &'a ConnectionId,
        frame: String,
    ) -> BoxFuture<'a, Result<Posted, PushError>> {
        Box::pin(async move {
            let post = self.client.post_to_connection().connection_id(to.as_str());
            match post.data(Blob::new(frame.into_bytes())).send().await {
                Ok(_) => Ok(Posted::Delivered),
                Err(error) => outcome(error),
            }
        })
    }

    fn is_open<'a>(
        &'a self,
        connection: &'a ConnectionId,
    ) -> BoxFuture<'a, Result<bool, PushError>> {
        Box::pin(async move {
            let request = self.client.get_connection();
            exists(request.connection_id(connection.as_str()).send().await)
        })
    }

    fn close<'a>(&'a self, connection: &'a ConnectionId) -> BoxFuture<'a, Result<(), PushError>> {
        Box::pin(async move {
            let request = self.client.delete_connection();
            exists(request.connection_id(connection.as_str()).send().await).map(drop)
        })
    }
}

/// Whether there is the connection that a request was about. API Gateway answers 410 where there is none.
fn exists<T, E: Error + Send + Sync + 'static>(
    answer: Result<T, SdkError<E>>,
) -> Result<bool, PushError> {
    match answer {
        Ok(_) => Ok(true),
        Err(error) if error.raw_response().map(|raw| raw.status().as_u16()) == Some(410) => {
            Ok(false)
        }
        Err(error) => Err(PushError::Unavailable(Box::new(error))),
    }
}

fn outcome(error: SdkError<PostToConnectionError>) -> Result<Posted, PushError> {
    let status = error
        .raw_response()
        .map(|response| response.status().as_u16());
    match (error.as_service_error(), status) {
        (Some(PostToConnectionError::GoneException(_)), _) | (_, Some(410)) => Ok(Posted::Gone),
        (Some(PostToConnectionError::PayloadTooLargeException(_)), _) | (_, Some(413)) => {
            Err(PushError::TooLong)
        }
        _ => Err(PushError::Unavailable(Box::new(error))),
    }
}
