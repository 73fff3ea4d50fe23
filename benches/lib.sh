# What the measurements have in common: the sandbox, signing in, a measured run.
#
# For bash scripts of this folder, which set these before they read it:
#   bin       the program
#   work      an empty folder to work in
# and after it call `begin WORLD`, then `as_person` or `as_service_account`, then
# `measure NAME OPTION...`. The archive is in $work/archive.
#
#   BEFORE='perf record -g'        a command to put before the program
#
# Needs python3 and Linux or macOS.

target=$work/archive
config=$work/config/gphotos-sync
failed=0

# begin WORLD: starts a sandbox, a process of its own, which ends with this script.
begin() {
    coproc sandbox { exec "$bin" sandbox --world "$1"; }
    trap finish EXIT
    read -r told <&"${sandbox[0]}"
    mkdir -p "$config"
    GPHOTOS_SYNC_API_ROOT=$(part_of "$told" root)
    export GPHOTOS_SYNC_API_ROOT
    # On macOS the settings are looked for elsewhere: --secret and --token-store say it all.
    export XDG_CONFIG_HOME=$work/config HOME=$work
}

finish() {
    # shellcheck disable=SC2154 # coproc sets it
    kill "$sandbox_PID" 2>/dev/null || true
    [ -n "${WORK:-}" ] || rm -rf "$work"
}

# part_of JSON NAME: a member of the JSON text, as JSON, and a string as it is.
part_of() {
    python3 - "$@" <<'PYTHON'
import json, sys
part = json.loads(sys.argv[1]).get(sys.argv[2], 0)
print(part if isinstance(part, str) else json.dumps(part))
PYTHON
}

# ask LINE: has the sandbox answer it.
ask() {
    echo "$1" >&"${sandbox[1]}"
    read -r answer <&"${sandbox[0]}"
    echo "$answer"
}

as_service_account() {
    part_of "$told" service_account >"$config/key.json"
    identity=(--service-account "$config/key.json")
}

# As people do: the address that `auth login` prints is opened, and the answer comes
# back to it.
as_person() {
    part_of "$told" client_secret >"$config/client_secret.json"
    identity=(--secret "$config/client_secret.json" --token-store file)
    python3 - "$bin" auth login --no-browser "${identity[@]}" <<'PYTHON'
import subprocess, sys, urllib.request
login = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
address = next(line for line in login.stdout if line.startswith("http"))
urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address.strip()).read()
rest = login.stdout.read()
if login.wait() != 0:
    sys.exit(f"signing in failed:\n{rest}")
PYTHON
    ask requests >/dev/null
}

headings() {
    printf '%-22s %10s %9s %9s %11s   %s\n' run wall user sys 'peak RSS' requests
}

# measure NAME OPTION...: runs the program and prints a line of the table. Leaves the
# peak in $rss (MiB) and the requests in $requests (JSON).
measure() {
    local name=$1
    shift
    # shellcheck disable=SC2086 # BEFORE is a command with its arguments
    python3 - "$work/output" "$work/rss" ${BEFORE:-} "$bin" "$target" "${identity[@]}" \
        --all-files --progress none "$@" <<'PYTHON' >"$work/line" || { cat "$work/line"; exit 1; }
import resource, subprocess, sys, time

output, peak, command = sys.argv[1], sys.argv[2], sys.argv[3:]
begun = time.monotonic()
with open(output, "w") as file:
    code = subprocess.call(command, stdin=subprocess.DEVNULL, stdout=file, stderr=subprocess.STDOUT)
wall = time.monotonic() - begun
used = resource.getrusage(resource.RUSAGE_CHILDREN)
rss = used.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
open(peak, "w").write(f"{rss:.0f}")
print(f"{wall:8.2f} s {used.ru_utime:7.2f} s {used.ru_stime:7.2f} s {rss:7.0f} MiB", end="")
if code:
    sys.exit(f"\n{' '.join(command)} ended with {code}:\n{open(output).read()}")
PYTHON
    rss=$(cat "$work/rss")
    requests=$(ask requests)
    printf '%-22s %s   %s\n' "$name" "$(cat "$work/line")" "$requests"
}

# requests_of KIND...: how many requests of these kinds the last run sent.
requests_of() {
    python3 - "$requests" "$@" <<'PYTHON'
import json, sys
print(sum(json.loads(sys.argv[1]).get(kind, 0) for kind in sys.argv[2:]))
PYTHON
}

# promise WORDS NUMBER MOST: says whether the number is within what is promised.
promise() {
    if [ "$2" -le "$3" ]; then
        printf 'ok  %s: %s, at most %s\n' "$1" "$2" "$3"
    else
        printf '!!  %s: %s, more than %s\n' "$1" "$2" "$3"
        failed=1
    fi
}

# size_of_index ITEMS: bytes of the index for each of so many items.
size_of_index() {
    python3 - "$target/index.db" "$1" <<'PYTHON'
import os, sys
parts = (sys.argv[1] + end for end in ("", "-wal"))
print(sum(os.path.getsize(part) for part in parts if os.path.exists(part)) // int(sys.argv[2]))
PYTHON
}
