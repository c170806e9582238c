"""Starts MiniStack, the local AWS emulator, with the one repair that Terraform needs.

Asked in XML, as Terraform's provider asks, MiniStack describes an alarm without half of what it knows of it, and gives
one that watches a percentile an average besides. Terraform would find alarms changed, for ever. The same question in
JSON gets the whole answer: put it so, and write that answer as XML.
"""

import json
from xml.sax.saxutils import escape

from ministack.app import main
from ministack.services import cloudwatch

LISTS = ("AlarmNames", "AlarmTypes")
SCALARS = ("AlarmNamePrefix", "StateValue", "MaxRecords", "NextToken")

describe_alarms = cloudwatch._describe_alarms


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


if __name__ == "__main__":
    cloudwatch._describe_alarms = describe_alarms_whole
    main()
