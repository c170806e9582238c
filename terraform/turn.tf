# The secret that TURN servers and the signalling function share. Made as the sealing secret is: no state, no plan and no log
# holds it. A TURN server takes it from the parameter.
ephemeral "aws_secretsmanager_random_password" "turn" {
  provider = aws.ephemeral
  count    = local.makes_turn_secret ? 1 : 0

  password_length     = 64
  exclude_punctuation = true
}

resource "aws_ssm_parameter" "turn" {
  #checkov:skip=CKV_AWS_337:Encrypted with the account's key for parameters; IAM names the signalling function's role, which alone may read it.
  count = local.makes_turn_secret ? 1 : 0

  name             = "/${var.name}/${var.environment}/turn-secret"
  description      = "The static-auth-secret of the TURN servers."
  type             = "SecureString"
  value_wo         = ephemeral.aws_secretsmanager_random_password.turn[0].random_password
  value_wo_version = var.turn_version
}

data "aws_ssm_parameter" "turn" {
  count = var.turn != null && var.turn_parameter_name != null ? 1 : 0

  name            = var.turn_parameter_name
  with_decryption = false
}

locals {
  makes_turn_secret = var.turn != null && var.turn_parameter_name == null

  # null where there are no TURN servers.
  turn_parameter = var.turn == null ? null : {
    arn  = one(concat(aws_ssm_parameter.turn[*].arn, data.aws_ssm_parameter.turn[*].arn))
    name = one(concat(aws_ssm_parameter.turn[*].name, data.aws_ssm_parameter.turn[*].name))
  }

  # Function -> what its environment holds besides what all have.
  own_variables = var.turn == null ? {} : {
    signalling = {
      SWITCHBOARD_TURN           = jsonencode(var.turn)
      SWITCHBOARD_TURN_PARAMETER = local.turn_parameter.name
      # Read by nobody: its change makes every instance start anew, with the new secret.
      SWITCHBOARD_TURN_VERSION = tostring(var.turn_version)
    }
  }
}
