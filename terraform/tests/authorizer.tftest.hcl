# Who may connect, in each mode.
mock_provider "aws" {
  source = "./tests/mocks"
}

# Never asked: a provider with ephemeral resources cannot be mocked, so the secrets are ones that were made elsewhere.
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

run "everybody_may_by_default" {
  assert {
    condition     = alltrue([for route in aws_apigatewayv2_route.main : route.authorization_type == "NONE"])
    error_message = "Nobody should be asked who it is where nobody wants to know."
  }

  assert {
    condition = (
      length(aws_apigatewayv2_authorizer.main) == 0 && !contains(local.functions, "authorizer") &&
      output.token_parameter_name == null
    )
    error_message = "What nobody asks should not be there."
  }
}

run "a_backends_word" {
  variables {
    authentication = { mode = "shared_secret", secret_parameter_name = "/elsewhere/token-secret", clock_skew_seconds = 5 }
  }

  assert {
    condition = {
      for key, route in aws_apigatewayv2_route.main : key => route.authorizer_id if route.authorization_type != "NONE"
    } == { "$connect" = aws_apigatewayv2_authorizer.main["authorizer"].id }
    error_message = "API Gateway knows an authorizer on $connect, and on no other route."
  }

  assert {
    condition = (
      aws_apigatewayv2_authorizer.main["authorizer"].authorizer_type == "REQUEST" &&
      aws_apigatewayv2_authorizer.main["authorizer"].authorizer_uri == aws_lambda_function.main["authorizer"].invoke_arn &&
      try(length(aws_apigatewayv2_authorizer.main["authorizer"].identity_sources), 0) == 0
    )
    error_message = "A token comes in the query or as a subprotocol: neither may be demanded."
  }

  assert {
    condition = aws_lambda_permission.authorizer["authorizer"].source_arn == join("", [
      aws_apigatewayv2_api.main.execution_arn, "/authorizers/", aws_apigatewayv2_authorizer.main["authorizer"].id,
    ])
    error_message = "Only this API's authorizer may call the function."
  }

  assert {
    condition = jsondecode(aws_lambda_function.main["authorizer"].environment[0].variables.SWITCHBOARD_AUTHENTICATION) == {
      mode               = "shared_secret"
      parameter          = output.token_parameter_name
      clock_skew_seconds = 5
    }
    error_message = "The function must know the mode, and the secret's name instead of the secret."
  }

  assert {
    condition = toset(keys(aws_lambda_function.main["authorizer"].environment[0].variables)) == toset([
      "SWITCHBOARD_AUTHENTICATION", "SWITCHBOARD_AUTHENTICATION_VERSION", "SWITCHBOARD_LOG",
    ])
    error_message = "The function needs nothing of the others' settings."
  }

  assert {
    condition = toset(flatten(data.aws_iam_policy_document.authorizer["authorizer"].statement[*].actions)) == toset([
      "ssm:GetParameter", "logs:CreateLogStream", "logs:PutLogEvents",
      "xray:PutTelemetryRecords", "xray:PutTraceSegments",
    ])
    error_message = "The function reads its secret and writes its log; it knows no table, no queue and no connection."
  }

  assert {
    condition     = length(aws_ssm_parameter.token) == 0
    error_message = "A secret that is made elsewhere is not made again."
  }

  assert {
    condition = length(setsubtract(
      [for alarm in ["errors", "throttles", "duration", "failures"] : "authorizer-${alarm}"],
      keys(aws_cloudwatch_metric_alarm.main),
    )) == 0
    error_message = "Nobody can connect while the authorizer fails: somebody must hear of it."
  }

  assert {
    condition     = !strcontains(aws_apigatewayv2_stage.main.access_log_settings[0].format, "query")
    error_message = "A token comes in the query: the access log must not keep it."
  }
}

run "an_issuers_word" {
  variables {
    authentication = {
      mode     = "jwt"
      issuer   = "https://login.example.org"
      audience = "game"
      jwks_url = "https://login.example.org/keys"
    }
  }

  assert {
    condition = jsondecode(aws_lambda_function.main["authorizer"].environment[0].variables.SWITCHBOARD_AUTHENTICATION) == {
      mode               = "jwt"
      issuer             = "https://login.example.org"
      audience           = "game"
      jwks_url           = "https://login.example.org/keys"
      clock_skew_seconds = 60
    }
    error_message = "The function must know the issuer."
  }

  assert {
    condition     = !contains(flatten(data.aws_iam_policy_document.authorizer["authorizer"].statement[*].actions), "ssm:GetParameter")
    error_message = "An issuer's keys are public: there is no secret to read."
  }
}

run "unknown_mode" {
  command = plan
  variables {
    authentication = { mode = "password" }
  }
  expect_failures = [var.authentication]
}

run "issuer_without_keys" {
  command = plan
  variables {
    authentication = { mode = "jwt", issuer = "https://login.example.org", audience = "game" }
  }
  expect_failures = [var.authentication]
}

run "keys_that_can_be_replaced" {
  command = plan
  variables {
    authentication = { mode = "jwt", issuer = "i", audience = "game", jwks_url = "http://login.example.org/keys" }
  }
  expect_failures = [var.authentication]
}

run "issuer_in_another_mode" {
  command = plan
  variables {
    authentication = { mode = "shared_secret", issuer = "https://login.example.org" }
  }
  expect_failures = [var.authentication]
}

run "clock_far_off" {
  command = plan
  variables {
    authentication = { mode = "shared_secret", secret_parameter_name = "/a", clock_skew_seconds = 301 }
  }
  expect_failures = [var.authentication]
}
