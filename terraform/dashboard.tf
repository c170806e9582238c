# One page that says how it goes: who is there, what they do, how fast, and what fails.
resource "aws_cloudwatch_dashboard" "main" {
  dashboard_name = local.prefix

  dashboard_body = jsonencode({
    widgets = [
      for index, widget in local.widgets : {
        type   = "metric"
        x      = index % 2 * 12
        y      = floor(index / 2) * 6
        width  = 12
        height = 6
        properties = {
          title   = widget.title
          region  = data.aws_region.current.name
          view    = "timeSeries"
          stacked = widget.stacked
          stat    = widget.stat
          period  = 60
          metrics = widget.metrics
        }
      }
    ]
  })
}

locals {
  api_dimensions = ["ApiId", aws_apigatewayv2_api.main.id, "Stage", local.stage]

  # Table/operation pairs that some function has the right to.
  operations = distinct(flatten([
    for rights in values(local.rights) : [
      for key, actions in rights : [for action in actions : "${split("/", key)[0]}/${action}"]
    ]
  ]))

  # Every metric is a list, [namespace, name, dimension, value, ..., options], with the options' type the same all through.
  widgets = [
    {
      title   = "Connections opened"
      stat    = "Sum"
      stacked = false
      metrics = [concat(["AWS/ApiGateway", "ConnectCount"], local.api_dimensions)]
    },
    {
      title   = "Messages by action"
      stat    = "Sum"
      stacked = true
      metrics = [
        for key in keys(local.message_routes) :
        concat(["AWS/ApiGateway", "MessageCount"], local.api_dimensions, ["Route", key])
      ]
    },
    {
      title   = "Duration in milliseconds, p50"
      stat    = "p50"
      stacked = false
      metrics = [for name in values(local.function_names) : ["AWS/Lambda", "Duration", "FunctionName", name]]
    },
    {
      title   = "Duration in milliseconds, p99"
      stat    = "p99"
      stacked = false
      metrics = [for name in values(local.function_names) : ["AWS/Lambda", "Duration", "FunctionName", name]]
    },
    {
      title   = "Errors and throttles"
      stat    = "Sum"
      stacked = false
      metrics = concat(
        [for name in values(local.function_names) : ["AWS/Lambda", "Errors", "FunctionName", name]],
        [for name in values(local.function_names) : ["AWS/Lambda", "Throttles", "FunctionName", name]],
        [
          for name in ["ClientError", "ExecutionError", "IntegrationError"] :
          concat(["AWS/ApiGateway", name], local.api_dimensions)
        ],
      )
    },
    {
      title   = "Ticks and timers sent, and put aside"
      stat    = "Sum"
      stacked = false
      metrics = concat(
        [for queue in values(aws_sqs_queue.main) : ["AWS/SQS", "NumberOfMessagesSent", "QueueName", queue.name]],
        [
          for queue in values(aws_sqs_queue.dead_letter) :
          ["AWS/SQS", "ApproximateNumberOfMessagesVisible", "QueueName", queue.name]
        ],
      )
    },
    {
      title   = "Age of the oldest tick in seconds"
      stat    = "Maximum"
      stacked = false
      metrics = [["AWS/SQS", "ApproximateAgeOfOldestMessage", "QueueName", aws_sqs_queue.main["ticks"].name]]
    },
    {
      title   = "Operations by table"
      stat    = "SampleCount"
      stacked = true
      metrics = [
        for pair in local.operations : [
          "AWS/DynamoDB", "SuccessfulRequestLatency",
          "TableName", "${local.prefix}-${split("/", pair)[0]}", "Operation", split("/", pair)[1],
        ]
      ]
    },
  ]
}
