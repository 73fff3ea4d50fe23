#!/usr/bin/env bash
# Measures what a backup of Drive costs, against the built-in sandbox.
#
#   benches/drive.sh [ITEMS [FOLDERS [BYTES]]]     10000 files, ITEMS / 20 folders, 64 bytes each
#
# It starts the sandbox with a library of that size and runs the program in turn:
# a first listing, the first full run, a run in which nothing changed, one after
# 1,000 changes at Google (half renames, half new bytes). The sandbox is a process
# of its own: its time and memory are not in the table, but it does need a core.
#
#   BIN=FILE      the program      [target/release/gphotos-sync of this checkout]
#   WORK=FOLDER   where to work    [a new folder in /tmp; removed at the end]
#   BEFORE='perf record -g'        a command to put before the program
#
# Needs bash, python3 and Linux or macOS.
set -euo pipefail

here=$(cd "$(dirname "$0")/.." && pwd)
bin=${BIN:-$here/target/release/gphotos-sync}
items=${1:-10000}
folders=${2:-$((items / 20))}
bytes=${3:-64}
changes=$((items < 1000 ? items : 1000))
work=${WORK:-$(mktemp -d)}
# shellcheck source=benches/lib.sh
. "$here/benches/lib.sh"

begin "items:$items,folders:$folders,bytes:$bytes"
as_service_account

echo "$items files of $bytes bytes in $folders folders"
headings
measure 'first, --index-only' --index-only
echo "    index: $(size_of_index "$items") bytes a file"
measure 'first, whole'
echo "    index: $(size_of_index "$items") bytes a file"
measure 'nothing changed'
ask "change $changes" >/dev/null
measure "$changes changes"
measure 'nothing changed'
