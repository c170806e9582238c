variable "grace_seconds" {
  description = "How long a player whose connection has ended keeps its places and may come back, in seconds."
  type        = number
  default     = 30

  validation {
    condition     = var.grace_seconds >= 0 && var.grace_seconds <= 900 && floor(var.grace_seconds) == var.grace_seconds
    error_message = "grace_seconds must be a whole number from 0 to 900."
  }
}

variable "check_up_seconds" {
  description = "How often a lobby is looked at, whether those who are in it are still connected, in seconds; 0: never. What finds whoever vanished from a lobby in which nothing happens."
  type        = number
  default     = 600

  validation {
    condition     = var.check_up_seconds >= 0 && var.check_up_seconds <= 7200 && floor(var.check_up_seconds) == var.check_up_seconds
    error_message = "check_up_seconds must be a whole number from 0 to 7200."
  }
}

# A function that cannot read its queues does not start: what it would refuse is refused here, field by field.
variable "queues" {
  description = "Where players can be matched, as in queues.default.json; null: that file. docs/operating.md explains the fields."
  # A type would silently drop what it does not know, such as a misspelt field.
  type    = any
  default = null

  validation {
    condition     = var.queues == null || try(length([for queue in var.queues : keys(queue)]) > 0, false)
    error_message = "queues must be a list of objects with one queue in it at least, or null."
  }

  validation {
    condition     = length(jsonencode(var.queues)) <= 2500
    error_message = "queues may be 2500 characters of JSON, for a function's environment holds 4 KB in all: leave out rules or queues."
  }

  validation {
    condition = var.queues == null || try(alltrue([
      for queue in var.queues : length(setsubtract(keys(queue), [
        "name", "teams", "team_size", "rules", "acceptance_seconds", "give_up_seconds", "battle",
      ])) == 0 && length(setsubtract(keys(queue.team_size), ["min", "max"])) == 0 &&
      can(regex("^(\\[|null)", jsonencode(lookup(queue, "rules", null))))
    ]), false)
    error_message = "A queue has a name, teams, team_size with min and max, rules in a list, acceptance_seconds, give_up_seconds and battle, and nothing else."
  }

  validation {
    condition = var.queues == null || try(
      alltrue([for queue in var.queues : can(regex("^[a-z0-9_-]{1,32}$", queue.name))]) &&
      length(distinct([for queue in var.queues : queue.name])) == length(var.queues),
    false)
    error_message = "A queue's name must be 1 to 32 characters out of a-z, 0-9, _ and -, and no other queue's."
  }

  validation {
    condition = var.queues == null || try(alltrue([
      for queue in var.queues :
      can(regex("^[0-9]+,[0-9]+,[0-9]+$", join(",", [
        for number in [queue.teams, queue.team_size.min, queue.team_size.max] : jsonencode(number)
      ]))) &&
      queue.teams >= 1 && queue.team_size.min >= 1 && queue.team_size.min <= queue.team_size.max &&
      queue.teams * queue.team_size.min >= 2 && queue.teams * queue.team_size.max <= 32
    ]), false)
    error_message = "teams and team_size must be whole numbers, min no more than max, that make matches of 2 to 32 players."
  }

  validation {
    condition = var.queues == null || try(alltrue([
      for queue in var.queues : alltrue([
        for field, most in { acceptance_seconds = 300, give_up_seconds = 7200 } :
        can(regex("^([1-9][0-9]*|null)$", jsonencode(lookup(queue, field, null)))) &&
        coalesce(lookup(queue, field, null), 1) <= most
      ])
    ]), false)
    error_message = "acceptance_seconds must be a whole number from 1 to 300, give_up_seconds from 1 to 7200, or either null."
  }

  validation {
    condition = var.queues == null || try(alltrue([
      for queue in var.queues : lookup(queue, "battle", null) == null ? true : (
        contains(["noughts_and_crosses", "score_attack"], queue.battle.rules) &&
        length(setsubtract(keys(queue.battle), ["rules", "options"])) == 0
      )
    ]), false)
    error_message = "A queue's battle must have rules, score_attack or noughts_and_crosses, and may have options; or be null."
  }

  validation {
    condition = var.queues == null || try(alltrue(flatten([
      for queue in var.queues : [
        for rule in try([for each in queue.rules : each], []) :
        contains(["blocklist", "common_region", "distance", "equal", "latency_sum"], rule.kind) &&
        length(setsubtract(keys(rule), ["kind", "attribute", "most", "widen"])) == 0 &&
        contains(["blocklist", "equal"], rule.kind) != can(regex("^[0-9]+$", jsonencode(rule.most))) &&
        can(regex("^.{1,32}$", strcontains(rule.kind, "_") ? lookup(rule, "attribute", "latency_ms") : rule.attribute))
      ]
    ])), false)
    error_message = "A rule has a kind (blocklist, common_region, distance, equal, latency_sum), an attribute of 1 to 32 characters, most as a whole number unless it is a blocklist or equal, and may have widen."
  }

  validation {
    condition = var.queues == null || try(alltrue(flatten([
      for queue in var.queues : [
        for rule in try([for each in queue.rules : each], []) : [
          for place, step in try([for each in rule.widen : each], []) :
          length(setsubtract(keys(step), ["after_seconds", "most"])) == 0 &&
          can(regex("^[1-9][0-9]*$", jsonencode(step.after_seconds))) &&
          can(regex("^([0-9]+|null)$", jsonencode(lookup(step, "most", null)))) &&
          step.after_seconds > (place == 0 ? 0 : rule.widen[place - 1].after_seconds) &&
          step.after_seconds <= coalesce(lookup(queue, "give_up_seconds", null), 300)
        ]
      ]
    ])), false)
    error_message = "A step of widen has after_seconds, more than the step before and no more than give_up_seconds, and most, a whole number or null."
  }
}
