//! That what DynamoDB refuses is refused here too, and that what it does it does at once.

use serde_json::{Value, json};

use super::tables::Tables;

/// A table `T` with the key `id` and a sparse index `I`.
fn tables() -> Tables {
    let mut tables = Tables::default();
    let created = ask(
        &mut tables,
        "CreateTable",
        &json!({
            "TableName": "T",
            "BillingMode": "PAY_PER_REQUEST",
            "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
            "AttributeDefinitions": [
                {"AttributeName": "id", "AttributeType": "S"},
                {"AttributeName": "shard", "AttributeType": "S"},
                {"AttributeName": "place", "AttributeType": "S"},
            ],
            "GlobalSecondaryIndexes": [{
                "IndexName": "I",
                "KeySchema": [
                    {"AttributeName": "shard", "KeyType": "HASH"},
                    {"AttributeName": "place", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "INCLUDE", "NonKeyAttributes": ["shown"]},
            }],
        }),
    );
    assert_eq!(created, json!({}));
    tables
}

fn ask(tables: &mut Tables, operation: &str, request: &Value) -> Value {
    let answer = tables.answer(operation, request.to_string().as_bytes());
    answer.unwrap_or_else(super::Refusal::into_body)
}

fn put(id: &str, number: u32) -> Value {
    json!({"TableName": "T", "Item": {"id": {"S": id}, "number": {"N": number.to_string()}}})
}

fn number(tables: &mut Tables, id: &str) -> Value {
    let get = json!({"TableName": "T", "Key": {"id": {"S": id}}, "ConsistentRead": true});
    ask(tables, "GetItem", &get)["Item"]["number"]["N"].clone()
}

/// The end of the refusal's name, and its sentence.
fn refused(operation: &str, request: &Value) -> (String, String) {
    let answer = ask(&mut tables(), operation, request);
    let kind = answer["__type"].as_str().expect("a refusal");
    let kind = kind.rsplit('#').next().expect("a name");
    let message = answer["message"].as_str().expect("a sentence");
    (kind.to_owned(), message.to_owned())
}

fn assert_invalid(operation: &str, request: &Value, why: &str) {
    let (kind, message) = refused(operation, request);
    assert_eq!(kind, "ValidationException");
    assert!(message.contains(why), "{message}");
}

fn with(mut request: Value, more: &Value) -> Value {
    let more = more.as_object().expect("an object").clone();
    request.as_object_mut().expect("an object").extend(more);
    request
}

#[test]
fn a_scan_and_a_table_that_is_not_there_are_refused() {
    let (kind, _) = refused("Scan", &json!({"TableName": "T"}));
    assert_eq!(kind, "UnknownOperationException");
    let elsewhere = with(put("a", 1), &json!({"TableName": "U"}));
    assert_eq!(
        refused("PutItem", &elsewhere).0,
        "ResourceNotFoundException"
    );
}

#[test]
fn a_parameter_that_is_not_understood_is_refused_and_named() {
    let request = with(put("a", 1), &json!({"ReturnValues": "ALL_OLD"}));
    assert_invalid("PutItem", &request, "ReturnValues");
}

#[test]
fn a_placeholder_that_is_not_defined_or_not_used_is_refused() {
    let undefined = with(
        put("a", 1),
        &json!({"ConditionExpression": "attribute_not_exists(#id)"}),
    );
    assert_invalid("PutItem", &undefined, "#id is not defined");
    let unused = with(
        put("a", 1),
        &json!({
            "ConditionExpression": "attribute_not_exists(#id)",
            "ExpressionAttributeNames": {"#id": "id"},
            "ExpressionAttributeValues": {":now": {"N": "1"}},
        }),
    );
    assert_invalid("PutItem", &unused, ":now is not used");
}

#[test]
fn an_item_without_its_key_with_an_empty_one_or_too_long_is_refused() {
    assert_invalid("PutItem", &json!({"TableName": "T", "Item": {}}), "key id");
    assert_invalid("PutItem", &put("", 1), "key id");
    let long = json!({"TableName": "T", "Item": {
        "id": {"S": "a"}, "text": {"M": {"t": {"S": "x".repeat(400 * 1024)}}},
    }});
    assert_invalid("PutItem", &long, "Item size");
}

#[test]
fn a_transaction_of_none_of_too_many_or_twice_at_one_item_is_refused() {
    let transaction = |writes: &[Value]| {
        let items: Vec<_> = writes.iter().map(|write| json!({"Put": write})).collect();
        json!({"TransactItems": items, "ClientRequestToken": "token"})
    };
    let many: Vec<_> = (0..101).map(|id| put(&id.to_string(), 1)).collect();
    assert_invalid("TransactWriteItems", &transaction(&[]), "1 to 100");
    assert_invalid("TransactWriteItems", &transaction(&many), "1 to 100");
    let twice = transaction(&[put("a", 1), put("a", 2)]);
    assert_invalid("TransactWriteItems", &twice, "once");
}

#[test]
fn a_transaction_is_done_wholly_or_not_at_all_and_says_which_condition_failed() {
    let mut tables = tables();
    ask(&mut tables, "PutItem", &put("a", 1));
    let below_two = json!({
        "ConditionExpression": "#n < :two AND (attribute_not_exists(#x) OR #n = :two)",
        "ExpressionAttributeNames": {"#n": "number", "#x": "x"},
        "ExpressionAttributeValues": {":two": {"N": "2"}},
    });
    let request = json!({"ClientRequestToken": "token", "TransactItems": [
        {"Put": put("b", 1)},
        {"Put": with(put("a", 2), &below_two)},
    ]});
    assert_eq!(ask(&mut tables, "TransactWriteItems", &request), json!({}));
    let again = ask(&mut tables, "TransactWriteItems", &request);
    let codes = &again["CancellationReasons"];
    assert_eq!(codes[0]["Code"], "None");
    assert_eq!(codes[1]["Code"], "ConditionalCheckFailed");

    let late = json!({"ClientRequestToken": "token", "TransactItems": [
        {"Delete": {"TableName": "T", "Key": {"id": {"S": "b"}}}},
        {"Put": with(put("a", 3), &below_two)},
    ]});
    ask(&mut tables, "TransactWriteItems", &late);
    assert_eq!(number(&mut tables, "a"), "2");
    assert_eq!(number(&mut tables, "b"), "1");
}

#[test]
fn an_index_is_sparse_ordered_and_carries_only_what_is_projected() {
    let mut tables = tables();
    for (id, shard, place) in [("a", "1", "x"), ("b", "1", "y"), ("c", "10", "x")] {
        let item = json!({
            "id": {"S": id}, "shard": {"S": shard}, "place": {"S": place},
            "shown": {"BOOL": true}, "hidden": {"BOOL": true},
        });
        let request = json!({"TableName": "T", "Item": item});
        assert_eq!(ask(&mut tables, "PutItem", &request), json!({}));
    }
    ask(&mut tables, "PutItem", &put("d", 1));
    let query = json!({
        "TableName": "T", "IndexName": "I", "ScanIndexForward": false, "Limit": 1,
        "KeyConditionExpression": "#shard = :shard",
        "ExpressionAttributeNames": {"#shard": "shard"},
        "ExpressionAttributeValues": {":shard": {"S": "1"}},
    });
    let first = ask(&mut tables, "Query", &query);
    let item = json!({
        "id": {"S": "b"}, "shard": {"S": "1"}, "place": {"S": "y"}, "shown": {"BOOL": true},
    });
    assert_eq!(first["Items"], json!([item]));
    let last = json!({"id": {"S": "b"}, "shard": {"S": "1"}, "place": {"S": "y"}});
    assert_eq!(first["LastEvaluatedKey"], last);
    let all = with(query, &json!({"Limit": 9}));
    assert_eq!(ask(&mut tables, "Query", &all)["Count"], 2);
    ask(&mut tables, "PutItem", &put("b", 1));
    assert_eq!(ask(&mut tables, "Query", &all)["Count"], 1);
}

/// A table `S` whose partition `p` holds items of these places, between two other partitions.
fn sorted(places: &[&str], text: &str) -> Tables {
    let mut tables = Tables::default();
    let created = json!({
        "TableName": "S",
        "BillingMode": "PAY_PER_REQUEST",
        "KeySchema": [
            {"AttributeName": "part", "KeyType": "HASH"},
            {"AttributeName": "place", "KeyType": "RANGE"},
        ],
        "AttributeDefinitions": [
            {"AttributeName": "part", "AttributeType": "S"},
            {"AttributeName": "place", "AttributeType": "S"},
        ],
    });
    assert_eq!(ask(&mut tables, "CreateTable", &created), json!({}));
    for part in ["o", "p", "p#"] {
        for place in places {
            let item = json!({"part": {"S": part}, "place": {"S": place}, "text": {"S": text}});
            let request = json!({"TableName": "S", "Item": item});
            assert_eq!(ask(&mut tables, "PutItem", &request), json!({}));
        }
    }
    tables
}

fn query(more: &Value) -> Value {
    let query = json!({
        "TableName": "S",
        "KeyConditionExpression": "#part = :part",
        "ExpressionAttributeNames": {"#part": "part"},
        "ExpressionAttributeValues": {":part": {"S": "p"}},
    });
    with(query, more)
}

/// The places that a query finds, page by page.
fn pages(tables: &mut Tables, query: &Value) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    let mut query = query.clone();
    loop {
        let answer = ask(tables, "Query", &query);
        let items = answer["Items"].as_array().expect("items").iter();
        let place = |item: &Value| item["place"]["S"].as_str().expect("a text").to_owned();
        pages.push(items.map(place).collect());
        match answer.get("LastEvaluatedKey") {
            None => return pages,
            Some(key) => query = with(query, &json!({ "ExclusiveStartKey": key })),
        }
    }
}

