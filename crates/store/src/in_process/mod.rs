//! DynamoDB in this process, behind the same SDK client: what the local server and the tests store in.
//!
//! It stands in the place of the SDK's HTTP client, so that everything above it is what runs on AWS. It does what the
//! repositories ask of DynamoDB and refuses everything else, a parameter that it does not know included: nothing that is
//! sent is silently ignored. One lock around each request makes it atomic; items and index entries are kept in order, so
//! that a request costs the same however many there are.

mod contents;
mod expression;
mod index;
mod layer;
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
use aws_sdk_dynamodb::config::retry::RetryPartition;
use aws_sdk_dynamodb::config::{BehaviorVersion, Builder, Region};
use aws_sdk_dynamodb::{Client, Config};
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use serde_json::Value;

use crate::{Store, StoreError, TableNames, connect, create_tables};
use layer::Layered;
use refusal::Refusal;
use tables::Tables;

pub use contents::{Contents, Inspector};
pub use layer::{Fate, Layer, Outcome};

/// A store of its own with empty tables, gone with the last clone of it.
///
/// # Errors
/// [`StoreError::Unavailable`] where `terraform/tables.json` asks for what this does not have.
pub async fn in_process() -> Result<Store, StoreError> {
    let (store, _) = in_process_inspected().await?;
    Ok(store)
}

/// The same, and a look into its tables.
///
/// # Errors
/// [`StoreError::Unavailable`] where `terraform/tables.json` asks for what this does not have.
pub async fn in_process_inspected() -> Result<(Store, Inspector), StoreError> {
    let in_process = InProcess::default();
    let client = client(in_process.clone(), Config::builder());
    let names = TableNames::with_prefix(PREFIX);
    create_tables(&client, &names).await?;
    let inspector = in_process.inspector(&names);
    Ok((Store::new(client, names), inspector))
}

/// The same with a layer between the SDK and the tables, and with the timeouts and retries that a function has; and a look
/// into the tables, past that layer.
///
/// # Errors
/// [`StoreError::Unavailable`] where `terraform/tables.json` asks for what this does not have.
pub async fn in_process_behind(layer: Arc<dyn Layer>) -> Result<(Store, Inspector), StoreError> {
    let in_process = InProcess::default();
    let names = TableNames::with_prefix(PREFIX);
    create_tables(&client(in_process.clone(), Config::builder()), &names).await?;
    let inspector = in_process.inspector(&names);
    // What one client has retried is not held against another.
    let retries = RetryPartition::custom("in-process").build();
    let config = connect::patience(Config::builder()).retry_partition(retries);
    let layered = client(Layered::new(in_process, layer), config);
    Ok((Store::new(layered, names), inspector))
}

const PREFIX: &str = "local-";

fn client(http: impl HttpClient + 'static, config: Builder) -> Client {
    let config = config
        .behavior_version(BehaviorVersion::latest())
        .region(Region::from_static("local"))
        .endpoint_url("http://dynamodb.local")
        .credentials_provider(Credentials::new("local", "local", None, None, "local"))
        .http_client(http);
    Client::from_conf(config.build())
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
        let operation = operation(request);
        let body = request.body().bytes().unwrap_or_default();
        let mut tables = self.tables.lock().unwrap_or_else(PoisonError::into_inner);
        tables.answer(operation, body)
    }

    fn inspector(&self, names: &TableNames) -> Inspector {
        Inspector {
            tables: Arc::clone(&self.tables),
            names: names.clone(),
        }
    }
}

impl HttpConnector for InProcess {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (status, body) = match self.answer(&request) {
            Ok(answer) => (200, answer),
            Err(refusal) => (400, refusal.into_body()),
        };
        HttpConnectorFuture::ready(Ok(answered(status, &body)))
    }
}

/// Which operation a request is for, by its name at AWS.
fn operation(request: &HttpRequest) -> &str {
    let target = request.headers().get("x-amz-target").unwrap_or_default();
    target.rsplit('.').next().unwrap_or_default()
}

fn answered(status: u16, body: &Value) -> HttpResponse {
    let status = StatusCode::try_from(status).expect("these are status codes");
    HttpResponse::new(status, SdkBody::from(body.to_string()))
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
