# The WebSocket API: a message's `action` names its route, a route names its function.
resource "aws_apigatewayv2_api" "main" {
  name                       = local.prefix
  description                = "Lobbies, matchmaking, battles and WebRTC signalling over one WebSocket."
  protocol_type              = "WEBSOCKET"
  route_selection_expression = "$request.body.action"
  tags                       = var.api_tags
}

resource "aws_apigatewayv2_integration" "function" {
  for_each = toset(keys(local.routes))

  api_id             = aws_apigatewayv2_api.main.id
  description        = "The ${each.key} function."
  integration_type   = "AWS_PROXY"
  integration_method = "POST"
  integration_uri    = aws_lambda_function.main[each.key].invoke_arn
}

resource "aws_apigatewayv2_route" "main" {
  #checkov:skip=CKV_AWS_309:A WebSocket is authorized at $connect alone, and there only where var.authentication says so.
  for_each = local.function_of

  api_id             = aws_apigatewayv2_api.main.id
  route_key          = each.key
  target             = "integrations/${aws_apigatewayv2_integration.function[each.value].id}"
  authorization_type = contains(values(local.authorizers), each.key) ? "CUSTOM" : "NONE"
  authorizer_id = one([
    for function, route in local.authorizers : aws_apigatewayv2_authorizer.main[function].id if route == each.key
  ])

  # Without it, and without the response below, what a function returns never reaches the client.
  route_response_selection_expression = contains(local.silent_routes, each.key) ? null : "$default"
}

resource "aws_apigatewayv2_route_response" "main" {
  for_each = local.message_routes

  api_id             = aws_apigatewayv2_api.main.id
  route_id           = aws_apigatewayv2_route.main[each.key].id
  route_response_key = "$default"
}

resource "aws_lambda_permission" "api" {
  for_each = toset(keys(local.routes))

  statement_id  = "api"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.main[each.key].function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.main.execution_arn}/${local.stage}/*"
}

resource "aws_apigatewayv2_stage" "main" {
  #checkov:skip=CKV2_AWS_51:Players come from browsers and consoles; none of them has a certificate to show.
  api_id      = aws_apigatewayv2_api.main.id
  name        = local.stage
  auto_deploy = true

  default_route_settings {
    # A metric per route: the dashboard counts messages by action.
    detailed_metrics_enabled = true
    throttling_burst_limit   = var.throttling_burst
    throttling_rate_limit    = var.throttling_per_second
  }

  access_log_settings {
    destination_arn = aws_cloudwatch_log_group.api.arn
    # No address and no body: what a player says is not ours to keep.
    format = jsonencode({
      connection_id      = "$context.connectionId"
      error              = "$context.error.message"
      event              = "$context.eventType"
      integration_error  = "$context.integrationErrorMessage"
      integration_status = "$context.integrationStatus"
      latency_ms         = "$context.integrationLatency"
      request_id         = "$context.requestId"
      route              = "$context.routeKey"
      status             = "$context.status"
      time               = "$context.requestTimeEpoch"
    })
  }

  # API Gateway refuses a stage with logs while it may not write any, and a deployment of an API without routes.
  depends_on = [aws_api_gateway_account.main, aws_apigatewayv2_route.main, aws_apigatewayv2_route_response.main]
}

resource "aws_cloudwatch_log_group" "api" {
  #checkov:skip=CKV_AWS_158:Encrypted with CloudWatch's own key; the lines hold no secret and no message.
  #checkov:skip=CKV_AWS_338:Thirty days by default, by variable; connection ids are worth nothing after two hours.
  name              = "/aws/apigateway/${local.prefix}"
  retention_in_days = var.log_retention_days
}
