variable "limits" {
  description = "How much one client may ask for, by kind of action: how many at once, and how many a second from then on. Kinds that are left out stay as docs/limits.md has them."
  type = map(object({
    burst      = number
    per_second = number
  }))
  default = {}

  validation {
    condition = length(setsubtract(keys(var.limits), [
      "battle", "connect", "ice_servers", "listing", "lobby", "matchmaking", "other", "relay",
    ])) == 0
    error_message = "limits knows battle, connect, ice_servers, listing, lobby, matchmaking, other and relay, and nothing else."
  }

  validation {
    condition = alltrue(flatten([
      for limit in values(var.limits) : [
        for number in [limit.burst, limit.per_second] : number >= 1 && number <= 1000000 && floor(number) == number
      ]
    ]))
    error_message = "burst and per_second of every limit must be whole numbers from 1 to 1000000."
  }
}
