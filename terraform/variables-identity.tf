variable "authentication" {
  description = "How players prove who they are: anonymous (everybody is somebody new), shared_secret (a token of the game's backend), or jwt (a token of an OpenID Connect issuer). docs/identity.md explains the fields."
  type = object({
    mode                  = optional(string, "anonymous")
    issuer                = optional(string)
    audience              = optional(string)
    jwks_url              = optional(string)
    secret_parameter_name = optional(string)
    secret_version        = optional(number, 1)
    clock_skew_seconds    = optional(number, 60)
  })
  default = {}

  validation {
    condition     = contains(["anonymous", "shared_secret", "jwt"], var.authentication.mode)
    error_message = "authentication.mode must be anonymous, shared_secret or jwt."
  }

  validation {
    condition = var.authentication.mode != "jwt" || alltrue([
      for name in ["issuer", "audience", "jwks_url"] : try(length(var.authentication[name]) > 0, false)
    ])
    error_message = "authentication.mode jwt needs issuer, audience and jwks_url: whose tokens are taken, made for whom, and where the issuer's keys are."
  }

  validation {
    condition = var.authentication.mode == "jwt" || alltrue([
      for name in ["issuer", "audience", "jwks_url"] : var.authentication[name] == null
    ])
    error_message = "authentication's issuer, audience and jwks_url mean something in mode jwt only: set it, or leave them out."
  }

  validation {
    condition = var.authentication.jwks_url == null || can(regex(
      "^(https://|http://(localhost|127\\.0\\.0\\.1)([:/]|$))", var.authentication.jwks_url,
    ))
    error_message = "authentication.jwks_url must begin with https://: whoever could replace the keys on their way could be every player."
  }

  validation {
    condition     = var.authentication.mode == "shared_secret" || var.authentication.secret_parameter_name == null
    error_message = "authentication.secret_parameter_name means something in mode shared_secret only: set it, or leave the name out."
  }

  validation {
    condition     = var.authentication.secret_version >= 1 && floor(var.authentication.secret_version) == var.authentication.secret_version
    error_message = "authentication.secret_version must be a whole number from 1 up."
  }

  validation {
    condition = (
      var.authentication.clock_skew_seconds >= 0 && var.authentication.clock_skew_seconds <= 300 &&
      floor(var.authentication.clock_skew_seconds) == var.authentication.clock_skew_seconds
    )
    error_message = "authentication.clock_skew_seconds must be a whole number from 0 to 300."
  }
}
