#!/bin/sh
# Copies the workspace to $1 without what its crates consist of: manifests, and for each target a source that does nothing.
# What is built from it are the dependencies.
set -eu

to=$1
root=$(pwd)
copy() {
    mkdir -p "$to/$(dirname "$1")"
    cp "$1" "$to/$1"
}

copy Cargo.lock
copy localstack/build.sh
find . -name Cargo.toml -not -path './target/*' | while read -r manifest; do copy "$manifest"; done
cargo metadata --no-deps --offline --format-version 1 | grep -o '"src_path":"[^"]*"' | cut -d '"' -f 4 |
    while read -r source; do
        source=${source#"$root/"}
        mkdir -p "$to/$(dirname "$source")"
        echo '//! Nothing.' >"$to/$source"
        case "$source" in
        */lib.rs) ;;
        *) echo 'fn main() {}' >>"$to/$source" ;;
        esac
    done
