#!/usr/bin/env bash
# Has exiftool read what --sidecars xmp writes: every fact of a sidecar of Takeout comes back out as it went in.
set -euo pipefail
cd "$(dirname "$0")/../.."
peer=xmp
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

# An export that was downloaded and unpacked, of two pictures: one of which all is told, one of which little is.
folder="$work/Takeout/Google Photos/Photos from 1967"
mkdir -p "$folder"
printf 'the lake' >"$folder/lake.jpg"
cat >"$folder/lake.jpg.supplemental-metadata.json" <<'JSON'
{
  "title": "lake.jpg",
  "description": "by the <lake> & \"the river\", l'été 🏖",
  "creationTime": {"timestamp": "1700000000", "formatted": ""},
  "photoTakenTime": {"timestamp": "-75304128", "formatted": ""},
  "geoData": {"latitude": 48.1234567, "longitude": -11.5000001, "altitude": 0.0},
  "people": [{"name": "Zoë"}, {"name": "Ann & Bo"}],
  "favorited": true,
  "url": "https://photos.google.com/photo/AF1QipLake"
}
JSON
printf 'the hill' >"$folder/hill.jpg"
cat >"$folder/hill.jpg.supplemental-metadata.json" <<'JSON'
{
  "title": "hill.jpg",
  "creationTime": {"timestamp": "1700000000", "formatted": ""},
  "photoTakenTime": {"timestamp": "-75304127", "formatted": ""},
  "geoData": {"latitude": -33.856784, "longitude": 151.215297, "altitude": 0.0},
  "url": "https://photos.google.com/photo/AF1QipHill"
}
JSON

code=0
"$program" takeout --token-store file --progress none --sidecars xmp "$archive" "$work/Takeout" \
    >"$work/backup.log" 2>&1 9>&- || code=$?
equal 'the export is taken in' "$code" 0
month=$archive/photos/1967/08
equal 'the picture is as it was' "$(cat "$month/lake.jpg")" 'the lake'

# tag NAME FILE: what exiftool reads, several values with | between them, numbers as numbers.
tag() {
    exiftool -n -s3 -sep '|' -charset utf8 "-$1" "$2"
}

lake=$month/lake.jpg.xmp
equal 'description' "$(tag XMP-dc:Description "$lake")" "by the <lake> & \"the river\", l'été 🏖"
equal 'people' "$(tag XMP-iptcExt:PersonInImage "$lake")" 'Ann & Bo|Zoë'
equal 'favourite' "$(tag XMP-xmp:Rating "$lake")" 5
equal 'time, before 1970' "$(tag XMP-photoshop:DateCreated "$lake")" '1967:08:13 10:11:12Z'
equal 'degrees north' "$(printf %.7f "$(tag XMP-exif:GPSLatitude "$lake")")" 48.1234567
equal 'degrees west' "$(printf %.7f "$(tag XMP-exif:GPSLongitude "$lake")")" -11.5000001
equal 'as one place' "$(tag Composite:GPSPosition "$lake" | wc -w)" 2

hill=$month/hill.jpg.xmp
equal 'degrees south' "$(printf %.6f "$(tag XMP-exif:GPSLatitude "$hill")")" -33.856784
equal 'degrees east' "$(printf %.6f "$(tag XMP-exif:GPSLongitude "$hill")")" 151.215297
equal 'no favourite' "$(tag XMP-xmp:Rating "$hill")" ''
equal 'nobody' "$(tag XMP-iptcExt:PersonInImage "$hill")" ''

for file in "$lake" "$hill"; do
    equal 'nothing to complain of' "$(exiftool -validate -warning -error -s3 "$file")" OK
done
# As people use it: for each picture the file beside it.
copied=$(cd "$month" && exiftool -q -n -tagsfromfile %d%f.%e.xmp -o ./seen.mie -xmp:rating lake.jpg 2>&1 || true)
equal 'it is found by its name' "$(tag Rating "$month/seen.mie")$copied" 5

[ "$failed" = 0 ] || tail -n 20 "$work/backup.log" >&2
finish
