#!/bin/sh
# An emulator starts empty. What was written down about the one before would tell that everything is there already.
rm -f /state/terraform.tfstate /state/terraform.tfstate.backup /state/websocket_url /state/failed
