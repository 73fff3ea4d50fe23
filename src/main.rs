//! `gphotos-sync`: see [`gphotos_sync::cli`] for the commands.

use std::process::ExitCode;

fn main() -> ExitCode {
    gphotos_sync::cli::run(std::env::args_os())
}
