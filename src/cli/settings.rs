//! What is to be done and how: what was typed joined with `config.toml`.
//!
//! [`Settings`] is built once, before anything else happens; no other module
//! sees an argument or a key. What was typed wins.

use std::path::PathBuf;

pub use self::backup::options;
pub use self::output::{Display, Output};
pub use self::sign_in::SignIn;
use super::args::{Args, Command};
use super::config::{self, Config};
use super::environment::Environment;
use crate::engine::Options;
use crate::google::Endpoints;

mod backup;
mod export;
mod narrow;
mod output;
mod rate;
mod sign_in;

/// Why the settings cannot be what they are.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// `config.toml`.
    #[error(transparent)]
    Config(#[from] config::Error),
    /// Settings that contradict each other or have an impossible value.
    #[error("{0}")]
    Contradiction(String),
    /// The file of patterns cannot be read.
    #[error("--exclude-from: {} cannot be read", path.display())]
    ExcludeFrom {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
}

/// What is to be done and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Whose account, and how to get at it.
    pub sign_in: SignIn,
    /// What the person sees.
    pub output: Output,
    /// What the main job is to do.
    pub backup: Options,
    /// The folder for `index.db`, if not the archive.
    pub db_path: Option<PathBuf>,
    /// Whether Photos is left alone by wish.
    pub skip_photos: bool,
}

impl Settings {
    /// Joins what was typed with the config file and the environment.
    ///
    /// # Errors
    ///
    /// [`Error::Config`] for the file, [`Error::Contradiction`] for the rest.
    pub fn new(args: &Args, env: &Environment) -> Result<Self, Error> {
        let config = read_config(args, env)?;
        let folder = env.config_folder();
        let settings = Self {
            sign_in: sign_in::sign_in(args, &config, env, folder),
            output: output::output(args, &config, env.terminal),
            backup: backup_of(args, &config)?,
            skip_photos: backup::skip_photos(&args.backup, &config),
            db_path: typed_db_path(args).or(config.db_path),
        };
        settings.check(args)?;
        Ok(settings)
    }

    fn check(&self, args: &Args) -> Result<(), Error> {
        let sign_in = &self.sign_in;
        if sign_in.impersonate.is_some() && sign_in.service_account.is_none() {
            return contradiction(
                "--impersonate needs --service-account: only a service account can act for somebody else",
            );
        }
        if let Some(Err(error)) = sign_in.api_root.as_deref().map(Endpoints::under) {
            return contradiction(format!("GPHOTOS_SYNC_API_ROOT: {error}"));
        }
        if args.command.is_none() && self.backup.drive.is_none() && self.skip_photos {
            return contradiction("--skip-drive with --skip-photos leaves nothing to do");
        }
        Ok(())
    }
}

fn typed_db_path(args: &Args) -> Option<PathBuf> {
    match &args.command {
        Some(Command::Status(status)) => status.place.db_path.clone(),
        Some(Command::Doctor(doctor)) => doctor.db_path.clone(),
        Some(Command::Undo(undo)) => undo.place.db_path.clone(),
        Some(Command::Verify(verify)) => verify.place.db_path.clone(),
        Some(Command::Takeout(takeout)) => takeout.place.db_path.clone(),
        Some(Command::Pick(pick)) => pick.place.db_path.clone(),
        Some(Command::Adopt(adopt)) => adopt.place.db_path.clone(),
        _ => args.backup.db_path.clone(),
    }
}

/// What the main job is to do, or what a command has of it.
fn backup_of(args: &Args, config: &Config) -> Result<Options, Error> {
    let options = backup::options(&args.backup, config)?;
    Ok(match &args.command {
        Some(Command::Takeout(wish)) => backup::of_exports(options, wish),
        Some(Command::Adopt(wish)) => backup::of_adoption(options, wish),
        _ => options,
    })
}

fn contradiction<T>(text: impl Into<String>) -> Result<T, Error> {
    Err(Error::Contradiction(text.into()))
}

/// The demo is the same on every machine: it reads no settings of the user's,
/// whose `db-path`, say, is that of their real archive.
fn read_config(args: &Args, env: &Environment) -> Result<Config, config::Error> {
    match &args.common.config {
        Some(path) => Config::read(path, true, &env.home),
        None if args.is_demo() => Ok(Config::default()),
        None => Config::read(&env.config_folder().join("config.toml"), false, &env.home),
    }
}

