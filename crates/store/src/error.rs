//! What can go wrong that no caller can be blamed for.

use std::error::Error;

use thiserror::Error;

/// The tables did not answer, or not with sense.
#[derive(Debug, Error)]
pub enum StoreError {
    /// A request failed, after the retries that it was worth.
    #[error("DynamoDB did not do {operation}")]
    Unavailable {
        /// Which request.
        operation: &'static str,
        /// What the SDK says.
        #[source]
        source: Box<dyn Error + Send + Sync>,
    },
    /// An item is not what this version of the service writes.
    #[error("an item of the table {table} cannot be read: {problem}")]
    Malformed {
        /// In which table, without the prefix.
        table: &'static str,
        /// What is wrong with it.
        problem: String,
    },
}

impl StoreError {
    pub(crate) fn unavailable(
        operation: &'static str,
        source: impl Into<Box<dyn Error + Send + Sync>>,
    ) -> Self {
        Self::Unavailable {
            operation,
            source: source.into(),
        }
    }

    pub(crate) fn malformed(table: &'static str, problem: &impl ToString) -> Self {
        Self::Malformed {
            table,
            problem: problem.to_string(),
        }
    }
}
