#!/usr/bin/env bash
# Measures what a backup of Drive and Google Photos costs, against the built-in
# sandbox, and checks what is promised of a run in which nothing changed.
#
#   benches/photos.sh [ITEMS [PHOTOS [ALBUMS]]]    10000 2000 20
#
# ITEMS files of Drive lie in ITEMS / 20 folders; a tenth of the PHOTOS has the bytes
# of one of them; each album has PHOTOS / ALBUMS photos. What is promised:
#
#   no media request; at most 3 requests to Drive, and to Photos at most
#   1 + ALBUMS / 50 and a page for every 100 photos of the dates asked for again;
#   a peak of less than 64 MiB
#
# With 100000 20000 200 on two cores of a server (release build, other work beside it):
# the first run took 88 s and 81 MiB, the second 1.1 s and 36 MiB, with 2 requests to
# Drive and 6 to Photos.
#
#   BIN=FILE      the program      [target/release/gphotos-sync of this checkout]
#   WORK=FOLDER   where to work    [a new folder in /tmp; removed at the end]
#   BEFORE='perf record -g'        a command to put before the program
#
# Needs bash, python3 and Linux or macOS. Ends with 1 if a promise is not kept.
set -euo pipefail

here=$(cd "$(dirname "$0")/.." && pwd)
bin=${BIN:-$here/target/release/gphotos-sync}
items=${1:-10000}
photos=${2:-2000}
albums=${3:-20}
work=${WORK:-$(mktemp -d)}
# shellcheck source=benches/lib.sh
. "$here/benches/lib.sh"

begin "items:$items,folders:$((items / 20)),bytes:64,photos:$photos,albums:$albums"
as_person

# Of a run in which nothing changed. No photo of the sandbox is of the last days, so
# the dates that are asked for again have one page.
date_pages=1
promises() {
    promise 'media requests' "$(requests_of media export photomedia)" 0
    promise 'requests to Drive' "$(requests_of about list get starttoken changes drives)" 3
    promise 'requests to Photos' "$(requests_of photolist photosearch photoget albums)" \
        $((1 + (albums + 49) / 50 + date_pages))
    promise 'peak RSS in MiB' "$rss" 63
}

echo "$items files, $photos photos, $albums albums"
headings
measure 'first run'
echo "    index: $(size_of_index "$((items + photos))") bytes an item"
measure 'nothing changed'
promises
exit "$failed"
