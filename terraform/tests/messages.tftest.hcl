# Ticks and timers: each queue drives its function, keeps what fails, and hides nothing.
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

override_resource {
  target = aws_sqs_queue.main["ticks"]
  values = {
    arn = "arn:aws:sqs:eu-central-1:123456789012:switchboard-dev-ticks.fifo"
    url = "https://sqs.eu-central-1.amazonaws.com/123456789012/switchboard-dev-ticks.fifo"
  }
}

override_resource {
  target = aws_sqs_queue.main["timers"]
  values = {
    arn = "arn:aws:sqs:eu-central-1:123456789012:switchboard-dev-timers"
    url = "https://sqs.eu-central-1.amazonaws.com/123456789012/switchboard-dev-timers"
  }
}

override_resource {
  target = aws_sqs_queue.dead_letter["ticks"]
  values = { arn = "arn:aws:sqs:eu-central-1:123456789012:switchboard-dev-ticks-dead-letter.fifo" }
}

override_resource {
  target = aws_sqs_queue.dead_letter["timers"]
  values = { arn = "arn:aws:sqs:eu-central-1:123456789012:switchboard-dev-timers-dead-letter" }
}

run "queues" {
  assert {
    condition     = toset(keys(aws_sqs_queue.main)) == toset(values(local.consumers))
    error_message = "There must be a queue for each consumer, and none that nobody empties."
  }

  assert {
    condition = alltrue([
      for queue in concat(values(aws_sqs_queue.main), values(aws_sqs_queue.dead_letter)) : queue.sqs_managed_sse_enabled
    ])
    error_message = "Every queue must be encrypted."
  }

  assert {
    condition = (
      aws_sqs_queue.main["ticks"].name == "switchboard-dev-ticks.fifo" && aws_sqs_queue.main["ticks"].fifo_queue &&
      !aws_sqs_queue.main["ticks"].content_based_deduplication &&
      aws_sqs_queue.main["ticks"].deduplication_scope == "messageGroup" &&
      aws_sqs_queue.main["ticks"].fifo_throughput_limit == "perMessageGroupId"
    )
    error_message = "Ticks must come in order, be told apart by the sender's id, and not wait for another queue of players."
  }

  assert {
    condition     = aws_sqs_queue.main["timers"].name == "switchboard-dev-timers" && !aws_sqs_queue.main["timers"].fifo_queue
    error_message = "Timers need a standard queue: in another no message can be delayed alone."
  }

  assert {
    condition = alltrue([
      for function in aws_lambda_function.main : (
        function.environment[0].variables.SWITCHBOARD_TICKS_URL == aws_sqs_queue.main["ticks"].url &&
        function.environment[0].variables.SWITCHBOARD_TIMERS_URL == aws_sqs_queue.main["timers"].url
      )
    ])
    error_message = "Every function must know where ticks and timers go."
  }
}

run "what_fails" {
  variables {
    timeout_seconds = 29
  }

  assert {
    condition = alltrue([
      for consumer, queue in local.consumers :
      aws_sqs_queue.main[queue].visibility_timeout_seconds >= 6 * aws_lambda_function.main[consumer].timeout
    ])
    error_message = "A message must stay hidden for six times as long as its function may take."
  }

  assert {
    condition = alltrue([
      for name, queue in aws_sqs_queue.main : (
        jsondecode(queue.redrive_policy).deadLetterTargetArn == aws_sqs_queue.dead_letter[name].arn &&
        jsondecode(queue.redrive_policy).maxReceiveCount == 5
      )
    ])
    error_message = "What fails five times must be put aside, into its queue's own dead-letter queue."
  }

  assert {
    condition = alltrue([
      for name, queue in aws_sqs_queue.dead_letter : (
        queue.fifo_queue == aws_sqs_queue.main[name].fifo_queue &&
        queue.message_retention_seconds > aws_sqs_queue.main[name].message_retention_seconds &&
        aws_sqs_queue.main[name].message_retention_seconds > 5 * aws_sqs_queue.main[name].visibility_timeout_seconds
      )
    ])
    error_message = "A message must live long enough to fail five times, and then long enough to be looked at."
  }
}

run "mappings" {
  assert {
    condition = alltrue([
      for consumer, queue in local.consumers : [
        for mapping in aws_lambda_event_source_mapping.main : mapping.event_source_arn
        if mapping.function_name == aws_lambda_function.main[consumer].arn &&
        mapping.event_source_arn == aws_sqs_queue.main[queue].arn
      ] == [aws_sqs_queue.main[queue].arn]
    ]) && length(aws_lambda_event_source_mapping.main) == length(local.consumers)
    error_message = "Every consumer must be driven by its queue, once, and by nothing else."
  }

  assert {
    condition = alltrue([
      for mapping in aws_lambda_event_source_mapping.main :
      mapping.function_response_types == toset(["ReportBatchItemFailures"])
    ])
    error_message = "A message that fails must come again alone, not with its batch."
  }

  assert {
    condition = { for consumer, mapping in aws_lambda_event_source_mapping.main : consumer => mapping.batch_size } == {
      matchmaker = 1
      timer      = 10
    }
    error_message = "Ticks come one by one, timers by ten."
  }

  assert {
    condition     = alltrue([for mapping in aws_lambda_event_source_mapping.main : length(mapping.scaling_config) == 0])
    error_message = "Nothing holds consumers back unless somebody asks for it."
  }
}

run "held_back" {
  variables {
    consumer_concurrency = { timer = 20 }
  }

  assert {
    condition = (
      aws_lambda_event_source_mapping.main["timer"].scaling_config[0].maximum_concurrency == 20 &&
      length(aws_lambda_event_source_mapping.main["matchmaker"].scaling_config) == 0
    )
    error_message = "A consumer must be held back where that is asked for, and no other."
  }
}

run "with_a_share_of_their_own" {
  variables {
    consumer_concurrency = { timer = 20 }
    reserved_concurrency = 50
  }

  assert {
    condition = (
      aws_lambda_event_source_mapping.main["timer"].scaling_config[0].maximum_concurrency == 20 &&
      aws_lambda_event_source_mapping.main["matchmaker"].scaling_config[0].maximum_concurrency == 50
    )
    error_message = "A consumer must not be called more often than it may run."
  }
}

run "a_stranger_cannot_be_held_back" {
  command = plan

  variables {
    consumer_concurrency = { lobby = 20 }
  }

  expect_failures = [var.consumer_concurrency]
}
