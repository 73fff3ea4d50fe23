//! `gphotos-sync`: see [`gphotos_sync::cli`] for the commands.

fn main() {}
