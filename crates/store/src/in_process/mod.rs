//! DynamoDB in this process, behind the same SDK client: what the local server and the tests store in.
//!
//! It stands in the place of the SDK's HTTP client, so that everything above it is what runs on AWS. It does what the
//! repositories ask of DynamoDB and refuses everything else, a parameter that it does not know included: nothing that is
//! sent is silently ignored. One lock around each request makes it atomic; items and index entries are kept in order, so
//! that a request costs the same however many there are.

mod expression;
mod index;
mod query;
mod refusal;
mod requests;
mod size;
mod tables;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use aws_credential_types::Credentials;
use aws_sdk_dynamodb::config::{BehaviorVersion, Region};
use aws_sdk_dynamodb::{Client, Config};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use serde_json::Value;

use crate::{Store, StoreError, TableNames, create_tables};
use refusal::Refusal;
use tables::Tables;

/// A store of its own with empty tables, gone with the last clone of it.
///
/// # Errors
/// [`StoreError::Unavailable`] where `terraform/tables.json` asks for what this does not have.
pub async fn in_process() -> Result<Store, StoreError> {
    let config = Config::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("local"))
        .endpoint_url("http://dynamodb.local")
        .credentials_provider(Credentials::new("local", "local", None, None, "local"))
        .http_client(InProcess::default())
        .build();
    let client = Client::from_conf(config);
    let names = TableNames::with_prefix("local-");
    create_tables(&client, &names).await?;
    Ok(Store::new(client, names))
}

/// The SDK's HTTP client, and DynamoDB behind it.
#[derive(Clone, Default)]
struct InProcess {
    tables: Arc<Mutex<Tables>>,
}

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InProcess")
    }
}

impl InProcess {
    fn answer(&self, request: &HttpRequest) -> Result<Value, Refusal> {
        let target = request.headers().get("x-amz-target").unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default();
        let body = request.body().bytes().unwrap_or_default();
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        tables.answer(operation, body)
    }
}

impl HttpConnector for InProcess {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (status, body) = match self.answer(&request) {
            Ok(answer) => (200, answer),
            Err(refusal) => (400, refusal.into_body()),
        };
        let status = StatusCode::try_from(status).expect("200 and 400 are status codes");
        let body = SdkBody::from(body.to_string());
        HttpConnectorFuture::ready(Ok(HttpResponse::new(status, body)))
    }
}

impl HttpClient for InProcess {
    fn http_connector(
        &self,
        _settings: &HttpConnectorSettings,
        _components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}
