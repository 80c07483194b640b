#!/bin/sh
# run.sh BUILD: every benchmark of a build, then those of indexes with 106 M tokens, all pages of ../shared/data, and with
# 290 M, these and Linux's sources, if they can be had. Each writes its results as JSON into BUILD/results too.
set -eu
build=${1:?usage: run.sh BUILD}
here=$(dirname "$0")
results=$build/results

# run_on NAME PATHS: the benchmarks of an index, which is made once, of these documents.
run_on() {
  export TRIBUTE_BENCH_CORPUS="$2"
  export TRIBUTE_BENCH_FOLDER="$build/$1-index"
  mkdir -p "$TRIBUTE_BENCH_FOLDER"
  for name in ngram_bench cold_bench lm_bench; do
    "$build/bin/$name" --benchmark_out="$results/$name-$1.json"
  done
  rm -rf "$TRIBUTE_BENCH_FOLDER"
}

mkdir -p "$results"
for program in "$build"/bin/*_bench; do
  "$program" --benchmark_out="$results/$(basename "$program").json"
done
shared=$here/../../shared/data
if [ ! -d "$shared" ]; then
  echo "Without ../shared/data the benchmarks of large indexes are left out." >&2
  exit 0
fi
pages=$shared/cpp-docs.jsonl.zst:$shared/win32-docs.jsonl.zst
run_on pages "$pages"
large=$build/linux-sources
if "$here/large_corpus.sh" "$large"; then
  run_on large "$large:$pages"
else
  echo "Without the package linux-source-6.1 the benchmarks of 290 M tokens are left out." >&2
fi
