# The secret that seals addresses. It is made anew in memory and written once: no state, no plan and no log holds it.
ephemeral "aws_secretsmanager_random_password" "seal" {
  provider = aws.ephemeral
  count    = var.seal_parameter_name == null ? 1 : 0

  password_length     = 64
  exclude_punctuation = true
}

resource "aws_ssm_parameter" "seal" {
  #checkov:skip=CKV_AWS_337:Encrypted with the account's key for parameters; IAM names the functions' roles, which alone may read it.
  count = var.seal_parameter_name == null ? 1 : 0

  name             = "/${var.name}/${var.environment}/seal-secret"
  description      = "Keys the proof in every peer's address."
  type             = "SecureString"
  value_wo         = ephemeral.aws_secretsmanager_random_password.seal[0].random_password
  value_wo_version = var.seal_version
}

data "aws_ssm_parameter" "seal" {
  count = var.seal_parameter_name == null ? 0 : 1

  name            = var.seal_parameter_name
  with_decryption = false
}

locals {
  seal_parameter = {
    arn  = one(concat(aws_ssm_parameter.seal[*].arn, data.aws_ssm_parameter.seal[*].arn))
    name = one(concat(aws_ssm_parameter.seal[*].name, data.aws_ssm_parameter.seal[*].name))
  }
}
