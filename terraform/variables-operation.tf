variable "consumer_concurrency" {
  description = "Consumer of consumers.json -> how many of it may run at once, 2 to 1000; one that is not named takes what reserved_concurrency or the account leave it."
  type        = map(number)
  default     = {}

  validation {
    condition     = alltrue([for consumer in keys(var.consumer_concurrency) : contains(keys(local.consumers), consumer)])
    error_message = "consumer_concurrency knows the functions of consumers.json only: ${join(", ", keys(local.consumers))}."
  }

  validation {
    condition = alltrue([
      for most in values(var.consumer_concurrency) : most >= 2 && most <= 1000 && floor(most) == most
    ])
    error_message = "Every number in consumer_concurrency must be whole, from 2 to 1000: SQS knows no other."
  }
}

variable "deletion_protection" {
  description = "Refuse to delete the tables. Set it to false and apply before `terraform destroy`."
  type        = bool
  default     = true
}

variable "log_filter" {
  description = "Which log lines the functions write, as a tracing filter: info, or debug,hyper=warn."
  type        = string
  default     = "info"
}

variable "log_retention_days" {
  description = "How long logs are kept, in days."
  type        = number
  default     = 30

  validation {
    condition     = contains([1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731], var.log_retention_days)
    error_message = "log_retention_days must be one of CloudWatch's: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731."
  }
}

variable "manage_api_gateway_account" {
  description = "Give API Gateway its right to write logs: one setting for an account's region, so false in all but one installation there."
  type        = bool
  default     = true
}

variable "memory_megabytes" {
  description = "Memory of each function, in megabytes; processor time grows with it."
  type        = number
  default     = 256

  validation {
    condition     = var.memory_megabytes >= 128 && var.memory_megabytes <= 10240
    error_message = "memory_megabytes must be between 128 and 10240."
  }
}

variable "packages_directory" {
  description = "Where connection.zip, lobby.zip and the other functions' zips are; null: where `cargo xtask package` leaves them."
  type        = string
  default     = null
}

variable "point_in_time_recovery" {
  description = "Keep 35 days of every table's past to go back to."
  type        = bool
  default     = true
}

variable "reserved_concurrency" {
  description = "Invocations of each function that may run at once, kept free for it; -1: whatever the account has left."
  type        = number
  default     = -1

  validation {
    condition     = var.reserved_concurrency == -1 || var.reserved_concurrency >= 1
    error_message = "reserved_concurrency must be -1 or at least 1: zero would switch the functions off."
  }
}

variable "throttling_burst" {
  description = "Messages that may arrive at once on top of the steady rate."
  type        = number
  default     = 2000

  validation {
    condition     = var.throttling_burst >= 1
    error_message = "throttling_burst must be at least 1."
  }
}

variable "throttling_per_second" {
  description = "Messages that all clients together may send, per second."
  type        = number
  default     = 5000

  validation {
    condition     = var.throttling_per_second >= 1
    error_message = "throttling_per_second must be at least 1."
  }
}

variable "timeout_seconds" {
  description = "How long one message may take, in seconds; API Gateway itself gives up after 29."
  type        = number
  default     = 10

  validation {
    condition     = var.timeout_seconds >= 1 && var.timeout_seconds <= 29
    error_message = "timeout_seconds must be between 1 and 29."
  }
}
