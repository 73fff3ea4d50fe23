#!/usr/bin/env bash
# Backs up the demo world with gphotos-sync, and compares the archive's drive/ with what rclone sees in the account.
#
# Each shows what the other cannot: rclone merges folders of one name and ours are numbered, so what is compared
# file by file are those whose path is theirs alone and was not changed for the disk (archive.py says which).
set -euo pipefail
cd "$(dirname "$0")/../.."
peer=archive
. tests/peers/checks.sh
. tests/peers/detour.sh

home
login --token-store file
"$program" --token-store file --all-files --progress none "$work/archive" >"$work/backup.log" 9>&- && code=0 || code=$?
equal 'the backup is complete' "$code" 0
drive=$work/archive/drive

# What Takeout put there is no file of the person's, and is not saved in drive/.
rclone lsjson -R --hash --drive-skip-shortcuts --exclude '/Takeout/**' google: >"$work/account.json" || true
"$python" tests/peers/archive.py "$work/account.json" "$drive" "$work/comparable" && found=same || found=different
equal 'names, sizes, md5 and times' "$found" same
equal 'there is enough to compare' "$([ "$(wc -l <"$work/comparable")" -ge 10 ] && echo yes)" yes

rclone check --download --one-way --drive-skip-shortcuts --files-from-raw "$work/comparable" google: "$drive" &&
    found=same || found=different
equal 'every byte' "$found" same
equal 'as many files in all, beside pointers to what cannot be exported' \
    "$(find "$drive" -type f ! -name '*.url' | wc -l)" \
    "$("$python" -c 'import json, sys; print(sum(not e["IsDir"] for e in json.load(open(sys.argv[1]))))' "$work/account.json")"

printf x >>"$drive/$(head -n 1 "$work/comparable")"
rclone check --download --one-way --drive-skip-shortcuts --files-from-raw "$work/comparable" google: "$drive" &&
    found=same || found=different
equal 'a difference would be noticed' "$found" different
"$python" tests/peers/archive.py "$work/account.json" "$drive" "$work/comparable" 2>/dev/null &&
    found=same || found=different
equal 'by its size and md5 too' "$found" different

[ "$failed" = 0 ] || tail -n 20 "$work/backup.log" "$work/rclone.log" >&2
finish
