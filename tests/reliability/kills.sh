#!/usr/bin/env bash
# kill -9, at moments that nobody chose, while the program is at work on an archive; see kills.py.
#
#     tests/reliability/kills.sh               25 kills
#     LONG=1 tests/reliability/kills.sh        200
#     KILLS=5000 tests/reliability/kills.sh    as many as you like
#
# GPHOTOS_SYNC names the program, SEED what is drawn: what happens to the account and which runs are killed are the same
# for the same seed; the moments are drawn from it as well, but when a run comes how far is up to the machine.
set -euo pipefail
cd "$(dirname "$0")/../.."
exec python3 tests/reliability/kills.py
