# What the whole root shares: names, and the files that the Rust code reads as well.
locals {
  prefix = "${var.name}-${var.environment}"
  stage  = var.environment

  # Function -> its route keys.
  routes = jsondecode(file("${path.module}/routes.json"))
  # Function -> the message queue that drives it.
  consumers = jsondecode(file("${path.module}/consumers.json"))
  # Function -> the route that it guards. Nobody guards any where everybody may come.
  authorizers = {
    for function, route in jsondecode(file("${path.module}/authorizers.json")) : function => route
    if var.authentication.mode != "anonymous"
  }
  # Table -> its keys, its time to live and its indexes.
  tables = jsondecode(file("${path.module}/tables.json"))

  functions      = toset(concat(keys(local.routes), keys(local.consumers), keys(local.authorizers)))
  function_names = { for function in local.functions : function => "${local.prefix}-${function}" }
  function_of    = merge([for function, keys in local.routes : { for key in keys : key => function }]...)

  # Nobody is there to hear an answer to these two.
  silent_routes  = toset(["$connect", "$disconnect"])
  message_routes = { for key, function in local.function_of : key => function if !contains(local.silent_routes, key) }

  # An emulator serves its APIs under a path of one host; {api_id} and {stage} stand for what only this root knows.
  execute_url = replace(
    replace(
      coalesce(var.execute_url, "https://{api_id}.execute-api.${data.aws_region.current.name}.amazonaws.com/{stage}"),
      "{api_id}", aws_apigatewayv2_api.main.id,
    ),
    "{stage}", local.stage,
  )
}

data "aws_region" "current" {}
