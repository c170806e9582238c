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
    condition = toset([
      for function, document in data.aws_iam_policy_document.function : function
      if contains(flatten([for each in document.statement : tolist(each.resources)]), "arn:aws:dynamodb:eu-central-1:123456789012:table/switchboard-dev-lobbies/index/listing")
    ]) == toset(["lobby"])
    error_message = "Only the lobby function lists lobbies."
  }
}

run "own_api" {
  assert {
    condition = alltrue([
      for document in data.aws_iam_policy_document.function : one(flatten([
        for statement in document.statement : tolist(statement.resources) if statement.sid == "Push"
      ])) == "arn:aws:execute-api:eu-central-1:123456789012:a1b2c3d4e5/dev/POST/@connections/*"
    ])
    error_message = "A function may post to this API's connections and do nothing else to them."
  }

  assert {
    condition     = toset(keys(aws_iam_role.function)) == toset(keys(local.routes))
    error_message = "Every function needs a role of its own."
  }

  assert {
    condition     = alltrue([for function in keys(local.routes) : contains(keys(local.rights), function)])
    error_message = "A function of routes.json has no rights in iam.tf."
  }
}
