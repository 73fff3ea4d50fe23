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
target=$work/archive

coproc sandbox { exec "$bin" sandbox --world "items:$items,folders:$folders,bytes:$bytes"; }
stop() {
    kill "$sandbox_pid" 2>/dev/null || true
    [ -n "${WORK:-}" ] || rm -rf "$work"
}
sandbox_pid=$!
trap stop EXIT
read -r told <&"${sandbox[0]}"

ask() {
    echo "$1" >&"${sandbox[1]}"
    read -r answer <&"${sandbox[0]}"
    echo "$answer"
}

python3 -c 'import json, sys; json.dump(json.loads(sys.argv[1])["service_account"], open(sys.argv[2], "w"))' \
    "$told" "$work/key.json"
GPHOTOS_SYNC_API_ROOT=$(python3 -c 'import json, sys; print(json.loads(sys.argv[1])["root"])' "$told")
export GPHOTOS_SYNC_API_ROOT
export XDG_CONFIG_HOME=$work/config HOME=$work

# Runs the program and prints a line of the table.
measure() {
    local name=$1
    shift
    # shellcheck disable=SC2086 -- BEFORE is a command with its arguments
    python3 - "$name" "$work/output" ${BEFORE:-} "$bin" "$target" --service-account "$work/key.json" \
        --all-files --progress none "$@" <<'PYTHON'
import os, resource, subprocess, sys, time

name, output, command = sys.argv[1], sys.argv[2], sys.argv[3:]
begun = time.monotonic()
with open(output, "w") as file:
    code = subprocess.call(command, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT)
wall = time.monotonic() - begun
used = resource.getrusage(resource.RUSAGE_CHILDREN)
rss = used.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
print(f"{name:<22} {wall:8.2f} s {used.ru_utime:7.2f} s {used.ru_stime:7.2f} s {rss:7.0f} MiB", end="")
if code:
    sys.exit(f"\n{' '.join(command)} ended with {code}:\n{open(output).read()}")
PYTHON
    echo "   $(ask requests)"
}

size_of_index() {
    python3 -c 'import os, sys; print(sum(os.path.getsize(sys.argv[1] + end) for end in ("", "-wal") if os.path.exists(sys.argv[1] + end)) // int(sys.argv[2]))' \
        "$target/index.db" "$items"
}

echo "$items files of $bytes bytes in $folders folders"
printf '%-22s %10s %9s %9s %11s   %s\n' run wall user sys 'peak RSS' requests
measure 'first, --index-only' --index-only
echo "    index: $(size_of_index) bytes a file"
measure 'first, whole'
echo "    index: $(size_of_index) bytes a file"
measure 'nothing changed'
ask "change $changes" >/dev/null
measure "$changes changes"
measure 'nothing changed'
