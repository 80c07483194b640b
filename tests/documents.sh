#!/usr/bin/env bash
# The documents hold together: every relative link leads to a file, every page that the sources name is
# there, and the index of formats names every format.
# usage: documents.sh [<repository>]
set -euo pipefail
cd "${1:-$(dirname "$0")/..}"

failures=0
complain() {
  printf '%s\n' "$*" >&2
  failures=$((failures + 1))
}

mapfile -t pages < <(find . -name '*.md' ! -path './build/*' ! -path './.git/*' ! -path './examples/documents/*' | sort)
for page in "${pages[@]}"; do
  while read -r link; do
    target=${link%%#*}
    case $target in
      '' | http://* | https://* | mailto:*) continue ;;
    esac
    [[ -e $(dirname "$page")/$target ]] || complain "$page links to $link, which is not there"
  done < <(grep -o '](\([^) ]*\))' "$page" | sed 's/^](//; s/)$//')
done

while read -r page; do
  [[ -e $page ]] || complain "the sources name $page, which is not there"
done < <(grep -rhoE 'docs/[a-z_/0-9-]+\.md' src apps tests fuzz bench evaluate cmake scripts | sort -u)

for page in docs/formats/*.md; do
  name=$(basename "$page")
  [[ $name == README.md ]] || grep -qF "]($name)" docs/formats/README.md ||
    complain "docs/formats/README.md does not name $name"
done

if [[ $failures -gt 0 ]]; then
  exit 1
fi
echo "${#pages[@]} pages"
