#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every script answers --help, parses, and refuses an option that it does not know; set-up's check names what is missing.
set -uo pipefail
root=$1
failures=0
problem() { echo "$*"; failures=$((failures + 1)); }

for script in "$root"/scripts/* "$root/.ci/run"; do
  [ -f "$script" ] && head -1 "$script" | grep -q bash || continue
  name=${script#"$root"/}
  bash -n "$script" || problem "$name does not parse"
  [ -x "$script" ] || problem "$name is not executable"
  timeout 20 bash "$script" --help </dev/null 2>&1 | grep -q '^usage:' || problem "$name --help prints no usage"
  timeout 20 bash "$script" --no-such-option </dev/null >/dev/null 2>&1
  [ $? = 2 ] || problem "$name takes an unknown option"
done

# An empty cache: the libraries are named, nothing is written, the exit code says so.
cache=$(mktemp -d)
out=$(PLUMB_CACHE=$cache bash "$root/scripts/setup" --check)
[ $? = 1 ] || problem "setup --check with an empty cache must exit 1"
grep -q "COLMAP's library" <<<"$out" || problem "setup --check does not name COLMAP's library"
grep -q "LibTorch" <<<"$out" || problem "setup --check does not name LibTorch"
out=$(PLUMB_CACHE=$cache bash "$root/scripts/setup" --check --without-generator)
grep -q "LibTorch" <<<"$out" && problem "setup --check --without-generator asks for LibTorch"
[ -z "$(ls -A "$cache")" ] || problem "setup --check wrote into the cache"
rm -rf "$cache"

# Source entries are made from the machine's own binary entries of one release, in both of apt's formats.
etc=$(mktemp -d)
mkdir -p "$etc/sources.list.d"
printf 'deb [signed-by=/k] http://mirror.example/debian bookworm main\ndeb http://other.example/x stable main\n' \
  > "$etc/sources.list"
printf 'Types: deb\nURIs: http://mirror.example/debian\nSuites: bookworm bookworm-updates\nComponents: main\n\nTypes: deb\nURIs: http://other.example\nSuites: nodistro\nComponents: main\n' \
  > "$etc/sources.list.d/a.sources"
bash "$root/scripts/source-list" "$etc" bookworm "$etc/out"
grep -qx 'deb-src \[signed-by=/k\] http://mirror.example/debian bookworm main' "$etc"/out/*.list ||
  problem "source-list does not take over a one-line entry"
grep -qx 'Types: deb-src' "$etc"/out/*.sources || problem "source-list does not take over an entry in deb822 form"
grep -q other.example "$etc"/out/* && problem "source-list takes over another archive"
rm -rf "$etc"

# The README's examples are really compared: output, gaps written as "...", and the last command's exit code.
example=$(mktemp)
example_passes() {
  printf '<!-- tested%s -->\n```console\n$ echo one two; echo three\n%s\n```\n' "$2" "$1" > "$example"
  bash "$root/scripts/test-readme" --plumb /bin/true "$example" >/dev/null 2>&1
}
example_passes $'one   two\nthree' '' || problem "test-readme refuses the true output"
example_passes $'one ...\n...' '' || problem "test-readme does not know gaps"
example_passes $'one two' '' && problem "test-readme overlooks a missing line"
example_passes $'one two\nthree' ': exit 3' && problem "test-readme overlooks an exit code"
rm -f "$example"

[ "$failures" = 0 ] && echo "all scripts answer"
exit $((failures > 0))
