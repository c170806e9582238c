variable "turn" {
  description = "TURN servers that take time-limited credentials (coturn's use-auth-secret), and for how many seconds those last; null: none."
  type = object({
    urls             = list(string)
    lifetime_seconds = optional(number, 3600)
  })
  default = null

  validation {
    condition     = var.turn == null || try(length(var.turn.urls) >= 1 && length(var.turn.urls) <= 8, false)
    error_message = "turn must have 1 to 8 urls, or be null."
  }

  validation {
    condition     = var.turn == null || alltrue([for url in try(var.turn.urls, []) : can(regex("^turns?:[^[:space:]]+$", url))])
    error_message = "Every URL of turn must begin with turn: or turns:, like turn:turn.example.org:3478."
  }

  validation {
    condition = var.turn == null || try(
      var.turn.lifetime_seconds >= 300 && var.turn.lifetime_seconds <= 86400 && floor(var.turn.lifetime_seconds) == var.turn.lifetime_seconds,
    false)
    error_message = "lifetime_seconds of turn must be a whole number from 300 to 86400."
  }
}

variable "turn_parameter_name" {
  description = "SSM SecureString under the account's own key, made elsewhere, that holds the TURN servers' static-auth-secret of 32 characters or more; null: one is made here."
  type        = string
  default     = null
}

variable "turn_version" {
  description = "Raise it by one to replace the TURN secret: give it to the TURN servers, too."
  type        = number
  default     = 1

  validation {
    condition     = var.turn_version >= 1 && floor(var.turn_version) == var.turn_version
    error_message = "turn_version must be a whole number from 1 up."
  }
}
