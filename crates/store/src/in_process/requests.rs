//! The requests that are understood, and what they say on the wire. A parameter that is not listed is refused.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::expression::Expression;
use super::refusal::Refusal;

/// An attribute's value as it is on the wire: `{"S": "text"}`.
pub(super) type Item = BTreeMap<String, Value>;

type Names = BTreeMap<String, String>;

/// Reads a request's body.
pub(super) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Refusal> {
    serde_json::from_slice(body).map_err(|error| Refusal::invalid(error.to_string()))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct CreateTable {
    pub(super) table_name: String,
    #[serde(rename = "BillingMode")]
    _billing_mode: String,
    pub(super) key_schema: Vec<KeyElement>,
    pub(super) attribute_definitions: Vec<AttributeDefinition>,
    #[serde(default)]
    pub(super) global_secondary_indexes: Vec<IndexRequest>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct IndexRequest {
    pub(super) index_name: String,
    pub(super) key_schema: Vec<KeyElement>,
    pub(super) projection: Projection,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Projection {
    pub(super) projection_type: String,
    pub(super) non_key_attributes: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct KeyElement {
    pub(super) attribute_name: String,
    pub(super) key_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct AttributeDefinition {
    pub(super) attribute_name: String,
    pub(super) attribute_type: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct GetItem {
    pub(super) table_name: String,
    pub(super) key: Item,
    #[serde(rename = "ConsistentRead")]
    _consistent_read: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Query {
    pub(super) table_name: String,
    pub(super) index_name: Option<String>,
    key_condition_expression: String,
    expression_attribute_names: Names,
    expression_attribute_values: Item,
    #[serde(default)]
    pub(super) consistent_read: bool,
    #[serde(default = "forward")]
    pub(super) scan_index_forward: bool,
    pub(super) limit: Option<usize>,
    pub(super) exclusive_start_key: Option<Item>,
}

fn forward() -> bool {
    true
}

impl Query {
    pub(super) fn condition(&self) -> Result<Expression, Refusal> {
        Expression::parse(
            &self.key_condition_expression,
            &self.expression_attribute_names,
            &self.expression_attribute_values,
        )
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct TransactWriteItems {
    pub(super) transact_items: Vec<TransactItem>,
    /// Nothing is lost on the way to here, so nothing comes twice.
    #[serde(rename = "ClientRequestToken")]
    _client_request_token: String,
}

/// One of them.
#[derive(Deserialize)]
pub(super) enum TransactItem {
    Put(Put),
    Delete(Delete),
    ConditionCheck(Delete),
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Put {
    table_name: String,
    item: Item,
    condition_expression: Option<String>,
    #[serde(default)]
    expression_attribute_names: Names,
    #[serde(default)]
    expression_attribute_values: Item,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Delete {
    table_name: String,
    key: Item,
    condition_expression: Option<String>,
    #[serde(default)]
    expression_attribute_names: Names,
    #[serde(default)]
    expression_attribute_values: Item,
}

/// A write of one item.
pub(super) struct Write {
    pub(super) table_name: String,
    pub(super) change: Change,
    pub(super) condition: Option<Expression>,
}

/// What is written.
pub(super) enum Change {
    /// This item, whole.
    Put(Item),
    /// The item of this key goes.
    Delete(Item),
    /// The item of this key stays as it is.
    Check(Item),
}

impl Change {
    /// What names the item: its attributes, or its key.
    pub(super) fn target(&self) -> &Item {
        match self {
            Self::Put(item) => item,
            Self::Delete(key) | Self::Check(key) => key,
        }
    }
}

impl TryFrom<Put> for Write {
    type Error = Refusal;

    fn try_from(put: Put) -> Result<Self, Refusal> {
        let (names, values) = (
            put.expression_attribute_names,
            put.expression_attribute_values,
        );
        Ok(Self {
            table_name: put.table_name,
            change: Change::Put(put.item),
            condition: condition(put.condition_expression, &names, &values)?,
        })
    }
}

impl TryFrom<Delete> for Write {
    type Error = Refusal;

    fn try_from(delete: Delete) -> Result<Self, Refusal> {
        let (names, values) = (
            delete.expression_attribute_names,
            delete.expression_attribute_values,
        );
        Ok(Self {
            table_name: delete.table_name,
            change: Change::Delete(delete.key),
            condition: condition(delete.condition_expression, &names, &values)?,
        })
    }
}

impl TryFrom<TransactItem> for Write {
    type Error = Refusal;

    fn try_from(item: TransactItem) -> Result<Self, Refusal> {
        match item {
            TransactItem::Put(put) => put.try_into(),
            TransactItem::Delete(delete) => delete.try_into(),
            // The same parameters, but the condition must be there.
            TransactItem::ConditionCheck(check) => {
                let write = Self::try_from(check)?;
                let Change::Delete(key) = write.change else {
                    return Err(Refusal::invalid("a check names a key"));
                };
                if write.condition.is_none() {
                    return Err(Refusal::invalid("a check has a condition"));
                }
                Ok(Self {
                    change: Change::Check(key),
                    ..write
                })
            }
        }
    }
}

fn condition(
    expression: Option<String>,
    names: &Names,
    values: &Item,
) -> Result<Option<Expression>, Refusal> {
    expression
        .map(|text| Expression::parse(&text, names, values))
        .transpose()
}
