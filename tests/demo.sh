#!/usr/bin/env bash
# scripts/demo runs to its end, and its three answers are attributed to whom examples/README.md says.
# usage: demo.sh <folder of the programs> <folder to work in>
set -euo pipefail
cd "$(dirname "$0")/.."
folder=$2
scripts/demo "$1" "$folder" >/dev/null

# The names of those who own a part of an answer, in order.
owners() { sed -n 's/^      "name": "\(.*\)",$/\1/p' "$folder/$1.json" | sort | paste -sd' '; }

expect() {
  [[ $2 == "$3" ]] || { printf '%s: expected "%s", got "%s"\n' "$1" "$3" "$2" >&2; exit 1; }
}
expect two-owners "$(owners two-owners)" 'ada-marsh dora-finch'
expect half-original "$(owners half-original)" 'lin-yue'
expect original "$(owners original)" ''
expect original "$(grep -c '"credited_millibits": 0,' "$folder/original.json")" 1
