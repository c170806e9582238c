#!/bin/sh
# Runs the end-to-end suite once Switchboard is deployed; Compose 1.29 runs `tests` without waiting for it.
set -eu

waited=0
until [ -s /state/websocket_url ]; do
    if [ -e /state/failed ]; then
        echo "Switchboard was not deployed; \`docker compose logs deploy\` says why." >&2
        exit 1
    fi
    if [ "$waited" -ge "${DEPLOYED_WITHIN_SECONDS:-300}" ]; then
        echo "Switchboard is still not deployed after $waited s; \`docker compose logs\` shows how far it is." >&2
        exit 1
    fi
    sleep 1
    waited=$((waited + 1))
done
exec e2e "$@"
