#!/usr/bin/env bash
# Judges an archive with what every system has: coreutils, find, and an SQLite that is years older than the one which
# wrote the index (Python's is the system's). Nothing here knows how gphotos-sync works, only what README.rst and
# docs/index.rst promise.
set -euo pipefail
cd "$(dirname "$0")/../.."
peer=plain
. tests/peers/checks.sh

cleanup() {
    exec 9>&-
    wait
    rm -rf "$work"
}
trap cleanup EXIT

sandbox
home
login --token-store file
archive=$work/archive

# run WHAT CODE OPTION...: runs the main job, and expects that exit code.
run() {
    local what=$1 wanted=$2 code=0
    shift 2
    "$program" --token-store file --all-files --progress none "$@" "$archive" >>"$work/runs.log" 2>&1 9>&- || code=$?
    equal "$what" "$code" "$wanted"
}

# query SQL: its rows, columns between tabs, each row ended by NUL, since names may hold anything else.
query() {
    "$python" - "$archive/index.db" "$1" <<'PYTHON'
import sqlite3, sys
rows = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True).execute(sys.argv[2])
sys.stdout.buffer.write(b"".join("\t".join(map(str, row)).encode() + b"\0" for row in rows))
PYTHON
}

# The SQL of a page's code blocks, one statement after the other: how many there are, and that each runs.
cookbook() {
    "$python" - "$archive/index.db" "$@" <<'PYTHON'
import re, sqlite3, sys
db = sqlite3.connect(f"file:{sys.argv[1]}?mode=ro", uri=True)
ran = 0
for page in sys.argv[2:]:
    for block in re.findall(r"^\.\. code-block:: sql\n((?:\n| .*\n)+)", open(page, encoding="utf-8").read(), re.M):
        statement = ""
        for line in block.splitlines(keepends=True):
            statement += line
            if sqlite3.complete_statement(statement):
                db.execute(statement).fetchall()
                statement, ran = "", ran + 1
        assert not statement.strip(), statement
print(ran)
PYTHON
}

# The trees' files with their SHA-256, as coreutils sees them.
trees() {
    (cd "$archive" && find drive drive-* photos -type f -print0 | sort -z | xargs -0 sha256sum -z | sort -z)
}

# links: where each link of the albums leads, by its album and its number.
links() {
    local link number
    cd "$archive"
    find albums -type l -print0 | sort -z | while IFS= read -r -d '' link; do
        number=$(basename "$link")
        printf '%s\t%d\t%s\0' "$(dirname "$link")" "$((10#${number%%_*}))" \
            "$(realpath --relative-to=. --canonicalize-existing "$link" || true)"
    done
}

same() { cmp -s "$@" && echo same || echo different; }

run 'the first run is complete' 0

views='v_album_items v_albums v_duplicates v_files v_history v_people v_problems v_runs'
for view in $views; do
    query "SELECT * FROM $view" >/dev/null && found=answers || found=fails
    equal "$view" "$found" answers
done
equal 'the cookbook runs' "$(($(cookbook docs/index.rst README.rst) >= 15))" 1

trees >"$work/disk"
query "SELECT DISTINCT sha256 || '  ' || path FROM v_files WHERE state = 'saved' ORDER BY 1" | sort -z >"$work/index"
equal 'the trees are what v_files says, file by file and bit by bit' "$(same "$work/disk" "$work/index")" same
equal 'there are photos among them' "$(($(tr '\0' '\n' <"$work/disk" | grep -c '  photos/') >= 3))" 1

links | sort -z >"$work/linked"
query 'SELECT album_path, position, path FROM v_album_items' | sort -z >"$work/items"
equal 'the albums are what v_album_items says, link by link' "$(same "$work/linked" "$work/items")" same
equal 'there are enough links' "$(($(tr '\0' '\n' <"$work/linked" | wc -l) >= 5))" 1
equal 'some of them lead into drive/' "$(tr '\0' '\n' <"$work/linked" | grep -qP '\tdrive/' && echo yes)" yes
equal 'no link is absolute' "$(find "$archive" -type l -lname '/*')" ''
equal 'none is broken' "$(find "$archive" -xtype l)" ''

run 'a second run is complete' 0
trees >"$work/again"
links | sort -z >"$work/linked-again"
equal 'and changes nothing' "$(same "$work/disk" "$work/again") $(same "$work/linked" "$work/linked-again")" 'same same'

# A picture that Drive alone has, and a text.
ask 'trash f-far-dunes'
ask 'trash f-notes'
run 'what is gone from Google stays' 0
trees >"$work/kept"
equal 'every file of it' "$(same "$work/disk" "$work/kept")" same
run 'or goes, with --do-delete' 0 --do-delete
trees >"$work/less"
comm -z -23 "$work/disk" "$work/less" >"$work/removed"
equal 'two files and no other' "$(tr '\0' '\n' <"$work/removed" | wc -l) $(comm -z -13 "$work/disk" "$work/less" | wc -c)" '2 0'
equal 'their bytes are in the trash' \
    "$(find "$archive/.gphotos-sync/trash" -type f -exec sha256sum {} + | cut -d' ' -f1 | sort)" \
    "$(tr '\0' '\n' <"$work/removed" | cut -d' ' -f1 | sort)"
"$program" undo "$archive" >>"$work/runs.log" 2>&1 || true
trees >"$work/undone"
equal 'undo brings back every byte' "$(same "$work/disk" "$work/undone")" same
run 'what was put back is not removed again' 0 --do-delete
trees >"$work/undone"
equal 'and stays' "$(same "$work/disk" "$work/undone")" same
"$program" verify "$archive" >>"$work/runs.log" 2>&1 && found=sound || found=unsound
equal 'verify agrees' "$found" sound

[ "$failed" = 0 ] || tail -n 40 "$work/runs.log" >&2
finish
