//! How many requests went to DynamoDB.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextRef;
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

/// Requests by operation: `GetItem`, `PutItem`, ... Attempts are counted, so a retry counts again, as it is billed again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OperationCounts(BTreeMap<String, u64>);

impl OperationCounts {
    /// Requests of one operation, by its name at AWS.
    #[must_use]
    pub fn of(&self, operation: &str) -> u64 {
        self.0.get(operation).copied().unwrap_or_default()
    }

    /// All requests.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.values().sum()
    }

    /// The operations that were requested at all, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, u64)> {
        self.0
            .iter()
            .map(|(operation, count)| (operation.as_str(), *count))
    }

    /// What has been added since an earlier snapshot.
    #[must_use]
    pub fn since(&self, earlier: &Self) -> Self {
        let added = self.iter().map(|(operation, count)| {
            (
                operation.to_owned(),
                count.saturating_sub(earlier.of(operation)),
            )
        });
        Self(added.filter(|(_, count)| *count > 0).collect())
    }
}

impl fmt::Display for OperationCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("none");
        }
        for (place, (operation, count)) in self.iter().enumerate() {
            let comma = if place == 0 { "" } else { ", " };
            write!(f, "{comma}{operation} {count}")?;
        }
        Ok(())
    }
}

/// Counts every attempt that the SDK makes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Counter(Arc<Mutex<OperationCounts>>);

impl Counter {
    pub(crate) fn snapshot(&self) -> OperationCounts {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.clone()
    }
}

impl Intercept for Counter {
    fn name(&self) -> &'static str {
        "OperationCounter"
    }

    fn read_before_attempt(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        config: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let operation = config.load::<Metadata>().map_or("unknown", Metadata::name);
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match counts.0.get_mut(operation) {
            Some(count) => *count += 1,
            None => drop(counts.0.insert(operation.to_owned(), 1)),
        }
        Ok(())
    }
}
