# One function per area, one per message queue and one that lets players in, each a single `bootstrap` binary with its own role and its own log.
resource "aws_lambda_function" "main" {
  #checkov:skip=CKV_AWS_115:reserved_concurrency is a variable; by default the functions share the account's quota.
  #checkov:skip=CKV_AWS_116:API Gateway waits for every call, and a message queue has a dead-letter queue of its own.
  #checkov:skip=CKV_AWS_117:Only AWS's own APIs are called; a VPC would add cost and start-up for nothing to protect.
  #checkov:skip=CKV_AWS_173:The environment holds no secret, only the name of the parameter that does.
  #checkov:skip=CKV_AWS_272:The zip's hash is in the plan; signing is for accounts that take code from elsewhere.
  for_each = local.functions

  function_name = local.function_names[each.key]
  description   = "Switchboard: ${local.tasks[each.key]}"
  role          = aws_iam_role.function[each.key].arn

  filename         = "${local.packages_directory}/${each.key}.zip"
  source_code_hash = filebase64sha256("${local.packages_directory}/${each.key}.zip")
  runtime          = "provided.al2023"
  handler          = "bootstrap"
  architectures    = [var.architecture]

  memory_size                    = var.memory_megabytes
  timeout                        = var.timeout_seconds
  reserved_concurrent_executions = var.reserved_concurrency

  environment {
    variables = merge(
      contains(keys(local.authorizers), each.key) ? local.authorizer_environment : local.environment,
      try(local.own_variables[each.key], {}),
    )
  }

  logging_config {
    # The function writes JSON itself; Lambda's own JSON would wrap it once more.
    log_format = "Text"
    log_group  = aws_cloudwatch_log_group.function[each.key].name
  }

  tracing_config {
    mode = "Active"
  }

  # A function that starts before it has its rights fails its first player.
  depends_on = [aws_iam_role_policy.function]
}

# Made here, before the function: Lambda would make its own on the first call, kept for ever.
resource "aws_cloudwatch_log_group" "function" {
  #checkov:skip=CKV_AWS_158:Encrypted with CloudWatch's own key; the functions log no token, no SDP and no body.
  #checkov:skip=CKV_AWS_338:Thirty days by default, by variable; what a function logs is about games long over.
  for_each = local.functions

  name              = "/aws/lambda/${local.function_names[each.key]}"
  retention_in_days = var.log_retention_days
}

locals {
  # Function -> what brings it its events.
  tasks = merge(
    { for function, keys in local.routes : function => join(" ", keys) },
    { for function, queue in local.consumers : function => "what the queue ${queue} brings" },
    { for function, route in local.authorizers : function => "who may ${route}" },
  )

  environment = {
    SWITCHBOARD_CALLBACK_URL     = local.execute_url
    SWITCHBOARD_CHECK_UP_SECONDS = tostring(var.check_up_seconds)
    SWITCHBOARD_GRACE_SECONDS    = tostring(var.grace_seconds)
    SWITCHBOARD_ICE_SERVERS      = local.ice_servers
    SWITCHBOARD_LIMITS           = jsonencode(var.limits)
    SWITCHBOARD_LOG              = var.log_filter
    SWITCHBOARD_QUEUES           = local.queues
    SWITCHBOARD_SEAL_PARAMETER   = local.seal_parameter.name
    # Read by nobody: its change makes every instance start anew, with the new secret.
    SWITCHBOARD_SEAL_VERSION = tostring(var.seal_version)
    SWITCHBOARD_TABLE_PREFIX = "${local.prefix}-"
    SWITCHBOARD_TICKS_URL    = aws_sqs_queue.main["ticks"].url
    SWITCHBOARD_TIMERS_URL   = aws_sqs_queue.main["timers"].url
  }

  packages_directory = coalesce(var.packages_directory, "${path.module}/../target/lambda")

  # Without spaces: it travels in every function's environment, which holds 4 KB.
  queues = var.queues == null ? jsonencode(jsondecode(file("${path.module}/queues.default.json"))) : jsonencode(var.queues)

  # A browser refuses `"username": null`: what is not given is left out.
  ice_servers = jsonencode([
    for server in var.ice_servers : { for name, value in server : name => value if value != null }
  ])
}
