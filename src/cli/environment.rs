//! What the process was started with. The only place that reads it.

use std::io::IsTerminal as _;
use std::path::PathBuf;

use super::args::NAME;

/// What the process was started with, as a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    /// The user's home folder.
    pub home: PathBuf,
    /// `XDG_CONFIG_HOME`, if it is an absolute path, as its specification demands.
    pub xdg_config_home: Option<PathBuf>,
    /// `GPHOTOS_SYNC_API_ROOT`: the one server that all Google API calls go to.
    pub api_root: Option<String>,
    /// What is a terminal.
    pub terminal: Terminal,
    /// `GPHOTOS_SYNC_DISK`: what the disk is to do wrong. In debug builds only.
    #[cfg(debug_assertions)]
    pub disk: Option<String>,
    /// `GPHOTOS_SYNC_CLOCK=hasty`, or `hasty+SECONDS`: nobody waits, for tests, and it is
    /// so much later.
    #[cfg(debug_assertions)]
    pub clock: Option<std::time::Duration>,
}

/// Which of the standard streams a person sits at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terminal {
    /// Whether a person can be asked something.
    pub stdin: bool,
    /// Whether bars can be drawn: a terminal, and not a dumb one.
    pub stderr: bool,
}

impl Environment {
    /// Reads it.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "this is where the environment is read")]
    pub fn read() -> Self {
        let dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        Self {
            home: std::env::home_dir().unwrap_or_default(),
            xdg_config_home: std::env::var_os("XDG_CONFIG_HOME")
                .map(PathBuf::from)
                .filter(|path| path.is_absolute()),
            api_root: std::env::var("GPHOTOS_SYNC_API_ROOT").ok().filter(|root| !root.is_empty()),
            terminal: Terminal {
                stdin: std::io::stdin().is_terminal(),
                stderr: std::io::stderr().is_terminal() && !dumb,
            },
            #[cfg(debug_assertions)]
            disk: std::env::var("GPHOTOS_SYNC_DISK").ok(),
            #[cfg(debug_assertions)]
            clock: std::env::var("GPHOTOS_SYNC_CLOCK").ok().as_deref().and_then(hasty),
        }
    }

    /// The user's config folder: `config.toml` and `client_secret.json` live there.
    #[must_use]
    pub fn config_folder(&self) -> PathBuf {
        let base = match &self.xdg_config_home {
            _ if cfg!(target_os = "macos") => self.home.join("Library/Application Support"),
            Some(folder) => folder.clone(),
            None => self.home.join(".config"),
        };
        base.join(NAME)
    }
}

/// How far ahead a clock is that does not wait.
#[cfg(debug_assertions)]
fn hasty(text: &str) -> Option<std::time::Duration> {
    let ahead = text.strip_prefix("hasty")?;
    let seconds = ahead.strip_prefix('+').map_or(Some(0), |seconds| seconds.parse().ok())?;
    Some(std::time::Duration::from_secs(seconds))
}
