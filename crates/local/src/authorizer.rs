//! What the front asks before `$connect`: a request authorizer, as API Gateway has it.

use futures::FutureExt;
use futures::future::BoxFuture;
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::integration::IntegrationError;

/// A function that says who may connect. Any `Fn(Value) -> impl Future` is one.
///
/// It gets the event of the upgrade with a `methodArn`, and answers with a policy for that resource and a context, which every
/// event of the connection carries from then on.
pub trait Authorizer: Send + Sync + 'static {
    /// Judges one upgrade, in the JSON that API Gateway sends and expects.
    fn authorise(&self, event: Value) -> BoxFuture<'_, Result<Value, IntegrationError>>;
}

impl<F, Fut> Authorizer for F
where
    F: Fn(Value) -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<Value, IntegrationError>> + Send + 'static,
{
    fn authorise(&self, event: Value) -> BoxFuture<'_, Result<Value, IntegrationError>> {
        self(event).boxed()
    }
}

/// What an authorizer is asked about.
pub(crate) const RESOURCE: &str = "arn:aws:execute-api:local:000000000000:local/local/$connect";

/// What an authorizer answers.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Answer {
    principal_id: String,
    policy_document: Policy,
    #[serde(default)]
    context: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Policy {
    statement: Vec<Statement>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    action: String,
    effect: Effect,
    resource: String,
}

#[derive(Clone, Copy, PartialEq, Eq, Deserialize)]
enum Effect {
    Allow,
    Deny,
}

/// What is known of a client that is let through to `$connect`; or the status that it hears.
pub(crate) fn judge(answer: Value) -> Result<Value, StatusCode> {
    let answer: Answer =
        serde_json::from_value(answer).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let statements = answer.policy_document.statement.iter();
    let about_this = statements
        .filter(|one| one.action == "execute-api:Invoke" && one.resource == RESOURCE)
        .map(|one| one.effect);
    let effects: Vec<_> = about_this.collect();
    if effects.contains(&Effect::Deny) || !effects.contains(&Effect::Allow) {
        return Err(StatusCode::FORBIDDEN);
    }
    let mut context = Map::new();
    for (name, value) in answer.context {
        context.insert(name, as_text(value)?);
    }
    context.insert("principalId".to_owned(), answer.principal_id.into());
    Ok(context.into())
}

/// API Gateway passes everything on as a text, and knows nothing that has parts.
fn as_text(value: Value) -> Result<Value, StatusCode> {
    match value {
        Value::String(_) => Ok(value),
        Value::Bool(_) | Value::Number(_) => Ok(value.to_string().into()),
        Value::Null | Value::Array(_) | Value::Object(_) => Err(StatusCode::INTERNAL_SERVER_ERROR),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn policy(statements: &[(&str, &str)]) -> Value {
        let statements: Vec<_> = statements
            .iter()
            .map(|(effect, resource)| {
                json!({"Action": "execute-api:Invoke", "Effect": effect, "Resource": resource})
            })
            .collect();
        json!({
            "principalId": "ada",
            "policyDocument": {"Version": "2012-10-17", "Statement": statements},
            "context": {"player_id": "ada", "age": 7, "new": true},
        })
    }

    #[test]
    fn who_is_allowed_brings_its_context_as_texts() {
        let context = judge(policy(&[("Allow", RESOURCE)]));
        let expected = json!({"player_id": "ada", "age": "7", "new": "true", "principalId": "ada"});
        assert_eq!(context, Ok(expected));
    }

    #[test]
    fn who_is_denied_or_not_allowed_hears_403() {
        for statements in [
            &[("Deny", RESOURCE)][..],
            &[("Allow", RESOURCE), ("Deny", RESOURCE)],
            &[("Allow", "arn:aws:execute-api:somewhere/else")],
            &[],
        ] {
            assert_eq!(judge(policy(statements)), Err(StatusCode::FORBIDDEN));
        }
    }

    #[test]
    fn an_answer_that_is_no_policy_is_a_failure() {
        let mut nested = policy(&[("Allow", RESOURCE)]);
        nested["context"]["player"] = json!({"id": "ada"});
        let mut nobody = policy(&[("Allow", RESOURCE)]);
        nobody["principalId"] = Value::Null;
        for answer in [Value::Null, json!({}), nested, nobody] {
            assert_eq!(judge(answer), Err(StatusCode::INTERNAL_SERVER_ERROR));
        }
    }
}