#[test]
fn a_partition_is_read_in_order_either_way_and_page_by_page() {
    let mut tables = sorted(&["b", "a", "c"], "");
    let all = query(&json!({"ConsistentRead": true}));
    assert_eq!(pages(&mut tables, &all), [["a", "b", "c"]]);
    let backwards = query(&json!({"ScanIndexForward": false}));
    assert_eq!(pages(&mut tables, &backwards), [["c", "b", "a"]]);
    for (forward, order) in [(true, ["a", "b", "c"]), (false, ["c", "b", "a"])] {
        let by_one = query(&json!({"Limit": 1, "ScanIndexForward": forward}));
        let pages = pages(&mut tables, &by_one);
        assert_eq!(pages.concat(), order);
        assert_eq!(pages.len(), 4, "the last one is full, so there may be more");
    }
}

#[test]
fn a_partition_is_read_behind_a_place() {
    let mut tables = sorted(&["a", "b", "c"], "");
    let behind = query(&json!({
        "KeyConditionExpression": "#part = :part AND #place < :place",
        "ExpressionAttributeNames": {"#part": "part", "#place": "place"},
        "ExpressionAttributeValues": {":part": {"S": "p"}, ":place": {"S": "c"}},
        "ScanIndexForward": false,
        "Limit": 5,
    }));
    assert_eq!(pages(&mut tables, &behind), [["b", "a"]]);
}

