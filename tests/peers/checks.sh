#!/usr/bin/env bash
# Counts what holds and what does not, for the peers that are shell scripts. To be sourced, from the top folder of the
# repository, with `peer` set to the peer's name. Makes the folder $work, which is gone when the peer ends.

python=$PWD/target/peers/venv/bin/python
program=$GPHOTOS_SYNC
work=$(mktemp -d)
passed=0
failed=0

# equal WHAT FOUND WANTED
equal() {
    if [ "$2" = "$3" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf '%s: %s: %q is not %q\n' "$peer" "$1" "$2" "$3" >&2
    fi
}

# Ends the peer.
finish() {
    echo "$peer: $passed passed, $failed failed"
    [ "$failed" = 0 ]
}

# Waits for the first line that a helper writes to the file $1.
first_line() {
    for _ in $(seq 300); do
        [ -s "$1" ] && head -n 1 "$1" && return
        sleep 0.1
    done
    echo "$peer: nothing came in $1" >&2
    return 1
}

# Starts the sandbox, signed in to by sandbox.py, and sets $facts to what that tells. Both run until descriptor 9, a
# pipe that is held open here, is closed.
sandbox() {
    mkfifo "$work/hold-sandbox"
    "$python" tests/peers/sandbox.py <"$work/hold-sandbox" >"$work/facts" &
    exec 9>"$work/hold-sandbox"
    facts=$(first_line "$work/facts")
}

# ask LINE: has the sandbox do what a line on its stdin can ask for.
ask() {
    local before
    before=$(wc -l <"$work/facts")
    echo "$1" >&9
    until [ "$(wc -l <"$work/facts")" -gt "$before" ]; do
        sleep 0.1
    done
}

# fact NAME: one of the facts.
fact() {
    "$python" -c 'import json, sys; print(json.loads(sys.argv[1])[sys.argv[2]])' "$facts" "$1"
}

# Gives gphotos-sync a home of its own, in which it knows the sandbox and no keyring.
home() {
    export HOME=$work/home XDG_CONFIG_HOME=$work/home/.config GPHOTOS_SYNC_API_ROOT
    unset DISPLAY WAYLAND_DISPLAY DBUS_SESSION_BUS_ADDRESS
    GPHOTOS_SYNC_API_ROOT=$(fact root)
    config=$XDG_CONFIG_HOME/gphotos-sync
    mkdir -p "$config"
    fact client_secret >"$config/client_secret.json"
}

# Signs gphotos-sync in as a person without a screen does, and a browser that agrees to everything. Its words go to
# the file login.
login() {
    : >"$work/login"
    "$program" auth login --no-browser "$@" >"$work/login" </dev/null 9>&- &
    local waiting=$! address=
    until address=$(grep -m1 '^http' "$work/login"); do
        kill -0 "$waiting" || return
        sleep 0.1
    done
    "$python" -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1]).read()' "$address"
    wait "$waiting"
}
