#!/usr/bin/env bash
# Backs up to file systems that are really mounted: full ones, read-only ones, ones without symlinks, locks, cases or
# long names. What is saved there must be what is saved on a plain disk.
#
#     tests/reliability/filesystems.sh             tmpfs, ext4 and exFAT: under a minute
#     LONG=1 tests/reliability/filesystems.sh      also xfs, btrfs, NTFS, quotas and a FUSE file system of our own
#
# On each: a first run, one that has nothing to do, one after changes with removals, verify. GPHOTOS_SYNC names the
# program. Needs root, loop devices and, for what is found missing, Debian's packages; what cannot be had is told. Not
# tried anywhere: NFS, SMB, macOS, ext4 with casefold.
set -euo pipefail
cd "$(dirname "$0")/../.."
me=filesystems
program=$(realpath "${GPHOTOS_SYNC:-target/debug/gphotos-sync}")
long=${LONG:-0}

if [ "$(id -u)" != 0 ] || [ ! -e /dev/loop-control ]; then
    echo "$me: nothing was tried: only root can mount, and there must be loop devices"
    exit 0
fi

work=$(mktemp -d)
mounts=()
loops=()
tried=0
runs=0
missing=()
limits=()

cleanup() {
    local code=$?
    exec 9>&-
    for ((i = ${#mounts[@]} - 1; i >= 0; i--)); do umount -l "${mounts[i]}" 2>/dev/null || true; done
    for loop in "${loops[@]}"; do losetup -d "$loop" 2>/dev/null || true; done
    if [ "$code" = 0 ]; then rm -rf "$work"; else echo "$me: see $work" >&2; fi
}
trap cleanup EXIT

# expect WHAT FOUND WANTED
expect() {
    if [ "$2" != "$3" ]; then
        printf '%s: %s: %s: found %q, not %q\n' "$me" "$place" "$1" "$2" "$3" >&2
        tail -n 30 "$work/$place/run.log" >&2 || true
        exit 1
    fi
}

# says WHAT WORDS: whether the last run said them.
says() {
    expect "$1" "$(grep -qF -- "$2" "$work/$place/run.log" && echo said || echo 'not said')" said
}

# google PLACE WORLD: starts a sandbox, and a home that is signed in to it. It ends with descriptor 9.
google() {
    place=$1
    exec 9>&-
    mkdir -p "$work/$place"
    export HOME=$work/$place/home XDG_CONFIG_HOME=$work/$place/home/.config
    unset DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS
    mkdir -p "$XDG_CONFIG_HOME/gphotos-sync"
    mkfifo "$work/$place/hold"
    "$program" sandbox --world "$2" <"$work/$place/hold" >"$work/$place/facts" &
    exec 9>"$work/$place/hold"
    until [ -s "$work/$place/facts" ]; do sleep 0.05; done
    python3 - "$work/$place/facts" "$XDG_CONFIG_HOME/gphotos-sync" <<'PYTHON'
import json, sys
facts, folder = json.loads(open(sys.argv[1]).readline()), sys.argv[2]
for name in ("client_secret", "service_account"):
    with open(f"{folder}/{name}.json", "w") as file:
        json.dump(facts[name], file)
open(f"{folder}/root", "w").write(facts["root"])
PYTHON
    GPHOTOS_SYNC_API_ROOT=$(cat "$XDG_CONFIG_HOME/gphotos-sync/root")
    export GPHOTOS_SYNC_API_ROOT
    if [ "$2" = demo ]; then
        echo 'token-store = "file"' >"$XDG_CONFIG_HOME/gphotos-sync/config.toml"
        sign_in
    else
        echo "service-account = '$XDG_CONFIG_HOME/gphotos-sync/service_account.json'" \
            >"$XDG_CONFIG_HOME/gphotos-sync/config.toml"
    fi
}

sign_in() {
    local said=$work/$place/login address=
    : >"$said"
    "$program" auth login --no-browser >"$said" </dev/null 9>&- &
    local waiting=$!
    until address=$(grep -m1 '^http' "$said"); do
        kill -0 "$waiting" || return
        sleep 0.05
    done
    python3 -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1]).read()' "$address"
    wait "$waiting"
}

# ask LINE: has the sandbox do something, and sets $answer.
ask() {
    local before
    before=$(wc -l <"$work/$place/facts")
    echo "$1" >&9
    until [ "$(wc -l <"$work/$place/facts")" -gt "$before" ]; do sleep 0.02; done
    answer=$(tail -n 1 "$work/$place/facts")
}

# run WHAT CODE WORD...: runs the program, and expects that exit code. A run that waits for ever is killed.
run() {
    local what=$1 wanted=$2 code=0
    shift 2
    runs=$((runs + 1))
    timeout 120 "$program" "$@" >"$work/$place/run.log" 2>&1 </dev/null 9>&- || code=$?
    cat "$work/$place/run.log" >>"$work/$place/runs.log"
    expect "$what" "$code" "$wanted"
}

# backup WHAT CODE DIR OPTION...
backup() {
    local what=$1 code=$2 dir=$3
    shift 3
    run "$what" "$code" --all-files --progress none "$@" "$dir"
}

# fetches: what was fetched since that was last asked.
fetches() {
    ask requests
    python3 -c '
import json, sys
print(sum(n for kind, n in json.loads(sys.argv[1]).items() if kind in ("media", "photomedia", "export")))' "$answer"
}

# listing DIR: every file of the trees and every entry of an album, with its bytes' SHA-256.
listing() {
    (cd "$1" && { find drive drive-* photos albums \( -type f -o -path 'albums/*' -type l \) -print0 2>/dev/null || true; } |
        sort -z | xargs -0r sha256sum | sed 's/^\\//')
}

# scene PLACE DIR OPTION...: all the runs on the disk at DIR. The files are then in $work/PLACE/list.
scene() {
    google "$1" demo
    local dir=$2/archive
    shift 2
    ask 'add c1 Case.txt one'
    ask 'add c2 case.txt two'
    backup 'the first run' 0 "$dir" "$@"
    cp "$work/$place/run.log" "$work/$place/first.log"
    fetches >/dev/null
    backup 'a run with nothing to do' 0 "$dir" "$@"
    expect 'it fetched' "$(fetches)" 0
    ask 'rename f-tide IMG_9999.JPG'
    ask 'rename f-slash plain.jpg'
    ask 'edit f-ticket a new ticket'
    ask 'trash f-notes'
    ask 'trash f-dunes'
    backup 'a run after changes' 0 "$dir" "$@" --do-delete
    expect 'it fetched what changed' "$(fetches)" 1
    run 'verify' 0 verify "${place_options[@]}" "$dir"
    run 'doctor' "${doctor_code:-0}" doctor "${place_options[@]}" "$dir"
    listing "$dir" >"$work/$place/list"
    expect 'there is enough' "$(($(wc -l <"$work/$place/list") >= 25))" 1
    tried=$((tried + 1))
}
place_options=()

# same PLACE OTHER: whether the same files with the same bytes are there.
same() {
    expect "the files are those of $2" "$(cmp -s "$work/$1/list" "$work/$2/list" && echo same || echo different)" same
}

# same_bytes PLACE OTHER: the same by whatever names.
same_bytes() {
    local one other
    one=$(cut -d' ' -f1 "$work/$1/list" | sort | uniq -c)
    other=$(cut -d' ' -f1 "$work/$2/list" | sort | uniq -c)
    expect "the bytes are those of $2" "$one" "$other"
}

# has COMMAND PACKAGE: whether a tool is there, or can be installed.
has() {
    command -v "$1" >/dev/null && return
    apt-get -q -o DPkg::Lock::Timeout=60 install -y --no-install-recommends "$2" >/dev/null 2>&1 </dev/null || true
    command -v "$1" >/dev/null && return
    missing+=("$2")
    return 1
}

# image NAME MB: a file as a disk. Sets $loop and $mount.
image() {
    truncate -s "$2M" "$work/$1.img"
    loop=$(losetup -f --show "$work/$1.img")
    loops+=("$loop")
    mount=$work/mount/$1
    mkdir -p "$mount"
}

# mounted COMMAND...: mounts what is at $mount.
mounted() {
    "$@" && mounts+=("$mount")
}

tmpfs() {
    mount=$work/mount/$1
    mkdir -p "$mount"
    mounted mount -t tmpfs -o "$2" tmpfs "$mount"
}

# free_kb: what is left at $mount.
free_kb() {
    df --output=avail -k "$mount" | tail -n 1 | tr -d ' '
}

saved() {
    find "$1/drive" -type f 2>/dev/null | wc -l
}

# Waits until some files are fetched, and not all.
until_fetching() {
    for ((i = 0; i < 3000; i++)); do
        [ "$(find "$mount/archive/.gphotos-sync/partial" -type f 2>/dev/null | wc -l)" -gt 3 ] && return
        sleep 0.02
    done
}

# goes_on FILES: after room was made, all is there, fetched no more often than need be, and sound.
goes_on() {
    backup 'the run after room was made' 0 "$mount/archive"
    expect 'files' "$(saved "$mount/archive")" "$1"
    fetches >/dev/null
    backup 'a run with nothing to do' 0 "$mount/archive"
    expect 'it fetched' "$(fetches)" 0
    run verify 0 verify "$mount/archive"
    tried=$((tried + 1))
}

plain() {
    scene plain "$work/plain-disk"
    scene plain-portable "$work/portable-disk" --names portable --albums copy
    scene plain-copy "$work/copy-disk" --albums copy
}

full_tmpfs() {
    google full items:80,bytes:262144
    tmpfs full size=12M
    backup 'a run on a disk that is too small' 5 "$mount/archive"
    says 'it was said before' 'the disk has too little room: 21 MB are to be fetched'
    says 'and at the end' 'the disk has no room for'
    expect 'something was saved' "$(($(saved "$mount/archive") >= 30))" 1
    expect 'the disk is not filled to its last byte' "$(($(free_kb) >= 500))" 1
    run verify 0 verify "$mount/archive"
    backup 'again, as full as it was' 5 "$mount/archive"
    mount -o remount,size=64M "$mount"
    goes_on 80
}

# Somebody else fills the disk in the middle of a run.
filled_tmpfs() {
    google filled items:40,bytes:262144
    tmpfs filled size=40M
    (
        until_fetching
        dd if=/dev/zero of="$mount/other" bs=64k 2>/dev/null || true
    ) 9>&- &
    backup 'a run while somebody else fills the disk' 5 "$mount/archive" --bwlimit 3M --transfers 2
    wait $!
    says 'what to do' 'make room on the disk'
    rm "$mount/other"
    goes_on 40
}

inodes_tmpfs() {
    google inodes items:60,folders:1,bytes:100
    tmpfs inodes size=64M,nr_inodes=40
    backup 'a run on a disk that takes no more files' 5 "$mount/archive"
    says 'the reason' 'No space left on device'
    mount -o remount,nr_inodes=1000 "$mount"
    goes_on 60
}

full_ext4() {
    google full-ext4 items:80,bytes:262144
    image full-ext4 24
    mkfs.ext4 -q -F "$loop"
    mounted mount "$loop" "$mount"
    dd if=/dev/zero of="$mount/other" bs=1M count=12 2>/dev/null
    backup 'a run on an ext4 that is too full' 5 "$mount/archive"
    says 'it was said before' 'the disk has too little room'
    expect 'something was saved' "$(($(saved "$mount/archive") >= 5))" 1
    rm "$mount/other"
    cp "$work/full-ext4.img" "$work/larger.img"
    umount "$mount"
    truncate -s 96M "$work/full-ext4.img"
    losetup -c "$loop"
    e2fsck -fp "$loop" >/dev/null || true
    resize2fs "$loop" >/dev/null 2>&1
    mount "$loop" "$mount"
    rm "$work/larger.img"
    goes_on 80
}

read_only_ext4() {
    google read-only items:40,bytes:262144
    image read-only 64
    mkfs.ext4 -q -F "$loop"
    mounted mount -o errors=remount-ro "$loop" "$mount"
    (
        until_fetching
        echo 1 >"/sys/fs/ext4/$(basename "$loop")/trigger_fs_error"
    ) 9>&- &
    backup 'a run whose disk finds itself damaged' 5 "$mount/archive" --bwlimit 3M --transfers 2
    wait $!
    backup 'a run on a read-only disk' 5 "$mount/archive"
    says 'what to do' 'mount the file system for writing'
    umount "$mount"
    e2fsck -fy "$loop" >/dev/null 2>&1 || true
    mount "$loop" "$mount"
    goes_on 40
}

on_ext4() {
    image ext4 64
    mkfs.ext4 -q -F "$loop"
    mounted mount "$loop" "$mount"
    doctor_code=5 scene ext4 "$mount"
    same ext4 plain
}

on_exfat() {
    has mkfs.exfat exfatprogs && has mount.exfat-fuse exfat-fuse && [ -e /dev/fuse ] || return 0
    image exfat 64
    mkfs.exfat "$loop" >/dev/null
    mounted mount.exfat-fuse "$loop" "$mount" >/dev/null 2>&1
    doctor_code=5 scene exfat "$mount" --albums copy
    cp "$work/exfat/first.log" "$work/exfat/run.log"
    says 'what it lacks' 'some characters cannot be used in names'
    says 'and what is left out' "Drive's shortcuts were left out"
    same exfat plain-portable
    doctor_code=5 scene exfat-links "$mount/2"
    cp "$work/exfat-links/first.log" "$work/exfat-links/run.log"
    says 'what to do' 'use --albums copy'
    grep -v '  albums/' "$work/plain-portable/list" >"$work/no-albums"
    expect 'all files' "$(cmp -s "$work/exfat-links/list" "$work/no-albums" && echo same)" same
}

on_xfs() {
    has mkfs.xfs xfsprogs || return 0
    image xfs 400
    mkfs.xfs -q -f "$loop"
    local has_quotas=1
    mounted mount -o usrquota,prjquota "$loop" "$mount" 2>/dev/null || {
        has_quotas=0
        missing+=("xfs's quotas in the kernel")
        mounted mount "$loop" "$mount"
    }
    doctor_code=5 scene xfs "$mount/1"
    same xfs plain
    doctor_code=5 scene xfs-reflink "$mount/2" --albums reflink
    same xfs-reflink plain-copy
    if [ "$has_quotas" = 1 ]; then quota; fi
}

# The disk is large, and this user, or this folder, may have little of it.
quota() {
    google project-quota items:40,bytes:262144
    mkdir "$mount/archive"
    xfs_quota -x -c "project -s -p $mount/archive 42" "$mount" >/dev/null
    xfs_quota -x -c 'limit -p bhard=6m 42' "$mount"
    backup 'a run over a quota of the folder' 5 "$mount/archive"
    expect 'something was saved' "$(($(saved "$mount/archive") >= 10))" 1
    xfs_quota -x -c 'limit -p bhard=100m 42' "$mount"
    goes_on 40

    google user-quota items:40,bytes:262144
    rm -rf "$mount/archive"
    mkdir "$mount/archive"
    chown -R nobody "$mount/archive" "$work/user-quota"
    chmod 755 "$work" "$work/mount"
    xfs_quota -x -c 'limit -u bhard=6m nobody' "$mount"
    cp "$program" "$work/gphotos-sync"
    local root=$program
    as_nobody "$work/gphotos-sync"
    backup 'a run over a quota of the user' 5 "$mount/archive"
    says 'the reason' 'Disk quota exceeded'
    expect 'something was saved' "$(($(saved "$mount/archive") >= 10))" 1
    xfs_quota -x -c 'limit -u bhard=100m nobody' "$mount"
    goes_on 40
    program=$root
}

# as_nobody PROGRAM: from now on it is run by another user.
as_nobody() {
    printf '#!/bin/sh\nexec setpriv --reuid nobody --clear-groups %s "$@"\n' "$1" >"$work/as-nobody"
    chmod 755 "$work/as-nobody"
    program=$work/as-nobody
}

on_btrfs() {
    has mkfs.btrfs btrfs-progs || return 0
    image btrfs 300
    mkfs.btrfs -q -f "$loop"
    mounted mount "$loop" "$mount" || { missing+=('btrfs in the kernel'); return 0; }
    doctor_code=5 scene btrfs "$mount/1"
    same btrfs plain
    doctor_code=5 scene btrfs-reflink "$mount/2" --albums reflink
    same btrfs-reflink plain-copy
    btrfs_quota
}

# The same of a subvolume. On btrfs each change of a page wants new room, also of the memory that SQLite shares with
# readers (index.db-shm): where there is none at all the kernel ends the program with SIGBUS, and nothing can be told.
btrfs_quota() {
    google btrfs-quota items:40,bytes:262144
    btrfs quota enable "$mount"
    btrfs -q subvolume create "$mount/archive"
    btrfs qgroup limit 6m "$mount/archive"
    local code=0
    timeout 120 "$program" --all-files --progress none "$mount/archive" >"$work/$place/run.log" 2>&1 </dev/null 9>&- || code=$?
    if [ "$code" = 5 ]; then
        says 'the reason' 'Disk quota exceeded'
    else
        expect 'a run over a quota of the subvolume' "$code" 135
        limits+=('SIGBUS over a quota of btrfs')
    fi
    btrfs qgroup limit 100m "$mount/archive"
    run 'verify with room, before the next run' 0 verify "$mount/archive"
    goes_on 40
}

on_ntfs() {
    has mkntfs ntfs-3g && has ntfs-3g ntfs-3g && [ -e /dev/fuse ] || return 0
    image ntfs 64
    mkntfs -F -Q "$loop" >/dev/null 2>&1
    mounted ntfs-3g "$loop" "$mount" >/dev/null
    doctor_code=5 scene ntfs "$mount"
    same ntfs plain
}

# odd NAME WORD...: our own FUSE file system, less some of what others have.
odd() {
    local name=$1
    shift
    mount=$work/mount/$name
    mkdir -p "$mount" "$work/backing-$name"
    "$work/venv/bin/python" tests/reliability/oddfs.py "$work/backing-$name" "$mount" "$@" \
        >"$work/oddfs-$name.log" 2>&1 9>&- &
    mounts+=("$mount")
    until mountpoint -q "$mount"; do
        kill -0 $! || return
        sleep 0.05
    done
}

on_odd() {
    [ -e /dev/fuse ] && has fusermount3 fuse3 || return 0
    if ! { python3 -m venv "$work/venv" && "$work/venv/bin/pip" -q install mfusepy==3.1.1; } >"$work/pip.log" 2>&1; then
        missing+=('mfusepy of PyPI')
        return
    fi
    odd caseless case seconds=2
    scene caseless "$mount"
    cp "$work/caseless/first.log" "$work/caseless/run.log"
    says 'what it lacks' 'upper and lower case are one'
    same_bytes caseless plain
    odd short names=143 no-links no-rename-new
    scene short "$mount"
    cp "$work/short/first.log" "$work/short/run.log"
    says 'what it lacks' 'names longer than 143 bytes are cut'
    same_bytes short plain
    odd lockless no-locks
    place_options=(--db-path "$work/index-of-lockless")
    scene lockless "$mount" --db-path "$work/index-of-lockless"
    place_options=()
    same lockless plain
    broken
}

# Each write fails with EIO from some moment on.
broken() {
    google broken items:40,bytes:262144
    odd broken "eio=$work/broken-now"
    (
        until_fetching
        touch "$work/broken-now"
    ) 9>&- &
    local code=0
    timeout 120 "$program" --progress none --all-files --bwlimit 3M --transfers 2 "$mount/archive" \
        >"$work/$place/run.log" 2>&1 </dev/null 9>&- || code=$?
    wait $!
    expect 'a run whose disk fails' "$(([ "$code" = 5 ] || [ "$code" = 8 ]) && echo told)" told
    # The archive tells it in the system's words, the index in SQLite's: whichever meets it first.
    expect 'the reason' "$(grep -qE 'put/output error|disk I/O error' "$work/$place/run.log" && echo said)" said
    rm "$work/broken-now"
    goes_on 40
}

plain
on_ext4
full_tmpfs
filled_tmpfs
inodes_tmpfs
full_ext4
read_only_ext4
on_exfat
if [ "$long" = 1 ]; then
    on_xfs
    on_btrfs
    on_ntfs
    on_odd
fi
if [ ${#missing[@]} -gt 0 ]; then
    echo "$me: could not be had here: ${missing[*]}"
fi
if [ ${#limits[@]} -gt 0 ]; then
    echo "$me: seen, and known of: ${limits[*]}"
fi
echo "$me: $tried disks and states of disks tried in $runs runs, nothing lost"
