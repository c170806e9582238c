# What must happen later. Ticks have a queue of players matched, one tick at a time; timers come when their time has come.
locals {
  # Message queue -> what makes it itself.
  message_queues = {
    ticks = {
      is_fifo = true
      # A tick waits for the end of its quarter of a second: nothing else should wait behind it.
      batch_size = 1
      # A tick that nobody handled for an hour is about players who have given up.
      retention_seconds = 3600
    }
    timers = {
      is_fifo           = false
      batch_size        = 10
      retention_seconds = 86400
    }
  }

  # Consumer -> how many of it Lambda calls at once; whoever is not named has no bound. What a function's own share of the
  # account's concurrency cannot take would be refused, and put aside at last.
  concurrency = {
    for consumer in keys(local.consumers) : consumer => lookup(
      var.consumer_concurrency, consumer,
      var.reserved_concurrency >= 2 ? min(var.reserved_concurrency, 1000) : null,
    )
  }

  # Message queue -> the function that it drives.
  consumer_of = { for function, queue in local.consumers : queue => function }

  # Handled so often, a message is put aside.
  most_receives = 5
}

resource "aws_sqs_queue" "main" {
  for_each = local.message_queues

  name                    = "${local.prefix}-${each.key}${each.value.is_fifo ? ".fifo" : ""}"
  sqs_managed_sse_enabled = true
  # AWS's advice: a message that comes again while a function is still at it is handled twice.
  visibility_timeout_seconds = 6 * var.timeout_seconds
  message_retention_seconds  = each.value.retention_seconds

  # Ticks are told apart by the sender's own id, and those of one queue of players do not wait for another's.
  fifo_queue                  = each.value.is_fifo
  content_based_deduplication = each.value.is_fifo ? false : null
  deduplication_scope         = each.value.is_fifo ? "messageGroup" : null
  fifo_throughput_limit       = each.value.is_fifo ? "perMessageGroupId" : null

  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letter[each.key].arn
    maxReceiveCount     = local.most_receives
  })
}

# What could not be handled is kept here, for somebody to look at: docs/operating.md says how.
resource "aws_sqs_queue" "dead_letter" {
  for_each = local.message_queues

  name                    = "${local.prefix}-${each.key}-dead-letter${each.value.is_fifo ? ".fifo" : ""}"
  sqs_managed_sse_enabled = true
  fifo_queue              = each.value.is_fifo
  # A timer's time here began when it was sent, not when it was put aside.
  message_retention_seconds = 1209600
}

resource "aws_lambda_event_source_mapping" "main" {
  for_each = local.consumers

  event_source_arn = aws_sqs_queue.main[each.value].arn
  function_name    = aws_lambda_function.main[each.key].arn
  batch_size       = local.message_queues[each.value].batch_size
  # A message that fails comes again alone.
  function_response_types = ["ReportBatchItemFailures"]

  dynamic "scaling_config" {
    for_each = compact([local.concurrency[each.key]])

    content {
      maximum_concurrency = scaling_config.value
    }
  }
}
