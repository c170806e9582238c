# What each function may do, and nothing else. A transaction needs the rights of the writes in it, so none is named
# TransactWriteItems; a post that finds nobody starts the cleaning-up, so every function may take out what is gone.
locals {
  # Function -> table, or table/index/name -> its DynamoDB actions.
  rights = {
    connection = {
      connections = ["GetItem", "PutItem", "DeleteItem"]
      lobbies     = ["GetItem", "PutItem", "DeleteItem"]
      players     = ["GetItem", "PutItem", "DeleteItem", "ConditionCheckItem"]
    }
    lobby = {
      connections             = ["GetItem", "DeleteItem", "ConditionCheckItem"]
      lobbies                 = ["GetItem", "PutItem", "DeleteItem"]
      "lobbies/index/listing" = ["Query"]
      players                 = ["GetItem", "PutItem", "DeleteItem", "ConditionCheckItem"]
    }
    signalling = {
      connections = ["GetItem", "DeleteItem"]
      lobbies     = ["GetItem", "PutItem", "DeleteItem"]
      players     = ["GetItem", "DeleteItem", "ConditionCheckItem"]
    }
  }
}

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

  statement {
    sid       = "Push"
    actions   = ["execute-api:ManageConnections"]
    resources = ["${aws_apigatewayv2_api.main.execution_arn}/${local.stage}/POST/@connections/*"]
  }

  statement {
    sid       = "Seal"
    actions   = ["ssm:GetParameter"]
    resources = [local.seal_parameter.arn]
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
  policy = data.aws_iam_policy_document.function[each.key].json
}
