#!/usr/bin/env bash
# Sees to the tools that the peers need. To be sourced, from the top folder of the repository; then
#
#     tools PEER...     installs what is missing for these peers; fails, and says what to do, where it cannot
#
# Debian's packages are installed if this is Debian (or a child of it) and the user is root. What PyPI has goes into
# a venv below target/peers/, and only there.

peers=target/peers
python=$peers/venv/bin/python

# What each peer needs, as PACKAGE:COMMAND, where the command shows that it is there.
declare -A needs=(
    [discovery]='python3-venv:python3_with_venv'
    [google_client]='python3-venv:python3_with_venv'
    [rclone]='python3-venv:python3_with_venv openssl:openssl'
    [archive]='python3-venv:python3_with_venv openssl:openssl'
    [exports]='python3-venv:python3_with_venv unzip:unzip'
    [plain]='python3-venv:python3_with_venv'
    [xmp]='python3-venv:python3_with_venv libimage-exiftool-perl:exiftool'
    [keyring]='python3-venv:python3_with_venv dbus:dbus-run-session gnome-keyring:gnome-keyring-daemon libsecret-tools:secret-tool'
)

is_there() {
    if [ "$1" = python3_with_venv ]; then
        # On Debian the module is a package of its own.
        python3 -c 'import ensurepip, venv' 2>/dev/null
    else
        command -v "$1" >/dev/null
    fi
}

tools() {
    local peer need
    local -A missing=()
    for peer in "$@"; do
        for need in ${needs[$peer]}; do
            is_there "${need#*:}" || missing[${need%:*}]=1
        done
    done
    if [ ${#missing[@]} -gt 0 ]; then
        debian "${!missing[@]}"
    fi
    pypi
}

# Installs Debian packages.
debian() {
    if ! command -v apt-get >/dev/null; then
        echo "tests/peers: these are missing, and there is no apt-get to install them: $*" >&2
        return 1
    fi
    if [ "$(id -u)" != 0 ]; then
        echo "tests/peers: only root can install what is missing: sudo apt-get install $*" >&2
        return 1
    fi
    echo "installing from Debian: $*"
    mkdir -p "$peers"
    if ! { apt-get -q update && apt-get -q -o DPkg::Lock::Timeout=60 install -y --no-install-recommends "$@"; } \
        </dev/null >"$peers/apt.log" 2>&1; then
        tail -n 20 "$peers/apt.log" >&2
        echo "tests/peers: apt-get could not install: $*" >&2
        return 1
    fi
}

# Makes the venv, with the versions that requirements.txt names.
pypi() {
    local wanted=tests/peers/requirements.txt
    if cmp -s "$wanted" "$peers/venv/requirements.txt"; then
        return
    fi
    echo "installing from PyPI: $(grep -v '^#' "$wanted" | tr '\n' ' ')"
    mkdir -p "$peers"
    rm -rf "$peers/venv"
    if ! { python3 -m venv "$peers/venv" &&
        "$python" -m pip install --quiet --disable-pip-version-check --requirement "$wanted"; } \
        </dev/null >"$peers/pip.log" 2>&1; then
        tail -n 20 "$peers/pip.log" >&2
        echo 'tests/peers: PyPI could not be reached, or has not what tests/peers/requirements.txt names' >&2
        return 1
    fi
    # Last, so that what was cut off is done again.
    cp "$wanted" "$peers/venv/requirements.txt"
}
