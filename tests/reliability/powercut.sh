#!/usr/bin/env bash
# A power cut, at moments that nobody chose, while the program is at work on an archive; see powercut.py.
#
#     tests/reliability/powercut.sh             8 cuts, half of them on ext4 and half on xfs
#     LONG=1 tests/reliability/powercut.sh      60
#     CUTS=500 tests/reliability/powercut.sh    as many as you like
#     FILE_SYSTEMS=xfs                          on this one only
#
# The archive and its index are on a loop-mounted file system that is told to shut down: from that moment on nothing
# reaches the device any more, and what had not reached it is lost, as with the power gone. Then it is mounted again and
# its journal is replayed. What a device's own cache may lose, which it was told to keep, is not part of this.
#
# Needs root, loop devices, and mkfs and xfs_io, which are installed where they are missing.
set -euo pipefail
cd "$(dirname "$0")/../.."

# cannot WHY: says that it is not tried here.
cannot() {
    echo "powercut: not tried here: $1"
    exit 0
}

[ "$(uname)" = Linux ] || cannot 'this is not Linux'
[ "$(id -u)" = 0 ] || cannot 'only root may mount'
losetup --find >/dev/null 2>&1 || cannot 'there are no loop devices'

missing=()
command -v mkfs.ext4 >/dev/null || missing+=(e2fsprogs)
command -v xfs_io >/dev/null && command -v mkfs.xfs >/dev/null || missing+=(xfsprogs)
if [ ${#missing[@]} -gt 0 ]; then
    command -v apt-get >/dev/null || cannot "these are missing: ${missing[*]}"
    log=$(mktemp)
    if ! { apt-get -q update && apt-get -q -o DPkg::Lock::Timeout=60 install -y --no-install-recommends "${missing[@]}"; } \
        </dev/null >"$log" 2>&1; then
        tail -n 20 "$log" >&2
        echo "powercut: apt-get could not install: ${missing[*]}" >&2
        exit 1
    fi
    rm -f "$log"
fi

# In a mount namespace of its own: whatever happens, nothing stays mounted.
exec unshare --mount --propagation private python3 tests/reliability/powercut.py
