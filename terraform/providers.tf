# Nothing here tells AWS from an emulator: AWS_ENDPOINT_URL, region and credentials come from the environment.
provider "aws" {
  region = var.region

  default_tags {
    tags = merge({ application = var.name, environment = var.environment }, var.tags)
  }
}

# The same once more, for the ephemeral secret alone: `terraform test` cannot mock a provider that has one.
provider "aws" {
  alias  = "ephemeral"
  region = var.region
}
