#!/bin/sh
# Makes the three base images of docker-compose.yml from Debian's packages and this machine's own Rust and Terraform,
# for where no registry of images can be reached. Prints the variables to set; needs root, debootstrap and a Docker engine.
# What is there already is not made again.
set -eu

cd "$(dirname "$0")/.."
need() {
    command -v "$1" >/dev/null || { echo "$1 is missing: $2" >&2; exit 1; }
}
need debootstrap "apt-get install debootstrap"
need docker "apt-get install docker.io"
need cargo "install Rust by rustup"
need terraform "install Terraform 1.11 or newer"
[ "$(id -u)" = 0 ] || { echo "debootstrap works for root alone: run this as root" >&2; exit 1; }
docker info >/dev/null 2>&1 || { echo "no Docker engine answers: start dockerd" >&2; exit 1; }

certificates=/etc/ssl/certs/ca-certificates.crt
[ -s "$certificates" ] || { echo "$certificates is missing: apt-get install ca-certificates" >&2; exit 1; }

# The tag tells what an image was made from.
tag=$( (cat "$certificates" localstack/base-images.sh; rustc -vV; CHECKPOINT_DISABLE=1 terraform version) 2>/dev/null | sha256sum | cut -c 1-12)
python=switchboard-base-python:$tag
rust=switchboard-base-rust:$tag
terraform=switchboard-base-terraform:$tag

import() { # name
    tar -C "$work/root" --owner=0 --group=0 -c . | docker import \
        --change "ENV PIP_CERT=$certificates SSL_CERT_FILE=$certificates CARGO_HTTP_CAINFO=$certificates" \
        - "$1" >/dev/null
    echo "$1 is made." >&2
}

make_all() {
    echo "Making base images from Debian's packages ..." >&2
    debootstrap --variant=minbase --include=ca-certificates,gcc,libc6-dev,python3,python3-venv \
        bookworm "$work/root" >"$work/log" 2>&1 || {
        tail -n 20 "$work/log" >&2
        echo "debootstrap failed: is a mirror of Debian within reach?" >&2
        exit 1
    }
    rm -rf "$work/root/var/cache/apt/archives" "$work/root/var/lib/apt/lists"
    # Whatever this machine trusts, its containers must trust to reach what it reaches.
    cp "$certificates" "$work/root$certificates"
    import "$python"

    # The toolchain itself, without rustup: it is the one that rust-toolchain.toml names.
    sysroot=$(rustc --print sysroot)
    host=$(rustc -vV | sed -n 's/^host: //p')
    mkdir -p "$work/root/usr/local/lib/rustlib"
    cp -a "$sysroot/bin" "$work/root/usr/local/"
    find "$sysroot/lib" -maxdepth 1 -name '*.so*' -exec cp -a {} "$work/root/usr/local/lib/" \;
    cp -a "$sysroot/lib/rustlib/$host" "$work/root/usr/local/lib/rustlib/"
    import "$rust"
    rm -rf "$work/root/usr/local/bin" "$work/root/usr/local/lib"

    cp "$(command -v terraform)" "$work/root/bin/terraform"
    if mirror=$(localstack/find-mirror.sh); then
        # Terraform looks here by itself.
        mkdir -p "$work/root/usr/share/terraform/plugins"
        cp -aL "$mirror/." "$work/root/usr/share/terraform/plugins/"
    fi
    import "$terraform"
}

if docker image inspect "$python" "$rust" "$terraform" >/dev/null 2>&1; then
    echo "The base images are there already." >&2
else
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    make_all
fi

echo "PYTHON_IMAGE=$python"
echo "RUST_IMAGE=$rust"
echo "TERRAFORM_IMAGE=$terraform"
