#!/usr/bin/env bash
# Brings rclone to a sandbox that it starts. To be sourced after checks.sh; then `rclone` is a command, and the
# sandbox's account its remote `google:`.
#
# rclone takes the OAuth addresses from its settings, but Drive's address is fixed. So its traffic goes through
# detour.py, a proxy that ends TLS with a certificate of an authority made for this run alone.

# The helpers run until their standard input, a pipe that is held open here, is closed.
cleanup() {
    exec 8>&- 9>&-
    wait
    rm -rf "$work"
}
trap cleanup EXIT

certificates() {
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=Authority of one run' \
        -keyout "$work/ca.key" -out "$work/ca.pem"
    openssl req -newkey rsa:2048 -nodes -subj '/CN=www.googleapis.com' \
        -keyout "$work/google.key" -out "$work/google.csr"
    openssl x509 -req -days 2 -in "$work/google.csr" -CA "$work/ca.pem" -CAkey "$work/ca.key" -CAcreateserial \
        -extfile <(echo 'subjectAltName=DNS:www.googleapis.com') -out "$work/google.pem"
} 2>"$work/openssl.log"

# The proxy. What it writes is its address.
detour() {
    mkfifo "$work/hold-detour"
    "$python" tests/peers/detour.py "$(fact root)" "$work/google.pem" "$work/google.key" \
        <"$work/hold-detour" >"$work/proxy" 9>&- &
    exec 8>"$work/hold-detour"
    proxy=$(first_line "$work/proxy")
}

settings() {
    cat <<SETTINGS
[google]
type = drive
scope = drive.readonly
client_id = $(fact id)
client_secret = $(fact secret)
auth_url = $(fact auth_uri)
token_url = $(fact token_uri)
token = $(fact token)
SETTINGS
}

rclone() {
    HTTPS_PROXY=$proxy NO_PROXY=127.0.0.1 "$PWD/target/peers/venv/bin/rclone" --config "$work/rclone.conf" \
        --ca-cert "$work/ca.pem" --retries 1 --low-level-retries 2 "$@" 2>>"$work/rclone.log"
}

sandbox
certificates
detour
settings >"$work/rclone.conf"
