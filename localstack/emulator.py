"""Starts MiniStack, the local AWS emulator, with the repairs that Terraform and the end-to-end suite need.

Asked in XML, as Terraform's provider asks, MiniStack describes an alarm without half of what it knows of it, and gives
one that watches a percentile an average besides. Terraform would find alarms changed, for ever. The same question in
JSON gets the whole answer: put it so, and write that answer as XML.

A message that nests deeper than Python recurses would end its connection. Its action is found without what nests so deep.

Every event of a connection says that it was opened just now. It was opened when its first event came.

Every call of a function that is not busy elsewhere starts one more process, so that two hundred players who arrive
together make two hundred processes, which no small machine carries. A few run at a time; the other calls wait.

What a function says that cannot start is given to its caller and not to its log, where AWS writes it.

A function asks for its next call over HTTP, and is answered in two small packets, of which the second waits 40 ms for
the first to be acknowledged. They need not wait.

What a function says during a call is looked for during 50 ms after it, and logged with the next call if it is read later.
On a busy machine it is. Every call of ours says something: that is waited for.

A FIFO queue's messages reach their function one batch after the other, whatever group they are of. One message at a
time, as ours come, they can come group by group side by side: a group of which one is being handled is passed over.

A queue's messages reach a function whose role may not take them out. They wait, and the mapping says what is lacking.

An authorizer gets what only those of HTTP APIs have: a version of its payload, a header that is demanded, an issuer. Terraform would
find it changed, for ever. What was not asked for is left out.

A client that offers subprotocols never hears which one `$connect` has chosen, and hangs up. It is told.
"""

import contextvars
import json
import os
import re
import socketserver
import threading
from xml.sax.saxutils import escape

from ministack.app import AUTH, main
from ministack.core import iam_evaluator, lambda_runtime
from ministack.services import apigateway, cloudwatch, lambda_svc

