//! What API Gateway asks an authorizer, and what it hears.

use std::collections::BTreeMap;

use aws_lambda_events::apigw::ApiGatewayCustomAuthorizerRequestTypeRequest;
use identity::Identity;
use serde::Serialize;

/// The request that asks for a WebSocket.
pub type Request = ApiGatewayCustomAuthorizerRequestTypeRequest;

/// Whether it gets one, as a policy, and what every event of the connection is told besides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    principal_id: String,
    policy_document: Policy,
    context: BTreeMap<&'static str, String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Policy {
    version: &'static str,
    statement: [Statement; 1],
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Statement {
    action: &'static str,
    effect: &'static str,
    resource: String,
}

impl Answer {
    pub(crate) fn allow(identity: &Identity, resource: String) -> Self {
        let principal_id = identity.player_id.as_str().to_owned();
        Self::new(principal_id, "Allow", resource, identity.to_context())
    }

    pub(crate) fn deny(resource: String) -> Self {
        Self::new("nobody".to_owned(), "Deny", resource, BTreeMap::new())
    }

    fn new(
        principal_id: String,
        effect: &'static str,
        resource: String,
        context: BTreeMap<&'static str, String>,
    ) -> Self {
        let statement = Statement {
            action: "execute-api:Invoke",
            effect,
            resource,
        };
        Self {
            principal_id,
            policy_document: Policy {
                version: "2012-10-17",
                statement: [statement],
            },
            context,
        }
    }
}
