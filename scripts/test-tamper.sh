#!/usr/bin/env bash
# `npm run test:tamper`: every act of docs/tamper.md, really done, on a machine of its own as far as mounts, processes and
# network go. `TAMPER=measured` adds AIDE and percentiles. Arguments go to vitest.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/system-packages.sh

if [ "$(id -u)" -ne 0 ]; then
  echo "test:tamper needs root (namespaces, mounts, packages)." >&2
  exit 2
fi
install_packages gcc libc6-dev libfaketime openjdk-17-jre-headless containerd runc busybox-static etcd-server etcd-client iproute2 openssl golang-1.19-go skopeo umoci rpm aide attr libcap2-bin
npm run --silent build
exec bash scripts/own-machine.sh npx --no-install vitest run --project tamper "$@"