/// A switch: what was typed, on or off, before what the config file says.
fn switch([on, off]: [bool; 2], config: Option<bool>) -> bool {
    on || !off && config.unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;
    use std::path::Path;

    use super::sign_in::Scopes;
    use super::*;
    use crate::cli::environment::Terminal;
    use crate::cli::mistakes;
    use crate::engine::Reach;

    #[test]
    fn what_is_typed_wins_over_the_config_file() {
        let config = "all-files = true\nshared = true\ntransfers = 3\nexport = ['pdf', 'odt']\n\
                      secret = 'mine.json'\nno-browser = true";
        let read = settings("/tmp", config).unwrap();
        let drive = read.backup.drive.unwrap();
        assert!(drive.all_files && drive.shared && !drive.skip_video);
        assert_eq!((read.backup.transfers, drive.export.len()), (3, 2));
        assert!(read.sign_in.secret.ends_with("mine.json") && !read.sign_in.asking.browser);

        let typed =
            "/tmp --no-all-files --skip-video --transfers 5 --export none --secret s --browser";
        let read = settings(typed, config).unwrap();
        let drive = read.backup.drive.unwrap();
        assert!(!drive.all_files && drive.shared && drive.skip_video);
        assert_eq!((read.backup.transfers, drive.export.len()), (5, 0));
        assert!(read.sign_in.secret == Path::new("s") && read.sign_in.asking.browser);
    }

    #[test]
    fn without_anything_the_defaults_hold() {
        let read = settings("/tmp", "").unwrap();
        assert_eq!(read.backup.reach, Reach::Whole);
        assert_eq!(read.backup.transfers, 64);
        assert_eq!(
            read.sign_in.secret,
            Path::new("/home/me/.config/gphotos-sync/client_secret.json")
        );
        assert_eq!(read.sign_in.scopes, Scopes { drive: true, photos: true, picker: false });
        assert_eq!(read.output.progress, Display::Plain);
        let extensions: Vec<_> =
            read.backup.drive.unwrap().export.iter().map(|format| format.extension).collect();
        assert_eq!(extensions, ["docx", "xlsx", "pptx", "svg"]);
    }

    #[test]
    fn contradictions_are_told_wherever_they_come_from() {
        for (typed, config, words) in [
            ("/tmp --skip-drive --skip-photos", "", "nothing to do"),
            ("/tmp --skip-photos", "skip-drive = true", "nothing to do"),
            ("/tmp --impersonate ann", "", "--service-account"),
            ("/tmp", "impersonate = 'ann'", "--service-account"),
            ("/tmp", "transfers = 129", "1 to 128"),
            ("/tmp --export dcox", "", "'dcox'"),
            ("/tmp", "export = 'dcox'", "'dcox'"),
        ] {
            let error = settings(typed, config).unwrap_err().to_string();
            assert!(error.contains(words), "{typed}: {error}");
        }
        assert!(settings("/tmp --no-skip-drive --skip-photos", "skip-drive = true").is_ok());
        assert!(settings("auth login --skip-drive", "").is_ok());
    }

    #[test]
    fn signing_in_asks_for_what_login_was_told() {
        for (typed, drive, photos, picker) in [
            ("auth login --skip-drive", false, true, false),
            ("auth login --skip-photos", true, false, false),
            ("auth login --picker", true, true, true),
            ("/tmp --skip-photos", true, false, false),
            ("pick /tmp", false, false, true),
        ] {
            let read = settings(typed, "").unwrap();
            assert_eq!(read.sign_in.scopes, Scopes { drive, photos, picker }, "{typed}");
        }
    }

    #[test]
    fn progress_fits_what_stderr_is() {
        for (typed, terminal, display) in [
            ("/tmp", true, Display::Bars),
            ("/tmp", false, Display::Plain),
            ("/tmp --progress plain", true, Display::Plain),
            ("/tmp --progress json -q", true, Display::Json),
            ("/tmp --progress none", true, Display::Nothing),
            ("/tmp -q", true, Display::Nothing),
        ] {
            let words = words(typed);
            let args = mistakes::read(words).unwrap();
            let terminal = Terminal { stdin: terminal, stderr: terminal };
            let read = output::output(&args, &Config::default(), terminal);
            assert_eq!(read.progress, display, "{typed}");
        }
    }

    #[test]
    fn the_demo_does_not_read_the_users_settings() {
        let folder = tempfile::tempdir().unwrap();
        write(&folder.path().join("gphotos-sync"), "db-path = '/elsewhere'");
        let env = Environment {
            xdg_config_home: Some(folder.path().to_owned()),
            ..Environment::default()
        };
        let read = |typed| Settings::new(&mistakes::read(words(typed)).unwrap(), &env).unwrap();
        assert_eq!(read("/tmp").db_path.as_deref(), Some(Path::new("/elsewhere")));
        assert_eq!(read("/tmp --demo").db_path, None);
    }

    fn settings(typed: &str, config: &str) -> Result<Settings, Error> {
        let folder = tempfile::tempdir().unwrap();
        let path = write(folder.path(), config);
        let mut words = words(typed);
        words.extend(["--config".into(), path.into_os_string()]);
        let env = Environment { home: "/home/me".into(), ..Environment::default() };
        Settings::new(&mistakes::read(words).unwrap(), &env)
    }

    #[expect(clippy::disallowed_methods, reason = "a test writes its own file")]
    fn write(folder: &Path, config: &str) -> PathBuf {
        std::fs::create_dir_all(folder).unwrap();
        let path = folder.join("config.toml");
        std::fs::write(&path, config).unwrap();
        path
    }

    fn words(typed: &str) -> Vec<OsString> {
        std::iter::once("gphotos-sync").chain(typed.split_whitespace()).map(Into::into).collect()
    }
}
