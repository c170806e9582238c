#!/bin/sh
# Prints a folder that holds the AWS provider as Terraform's mirrors do, if there is one on this machine. The places are
# those of `cargo xtask up`.
set -eu

for place in "${SWITCHBOARD_TERRAFORM_MIRROR:-}" "${TF_PLUGIN_CACHE_DIR:-}" "$HOME/.terraform.d/plugins" \
    "$HOME/.terraform.d/plugin-cache" "$HOME/.local/share/terraform/plugins" /usr/local/share/terraform/plugins \
    /usr/share/terraform/plugins /opt/* /opt/*/*; do
    if [ -n "$place" ] && [ -d "$place/registry.terraform.io/hashicorp/aws" ]; then
        echo "$place"
        exit 0
    fi
done
exit 1
