# What each function may do, and nothing else. A transaction needs the rights of the writes in it, so none is named
# TransactWriteItems. A player who is gone is taken out by the connection and timer functions alone.
locals {
  # Function -> table, or table/index/name -> its DynamoDB actions.
  rights = {
    battle = {
      connections = ["GetItem"]
      lobbies     = ["GetItem", "PutItem"]
      players     = ["GetItem"]
      results     = ["PutItem", "Query"]
      tickets     = ["DeleteItem"]
    }
    connection = {
      connections = ["GetItem", "PutItem", "DeleteItem"]
      lobbies     = ["GetItem", "PutItem", "DeleteItem"]
      players     = ["GetItem", "PutItem", "DeleteItem", "ConditionCheckItem"]
      results     = ["PutItem"]
      tickets     = ["GetItem", "PutItem", "DeleteItem"]
    }
    lobby = {
      connections             = ["GetItem", "ConditionCheckItem"]
      lobbies                 = ["GetItem", "PutItem", "DeleteItem"]
      "lobbies/index/listing" = ["Query"]
      players                 = ["GetItem", "PutItem", "DeleteItem"]
      results                 = ["PutItem"]
      tickets                 = ["DeleteItem"]
    }
    matchmaker = {
      lobbies = ["GetItem", "PutItem", "DeleteItem"]
      players = ["PutItem", "DeleteItem"]
      results = ["PutItem"]
      tickets = ["GetItem", "PutItem", "DeleteItem", "Query"]
    }
    matchmaking = {
      connections = ["GetItem", "ConditionCheckItem"]
      lobbies     = ["GetItem", "PutItem"]
      players     = ["GetItem", "PutItem", "DeleteItem"]
      results     = ["PutItem"]
      tickets     = ["GetItem", "PutItem", "DeleteItem", "Query"]
    }
    # TURN credentials are a player's own: only then it must know whose connection it is.
    signalling = { for table in var.turn == null ? [] : ["connections"] : table => ["GetItem"] }
    timer = {
      connections = ["GetItem", "DeleteItem"]
      lobbies     = ["GetItem", "PutItem", "DeleteItem"]
      players     = ["GetItem", "PutItem", "DeleteItem", "ConditionCheckItem"]
      results     = ["PutItem"]
      tickets     = ["GetItem", "PutItem", "DeleteItem"]
    }
  }

  # Function -> the message queues to which it sends. Who posts sends a timer where it finds nobody.
  sends = {
    battle      = ["ticks", "timers"]
    connection  = ["ticks", "timers"]
    lobby       = ["ticks", "timers"]
    matchmaker  = ["ticks", "timers"]
    matchmaking = ["ticks", "timers"]
    signalling  = ["timers"]
    timer       = ["ticks", "timers"]
  }
}
