#!/bin/sh
# large_corpus.sh FOLDER: Debian's Linux sources without the drivers, 0.5 GB of text, for benchmarks of large indexes.
# Does nothing where the folder is there. Needs apt's network and 2 GB of space.
set -eu
folder=${1:?usage: large_corpus.sh FOLDER}
[ -d "$folder" ] && exit 0
work=$(mktemp -d)
trap 'rm -rf "$work" "$folder.tmp"' EXIT
package=linux-source-6.1
(cd "$work" && apt-get download -q "$package" >/dev/null && dpkg-deb -x ./*.deb .)
mkdir -p "$folder.tmp"
tar -xf "$work/usr/src/$package.tar.xz" -C "$folder.tmp" --strip-components=1 --exclude="$package/drivers"
mv "$folder.tmp" "$folder"
