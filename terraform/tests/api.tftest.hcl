# Every route is there once, reaches its function, and answers.
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

run "routes" {
  assert {
    condition     = length(flatten(values(local.routes))) == length(distinct(flatten(values(local.routes))))
    error_message = "A route key stands twice in routes.json."
  }

  assert {
    condition     = toset([for route in aws_apigatewayv2_route.main : route.route_key]) == toset(flatten(values(local.routes)))
    error_message = "The API's routes are not those of routes.json."
  }

  assert {
    condition = alltrue([
      for key, route in aws_apigatewayv2_route.main :
      route.target == "integrations/${aws_apigatewayv2_integration.function[local.function_of[key]].id}"
    ])
    error_message = "A route leads to another function than routes.json says."
  }

  assert {
    condition     = aws_apigatewayv2_api.main.route_selection_expression == "$request.body.action"
    error_message = "A message must be routed by its action."
  }
}

run "answers" {
  assert {
    condition = alltrue([
      for key, route in aws_apigatewayv2_route.main : route.route_response_selection_expression == "$default"
      if !contains(["$connect", "$disconnect"], key)
    ])
    error_message = "A message route without a route response selection never answers."
  }

  assert {
    condition = toset(keys(aws_apigatewayv2_route_response.main)) == setsubtract(
      toset(flatten(values(local.routes))), ["$connect", "$disconnect"],
    )
    error_message = "Every message route needs one route response; $connect and $disconnect have none."
  }

  assert {
    condition = alltrue([
      for key, response in aws_apigatewayv2_route_response.main :
      response.route_id == aws_apigatewayv2_route.main[key].id && response.route_response_key == "$default"
    ])
    error_message = "A route response belongs to another route."
  }
}

run "one_integration_per_function" {
  assert {
    condition     = toset(keys(aws_apigatewayv2_integration.function)) == toset(keys(local.routes))
    error_message = "There must be one integration per function of routes.json, and none for those that a message queue drives."
  }

  assert {
    condition     = toset(keys(aws_lambda_permission.api)) == toset(keys(local.routes))
    error_message = "The API may call the functions of routes.json, and no other."
  }

  assert {
    condition     = alltrue([for each in aws_apigatewayv2_integration.function : each.integration_type == "AWS_PROXY"])
    error_message = "An integration must hand the whole request to its function."
  }

  assert {
    condition = alltrue([
      for permission in aws_lambda_permission.api :
      permission.principal == "apigateway.amazonaws.com" && permission.source_arn == "${aws_apigatewayv2_api.main.execution_arn}/dev/*"
    ])
    error_message = "Only this API's stage may call the functions."
  }
}

run "stage" {
  variables {
    throttling_burst      = 7
    throttling_per_second = 5
  }

  assert {
    condition = (
      aws_apigatewayv2_stage.main.default_route_settings[0].throttling_burst_limit == 7 &&
      aws_apigatewayv2_stage.main.default_route_settings[0].throttling_rate_limit == 5
    )
    error_message = "The stage must throttle as the variables say."
  }

  assert {
    condition     = jsondecode(aws_apigatewayv2_stage.main.access_log_settings[0].format).route == "$context.routeKey"
    error_message = "The access log must be JSON that names the route."
  }

  assert {
    condition     = !strcontains(aws_apigatewayv2_stage.main.access_log_settings[0].format, "sourceIp")
    error_message = "The access log must not keep players' addresses."
  }
}
