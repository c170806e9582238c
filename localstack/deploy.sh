#!/bin/sh
# Deploys Switchboard to the emulator and prints its URL.
set -eu

echo "Deploying ..."
if ! terraform apply -no-color -auto-approve -input=false -state=/state/terraform.tfstate >/tmp/apply.log 2>&1; then
    tail -n 40 /tmp/apply.log >&2
    echo "Terraform could not deploy to the emulator; \`docker compose logs localstack\` shows its side." >&2
    exit 1
fi
grep '^Apply complete' /tmp/apply.log

# Inside, the emulator's port is fixed; outside, it is the one that compose was told to publish.
url=$(terraform output -no-color -raw -state=/state/terraform.tfstate websocket_url)
echo "Switchboard is up: $(echo "$url" | sed "s#:4566/#:${PUBLISHED_PORT:-4566}/#")"
