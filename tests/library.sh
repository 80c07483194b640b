#!/usr/bin/env bash
# A project of its own finds the installed library, builds examples/library with it, and is told what is right.
# usage: library.sh <build folder> <folder to work in> [<flag of the compiler>…]
set -euo pipefail
source=$(realpath "$(dirname "$0")/..")
build=$(realpath "$1")
folder=$(realpath --canonicalize-missing "$2")
shift 2
rm -rf "$folder"
mkdir -p "$folder"

quietly() { "$@" >"$folder/output" 2>&1 || { cat "$folder/output" >&2; exit 1; }; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

quietly cmake --build "$build" --target library
quietly cmake --install "$build" --prefix "$folder/installed" --component library

# Public headers include public headers alone, and nothing installed names the build or source folder.
headers=$folder/installed/include/tribute
while read -r header; do
  [[ -e $headers/$header ]] || fail "an installed header includes $header, which is not installed"
done < <(grep -rhoE '^#include "[^"]+"' "$headers" | cut -d'"' -f2 | sort -u)
if grep -rlF -e "$build" -e "$source" --include='*.h' --include='*.cmake' "$folder/installed" | grep .; then
  fail "these installed files name the folders that they were built in"
fi

quietly cmake -G Ninja -S "$source/examples/library" -B "$folder/build" -DCMAKE_PREFIX_PATH="$folder/installed" \
  -DCMAKE_CXX_FLAGS="$*"
quietly cmake --build "$folder/build"
"$folder/build/example" "$folder/index" >"$folder/answers"
diff --label "what is right" --label "what examples/library says" - "$folder/answers" <<'END'
2 3 occurs 3 times
from token 0 on, 0 match
from token 1 on, 4 match
from token 2 on, 4 match
from token 3 on, 3 match
from token 4 on, 2 match
from token 5 on, 1 match
from token 6 on, 1 match
after the last 3 tokens, which occur 2 times:
  4: 1
  6: 1
END

# The next minor version may have other headers.
sed 's/find_package(tribute 0.1 /find_package(tribute 0.2 /' "$source/examples/library/CMakeLists.txt" >"$folder/CMakeLists.txt"
cp "$source/examples/library/main.cc" "$folder"
if cmake -G Ninja -S "$folder" -B "$folder/refused" -DCMAKE_PREFIX_PATH="$folder/installed" >"$folder/output" 2>&1; then
  fail "version 0.2 was found where 0.1 is installed"
fi
