//! The fuzzer's way (`fuzz/`) to how settings are read. The program does not use it.

use std::path::Path;
use std::sync::OnceLock;

use super::args::Args;
use super::config::Config;
use super::mistakes;
use super::settings::options;
use crate::engine::Options;

/// Reads the text of a `config.toml`, and joins it with an empty command line. Files that
/// it names are not read.
///
/// # Errors
///
/// The text for the person.
pub fn config(text: &str) -> Result<Options, String> {
    static ARGS: OnceLock<Option<Args>> = OnceLock::new();
    let words = || ["gphotos-sync", "/tmp"].map(Into::into);
    let args = ARGS.get_or_init(|| mistakes::read(words()).ok());
    let args = args.as_ref().ok_or("no command line")?;
    let folder = Path::new("/nowhere");
    let config = Config::parse(text, folder, folder).map_err(|error| error.to_string())?;
    let config = Config { exclude_from: None, ..config };
    options(&args.backup, &config).map_err(|error| error.to_string())
}
