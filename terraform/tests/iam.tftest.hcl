# A function may do what it needs, to its own tables, and nothing else.
mock_provider "aws" {
  source = "./tests/mocks"
}

# Never asked: a provider with ephemeral resources cannot be mocked, so the secret is one that was made elsewhere.
provider "aws" {
  alias                       = "ephemeral"
  access_key                  = "none"
  secret_key                  = "none"
  region                      = "eu-central-1"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
}

variables {
  packages_directory  = "./tests/packages"
  seal_parameter_name = "/elsewhere/seal-secret"
}

override_resource {
  target = aws_dynamodb_table.main["connections"]
  values = { arn = "arn:aws:dynamodb:eu-central-1:123456789012:table/switchboard-dev-connections" }
}

override_resource {
  target = aws_dynamodb_table.main["lobbies"]
  values = { arn = "arn:aws:dynamodb:eu-central-1:123456789012:table/switchboard-dev-lobbies" }
}

override_resource {
  target = aws_dynamodb_table.main["players"]
  values = { arn = "arn:aws:dynamodb:eu-central-1:123456789012:table/switchboard-dev-players" }
}

override_resource {
  target = aws_dynamodb_table.main["results"]
  values = { arn = "arn:aws:dynamodb:eu-central-1:123456789012:table/switchboard-dev-results" }
}

override_resource {
  target = aws_dynamodb_table.main["tickets"]
  values = { arn = "arn:aws:dynamodb:eu-central-1:123456789012:table/switchboard-dev-tickets" }
}

override_resource {
  target = aws_sqs_queue.main["ticks"]
  values = { arn = "arn:aws:sqs:eu-central-1:123456789012:switchboard-dev-ticks.fifo" }
}

override_resource {
  target = aws_sqs_queue.main["timers"]
  values = { arn = "arn:aws:sqs:eu-central-1:123456789012:switchboard-dev-timers" }
}

run "actions" {
  assert {
    condition = alltrue([
      for document in data.aws_iam_policy_document.function : alltrue([
        for action in flatten(document.statement[*].actions) : !strcontains(action, "*")
      ])
    ])
    error_message = "A policy allows a whole family of actions."
  }

  assert {
    condition = alltrue([
      for document in data.aws_iam_policy_document.function : alltrue([
        for action in flatten(document.statement[*].actions) :
        !contains(["dynamodb:Scan", "dynamodb:BatchGetItem", "dynamodb:BatchWriteItem"], action)
      ])
    ])
    error_message = "A policy allows reading or writing a table wholesale."
  }

  assert {
    condition = alltrue([
      for document in data.aws_iam_policy_document.function : alltrue([
        for statement in document.statement : statement.resources == toset(["*"]) ? statement.sid == "Trace" : alltrue([
          for resource in statement.resources : startswith(resource, "arn:aws:")
        ])
      ])
    ])
    error_message = "Only tracing, which knows no resource, may be allowed everywhere."
  }
}

run "own_tables" {
  assert {
    condition = alltrue([
      for function, rights in local.rights :
      toset(flatten([
        for statement in data.aws_iam_policy_document.function[function].statement : tolist(statement.resources)
        if anytrue([for action in statement.actions : startswith(action, "dynamodb:")])
      ])) == toset([for table in keys(rights) : "arn:aws:dynamodb:eu-central-1:123456789012:table/switchboard-dev-${table}"])
    ])
    error_message = "A policy names a table, or an index, that its function has no business with."
  }

  assert {
    condition     = local.rights.signalling == { connections = ["GetItem"], players = ["GetItem", "PutItem"] }
    error_message = "Signalling looks for a peer whose connection is gone and keeps what is sent to it, and nothing else."
  }

  assert {
    condition = toset([
      for function, rights in local.rights : function if contains(flatten([lookup(rights, "connections", [])]), "PutItem")
    ]) == toset(["connection", "timer"])
    error_message = "Only the connection and timer functions write down that a connection has ended."
  }

  assert {
    condition = toset([
      for function, document in data.aws_iam_policy_document.function : function
      if contains(flatten([for each in document.statement : tolist(each.resources)]), "arn:aws:dynamodb:eu-central-1:123456789012:table/switchboard-dev-lobbies/index/listing")
    ]) == toset(["lobby"])
    error_message = "Only the lobby function lists lobbies."
  }
}

run "own_message_queues" {
  assert {
    condition = alltrue([
      for function, queues in local.sends : toset(flatten([
        for statement in data.aws_iam_policy_document.function[function].statement : tolist(statement.resources)
        if contains(statement.actions, "sqs:SendMessage")
        ])) == toset([
        for queue in queues : "arn:aws:sqs:eu-central-1:123456789012:switchboard-dev-${queue}${queue == "ticks" ? ".fifo" : ""}"
      ])
    ])
    error_message = "A policy allows sending to a queue that its function has no business with."
  }

  assert {
    condition     = alltrue([for function in local.functions : contains(local.sends[function], "timers")])
    error_message = "Every function posts, and whoever posts sends a timer where it finds nobody."
  }

  assert {
    condition = {
      for function, document in data.aws_iam_policy_document.function : function => flatten([
        for statement in document.statement : tolist(statement.resources)
        if length(setintersection(statement.actions, ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"])) > 0
      ]) if contains(flatten(document.statement[*].actions), "sqs:ReceiveMessage")
      } == {
      matchmaker = ["arn:aws:sqs:eu-central-1:123456789012:switchboard-dev-ticks.fifo"]
      timer      = ["arn:aws:sqs:eu-central-1:123456789012:switchboard-dev-timers"]
    }
    error_message = "A consumer takes messages out of its own queue, and nobody else takes any."
  }

  assert {
    condition = alltrue([
      for document in data.aws_iam_policy_document.function : length(setsubtract(
        [for action in flatten(document.statement[*].actions) : action if startswith(action, "sqs:")],
        ["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
      )) == 0
    ])
    error_message = "A policy allows more with a queue than sending to it and taking out of it."
  }
}

run "own_api" {
  assert {
    condition = {
      for function, document in data.aws_iam_policy_document.function : function => flatten([
        for statement in document.statement : tolist(statement.resources) if statement.sid == "Look"
      ]) if contains(document.statement[*].sid, "Look")
    } == { timer = ["arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5/dev/GET/@connections/*"] }
    error_message = "The function for timers, and no other, may look at this API's connections."
  }

  assert {
    condition = alltrue([
      for function, document in data.aws_iam_policy_document.function : toset(flatten([
        for statement in document.statement : tolist(statement.resources) if statement.sid == "Push"
        ])) == toset([
        for method in function == "connection" ? ["POST", "DELETE"] : ["POST"] :
        "arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5/dev/${method}/@connections/*"
      ])
    ])
    error_message = "A function may post to this API's connections; the one for connections may close them, and none does more."
  }

  assert {
    condition     = toset(keys(aws_iam_role.function)) == toset(concat(keys(local.routes), keys(local.consumers)))
    error_message = "Every function needs a role of its own."
  }

  assert {
    condition     = toset(keys(local.rights)) == local.functions && toset(keys(local.sends)) == local.functions
    error_message = "iam.tf must say of every function, and of no other, what it may do and where it sends."
  }
}
