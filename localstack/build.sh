#!/bin/sh
# Builds the functions and the end-to-end suite; with $1, puts them there as the images take them.
set -eu

functions=$(ls lambdas)
set -- "${1:-}" --package e2e --test e2e
for function in $functions; do
    set -- "$@" --package "$function" --bin "$function"
done
to=$1
shift
cargo build --locked "$@"
[ -n "$to" ] || exit 0

for function in $functions; do
    mkdir -p "$to/functions/$function"
    cp "target/debug/$function" "$to/functions/$function/bootstrap"
done
# The newest: a test's file has a hash for a name.
cp "$(find target/debug/deps -name 'e2e-*' -type f -perm -u+x -exec ls -t {} + | head -n 1)" "$to/e2e"
