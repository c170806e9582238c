# Who may connect: a function that API Gateway asks before $connect, unless everybody may (var.authentication).
resource "aws_apigatewayv2_authorizer" "main" {
  for_each = local.authorizers

  api_id          = aws_apigatewayv2_api.main.id
  name            = each.key
  authorizer_type = "REQUEST"
  authorizer_uri  = aws_lambda_function.main[each.key].invoke_arn
  # No identity sources: API Gateway wants all that are named, and a token comes by one of two ways.
}

resource "aws_lambda_permission" "authorizer" {
  for_each = local.authorizers

  statement_id  = "authorizer"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.main[each.key].function_name
  principal     = "apigateway.amazonaws.com"
  source_arn    = "${aws_apigatewayv2_api.main.execution_arn}/authorizers/${aws_apigatewayv2_authorizer.main[each.key].id}"
}

data "aws_iam_policy_document" "authorizer" {
  #checkov:skip=CKV_AWS_356:X-Ray's two actions know no resource; every other statement names its own.
  #checkov:skip=CKV_AWS_111:X-Ray's two actions know no resource; every other statement names its own.
  for_each = local.authorizers

  dynamic "statement" {
    for_each = compact([local.token_parameter.arn])

    content {
      sid       = "Secret"
      actions   = ["ssm:GetParameter"]
      resources = [statement.value]
    }
  }

  statement {
    sid       = "Log"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.function[each.key].arn}:*"]
  }

  statement {
    sid       = "Trace"
    actions   = ["xray:PutTelemetryRecords", "xray:PutTraceSegments"]
    resources = ["*"]
  }
}

# The secret that the game's backend signs tokens with. As the sealing secret: no state, no plan and no log holds it.
ephemeral "aws_secretsmanager_random_password" "token" {
  provider = aws.ephemeral
  count    = local.makes_token_secret ? 1 : 0

  password_length     = 64
  exclude_punctuation = true
}

resource "aws_ssm_parameter" "token" {
  #checkov:skip=CKV_AWS_337:Encrypted with the account's key for parameters; IAM names the authorizer's role, which alone may read it.
  count = local.makes_token_secret ? 1 : 0

  name             = "/${var.name}/${var.environment}/token-secret"
  description      = "Signs players' tokens: the game's backend and the authorizer share it."
  type             = "SecureString"
  value_wo         = ephemeral.aws_secretsmanager_random_password.token[0].random_password
  value_wo_version = var.authentication.secret_version
}

data "aws_ssm_parameter" "token" {
  count = local.takes_token_secret ? 1 : 0

  name            = var.authentication.secret_parameter_name
  with_decryption = false
}

locals {
  shares_a_secret    = var.authentication.mode == "shared_secret"
  makes_token_secret = local.shares_a_secret && var.authentication.secret_parameter_name == null
  takes_token_secret = local.shares_a_secret && var.authentication.secret_parameter_name != null

  token_parameter = {
    arn  = one(concat(aws_ssm_parameter.token[*].arn, data.aws_ssm_parameter.token[*].arn))
    name = one(concat(aws_ssm_parameter.token[*].name, data.aws_ssm_parameter.token[*].name))
  }

  authorizer_environment = {
    SWITCHBOARD_AUTHENTICATION = jsonencode({
      for name, value in {
        mode               = var.authentication.mode
        issuer             = var.authentication.issuer
        audience           = var.authentication.audience
        jwks_url           = var.authentication.jwks_url
        parameter          = local.token_parameter.name
        clock_skew_seconds = var.authentication.clock_skew_seconds
      } : name => value if value != null
    })
    # Read by nobody: its change makes every instance start anew, with the new secret.
    SWITCHBOARD_AUTHENTICATION_VERSION = tostring(var.authentication.secret_version)
    SWITCHBOARD_LOG                    = var.log_filter
  }
}
