//! How DynamoDB says no.

use serde_json::{Value, json};

/// Why a request is not done.
pub(super) enum Refusal {
    /// It makes no sense, to DynamoDB or at least here.
    Invalid(String),
    /// There is no such table.
    NoTable(String),
    /// There is such a table already.
    TableExists(String),
    /// The condition does not hold.
    Condition,
    /// For each write of a transaction, whether its condition held.
    Cancelled(Vec<bool>),
    /// Nothing that is done here.
    UnknownOperation(String),
}

impl Refusal {
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::Invalid(message.into())
    }

    /// Whether a condition did not hold.
    pub(super) fn is_condition(&self) -> bool {
        matches!(self, Self::Condition | Self::Cancelled(_))
    }

    /// The body of the answer.
    pub(super) fn into_body(self) -> Value {
        let (kind, message) = match self {
            Self::Invalid(message) => ("ValidationException", message),
            Self::NoTable(name) => (
                "ResourceNotFoundException",
                format!("Requested resource not found: Table: {name} not found"),
            ),
            Self::TableExists(name) => (
                "ResourceInUseException",
                format!("Table already exists: {name}"),
            ),
            Self::Condition => (
                "ConditionalCheckFailedException",
                "The conditional request failed".to_owned(),
            ),
            Self::UnknownOperation(name) => (
                "UnknownOperationException",
                format!("{name} is not done in this process"),
            ),
            Self::Cancelled(held) => return cancelled(&held),
        };
        json!({ "__type": name(kind), "message": message })
    }
}

fn cancelled(held: &[bool]) -> Value {
    let reason = |held: &bool| match held {
        true => json!({ "Code": "None" }),
        false => json!({
            "Code": "ConditionalCheckFailed",
            "Message": "The conditional request failed",
        }),
    };
    json!({
        "__type": name("TransactionCanceledException"),
        "Message": "Transaction cancelled, please refer cancellation reasons for specific reasons",
        "CancellationReasons": held.iter().map(reason).collect::<Vec<_>>(),
    })
}

pub(super) fn name(kind: &str) -> String {
    format!("com.amazonaws.dynamodb.v20120810#{kind}")
}
