#!/usr/bin/env bash
# Reads the demo world with rclone's Drive back end.
set -euo pipefail
cd "$(dirname "$0")/../.."

peer=rclone
. tests/peers/checks.sh
. tests/peers/detour.sh

library=src/sandbox/library

# Listing, folder by folder and all at once.
rclone lsjson -R google: >"$work/slow.json" || true
rclone lsjson -R --fast-list google: >"$work/fast.json" || true
paths() {
    "$python" - "$1" <<'PYTHON'
import json, sys
for entry in sorted(json.load(open(sys.argv[1])), key=lambda entry: (entry["Path"], entry["ID"])):
    print(entry["Path"], entry["ID"], entry["Size"] if "vnd.google-apps" not in entry["MimeType"] else "-")
PYTHON
}
equal 'both listings are the same' "$(paths "$work/slow.json" | sha256sum)" "$(paths "$work/fast.json" | sha256sum)"
equal 'three files of one name' "$(paths "$work/fast.json" | grep -c '^Camera/IMG_0001.JPG ')" 3
equal 'two folders of one name' "$(paths "$work/fast.json" | grep -cE '^Trip d-trip-')" 2
equal 'a slash in a name' "$(paths "$work/fast.json" | grep -c '^Pictures/a／b.jpg ')" 1
equal 'trash, orphans and computers are not listed' \
    "$(paths "$work/fast.json" | grep -cE 'f-blurred|f-orphan|d-laptop' || true)" 0
equal 'a picture and its size' \
    "$(paths "$work/fast.json" | grep -c "IMG_0412.JPG f-lake $(stat -c %s $library/alpine_lake.jpg)$" || true)" 1

# Reading.
lake='google:Pictures/2019/Summer in the Alps/IMG_0412.JPG'
equal 'cat' "$(rclone cat "$lake" | sha256sum)" "$(sha256sum <$library/alpine_lake.jpg)"
equal 'cat from the middle' \
    "$(rclone cat --offset 1000 --count 500 "$lake" | sha256sum)" \
    "$(tail -c +1001 $library/alpine_lake.jpg | head -c 500 | sha256sum)"
equal 'md5sum' "$(rclone md5sum "$lake" | cut -d' ' -f1)" "$(md5sum <$library/alpine_lake.jpg | cut -d' ' -f1)"
equal 'an exported document' \
    "$(rclone cat 'google:Documents/Packing list.docx' | sha256sum)" "$(sha256sum <$library/packing_list.docx)"
equal 'a shortcut is followed' "$(rclone cat 'google:The lake' | sha256sum)" "$(sha256sum <$library/alpine_lake.jpg)"
equal 'what is shared' "$(rclone lsf --drive-shared-with-me google:)" 'From Grace.jpg'
equal 'the trash' "$(rclone lsf --files-only --drive-trashed-only google:)" 'blurred.jpg'

# Copying, and checking what was copied by its bytes and by the stated hashes.
mkdir -p "$work/expected/Summer in the Alps" "$work/copy"
cp $library/alpine_lake.jpg "$work/expected/Summer in the Alps/IMG_0412.JPG"
rclone copy --drive-skip-shortcuts google:Pictures/2019 "$work/copy" || true
equal 'the copy' "$(diff -r "$work/copy" "$work/expected" && echo same)" same
equal 'its time' "$(date -u -r "$work/copy/Summer in the Alps/IMG_0412.JPG" +%FT%TZ || true)" 2019-07-14T18:31:05Z
for how in --download --checksum; do
    rclone check $how --drive-skip-shortcuts google:Pictures/2019 "$work/expected" && found=same || found=different
    equal "check $how" "$found" same
done
printf x >>"$work/expected/Summer in the Alps/IMG_0412.JPG"
rclone check --download --drive-skip-shortcuts google:Pictures/2019 "$work/expected" && found=same || found=different
equal 'check notices a difference' "$found" different
rclone deletefile "$lake" && found=deleted || found=refused
equal 'nothing can be deleted' "$found" refused
equal 'about' "$(rclone about google: --json | "$python" -c 'import json, sys; print(json.load(sys.stdin)["used"] > 0)' || true)" True

[ "$failed" = 0 ] || tail -n 20 "$work/rclone.log" >&2
finish
