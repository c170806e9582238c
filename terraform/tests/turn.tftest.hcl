# Who is told of TURN servers, and who may read the secret that they share with us.
mock_provider "aws" {
  source = "./tests/mocks"
}

# Never asked: a provider with ephemeral resources cannot be mocked, so the secrets are made elsewhere.
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
  turn_parameter_name = "/elsewhere/turn-secret"
}

run "without_turn" {
  assert {
    condition     = length(data.aws_ssm_parameter.turn) == 0 && length(aws_ssm_parameter.turn) == 0 && output.turn_parameter_name == null
    error_message = "Without TURN servers there is no secret to share."
  }

  assert {
    condition     = !contains(data.aws_iam_policy_document.function["signalling"].statement[*].sid, "Turn")
    error_message = "Without TURN servers nobody may read a secret of theirs."
  }
}

run "with_turn" {
  variables {
    turn = { urls = ["turn:turn.example.org:3478", "turns:turn.example.org:5349"] }
  }

  assert {
    condition = jsondecode(aws_lambda_function.main["signalling"].environment[0].variables.SWITCHBOARD_TURN) == {
      urls             = ["turn:turn.example.org:3478", "turns:turn.example.org:5349"]
      lifetime_seconds = 3600
    }
    error_message = "The signalling function must know the servers, and that credentials last an hour."
  }

  assert {
    condition     = aws_lambda_function.main["signalling"].environment[0].variables.SWITCHBOARD_TURN_PARAMETER == output.turn_parameter_name
    error_message = "The signalling function must know where the secret is."
  }

  assert {
    condition = [
      for function, one in aws_lambda_function.main : function if anytrue([
        for name in keys(one.environment[0].variables) : startswith(name, "SWITCHBOARD_TURN")
      ])
    ] == ["signalling"]
    error_message = "Only the signalling function has to do with TURN."
  }

  assert {
    condition = [
      for function, policy in data.aws_iam_policy_document.function : function if contains(policy.statement[*].sid, "Turn")
    ] == ["signalling"]
    error_message = "Only the signalling function may read the TURN secret."
  }
}

run "no_url" {
  command = plan

  variables {
    turn = { urls = [] }
  }

  expect_failures = [var.turn]
}

run "not_a_turn_url" {
  command = plan

  variables {
    turn = { urls = ["stun:stun.example.org"] }
  }

  expect_failures = [var.turn]
}

run "a_lifetime_out_of_bounds" {
  command = plan

  variables {
    turn         = { urls = ["turn:turn.example.org"], lifetime_seconds = 60 }
    turn_version = 0
  }

  expect_failures = [var.turn, var.turn_version]
}
