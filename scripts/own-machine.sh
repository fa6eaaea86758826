#!/usr/bin/env bash
# Runs a command as on a machine of its own: it sees the same files, and processes, mounts and network that are nobody
# else's and end with it. For tests that do to a host what an intruder would. Needs root.
set -euo pipefail
exec unshare --mount --pid --net --fork --kill-child --mount-proc \
  bash -c 'ip link set lo up && export SEALWATCH_OWN_MACHINE=1 && "$@"; exit $?' own-machine "$@"
