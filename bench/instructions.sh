#!/bin/sh
# instructions.sh BUILD: how many instructions the engine takes for a question, which neither the processor nor other
# work on the machine changes; by valgrind's callgrind, within measured() of instructions.cc. Prints a table.
# TRIBUTE_BENCH_CORPUS and TRIBUTE_BENCH_FOLDER as for ngram_bench: an index that is kept is made once.
set -eu
build=${1:?usage: instructions.sh BUILD}
command -v valgrind >/dev/null || {
  echo "instructions.sh: there is no valgrind; install Debian's package valgrind" >&2
  exit 2
}
program=$build/bin/instructions
log=$(mktemp)
scratch=
trap 'rm -rf "$log" $scratch' EXIT
if [ -z "${TRIBUTE_BENCH_FOLDER:-}" ]; then
  scratch=$(mktemp -d)
  export TRIBUTE_BENCH_FOLDER="$scratch"
fi
"$program"
echo "| question | asked | instructions each |"
echo "|---|---:|---:|"
for question in matches-held-out matches-copied count-alone count-in-64s attribution-held-out attribution-copied \
  attribution-as-written-held-out attribution-as-written-copied infinity-probability next-tokens-of-four; do
  asked=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null --log-file="$log" \
    --collect-atstart=no --toggle-collect='tribute::bench::*measured(*' "$program" "$question")
  sed -n 's/.*Collected : \([0-9]*\).*/\1/p' "$log" |
    awk -v question="$question" -v asked="$asked" '{ printf "| %s | %d | %.0f |\n", question, asked, $1 / asked }'
done
