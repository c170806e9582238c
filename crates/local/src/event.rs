//! API Gateway's WebSocket events, field for field as a Lambda proxy integration receives them.

use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::HeaderMap;
use ids::ConnectionId;
use serde_json::{Map, Value, json};

use crate::ambient;
use crate::authorizer::RESOURCE;
use crate::routes::{CONNECT, DISCONNECT};
use crate::session::Opening;

/// What every event of one connection says about it.
#[derive(Debug)]
pub(crate) struct Client {
    pub(crate) id: ConnectionId,
    pub(crate) connected_at: i64,
    pub(crate) source_ip: String,
    pub(crate) user_agent: Option<String>,
    /// Where the client reached us.
    pub(crate) domain_name: String,
    /// What the authorizer said of it, once it has.
    pub(crate) authorized: OnceLock<Value>,
}

/// What a client sent.
pub(crate) enum Body {
    Text(String),
    Binary(Bytes),
}

impl Client {
    /// The event of an upgrade.
    pub(crate) fn connect(&self, request: &str, headers: &HeaderMap, query: Option<&str>) -> Value {
        let mut event = self.event(CONNECT, "CONNECT", request);
        let (single, multiple) = by_name(headers.iter().map(|(name, value)| {
            (
                name.as_str().to_owned(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        }));
        event["headers"] = single;
        event["multiValueHeaders"] = multiple;
        if let Some(query) = query.filter(|query| !query.is_empty()) {
            let (single, multiple) = by_name(
                form_urlencoded::parse(query.as_bytes())
                    .map(|(name, value)| (name.into_owned(), value.into_owned())),
            );
            event["queryStringParameters"] = single;
            event["multiValueQueryStringParameters"] = multiple;
        }
        event
    }

    /// What an authorizer is asked about an upgrade.
    pub(crate) fn authorise(&self, request: &str, opening: &Opening) -> Value {
        let mut event = self.connect(request, &opening.headers, opening.query.as_deref());
        event["type"] = "REQUEST".into();
        event["methodArn"] = RESOURCE.into();
        event
    }

    /// The event of a message.
    pub(crate) fn message(&self, route: &str, request: &str, body: Body) -> Value {
        let mut event = self.event(route, "MESSAGE", request);
        event["requestContext"]["messageId"] = ambient::name().into();
        match body {
            Body::Text(text) => event["body"] = text.into(),
            Body::Binary(bytes) => {
                event["body"] = STANDARD.encode(bytes).into();
                event["isBase64Encoded"] = true.into();
            }
        }
        event
    }

    /// The event of the end.
    pub(crate) fn disconnect(&self, request: &str, code: u16, reason: &str) -> Value {
        let mut event = self.event(DISCONNECT, "DISCONNECT", request);
        event["requestContext"]["disconnectStatusCode"] = code.into();
        event["requestContext"]["disconnectReason"] = reason.into();
        event
    }

    fn event(&self, route: &str, event_type: &str, request: &str) -> Value {
        let now = ambient::now();
        let mut identity = json!({ "sourceIp": self.source_ip });
        if let Some(user_agent) = &self.user_agent {
            identity["userAgent"] = user_agent.as_str().into();
        }
        let mut event = json!({
            "requestContext": {
                "routeKey": route,
                "eventType": event_type,
                "connectionId": self.id.as_str(),
                "connectedAt": self.connected_at,
                "requestId": request,
                "extendedRequestId": request,
                "requestTime": common_log_time(now),
                "requestTimeEpoch": now,
                "messageDirection": "IN",
                "apiId": "local",
                "stage": "local",
                "domainName": self.domain_name,
                "identity": identity,
            },
            "isBase64Encoded": false,
        });
        if let Some(authorized) = self.authorized.get() {
            event["requestContext"]["authorizer"] = authorized.clone();
        }
        event
    }
}

/// One value per name, the last one winning, and all values per name.
fn by_name(pairs: impl Iterator<Item = (String, String)>) -> (Value, Value) {
    let mut single = Map::new();
    let mut multiple = Map::new();
    for (name, value) in pairs {
        let all = multiple
            .entry(name.clone())
            .or_insert_with(|| Value::Array(Vec::new()));
        if let Value::Array(all) = all {
            all.push(value.clone().into());
        }
        single.insert(name, value.into());
    }
    (single.into(), multiple.into())
}

/// `30/Apr/2022:04:16:26 +0000`, the form of `requestTime`.
fn common_log_time(millis: i64) -> String {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let seconds = millis.div_euclid(1000);
    let of_day = seconds.rem_euclid(86_400);
    let (hour, minute, second) = (of_day / 3600, of_day / 60 % 60, of_day % 60);

    // Years begin in March here, so that the leap day is the last one of its year.
    let days = seconds.div_euclid(86_400) + 719_468;
    let (era, of_era) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year_of_era = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let from_march = (5 * of_year + 2) / 153;
    let day = of_year - (153 * from_march + 2) / 5 + 1;
    let month = (from_march + 2) % 12;
    let year = era * 400 + year_of_era + i64::from(month < 2);
    let month = usize::try_from(month)
        .ok()
        .and_then(|month| MONTHS.get(month))
        .unwrap_or(&"Jan");

    format!("{day:02}/{month}/{year}:{hour:02}:{minute:02}:{second:02} +0000")
}

#[cfg(test)]
mod tests {
    use aws_lambda_events::apigw::ApiGatewayWebsocketProxyRequest;
    use http::header::{HOST, HeaderValue, USER_AGENT};

    use super::*;

    fn client() -> Client {
        Client {
            id: ConnectionId::parse("L0SM9cOFvHcCIhw=").expect("a platform's id"),
            connected_at: 1_651_292_179_479,
            source_ip: "192.0.2.1".into(),
            user_agent: Some("game/1".into()),
            domain_name: "127.0.0.1:8787".into(),
            authorized: OnceLock::new(),
        }
    }

    fn parse(event: Value) -> ApiGatewayWebsocketProxyRequest {
        serde_json::from_value(event).expect("an event as Lambda knows it")
    }

    #[test]
    fn every_event_says_whose_it_is_and_when() {
        let client = client();
        let events = [
            client.connect("r1=", &HeaderMap::new(), None),
            client.message("ping", "r1=", Body::Text("{}".into())),
            client.disconnect("r1=", 1001, "Going away"),
        ];
        for (event, (route, kind)) in events.into_iter().zip([
            ("$connect", "CONNECT"),
            ("ping", "MESSAGE"),
            ("$disconnect", "DISCONNECT"),
        ]) {
            let context = parse(event).request_context;
            assert_eq!(context.route_key.as_deref(), Some(route));
            assert_eq!(context.event_type.as_deref(), Some(kind));
            assert_eq!(context.connection_id.as_deref(), Some("L0SM9cOFvHcCIhw="));
            assert_eq!(context.connected_at, 1_651_292_179_479);
            assert!(context.request_time_epoch >= context.connected_at);
            assert_eq!(context.request_id.as_deref(), Some("r1="));
            assert_eq!(context.extended_request_id.as_deref(), Some("r1="));
            assert_eq!(context.apiid.as_deref(), Some("local"));
            assert_eq!(context.stage.as_deref(), Some("local"));
            assert_eq!(context.domain_name.as_deref(), Some("127.0.0.1:8787"));
            assert_eq!(context.message_direction.as_deref(), Some("IN"));
            assert_eq!(context.identity.source_ip.as_deref(), Some("192.0.2.1"));
            assert_eq!(context.identity.user_agent.as_deref(), Some("game/1"));
        }
    }

    #[test]
    fn the_event_of_an_upgrade_carries_headers_and_query() {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_static("127.0.0.1:8787"));
        headers.append(USER_AGENT, HeaderValue::from_static("game/1"));
        let event = client().connect("r1=", &headers, Some("token=a%20b&tag=1&tag=2"));
        assert_eq!(
            event["multiValueHeaders"]["host"],
            json!(["127.0.0.1:8787"])
        );
        let event = parse(event);
        assert_eq!(
            event.headers.get("host").map(HeaderValue::as_bytes),
            Some(&b"127.0.0.1:8787"[..])
        );
        assert_eq!(event.query_string_parameters.first("token"), Some("a b"));
        assert_eq!(event.query_string_parameters.first("tag"), Some("2"));
        assert_eq!(
            event.multi_value_query_string_parameters.all("tag"),
            Some(vec!["1", "2"])
        );
    }

    #[test]
    fn a_text_is_passed_as_it_is_and_bytes_in_base64() {
        let text = parse(client().message("ping", "r1=", Body::Text("hé".into())));
        assert_eq!(
            (text.body.as_deref(), text.is_base64_encoded),
            (Some("hé"), false)
        );
        assert!(text.request_context.message_id.is_some());
        let bytes = Body::Binary(Bytes::from_static(&[0xff, 0xfe]));
        let bytes = parse(client().message("$default", "r1=", bytes));
        assert_eq!(
            (bytes.body.as_deref(), bytes.is_base64_encoded),
            (Some("//4="), true)
        );
    }

    #[test]
    fn the_event_of_the_end_says_how_it_came() {
        let context = parse(client().disconnect("r1=", 1009, "Message too long")).request_context;
        assert_eq!(context.disconnect_status_code, Some(1009));
        assert_eq!(
            context.disconnect_reason.as_deref(),
            Some("Message too long")
        );
    }

    #[test]
    fn the_request_time_is_written_as_api_gateway_writes_it() {
        assert_eq!(
            common_log_time(1_651_292_186_555),
            "30/Apr/2022:04:16:26 +0000"
        );
        assert_eq!(
            common_log_time(1_707_503_008_941),
            "09/Feb/2024:18:23:28 +0000"
        );
        assert_eq!(
            common_log_time(1_709_164_800_000),
            "29/Feb/2024:00:00:00 +0000"
        );
        assert_eq!(common_log_time(0), "01/Jan/1970:00:00:00 +0000");
    }
}
