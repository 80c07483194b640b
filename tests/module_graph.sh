#!/usr/bin/env bash
# The module graph as CMake knows it (one line per module in the order of declaration, "folder:
# dependency…") is the one that ARCHITECTURE.md shows, points down only, and is what the sources
# include outside their tests: nothing undeclared, nothing declared in vain, no path out of the module.
# usage: module_graph.sh <module_graph.txt> [<repository>]
set -euo pipefail
graph=$(realpath "$1")
cd "${2:-$(dirname "$0")/..}"

failures=0
complain() {
  printf '%s\n' "$*" >&2
  failures=$((failures + 1))
}

# The modules that some files include, other than `own`, sorted.
included_modules() {
  local own=$1
  shift
  sed -n 's|^ *# *include "\([a-z0-9_]*\)/.*|\1|p' "$@" | sort -u | grep -vx "$own" || true
}

if ! difference=$(diff --label ARCHITECTURE.md --label "what CMake declares" --unified=0 \
  <(sed -n '/^```modules$/,/^```$/{/^```/!p}' ARCHITECTURE.md) "$graph"); then
  complain "The \`\`\`modules block of ARCHITECTURE.md is not the graph that CMake declares:"$'\n'"$difference"
fi

above=" "
while IFS=: read -r folder depends; do
  name=${folder##*/}
  for dependency in $depends; do
    if [[ $above != *" $dependency "* ]]; then
      complain "$folder depends on $dependency, which src/CMakeLists.txt does not list above it"
    fi
  done
  above+="$name "

  mapfile -t files < <(find "src/$folder" -name '*.h' -o -name '*.cc' ! -name '*_test.cc' |
    grep -v /testing/ | sort)
  included=$(included_modules "$name" "${files[@]}")
  declared=$(tr ' ' '\n' <<<"$depends" | sed '/^$/d' | sort -u)
  for dependency in $(comm -23 <(echo "$included") <(echo "$declared")); do
    complain "src/$folder includes $dependency/, which its CMakeLists.txt does not declare in DEPENDS"
  done
  for dependency in $(comm -13 <(echo "$included") <(echo "$declared")); do
    complain "src/$folder declares $dependency in DEPENDS and includes nothing of it outside its tests"
  done
done <"$graph"

if outside=$(grep -rn --include='*.h' --include='*.cc' '# *include *"\.\./' src apps tests); then
  complain "Includes by a path out of the module:"$'\n'"$outside"
fi

if [[ $failures -gt 0 ]]; then
  exit 1
fi
echo "$(wc -l <"$graph") modules, as ARCHITECTURE.md shows them"