#[test]
fn a_page_is_a_megabyte_at_most_as_it_is_at_dynamodbs() {
    let places: Vec<_> = (0..10).map(|place| place.to_string()).collect();
    let places: Vec<_> = places.iter().map(String::as_str).collect();
    let mut tables = sorted(&places, &"x".repeat(300 * 1024));
    let pages = pages(&mut tables, &query(&json!({})));
    let lengths: Vec<_> = pages.iter().map(Vec::len).collect();
    assert_eq!(lengths, [3, 3, 3, 1]);
    assert_eq!(pages.concat(), places);
}

#[test]
fn a_page_that_begins_in_another_partition_or_reads_an_index_consistently_is_refused() {
    let mut tables = sorted(&["a"], "");
    let elsewhere = json!({"part": {"S": "o"}, "place": {"S": "a"}});
    let elsewhere = query(&json!({ "ExclusiveStartKey": elsewhere }));
    let answer = ask(&mut tables, "Query", &elsewhere);
    assert_eq!(answer["message"], "a page begins in the partition");
    let index = json!({
        "TableName": "T", "IndexName": "I", "ScanIndexForward": false, "ConsistentRead": true,
        "KeyConditionExpression": "#shard = :shard",
        "ExpressionAttributeNames": {"#shard": "shard"},
        "ExpressionAttributeValues": {":shard": {"S": "1"}},
    });
    assert_invalid("Query", &index, "Consistent reads");
}
