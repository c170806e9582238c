# The tables of tables.json: paid by use, encrypted, emptied by time to live, recoverable.
resource "aws_dynamodb_table" "main" {
  #checkov:skip=CKV_AWS_28:Recovery is on by default and a variable: an emulator has no past to go back to.
  #checkov:skip=CKV_AWS_119:Encrypted with DynamoDB's own key; an own key costs a call for what lives two hours.
  for_each = local.tables

  name                        = "${local.prefix}-${each.key}"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = each.value.hash_key
  range_key                   = try(each.value.range_key, null)
  deletion_protection_enabled = var.deletion_protection

  # Every key is a string.
  dynamic "attribute" {
    for_each = local.key_attributes[each.key]

    content {
      name = attribute.value
      type = "S"
    }
  }

  dynamic "global_secondary_index" {
    for_each = try(each.value.indexes, {})

    content {
      name               = global_secondary_index.key
      hash_key           = global_secondary_index.value.hash_key
      range_key          = try(global_secondary_index.value.range_key, null)
      projection_type    = "INCLUDE"
      non_key_attributes = global_secondary_index.value.projection
    }
  }

  ttl {
    enabled        = true
    attribute_name = each.value.ttl
  }

  point_in_time_recovery {
    enabled = var.point_in_time_recovery
  }
}

locals {
  key_attributes = {
    for name, table in local.tables : name => toset(concat(
      [table.hash_key],
      try([table.range_key], []),
      [for index in values(try(table.indexes, {})) : index.hash_key],
      [for index in values(try(table.indexes, {})) : index.range_key],
    ))
  }
}
