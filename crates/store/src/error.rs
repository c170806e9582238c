//! What can go wrong that no caller can be blamed for.

use std::error::Error;
use std::fmt;

use aws_sdk_dynamodb::error::DisplayErrorContext;
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

    /// The whole chain of causes in one line, for the log: an SDK's error by itself says only "service error".
    #[must_use]
    pub fn in_full(&self) -> impl fmt::Display + '_ {
        DisplayErrorContext(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn display_leaves_the_cause_to_the_source_and_the_log_gets_all_of_it() {
        let error = StoreError::unavailable("GetItem", "the line is cut");
        assert_eq!(error.to_string(), "DynamoDB did not do GetItem");
        let in_full = error.in_full().to_string();
        assert!(in_full.contains("GetItem") && in_full.contains("the line is cut"));
    }
}
