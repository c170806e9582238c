//! What the function answers to API Gateway.

use identity::{Grant, Permissions};
use ids::PlayerId;
use serde_json::{Value, json};

use super::*;

const SECRET: &str = "a secret of thirty-two bytes, or more";
const ARN: &str = "arn:aws:execute-api:us-east-1:123456789012:abcdef123/dev/$connect";

fn authorizer() -> Authorizer {
    Authorizer::new(Authentication::SharedSecret {
        secret: SECRET.into(),
        clock_skew_seconds: 0,
    })
    .expect("a long secret")
}

fn token() -> String {
    let secret = SharedSecret::new(&SECRET.into()).expect("a long secret");
    secret.sign(&Grant {
        player_id: PlayerId::parse("ada").expect("a player id"),
        permissions: Permissions {
            host: false,
            ..Permissions::default()
        },
        expires_at: now().as_secs() + 600,
    })
}

/// An upgrade as API Gateway describes it, with these headers and this query.
async fn answer(headers: Value, query: Value) -> Value {
    let request = json!({
        "type": "REQUEST",
        "methodArn": ARN,
        "headers": headers,
        "queryStringParameters": query,
        "stageVariables": {},
        "requestContext": {
            "routeKey": "$connect",
            "eventType": "CONNECT",
            "stage": "dev",
            "connectedAt": 1_674_162_806_344_u64,
            "requestTimeEpoch": 1_674_162_806_345_u64,
            "identity": { "sourceIp": "192.0.2.1" },
            "requestId": "r",
            "connectionId": "C=",
            "apiId": "abcdef123",
        },
    });
    let request = serde_json::from_value(request).expect("a request");
    let answer = invoke(&authorizer(), request).await;
    serde_json::to_value(answer.expect("an answer")).expect("JSON")
}

#[tokio::test]
async fn who_is_believed_is_let_in_with_its_name_and_rights() {
    let by_query = answer(json!({ "Host": "abc" }), json!({ "token": token() })).await;
    assert_eq!(
        by_query,
        json!({
            "principalId": "ada",
            "policyDocument": {
                "Version": "2012-10-17",
                "Statement": [{ "Action": "execute-api:Invoke", "Effect": "Allow", "Resource": ARN }],
            },
            "context": {
                "player_id": "ada",
                "permissions": r#"{"host":false,"matchmake":true}"#,
            },
        })
    );
    let offered = format!("switchboard, token.{}", token());
    for name in ["Sec-WebSocket-Protocol", "sec-websocket-protocol"] {
        let by_subprotocol = answer(json!({ name: offered }), Value::Null).await;
        assert_eq!(by_subprotocol, by_query);
    }
}

#[tokio::test]
async fn who_is_not_believed_is_denied_without_a_word() {
    let denied = json!({
        "principalId": "nobody",
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [{ "Action": "execute-api:Invoke", "Effect": "Deny", "Resource": ARN }],
        },
        "context": {},
    });
    for query in [
        Value::Null,
        json!({}),
        json!({ "token": "" }),
        json!({ "token": "x.y.z" }),
        json!({ "Token": token() }),
    ] {
        assert_eq!(answer(json!({}), query.clone()).await, denied, "{query}");
    }
    let forged = format!("switchboard, token.{}x", token());
    let forged = json!({ "Sec-WebSocket-Protocol": forged });
    assert_eq!(answer(forged, json!({ "token": token() })).await, denied);
}
