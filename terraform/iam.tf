# What each function may do, and nothing else. A transaction needs the rights of the writes in it, so none is named
# TransactWriteItems. That a connection
# has ended is written down by the connection and timer functions alone.
locals {
  # Function -> table, or table/index/name -> its DynamoDB actions.
  rights = {
    battle = {
      connections = ["GetItem"]
      lobbies     = ["GetItem", "PutItem"]
      players     = ["GetItem", "PutItem"]
      results     = ["PutItem", "Query"]
      tickets     = ["DeleteItem"]
    }
    connection = {
      connections = ["GetItem", "PutItem", "ConditionCheckItem"]
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
      players = ["GetItem", "PutItem", "DeleteItem"]
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
    signalling = {
      connections = ["GetItem"]
      players     = ["GetItem", "PutItem"]
    }
    timer = {
      connections = ["GetItem", "PutItem"]
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
