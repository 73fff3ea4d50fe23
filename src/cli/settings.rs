//! What is to be done and how: what was typed joined with `config.toml`.
//!
//! [`Settings`] is built once, before anything else happens; no other module
//! sees an argument or a key. What was typed wins.

use std::path::PathBuf;

use super::args::{Args, Auth, Backup, Command, Common, Login, Progress, TokenStore};
use super::config::{self, Config};
use super::environment::{Environment, Terminal};
use crate::engine::{Albums, Options, Reach};
use crate::google::Endpoints;
use crate::plan::{AlbumMode, AlbumStyle, NameRules, PhotosSelection, Selection};

mod export;

/// Why the settings cannot be what they are.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// `config.toml`.
    #[error(transparent)]
    Config(#[from] config::Error),
    /// Settings that contradict each other or have an impossible value.
    #[error("{0}")]
    Contradiction(String),
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

/// Whose account, and how to get at it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignIn {
    /// The user's config folder.
    pub config_folder: PathBuf,
    /// The file with the OAuth client.
    pub secret: PathBuf,
    /// Where the sign-in is kept; `None`: the keyring if there is one.
    pub token_store: Option<TokenStore>,
    /// The key of a service account to act as, instead of a person.
    pub service_account: Option<PathBuf>,
    /// The person for whom the service account acts.
    pub impersonate: Option<String>,
    /// What leave is asked for.
    pub scopes: Scopes,
    /// How a person is asked.
    pub asking: Asking,
    /// The one server that all API calls go to, in tests.
    pub api_root: Option<String>,
}

/// What leave is asked for when a person signs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scopes {
    /// To read Drive.
    pub drive: bool,
    /// To read Photos.
    pub photos: bool,
}

/// How a person is asked to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "three separate facts")]
pub struct Asking {
    /// Whether to open a browser, rather than print the address.
    pub browser: bool,
    /// Whether to ask although a sign-in is kept.
    pub anew: bool,
    /// Whether somebody sits there who can be asked.
    pub person: bool,
}

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
            sign_in: sign_in(args, &config, env, folder),
            output: output(&args.common, &config, env.terminal),
            backup: options(&args.backup, &config)?,
            db_path: args.backup.db_path.clone().or(config.db_path),
            skip_photos: skip_photos(&args.backup, config.skip_photos),
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

fn contradiction<T>(text: impl Into<String>) -> Result<T, Error> {
    Err(Error::Contradiction(text.into()))
}

/// The demo is the same on every machine: it reads no settings of the user's,
/// whose `db-path`, say, is that of their real archive.
fn read_config(args: &Args, env: &Environment) -> Result<Config, config::Error> {
    match &args.common.config {
        Some(path) => Config::read(path, true, &env.home),
        None if args.backup.demo => Ok(Config::default()),
        None => Config::read(&env.config_folder().join("config.toml"), false, &env.home),
    }
}

fn sign_in(args: &Args, config: &Config, env: &Environment, folder: PathBuf) -> SignIn {
    let common = &args.common;
    let secret = common.secret.clone().or_else(|| config.secret.clone());
    let login = login(args);
    SignIn {
        secret: secret.unwrap_or_else(|| folder.join("client_secret.json")),
        config_folder: folder,
        token_store: common.token_store.or(config.token_store),
        service_account: args
            .backup
            .service_account
            .clone()
            .or_else(|| config.service_account.clone()),
        impersonate: args.backup.impersonate.clone().or_else(|| config.impersonate.clone()),
        scopes: Scopes {
            drive: !switch([login.skip_drive, args.backup.off.no_skip_drive], config.skip_drive),
            photos: !switch(
                [login.skip_photos, args.backup.off.no_skip_photos],
                config.skip_photos,
            ),
        },
        asking: Asking {
            browser: !switch([login.no_browser, login.browser], config.no_browser),
            anew: args.backup.new_token,
            person: env.terminal.stdin && env.terminal.stderr,
        },
        api_root: env.api_root.clone(),
    }
}

/// How to sign in: as `auth login` was told, or else as the main job was.
fn login(args: &Args) -> Login {
    match &args.command {
        Some(Command::Auth(Auth::Login(login))) => login.clone(),
        _ => Login {
            skip_drive: args.backup.skip_drive,
            skip_photos: args.backup.skip_photos,
            no_browser: args.backup.no_browser,
            browser: args.backup.off.browser,
        },
    }
}

fn output(common: &Common, config: &Config, terminal: Terminal) -> Output {
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
        log_file: common.log_file.clone().or_else(|| config.log_file.clone()),
    }
}

fn options(typed: &Backup, config: &Config) -> Result<Options, Error> {
    let reach = match (typed.index_only, typed.skip_index) {
        (true, _) => Reach::IndexOnly,
        (_, true) => Reach::SkipIndex,
        _ => Reach::Whole,
    };
    let skip_drive = switch([typed.skip_drive, typed.off.no_skip_drive], config.skip_drive);
    let drive = drive(typed, config)?;
    Ok(Options {
        reach,
        flush: typed.flush_index,
        rescan: false,
        photos: (!skip_photos(typed, config.skip_photos)).then(PhotosSelection::default),
        albums: Some(Albums { mode: AlbumMode::default(), style: AlbumStyle::default() }),
        names: NameRules::Posix,
        removal: None,
        drive: (!skip_drive).then_some(drive),
        transfers: transfers(typed.transfers, config.transfers)?,
    })
}

fn drive(typed: &Backup, config: &Config) -> Result<Selection, Error> {
    let off = &typed.off;
    let list = typed.export.clone().or_else(|| config.export.as_ref().map(ToString::to_string));
    Ok(Selection {
        all_files: switch([typed.all_files, off.no_all_files], config.all_files),
        skip_video: switch([typed.skip_video, off.no_skip_video], config.skip_video),
        shared: switch([typed.shared, off.no_shared], config.shared),
        takeout_archives: switch(
            [typed.takeout_archives, off.no_takeout_archives],
            config.takeout_archives,
        ),
        export: export::formats(list.as_deref().unwrap_or(export::DEFAULT))
            .map_err(Error::Contradiction)?,
    })
}

fn skip_photos(typed: &Backup, config: Option<bool>) -> bool {
    switch([typed.skip_photos, typed.off.no_skip_photos], config)
}

fn transfers(typed: Option<u8>, config: Option<i64>) -> Result<usize, Error> {
    let wanted = typed.map(i64::from).or(config).unwrap_or(8);
    match usize::try_from(wanted) {
        Ok(number @ 1..=32) => Ok(number),
        _ => contradiction(format!("transfers = {wanted} in config.toml: it must be 1 to 32")),
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

    use super::*;
    use crate::cli::mistakes;

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
        assert_eq!(read.backup.transfers, 8);
        assert_eq!(
            read.sign_in.secret,
            Path::new("/home/me/.config/gphotos-sync/client_secret.json")
        );
        assert_eq!(read.sign_in.scopes, Scopes { drive: true, photos: true });
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
            ("/tmp", "transfers = 33", "1 to 32"),
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
        for (typed, drive, photos) in [
            ("auth login --skip-drive", false, true),
            ("auth login --skip-photos", true, false),
            ("/tmp --skip-photos", true, false),
        ] {
            let read = settings(typed, "").unwrap();
            assert_eq!(read.sign_in.scopes, Scopes { drive, photos }, "{typed}");
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
            let read = output(&args.common, &Config::default(), terminal);
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
