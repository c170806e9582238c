output "api_id" {
  description = "Id of the WebSocket API."
  value       = aws_apigatewayv2_api.main.id
}

output "callback_url" {
  description = "Where the functions post to connections."
  value       = local.execute_url
}

output "dashboard_name" {
  description = "Name of the CloudWatch dashboard."
  value       = aws_cloudwatch_dashboard.main.dashboard_name
}

output "dead_letter_queue_urls" {
  description = "ticks and timers -> where those are put aside that could not be handled."
  value       = { for queue, resource in aws_sqs_queue.dead_letter : queue => resource.url }
}

output "function_names" {
  description = "Area -> name of its function."
  value       = { for area, function in aws_lambda_function.main : area => function.function_name }
}

output "log_group_names" {
  description = "Area -> log group of its function; `api` is the access log."
  value = merge(
    { for area, group in aws_cloudwatch_log_group.function : area => group.name },
    { api = aws_cloudwatch_log_group.api.name },
  )
}

output "message_queue_urls" {
  description = "ticks and timers -> where they are sent."
  value       = { for queue, resource in aws_sqs_queue.main : queue => resource.url }
}

output "seal_parameter_name" {
  description = "SSM parameter that holds the sealing secret."
  value       = local.seal_parameter.name
}

output "table_names" {
  description = "Table of tables.json -> its name here."
  value       = { for table, resource in aws_dynamodb_table.main : table => resource.name }
}

output "token_parameter_name" {
  description = "SSM parameter that holds the secret by which the game's backend signs players' tokens; null where none does."
  value       = local.token_parameter.name
}

output "turn_parameter_name" {
  description = "SSM parameter that holds the TURN servers' static-auth-secret; null where there are none."
  value       = try(local.turn_parameter.name, null)
}

output "websocket_url" {
  description = "What a game connects to."
  value       = var.domain_name == null ? replace(local.execute_url, "/^http/", "ws") : "wss://${var.domain_name}"

  # A URL that answers before its routes are there would answer "Forbidden".
  depends_on = [aws_apigatewayv2_stage.main, aws_lambda_event_source_mapping.main, aws_lambda_permission.api, aws_lambda_permission.authorizer]
}
