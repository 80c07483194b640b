#!/bin/sh
# run.sh BUILD: every benchmark of a build, then those of indexes with a corpus of 290 M tokens, if it can be had.
# Each writes its results as JSON into BUILD/results too.
set -eu
build=${1:?usage: run.sh BUILD}
here=$(dirname "$0")
results=$build/results
mkdir -p "$results"
for program in "$build"/bin/*_bench; do
  "$program" --benchmark_out="$results/$(basename "$program").json"
done
shared=$here/../../shared/data
large=$build/linux-sources
if [ -d "$shared" ] && "$here/large_corpus.sh" "$large"; then
  export TRIBUTE_BENCH_CORPUS="$large:$shared/cpp-docs.jsonl.zst:$shared/win32-docs.jsonl.zst"
  export TRIBUTE_BENCH_FOLDER="$build/large-index"
  mkdir -p "$TRIBUTE_BENCH_FOLDER"
  for name in ngram_bench cold_bench lm_bench; do
    "$build/bin/$name" --benchmark_out="$results/$name-large.json"
  done
  rm -rf "$TRIBUTE_BENCH_FOLDER"
else
  echo "Without ../shared/data or the package linux-source-6.1 there is no large corpus; its benchmarks are left out." >&2
fi
