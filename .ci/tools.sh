# Tools from crates.io that .ci/ uses, installed once below target/. Sourced, with the network at hand.

cargo_deny_version=0.20.2
tools=${CARGO_TARGET_DIR:-target}/tools
cargo_deny=$tools/bin/cargo-deny

# Two minutes the first time, nothing while the version stays.
install_cargo_deny() {
    if [ "$("$cargo_deny" --version 2>/dev/null)" = "cargo-deny $cargo_deny_version" ]; then
        return
    fi
    cargo install cargo-deny --version "$cargo_deny_version" --locked --root "$tools" \
        --no-default-features --target-dir "$tools/build"
    rm -rf -- "$tools/build"
}
