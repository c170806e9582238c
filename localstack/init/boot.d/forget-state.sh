#!/bin/sh
# An emulator starts empty. Terraform's state of the one before would tell that everything is there already.
rm -f /state/terraform.tfstate /state/terraform.tfstate.backup
