# What wakes somebody up. docs/operating.md says what each one means and what to do.
locals {
  alarm_actions = var.alarm_topic_arn == null ? [] : [var.alarm_topic_arn]

  function_alarms = merge([
    for function, name in local.function_names : {
      for alarm, metric in { errors = "Errors", throttles = "Throttles", duration = "Duration" } :
      "${function}-${alarm}" => {
        namespace  = "AWS/Lambda"
        metric     = metric
        dimensions = { FunctionName = name }
        statistic  = alarm == "duration" ? "p99" : "Sum"
        threshold  = alarm == "duration" ? var.alarm_duration_milliseconds : 0
        says       = "The ${function} function ${local.alarm_meanings[alarm]}."
      }
    }
  ]...)

  # A function answers its client even where what it depends on fails, so Lambda counts no error: the log does.
  failure_alarms = {
    for function, name in local.function_names : "${function}-failures" => {
      namespace  = local.prefix
      metric     = aws_cloudwatch_log_metric_filter.failure[function].metric_transformation[0].name
      dimensions = {}
      statistic  = "Sum"
      threshold  = 0
      says       = "The ${function} function ${local.alarm_meanings["failures"]}."
    }
  }

  # What other APIs call 5xx: the integration answered with an error, or could not be called at all.
  api_alarms = {
    for alarm, metric in { integration-errors = "IntegrationError", execution-errors = "ExecutionError" } :
    "api-${alarm}" => {
      namespace  = "AWS/ApiGateway"
      metric     = metric
      dimensions = { ApiId = aws_apigatewayv2_api.main.id, Stage = local.stage }
      statistic  = "Sum"
      threshold  = 0
      says       = "The API ${local.alarm_meanings[alarm]}."
    }
  }

  table_alarms = merge([
    for table, resource in aws_dynamodb_table.main : {
      for alarm, metric in { reads = "ReadThrottleEvents", writes = "WriteThrottleEvents" } :
      "${table}-throttled-${alarm}" => {
        namespace  = "AWS/DynamoDB"
        metric     = metric
        dimensions = { TableName = resource.name }
        statistic  = "Sum"
        threshold  = 0
        says       = "The table ${table} refuses ${alarm}: one key takes more than a partition can."
      }
    }
  ]...)

  dead_letter_alarms = {
    for queue, resource in aws_sqs_queue.dead_letter : "${queue}-dead-letters" => {
      namespace  = "AWS/SQS"
      metric     = "ApproximateNumberOfMessagesVisible"
      dimensions = { QueueName = resource.name }
      statistic  = "Maximum"
      threshold  = 0
      says       = "Some ${queue} were put aside: the ${local.consumer_of[queue]} function failed ${local.most_receives} times to handle each."
    }
  }

  # Of ticks alone: a timer's age says little, since it is sent long before its time.
  age_alarms = {
    ticks-age = {
      namespace  = "AWS/SQS"
      metric     = "ApproximateAgeOfOldestMessage"
      dimensions = { QueueName = aws_sqs_queue.main["ticks"].name }
      statistic  = "Maximum"
      threshold  = var.alarm_tick_age_seconds
      says       = "A tick waits: players are not matched."
    }
  }

  alarm_meanings = {
    duration           = "is slow for one message in a hundred"
    errors             = "crashes, times out or cannot start"
    execution-errors   = "cannot call its functions"
    failures           = "fails for what it depends on: clients hear a retryable error, or a message comes again"
    integration-errors = "gets errors from its functions"
    throttles          = "is refused for want of concurrency"
  }
}

resource "aws_cloudwatch_metric_alarm" "main" {
  for_each = merge(
    local.function_alarms, local.failure_alarms, local.api_alarms, local.table_alarms,
    local.dead_letter_alarms, local.age_alarms,
  )

  alarm_name         = "${local.prefix}-${each.key}"
  alarm_description  = each.value.says
  namespace          = each.value.namespace
  metric_name        = each.value.metric
  dimensions         = each.value.dimensions
  statistic          = startswith(each.value.statistic, "p") ? null : each.value.statistic
  extended_statistic = startswith(each.value.statistic, "p") ? each.value.statistic : null

  comparison_operator = "GreaterThanThreshold"
  threshold           = each.value.threshold
  period              = 60
  # One slow minute is a burst of cold starts; three are a fault.
  evaluation_periods = each.value.metric == "Duration" ? 3 : 1
  treat_missing_data = "notBreaching"
  alarm_actions      = local.alarm_actions
  ok_actions         = local.alarm_actions
}

# Each line that a function logs as an error is one message that failed on our side.
resource "aws_cloudwatch_log_metric_filter" "failure" {
  for_each = local.functions

  name           = "failures"
  log_group_name = aws_cloudwatch_log_group.function[each.key].name
  pattern        = "{ $.level = \"ERROR\" }"

  metric_transformation {
    namespace = local.prefix
    name      = "${each.key}-failures"
    value     = "1"
  }
}
