#!/usr/bin/env bash
# Proves the sign-in's way into a real Secret Service and back, against gnome-keyring: a login is kept there, a later
# session reads it, secret-tool finds it, a locked keyring is told as such, a logout removes it.
#
# Each session has a bus and a keyring daemon of its own, which end with it; only the keyring's file stays, as it does
# on a desktop.
set -euo pipefail
cd "$(dirname "$0")/../.."
peer=keyring
. tests/peers/checks.sh

# The sandbox runs until its standard input, a pipe that is held open here, is closed.
cleanup() {
    exec 9>&-
    wait
    rm -rf "$work"
}
trap cleanup EXIT

sandbox
home
export XDG_RUNTIME_DIR=$work/run
mkdir -m 700 "$XDG_RUNTIME_DIR"
client=$(fact id)

# session locked|unlocked COMMAND...: runs a function of this file in a desktop session of its own.
session() {
    export -f lookup login unlocked locked "$2"
    export python program config client work
    dbus-run-session -- bash -euo pipefail -c '"$1"; shift; "$@"' session "$@" 9>&-
}
# The daemon tells its addresses for the session on stdout, but the bus is enough.
unlocked() { printf secret | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>>"$work/daemon.log"; }
locked() { gnome-keyring-daemon --start --components=secrets >/dev/null 2>>"$work/daemon.log"; }
lookup() { secret-tool lookup service gphotos-sync username "$client"; }

status() { "$program" auth status </dev/null; }
logout() { "$program" auth logout; }

# quietly COMMAND...: its exit code, its words in the files out and err.
quietly() {
    local code=0
    "$@" >"$work/out" 2>"$work/err" || code=$?
    echo "$code"
}
says() { grep -q "$2" "$work/$1" && echo yes || cat "$work/$1"; }

equal 'signs in' "$(quietly session unlocked login)" 0
equal 'says where it is kept' "$(says login "kept in the system's keyring")" yes
equal 'keeps nothing in a file' "$(grep -rl refresh_token "$config")" ''
equal 'secret-tool finds it' "$(quietly session unlocked lookup)" 0
equal 'the refresh token is in it' "$(says out refresh_token)" yes
equal 'a later session reads it' "$(quietly session unlocked status)" 0
equal 'and can use it' "$(says out 'Works now: *yes')" yes
equal 'a locked keyring ends with 3' "$(quietly session locked status)" 3
equal 'and is told as such' "$(says err 'keyring is locked')" yes
equal 'signs out' "$(quietly session unlocked logout)" 0
equal 'then secret-tool finds nothing' "$(quietly session unlocked lookup)" 1

[ "$failed" = 0 ] || tail -n 20 "$work/daemon.log" >&2
finish
