# What runs, how it is configured, and where it is reached.
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

run "on_aws" {
  assert {
    condition     = output.websocket_url == "wss://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/dev"
    error_message = "The URL must be the one that AWS gives the stage."
  }

  assert {
    condition = alltrue([
      for function in aws_lambda_function.main :
      function.environment[0].variables.SWITCHBOARD_CALLBACK_URL == "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/dev"
    ])
    error_message = "The functions must post to the stage that they serve."
  }

  assert {
    condition     = alltrue([for function in aws_lambda_function.main : one(function.architectures) == "arm64"])
    error_message = "arm64 is the default: it costs a fifth less."
  }

  assert {
    condition = alltrue([
      for function in aws_lambda_function.main : toset(keys(function.environment[0].variables)) == toset([
        "SWITCHBOARD_CALLBACK_URL", "SWITCHBOARD_CHECK_UP_SECONDS", "SWITCHBOARD_GRACE_SECONDS", "SWITCHBOARD_ICE_SERVERS", "SWITCHBOARD_LIMITS",
        "SWITCHBOARD_LOG", "SWITCHBOARD_QUEUES", "SWITCHBOARD_SEAL_PARAMETER", "SWITCHBOARD_SEAL_VERSION", "SWITCHBOARD_TABLE_PREFIX",
        "SWITCHBOARD_TICKS_URL", "SWITCHBOARD_TIMERS_URL",
      ])
    ])
    error_message = "A function's environment holds what it is documented to hold, and no secret."
  }

  assert {
    condition     = toset(keys(aws_lambda_function.main)) == toset(concat(keys(local.routes), keys(local.consumers)))
    error_message = "There must be a function for each that routes.json and consumers.json name."
  }

  assert {
    condition = alltrue([
      for function in aws_lambda_function.main :
      jsondecode(function.environment[0].variables.SWITCHBOARD_QUEUES) == jsondecode(file("queues.default.json")) &&
      function.environment[0].variables.SWITCHBOARD_GRACE_SECONDS == "30" &&
      function.environment[0].variables.SWITCHBOARD_CHECK_UP_SECONDS == "600"
    ])
    error_message = "Every function must know the queues that are shipped, the grace of 30 seconds, and that lobbies are looked at every ten minutes."
  }

  assert {
    condition     = alltrue([for function in aws_lambda_function.main : function.tracing_config[0].mode == "Active"])
    error_message = "Every function must be traced."
  }
}

run "on_an_emulator" {
  variables {
    execute_url = "http://localhost:4566/_aws/execute-api/{api_id}/{stage}"
  }

  assert {
    condition     = output.callback_url == "http://localhost:4566/_aws/execute-api/a1b2c3d4e5/dev"
    error_message = "The functions must post to the emulator."
  }

  assert {
    condition     = output.websocket_url == "ws://localhost:4566/_aws/execute-api/a1b2c3d4e5/dev"
    error_message = "The URL must be the emulator's."
  }
}

run "ice_servers" {
  variables {
    ice_servers = [
      { urls = ["stun:stun.example.org:3478"] },
      { urls = ["turn:turn.example.org"], username = "user", credential = "secret" },
    ]
  }

  assert {
    condition = nonsensitive(local.ice_servers) == jsonencode([
      { urls = ["stun:stun.example.org:3478"] },
      { credential = "secret", urls = ["turn:turn.example.org"], username = "user" },
    ])
    error_message = "ICE servers must reach the functions in the browser's shape, without nulls."
  }
}

run "own_queues" {
  variables {
    queues = [{ name = "duel", teams = 2, team_size = { min = 1, max = 1 } }]
  }

  assert {
    condition     = local.queues == "[{\"name\":\"duel\",\"team_size\":{\"max\":1,\"min\":1},\"teams\":2}]"
    error_message = "Queues must reach the functions as they were given, without spaces."
  }
}

run "own_limits" {
  variables {
    limits = { relay = { burst = 500, per_second = 50 } }
  }

  assert {
    condition = alltrue([
      for function in aws_lambda_function.main :
      jsondecode(function.environment[0].variables.SWITCHBOARD_LIMITS) == { relay = { burst = 500, per_second = 50 } }
    ])
    error_message = "Every function must know the limits that were given."
  }
}

run "a_limit_of_nothing_known" {
  command = plan

  variables {
    limits = { relays = { burst = 500, per_second = 50 } }
  }

  expect_failures = [var.limits]
}

run "a_limit_of_nothing" {
  command = plan

  variables {
    limits = { relay = { burst = 0, per_second = 50 } }
  }

  expect_failures = [var.limits]
}

run "own_domain" {
  variables {
    domain_name            = "play.example.org"
    domain_certificate_arn = "arn:aws:acm:eu-central-1:123456789012:certificate/one"
  }

  assert {
    condition     = output.websocket_url == "wss://play.example.org"
    error_message = "Players must be sent to the own domain."
  }

  assert {
    condition     = output.callback_url == "https://a1b2c3d4e5.execute-api.eu-central-1.amazonaws.com/dev"
    error_message = "The functions keep posting to AWS's own name."
  }

  assert {
    condition     = length(aws_apigatewayv2_api_mapping.main) == 1 && length(aws_route53_record.main) == 0
    error_message = "A record is made only in a zone that was given."
  }
}
