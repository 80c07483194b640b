#!/usr/bin/env bash
# Runs a command in a cgroup that gives it so much memory, its page cache included, and says how much it took.
# usage: bench/within_memory.sh BYTES COMMAND [ARGUMENT...]     (as root; cgroup v2, or v1's memory controller)
set -euo pipefail
bytes=$1
shift
name=tribute-within-$$
if [[ -f /sys/fs/cgroup/cgroup.controllers ]]; then
  group=/sys/fs/cgroup/$name limit=memory.max peak=memory.peak
else
  group=/sys/fs/cgroup/memory/$name limit=memory.limit_in_bytes peak=memory.max_usage_in_bytes
fi
mkdir "$group"
trap 'rmdir "$group"' EXIT
echo "$bytes" > "$group/$limit"
code=0
begin=$(date +%s.%N)
# shellcheck disable=SC2016 # the inner shell's own
bash -c 'echo $$ > "$0/cgroup.procs"; exec "$@"' "$group" "$@" || code=$?
end=$(date +%s.%N)
# What the limit took back is counted as often as it came: the peak is the limit where there is page cache to give.
awk -v b="$begin" -v e="$end" -v p="$(cat "$group/$peak")" \
  'BEGIN { printf "%.1f s, at most %.1f MB with page cache\n", e - b, p / 1e6 }' >&2
exit "$code"
