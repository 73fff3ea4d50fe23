//! What the person sees.

use std::path::PathBuf;

use crate::cli::args::{Args, Progress};
use crate::cli::config::Config;
use crate::cli::environment::Terminal;

/// What the person sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// How progress is shown.
    pub progress: Display,
    /// Errors and problems only.
    pub quiet: bool,
    /// How much more is told: 0 to 3.
    pub verbose: u8,
    /// Where a log is written as well.
    pub log_file: Option<PathBuf>,
}

/// How progress is shown, decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Display {
    /// Bars, on stderr.
    Bars,
    /// A line from time to time, on stderr.
    Plain,
    /// One JSON object a line, on stdout.
    Json,
    /// Nothing.
    Nothing,
}

/// Joins what was typed with the config file; what stderr is decides the rest.
pub(super) fn output(args: &Args, config: &Config, terminal: Terminal) -> Output {
    let common = &args.common;
    let verbose = if common.quiet { 0 } else { common.verbose.max(config.verbose.unwrap_or(0)) };
    let quiet = common.quiet || common.verbose == 0 && config.quiet.unwrap_or(false);
    let progress = match common.progress.or(config.progress).unwrap_or_default() {
        Progress::Json => Display::Json,
        Progress::None => Display::Nothing,
        _ if quiet => Display::Nothing,
        Progress::Auto if terminal.stderr => Display::Bars,
        Progress::Auto | Progress::Plain => Display::Plain,
    };
    Output {
        progress,
        quiet,
        verbose: if quiet { 0 } else { verbose },
        log_file: log_file(args, config),
    }
}

/// A dry run writes nothing at all; with one, `--log-file` cannot be typed.
fn log_file(args: &Args, config: &Config) -> Option<PathBuf> {
    let typed = args.common.log_file.clone();
    typed.or_else(|| config.log_file.clone()).filter(|_| !args.backup.dry_run)
}
