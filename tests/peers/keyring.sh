#!/usr/bin/env bash
# Proves the sign-in's way into a real Secret Service and back, against gnome-keyring:
# a login is kept there, a later session reads it, secret-tool finds it, a locked
# keyring is told as such, a logout removes it.
#
# Needs dbus, gnome-keyring, libsecret-tools, curl and python3. Usage:
#   tests/peers/keyring.sh [PATH-OF-GPHOTOS-SYNC]
set -euo pipefail

program=$(realpath "${1:-target/debug/gphotos-sync}")
work=$(mktemp -d)
export HOME=$work/home XDG_CONFIG_HOME=$work/home/.config XDG_RUNTIME_DIR=$work/run
unset DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS
config=$XDG_CONFIG_HOME/gphotos-sync
mkdir -p "$config" "$XDG_RUNTIME_DIR"
chmod 700 "$XDG_RUNTIME_DIR"

fail() { echo "keyring.sh: $*" >&2; exit 1; }
field() { python3 -c 'import json,sys; print(json.dumps(json.loads(sys.argv[1])[sys.argv[2]]))' "$@"; }

# A Google of our own, which ends when its stdin is closed.
coproc sandbox { exec "$program" sandbox; }
trap 'eval "exec ${sandbox[1]}>&-"; wait "$sandbox_PID" || true; rm -rf "$work"' EXIT
read -r line <&"${sandbox[0]}"
GPHOTOS_SYNC_API_ROOT=$(field "$line" root | tr -d '"')
export GPHOTOS_SYNC_API_ROOT
field "$line" client_secret >"$config/client_secret.json"
client=$(python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["installed"]["client_id"])' \
    "$config/client_secret.json")

# Runs a function of this file in a desktop session of its own.
session() {
    export -f "${@:2}" login lookup fail
    export program config client work
    dbus-run-session -- bash -euo pipefail -c "$1; ${*:2}"
}
unlocked='eval "$(printf %s secret | gnome-keyring-daemon --unlock --components=secrets | sed "s/^/export /")"'
locked='gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1'

login() {
    "$program" auth login --no-browser >"$work/login" </dev/null &
    local waiting=$! address=
    until address=$(grep -m1 '^http' "$work/login"); do kill -0 $waiting; done
    curl --silent --fail --location --output /dev/null "$address"
    wait $waiting
}
lookup() { secret-tool lookup service gphotos-sync username "$client"; }

keeps() {
    login
    grep -q "kept in the system's keyring" "$work/login" || fail "not kept in the keyring: $(cat "$work/login")"
    [ ! -e "$config/token-$client.json" ] || fail "a token file lies beside the keyring"
    lookup | grep -q refresh_token || fail "secret-tool does not find the sign-in"
}
reads() { "$program" auth status | grep -q "Works now: *yes" || fail "a later session cannot use it"; }
tells() {
    local code=0
    "$program" auth status >/dev/null 2>"$work/told" </dev/null || code=$?
    [ "$code" = 3 ] || fail "a locked keyring gives exit code $code"
    grep -q "keyring is locked" "$work/told" || fail "a locked keyring is not told: $(cat "$work/told")"
}
forgets() {
    "$program" auth logout >/dev/null
    ! lookup >/dev/null || fail "the sign-in is still in the keyring"
}

session "$unlocked" keeps
session "$unlocked" reads
session "$locked" tells
session "$unlocked" forgets
echo "keyring.sh: all good"