LISTS = ("AlarmNames", "AlarmTypes")
SCALARS = ("AlarmNamePrefix", "StateValue", "MaxRecords", "NextToken")
TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]|[^"\[\]{}]+|"', re.DOTALL)
LEVELS = 100
RECEIVING = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes")

describe_alarms = cloudwatch._describe_alarms
describe_event = apigateway._ws_request_context
select_route = apigateway._evaluate_route_selection
run_function = lambda_svc._execute_function_provided_warm
read_log = lambda_runtime.Worker._drain_stderr_bounded
count_batches = lambda_svc._sqs_esm_concurrency
serve_socket = apigateway.handle_websocket
call_route = apigateway._invoke_ws_lambda
create_authorizer = apigateway._create_authorizer

# Connection -> when it was opened.
opened = {}

# What the `$connect` of the connection at hand has answered.
answered = contextvars.ContextVar("answered")

# No function of ours calls another, so a call that waits never waits for itself.
calls = threading.BoundedSemaphore(4 * (os.cpu_count() or 1))


def describe_alarms_whole(params, data, is_cbor, is_json=False):
    """Describes alarms in the protocol that was asked in, leaving nothing out but times."""
    if is_cbor or is_json:
        return describe_alarms(params, data, is_cbor, is_json)
    question = {name: value for name in SCALARS if (value := cloudwatch._p(params, name))}
    question |= {name: members(params, name) for name in LISTS}
    status, headers, body = describe_alarms(params, question, False, is_json=True)
    if status != 200:
        return describe_alarms(params, data, False)
    described = json.loads(body)
    for alarm in described["MetricAlarms"]:
        if alarm.get("ExtendedStatistic"):
            alarm["Statistic"] = None
    answer = f"<DescribeAlarmsResult>{as_xml(described)}</DescribeAlarmsResult>"
    return cloudwatch._xml(200, "DescribeAlarmsResponse", answer)


def members(params, name):
    """The values of `name.member.1`, `name.member.2`, ... up to the first that is missing."""
    values = []
    while value := cloudwatch._p(params, f"{name}.member.{len(values) + 1}"):
        values.append(value)
    return values


def as_xml(value):
    """Writes JSON the way AWS's query protocol does."""
    if isinstance(value, dict):
        # Times are seconds in JSON and text in XML; nobody here asks for them.
        fields = ((name, field) for name, field in value.items() if not name.endswith("Timestamp"))
        return "".join(f"<{name}>{as_xml(field)}</{name}>" for name, field in fields if field is not None)
    if isinstance(value, list):
        return "".join(f"<member>{as_xml(item)}</member>" for item in value)
    if isinstance(value, bool):
        return str(value).lower()
    return escape(str(value))


def describe_event_of_connection(api, route, stage, connection, kind, *more):
    """Tells what a function is told of an event, with the moment at which its connection was opened."""
    context = describe_event(api, route, stage, connection, kind, *more)
    context["connectedAt"] = opened.setdefault(connection, context["connectedAt"])
    if kind == "DISCONNECT":
        del opened[connection]
    return context


def select_route_of_anything(expression, text):
    """Tells the route of a message, however deeply it nests."""
    try:
        return select_route(expression, text)
    except RecursionError:
        return select_route(expression, shallow(text))


def shallow(text):
    """Empties the arrays and objects that are too deep down."""
    kept, level = [], 0
    for token in TOKENS.findall(text):
        level += token in ("[", "{")
        if level < LEVELS or (level == LEVELS and token in ("[", "]", "{", "}")):
            kept.append(token)
        level -= token in ("]", "}")
    return "".join(kept)


def run_function_in_turn(function, event, request_id):
    """Calls a function once few enough others run."""
    with calls:
        result = run_function(function, event, request_id)
    if result.get("error") and not result.get("log"):
        result["log"] = str(result["body"].get("errorMessage", ""))
    return result


def read_log_in_time(worker, **_waits):
    """What a function has said, once it has said something."""
    return read_log(worker, first_line_wait=0.5, hard_cap=0.6)


def count_batches_by_right_and_group(mapping, function, config, queue=None):
    """How many batches of a queue may be handled at once; none without the rights to take messages out."""
    lacking = lacking_right(config["Role"], mapping["EventSourceArn"]) if AUTH else None
    if lacking:
        mapping["LastProcessingResult"] = f"PROBLEM: {config['Role']} is not authorized to perform: {lacking}"
        return 0
    return count_batches(mapping, function, config, None if mapping["BatchSize"] == 1 else queue)


def create_authorizer_as_asked(api, asked):
    """Makes an authorizer that is no more than what was asked for."""
    nothing = {"authorizerPayloadFormatVersion": "", "identitySource": [], "jwtConfiguration": None}
    return create_authorizer(api, nothing | asked)


async def serve_socket_with_subprotocol(scope, receive, send, *place, **more):
    """Serves a WebSocket whose client hears the subprotocol that was chosen for it."""
    answer = {}
    answered.set(answer)

    async def send_with_subprotocol(message):
        if message["type"] == "websocket.accept" and "subprotocol" in answer:
            message = message | answer
        await send(message)

    await serve_socket(scope, receive, send_with_subprotocol, *place, **more)


async def call_route_and_note_subprotocol(api, account, region, route, stage, connection, kind, *more, **others):
    """Calls a route's function; notes which subprotocol a `$connect` has chosen."""
    response = await call_route(api, account, region, route, stage, connection, kind, *more, **others)
    if kind == "CONNECT":
        for name, value in ((response or {}).get("headers") or {}).items():
            if name.lower() == "sec-websocket-protocol":
                answered.get()["subprotocol"] = value
    return response


def lacking_right(role, queue):
    """The first right that it takes to receive from a queue and that a role has not."""
    account, region = role.split(":")[4], queue.split(":")[3]
    policies = iam_evaluator._gather_role_policies(role.rsplit("/", 1)[-1], account)
    for action in RECEIVING:
        asked = iam_evaluator.EvalContext(role, "AssumedRole", account, action, queue, region)
        if iam_evaluator.evaluate(asked, policies).decision != "Allow":
            return action
    return None


if __name__ == "__main__":
    cloudwatch._describe_alarms = describe_alarms_whole
    apigateway._ws_request_context = describe_event_of_connection
    apigateway._evaluate_route_selection = select_route_of_anything
    lambda_svc._execute_function_provided_warm = run_function_in_turn
    lambda_runtime.Worker._drain_stderr_bounded = read_log_in_time
    lambda_svc._sqs_esm_concurrency = count_batches_by_right_and_group
    apigateway._create_authorizer = create_authorizer_as_asked
    apigateway.handle_websocket = serve_socket_with_subprotocol
    apigateway._invoke_ws_lambda = call_route_and_note_subprotocol
    socketserver.StreamRequestHandler.disable_nagle_algorithm = True
    main()
