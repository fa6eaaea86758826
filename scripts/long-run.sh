#!/usr/bin/env bash
# `npm run test:soak|chaos|load|peers`: runs that take as long as they are given. LENGTH=short is what CI runs; by
# default they run in full. Their figures are kept in docs/measurements.md.
set -euo pipefail
cd "$(dirname "$0")/.."
. scripts/system-packages.sh
run=$1
shift
case "$run" in
  peers) install_packages openssl aide || echo "going on without; the comparison says what is missing" ;;
  soak | chaos | load) ;;
  *) echo "usage: long-run.sh soak|chaos|load|peers" >&2 && exit 2 ;;
esac
npm run --silent build
export LENGTH=${LENGTH:-full}
exec npx --no-install vitest run --project "$run" "$@"
