# Tables as tables.json says, safe by default; alarms for all that can go wrong; variables that say what is wrong.
mock_provider "aws" {
  source = "./tests/mocks"
}

# Never asked: a provider with ephemeral resources cannot be mocked, so the secret is one that was made elsewhere.
provider "aws" {
  alias                       = "ephemeral"
  access_key                  = "none"
  secret_key                  = "none"
  region                      = "eu-central-1"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
}

variables {
  packages_directory  = "./tests/packages"
  seal_parameter_name = "/elsewhere/seal-secret"
}

run "tables" {
  assert {
    condition     = toset(keys(aws_dynamodb_table.main)) == toset(keys(jsondecode(file("tables.json"))))
    error_message = "The tables are not those of tables.json."
  }

  assert {
    condition = alltrue([
      for table in aws_dynamodb_table.main :
      table.billing_mode == "PAY_PER_REQUEST" && table.deletion_protection_enabled &&
      table.ttl[0].enabled && table.point_in_time_recovery[0].enabled
    ])
    error_message = "A table must be paid by use, protected, recoverable, and forget what has expired."
  }

  assert {
    condition     = [for index in aws_dynamodb_table.main["lobbies"].global_secondary_index : index.name] == ["listing"]
    error_message = "Lobbies are listed by an index."
  }

  assert {
    condition     = aws_dynamodb_table.main["lobbies"].name == "switchboard-dev-lobbies"
    error_message = "A table's name is the prefix that functions are given, and its name in tables.json."
  }
}

run "alarms" {
  variables {
    alarm_topic_arn = "arn:aws:sns:eu-central-1:123456789012:alarms"
  }

  assert {
    condition = toset([for alarm in aws_cloudwatch_metric_alarm.main : alarm.alarm_name]) == toset([
      for name in concat(
        flatten([for function in local.functions : [for alarm in ["errors", "failures", "throttles", "duration"] : "${function}-${alarm}"]]),
        flatten([for table in keys(local.tables) : [for alarm in ["reads", "writes"] : "${table}-throttled-${alarm}"]]),
        [for queue in values(local.consumers) : "${queue}-dead-letters"],
        ["api-integration-errors", "api-execution-errors", "ticks-age"],
      ) : "switchboard-dev-${name}"
    ])
    error_message = "Every function, every table, every message queue and the API need their alarms."
  }

  assert {
    condition = alltrue([
      for queue in values(local.consumers) :
      aws_cloudwatch_metric_alarm.main["${queue}-dead-letters"].metric_name == "ApproximateNumberOfMessagesVisible" &&
      aws_cloudwatch_metric_alarm.main["${queue}-dead-letters"].dimensions.QueueName == aws_sqs_queue.dead_letter[queue].name &&
      aws_cloudwatch_metric_alarm.main["${queue}-dead-letters"].statistic == "Maximum" &&
      aws_cloudwatch_metric_alarm.main["${queue}-dead-letters"].threshold == 0
    ])
    error_message = "One message put aside must raise its queue's alarm."
  }

  assert {
    condition = alltrue([
      for name, alarm in aws_cloudwatch_metric_alarm.main :
      endswith(name, "-duration") ? alarm.extended_statistic == "p99" : contains(["Sum", "Maximum"], alarm.statistic)
    ])
    error_message = "What is counted is summed up, what is measured is not."
  }

  assert {
    condition = alltrue([
      for alarm in aws_cloudwatch_metric_alarm.main : alltrue([
        for actions in [alarm.alarm_actions, alarm.ok_actions] : tolist(actions) == tolist([var.alarm_topic_arn])
      ])
    ])
    error_message = "Every alarm, and its end, must reach the topic."
  }
}

run "dashboard" {
  assert {
    condition = alltrue([
      for key in keys(local.message_routes) : strcontains(aws_cloudwatch_dashboard.main.dashboard_body, "\"${key}\"")
    ])
    error_message = "The dashboard must count every action's messages."
  }
}

run "wrong_variables_are_named" {
  command = plan

  variables {
    alarm_tick_age_seconds = 0
    alarm_topic_arn        = "topic"
    architecture           = "sparc"
    check_up_seconds       = 0.5
    consumer_concurrency   = { matchmaker = 1 }
    domain_certificate_arn = "arn:aws:acm:eu-central-1:123456789012:certificate/one"
    environment            = "Production!"
    execute_url            = "http://localhost:4566"
    grace_seconds          = 901
    ice_servers            = [{ urls = ["https://example.org"] }]
    log_retention_days     = 2
    memory_megabytes       = 64
    name                   = "S"
    queues                 = []
    reserved_concurrency   = 0
    seal_version           = 0
    throttling_burst       = 0
    throttling_per_second  = 0
    timeout_seconds        = 30
  }

  expect_failures = [
    var.alarm_tick_age_seconds,
    var.alarm_topic_arn,
    var.architecture,
    var.check_up_seconds,
    var.consumer_concurrency,
    var.domain_certificate_arn,
    var.environment,
    var.execute_url,
    var.grace_seconds,
    var.ice_servers,
    var.log_retention_days,
    var.memory_megabytes,
    var.name,
    var.queues,
    var.reserved_concurrency,
    var.seal_version,
    var.throttling_burst,
    var.throttling_per_second,
    var.timeout_seconds,
  ]
}
