# State stays in a local file until a backend is named: docs/operating.md shows one for a team.
terraform {
  # Ephemeral values and write-only arguments keep the sealing secret out of the state; they came with 1.11.
  required_version = ">= 1.11"

  required_providers {
    # The only provider: archives, random values and delays come from it or from the packaging.
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.100"
    }
  }
}
