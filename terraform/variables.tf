variable "alarm_duration_milliseconds" {
  description = "A function whose slowest hundredth takes longer than this raises its duration alarm, in milliseconds."
  type        = number
  default     = 2000

  validation {
    condition     = var.alarm_duration_milliseconds > 0
    error_message = "alarm_duration_milliseconds must be above zero."
  }
}

variable "alarm_tick_age_seconds" {
  description = "A tick that waits longer than this raises its alarm, in seconds: players wait with it."
  type        = number
  default     = 60

  validation {
    condition     = var.alarm_tick_age_seconds >= 1
    error_message = "alarm_tick_age_seconds must be at least 1."
  }
}

variable "alarm_topic_arn" {
  description = "SNS topic that hears every alarm and its end; null: alarms only show in CloudWatch."
  type        = string
  default     = null

  validation {
    condition     = var.alarm_topic_arn == null || can(regex("^arn:[a-z-]+:sns:", var.alarm_topic_arn))
    error_message = "alarm_topic_arn must be the ARN of an SNS topic (arn:aws:sns:...), or null."
  }
}

variable "api_tags" {
  description = "Tags of the API alone. An emulator takes the API's id from one; AWS gives them no meaning."
  type        = map(string)
  default     = {}
}

variable "architecture" {
  description = "Processor that the functions are built for: arm64 (cheaper) or x86_64."
  type        = string
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture must be arm64 or x86_64, the one that `cargo xtask package --arch` was given."
  }
}

variable "environment" {
  description = "Which of several installations this is (dev, staging, prod); part of every name, and the stage in the URL."
  type        = string
  default     = "dev"

  validation {
    condition     = can(regex("^[a-z][a-z0-9]{1,15}$", var.environment))
    error_message = "environment must be 2 to 16 lower-case letters and digits, a letter first."
  }
}

variable "execute_url" {
  description = "Where the API is reached, with {api_id} and {stage} in it; null: where AWS puts it. Only an emulator needs it."
  type        = string
  default     = null

  validation {
    condition     = var.execute_url == null || can(regex("^https?://[^/]+.*\\{api_id\\}.*\\{stage\\}$", var.execute_url))
    error_message = "execute_url must be an http(s) URL that holds {api_id} and ends in {stage}, or null."
  }
}

variable "ice_servers" {
  description = "STUN and TURN servers that get_ice_servers hands out, in the shape of the browser's RTCIceServer."
  type = list(object({
    urls       = list(string)
    username   = optional(string)
    credential = optional(string)
  }))
  default   = []
  sensitive = true

  validation {
    condition     = alltrue([for url in flatten(var.ice_servers[*].urls) : can(regex("^(stun|stuns|turn|turns):", url))])
    error_message = "Every URL in ice_servers must begin with stun:, stuns:, turn: or turns:."
  }
}

variable "name" {
  description = "What every resource's name begins with."
  type        = string
  default     = "switchboard"

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,23}$", var.name))
    error_message = "name must be 2 to 24 lower-case letters, digits and hyphens, a letter first."
  }
}

variable "region" {
  description = "AWS region; null: the environment's (AWS_REGION)."
  type        = string
  default     = null
}

variable "seal_parameter_name" {
  description = "SSM SecureString under the account's own key, made elsewhere, that holds a sealing secret of 32 characters or more; null: one is made here."
  type        = string
  default     = null
}

variable "seal_version" {
  description = "Raise it by one to replace the sealing secret: every address handed out before is refused from then on."
  type        = number
  default     = 1

  validation {
    condition     = var.seal_version >= 1 && floor(var.seal_version) == var.seal_version
    error_message = "seal_version must be a whole number from 1 up."
  }
}

variable "tags" {
  description = "Tags of every resource, besides application and environment."
  type        = map(string)
  default     = {}
}
