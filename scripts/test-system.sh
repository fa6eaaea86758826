#!/usr/bin/env bash
# `npm run test:system`: tests that need root, packages of the distribution and network namespaces. Installs what it
# needs where it can and says plainly what it could not have. Arguments go to vitest.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/system-packages.sh

if [ "$(id -u)" -ne 0 ]; then
  echo "test:system needs root (network namespaces, packages). Run it as root, or run 'npm test' as you are." >&2
  exit 2
fi
install_packages gcc libc6-dev gnupg rpm containerd runc busybox-static etcd-server iproute2 nftables openssl golang-1.19-go nmap testssl.sh sslscan skopeo umoci zstd systemd systemd-container debootstrap python3-minimal attr libcap2-bin cpio createrepo-c dnf groff mandoc
npm run --silent build
exec npx --no-install vitest run --project system "$@"
