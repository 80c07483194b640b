#!/usr/bin/env bash
# What holds of the programs as processes: errors are one line, exit codes, the variable
# TRIBUTE_WORKSPACE, a full standard output, a second process, a workspace that may not be written.
# usage: programs.sh <folder of the programs> <folder to work in>
set -euo pipefail
programs=$(cd "$1" && pwd)
folder=$2
rm -rf "$folder"
mkdir -p "$folder"
cd "$folder"
export PATH="$programs:$PATH"

# expect CODE PART COMMAND…: the command's exit code, and a part of what it says on standard error,
# which is one line if the code is 2.
expect() {
  local code=$1 part=$2 got=0
  shift 2
  "$@" >out 2>err </dev/null || got=$?
  if [[ $got -ne $code || $(<err) != *"$part"* ]] || [[ $code -eq 2 && $(wc -l <err) -ne 1 ]]; then
    printf '%s\nexpected exit code %s and "%s", got %s and:\n' "$*" "$code" "$part" "$got" >&2
    cat err >&2
    exit 1
  fi
}

expect 2 'tribute-verify: PUBLIC is required; see `tribute-verify --help`' tribute-verify
expect 2 'see `tribute-verify --help`' tribute-verify public --no-such-option
expect 2 'tribute-verify: nowhere/log/checkpoint: no such file or folder' tribute-verify nowhere
expect 0 '' tribute-verify --help
expect 0 '' tribute-verify --version

TRIBUTE_WORKSPACE=w expect 0 '' tribute init
TRIBUTE_WORKSPACE=w expect 0 '' tribute datanet create harbour --open
TRIBUTE_WORKSPACE=nowhere expect 0 '' tribute datanet list --workspace w
TRIBUTE_WORKSPACE=nowhere expect 2 'nowhere: is no workspace' tribute datanet list
export TRIBUTE_WORKSPACE=w
expect 2 'standard output cannot be written' bash -c 'tribute datanet list >/dev/full'

# A second process is told who holds the workspace: one that waits for rows, until its input ends.
mkfifo rows
tribute contribute harbour - <rows >/dev/null &
first=$!
exec 3>rows
until grep -q "process $first" w/lock 2>/dev/null; do
  kill -0 $first  # else this would wait for ever
  sleep 0.01
done
expect 2 "held by tribute contribute, process $first" tribute datanet list
expect 0 '' tribute verify
exec 3>&-
wait $first

# Root may write anywhere, so this says something for other users only.
if [[ $EUID -ne 0 ]]; then
  chmod -R a-w w
  expect 2 'permission denied; check its owner and mode' tribute datanet create kitchen
  expect 0 '' tribute verify
  chmod -R u+w w
  expect 0 '' tribute doctor
fi
echo 'the programs behave'
