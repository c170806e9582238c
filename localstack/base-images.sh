#!/bin/sh
# Makes the three base images of docker-compose.yml from Debian's packages and this machine's own Rust and Terraform,
# for where no registry of images can be reached. Prints the variables to set; needs root, debootstrap and a Docker engine.
set -eu

cd "$(dirname "$0")/.."
need() {
    command -v "$1" >/dev/null || { echo "$1 is missing: $2" >&2; exit 1; }
}
need debootstrap "apt-get install debootstrap"
need docker "apt-get install docker.io"
need cargo "install Rust by rustup"
need terraform "install Terraform 1.11 or newer"
docker info >/dev/null 2>&1 || { echo "no Docker engine answers: start dockerd" >&2; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
certificates=/etc/ssl/certs/ca-certificates.crt

import() { # name, folders under the root ...
    name=$1
    shift
    tar -C "$work/root" --owner=0 --group=0 -c "$@" | docker import \
        --change "ENV PIP_CERT=$certificates SSL_CERT_FILE=$certificates CARGO_HTTP_CAINFO=$certificates" \
        - "$name" >/dev/null
    echo "$name is made." >&2
}

echo "Making base images from Debian's packages ..." >&2
debootstrap --variant=minbase --include=ca-certificates,gcc,libc6-dev,python3,python3-venv \
    bookworm "$work/root" >"$work/log" 2>&1 || { tail -n 20 "$work/log" >&2; exit 1; }
rm -rf "$work/root/var/cache/apt/archives" "$work/root/var/lib/apt/lists"
# Whatever this machine trusts, its containers must trust to reach what it reaches.
cp "$certificates" "$work/root$certificates"
import switchboard-base-python .

# The toolchain itself, without rustup: it is the one that rust-toolchain.toml names.
sysroot=$(rustc --print sysroot)
host=$(rustc -vV | sed -n 's/^host: //p')
mkdir -p "$work/root/usr/local/lib/rustlib"
cp -a "$sysroot/bin" "$work/root/usr/local/"
find "$sysroot/lib" -maxdepth 1 -name '*.so*' -exec cp -a {} "$work/root/usr/local/lib/" \;
cp -a "$sysroot/lib/rustlib/$host" "$work/root/usr/local/lib/rustlib/"
import switchboard-base-rust .
rm -rf "$work/root/usr/local/bin" "$work/root/usr/local/lib"

mkdir -p "$work/root/usr/local/bin" "$work/root/usr/share/terraform/plugins"
cp "$(command -v terraform)" "$work/root/usr/local/bin/terraform"
if mirror=$(localstack/find-mirror.sh); then
    # Terraform looks here by itself.
    cp -aL "$mirror/." "$work/root/usr/share/terraform/plugins/"
fi
import switchboard-base-terraform .

echo "PYTHON_IMAGE=switchboard-base-python"
echo "RUST_IMAGE=switchboard-base-rust"
echo "TERRAFORM_IMAGE=switchboard-base-terraform"
