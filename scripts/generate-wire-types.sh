#!/usr/bin/env bash
# TypeScript types for proto/sealwatch/v1 and proto/containerd, committed so that nobody needs a generator to read or build the project.
# Usage: generate-wire-types.sh [OUTPUT_DIR]
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-shared/src/wire/generated}
rm -rf "$out"
npx --no-install proto-loader-gen-types \
  --grpcLib=@grpc/grpc-js --longs=String --enums=String --defaults --oneofs --includeComments \
  --importFileExtension=.js --inputTemplate=%sInput --outputTemplate=%s \
  --includeDirs=proto -O "$out" \
  sealwatch/v1/agent.proto sealwatch/v1/enrollment.proto sealwatch/v1/query.proto \
  containerd/{containers,content,events,images,introspection,snapshots,tasks,version}.proto
