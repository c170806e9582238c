# A role for each function, and a policy that spells out its rights.
data "aws_iam_policy_document" "function" {
  #checkov:skip=CKV_AWS_356:X-Ray's two actions know no resource; every other statement names its own.
  #checkov:skip=CKV_AWS_111:X-Ray's two actions know no resource; every other statement names its own.
  for_each = local.rights

  dynamic "statement" {
    for_each = each.value

    content {
      sid     = join("", [for word in split("/", statement.key) : title(word)])
      actions = [for action in statement.value : "dynamodb:${action}"]
      # The index's ARN is the table's with the rest of the key behind it.
      resources = [
        "${aws_dynamodb_table.main[split("/", statement.key)[0]].arn}${trimprefix(statement.key, split("/", statement.key)[0])}",
      ]
    }
  }

  dynamic "statement" {
    for_each = local.sends[each.key]

    content {
      sid       = "Send${title(statement.value)}"
      actions   = ["sqs:SendMessage"]
      resources = [aws_sqs_queue.main[statement.value].arn]
    }
  }

  # Lambda takes messages out of a queue in the name of the function that it calls with them.
  dynamic "statement" {
    for_each = compact([lookup(local.consumers, each.key, null)])

    content {
      sid       = "Receive${title(statement.value)}"
      actions   = ["sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage"]
      resources = [aws_sqs_queue.main[statement.value].arn]
    }
  }

  statement {
    sid     = "Push"
    actions = ["execute-api:ManageConnections"]
    # Who comes back by another connection has its last one closed.
    resources = [
      for method in each.key == "connection" ? ["POST", "DELETE"] : ["POST"] :
      "${aws_apigatewayv2_api.main.execution_arn}/${local.stage}/${method}/@connections/*"
    ]
  }

  # Whether those who are in a lobby are still connected.
  dynamic "statement" {
    for_each = each.key == "timer" ? ["GET"] : []

    content {
      sid       = "Look"
      actions   = ["execute-api:ManageConnections"]
      resources = ["${aws_apigatewayv2_api.main.execution_arn}/${local.stage}/${statement.value}/@connections/*"]
    }
  }

  statement {
    sid       = "Seal"
    actions   = ["ssm:GetParameter"]
    resources = [local.seal_parameter.arn]
  }

  dynamic "statement" {
    for_each = each.key == "signalling" && var.turn != null ? [local.turn_parameter.arn] : []

    content {
      sid       = "Turn"
      actions   = ["ssm:GetParameter"]
      resources = [statement.value]
    }
  }

  statement {
    sid       = "Log"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.function[each.key].arn}:*"]
  }

  statement {
    sid       = "Trace"
    actions   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
    resources = ["*"]
  }
}

data "aws_iam_policy_document" "assume_function" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "function" {
  for_each = local.functions

  name               = local.function_names[each.key]
  description        = "The ${each.key} function of ${local.prefix}."
  assume_role_policy = data.aws_iam_policy_document.assume_function.json
}

resource "aws_iam_role_policy" "function" {
  for_each = local.functions

  name   = "function"
  role   = aws_iam_role.function[each.key].id
  policy = merge(data.aws_iam_policy_document.function, data.aws_iam_policy_document.authorizer)[each.key].json
}
