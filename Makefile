# The commands of a working day. Each installs what it needs first (scripts/setup), so that a clone on
# a bare Debian 12 with git and make is enough.
JOBS ?= $(shell nproc)
FUZZ_SECONDS ?= 20

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup build test demo lint format format-check fuzz bench evaluate clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-20s %s\n", $$1, $$2 }'

setup: ## install what building and testing needs (Debian 12, root or sudo)
	@scripts/setup --build

build: setup ## build/release/bin/tribute and tribute-verify
	@scripts/configure release
	@cmake --build --preset release --parallel $(JOBS) --target tribute tribute-verify

test: setup ## build everything and run every test
	@scripts/configure dev
	@cmake --build --preset dev --parallel $(JOBS) --target all check_headers
	@ctest --test-dir build/dev --output-on-failure --parallel $(JOBS)

demo: build ## the main job on the documents of examples/
	@scripts/demo

lint: ## clang-tidy 19 on every file
	@scripts/setup --all
	@scripts/configure dev
	@scripts/lint --all

format: ## clang-format 19 on every file, in place
	@scripts/setup --lint
	@scripts/format --fix

format-check: ## fail if clang-format 19 would change a file
	@scripts/setup --lint
	@scripts/format --check

fuzz: ## run every fuzzer for FUZZ_SECONDS (20) each, from the seeds in fuzz/corpus
	@scripts/setup --all
	@scripts/configure fuzz
	@cmake --build --preset fuzz --parallel $(JOBS) --target fuzzers
	@scripts/fuzz build/fuzz/bin $(FUZZ_SECONDS)

bench: setup ## build the benchmarks for speed and run them; results also in build/bench/results
	@scripts/configure bench
	@cmake --build --preset bench --parallel $(JOBS) --target benchmarks
	@bench/run.sh build/bench

evaluate: setup ## who is credited for quotes, and why each miss is one; what extremes do: docs/evaluation.md
	@scripts/configure bench
	@cmake --build --preset bench --parallel $(JOBS) --target evaluations
	@for program in build/bench/bin/*_evaluation; do $$program || exit; done

clean: ## remove everything that was built
	rm -rf build
