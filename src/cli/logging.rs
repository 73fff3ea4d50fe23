//! The log: a file that is only added to, and stderr for `-vv`.
//!
//! Libraries are held back whatever is asked for: yup-oauth2 writes tokens and
//! the client's secret at DEBUG, and HTTP libraries write headers. (Records of
//! the `log` crate, which yup-oauth2 uses, do not come here at all: nothing
//! bridges them. The cap stands in case something ever does.)

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::Path;
use std::sync::Arc;

use chrono::SecondsFormat;
use rustix::fs::OFlags;
use tracing::Level;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::screen::Screen;
use super::settings::Output;
use crate::google::Clock;
use crate::model::printable;

/// The folder in the archive where a log may be kept.
const OWN_FOLDER: &str = ".gphotos-sync";

/// Where this crate's own records say they come from.
const OURS: &str = "gphotos_sync";

/// Where records of the run itself say they come from. They are for the file: the
/// screen tells the same in its own way.
pub const JOURNAL: &str = "gphotos_sync::run";

/// Writes the lines of `text`, which is safe to show, to the log file, if there is one.
pub fn record(text: &str) {
    for line in text.lines() {
        tracing::info!(target: JOURNAL, "{line}");
    }
}

/// The same for what stopped a command.
pub fn record_error(text: &str) {
    for line in text.lines() {
        tracing::error!(target: JOURNAL, "{line}");
    }
}

/// Begins to log as `output` says.
///
/// # Errors
///
/// The log file cannot be opened or made.
pub fn begin(output: &Output, screen: &Screen, clock: &Arc<dyn Clock>) -> io::Result<()> {
    let file = output.log_file.as_deref().map(open).transpose()?;
    let stderr = screen.clone();
    let on_screen = layer(clock, move || OnScreen(stderr.clone()));
    let in_file = file.map(|file| layer(clock, move || InFile(Arc::clone(&file))));
    // It fails only if a log has begun already, which then goes on.
    let log = tracing_subscriber::registry()
        .with(on_screen.with_filter(for_screen(output)))
        .with(in_file.with_filter(for_file(output.verbose)));
    drop(log.try_init());
    Ok(())
}

fn layer<S, W, M>(clock: &Arc<dyn Clock>, writer: M) -> impl Layer<S> + use<S, W, M>
where
    S: tracing::Subscriber + for<'a> tracing_subscriber::registry::LookupSpan<'a>,
    W: Write + 'static,
    M: Fn() -> W + Send + Sync + 'static,
{
    let layer = tracing_subscriber::fmt::layer().with_ansi(false);
    layer.with_timer(Timer(Arc::clone(clock))).with_writer(writer)
}

fn open(path: &Path) -> io::Result<Arc<File>> {
    let file = own_file(path).map_err(|error| {
        io::Error::new(error.kind(), format!("the log file {}: {error}", path.display()))
    })?;
    Ok(Arc::new(file))
}

/// Opens the file at `path` for adding to it, and only a file of its own: what somebody
/// planted in its place leads nowhere. Whatever lies in /dev is the system's.
fn own_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.append(true).create(true).mode(0o600);
    if path.parent() == Some(Path::new("/dev")) {
        return options.open(path);
    }
    if let Some(link) = link_above(path) {
        return Err(io::Error::other(format!("{} is a symbolic link", link.display())));
    }
    // Without NONBLOCK a pipe would wait for its reader for ever.
    let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
    options.custom_flags(i32::try_from(flags.bits()).unwrap_or_default());
    for _ in 0..2 {
        let file = options.open(path).map_err(|error| {
            if path.is_symlink() {
                return io::Error::other("it is a symbolic link: name the file itself");
            }
            error
        })?;
        let meta = file.metadata()?;
        if !meta.is_file() {
            break;
        }
        if meta.nlink() <= 1 {
            return Ok(file);
        }
        // What is added would be added there, too, wherever the other name is. The lines
        // so far stay there.
        rustix::fs::unlink(path)?;
    }
    Err(io::Error::other("it is no file"))
}

/// The part of `path`, from the archive's own folder on, that is a symlink.
fn link_above(path: &Path) -> Option<&Path> {
    let is_own = |folder: &&Path| folder.components().any(|part| part.as_os_str() == OWN_FOLDER);
    path.ancestors().skip(1).take_while(is_own).find(|folder| folder.is_symlink())
}

fn for_file(verbose: u8) -> Targets {
    capped(match verbose {
        0 => Level::INFO,
        1 => Level::DEBUG,
        _ => Level::TRACE,
    })
}

/// On the screen, progress is the monitor's to show: below `-vv` only what goes wrong.
fn for_screen(output: &Output) -> Targets {
    let targets = match output.verbose {
        _ if output.quiet => capped(Level::ERROR),
        0 | 1 => capped(Level::WARN),
        2 => capped(Level::DEBUG),
        _ => capped(Level::TRACE),
    };
    targets.with_target(JOURNAL, LevelFilter::OFF)
}

/// Our own records up to `ours`, those of libraries up to WARN.
fn capped(ours: Level) -> Targets {
    let theirs = LevelFilter::from_level(ours).min(LevelFilter::WARN);
    let targets = Targets::new().with_default(theirs).with_target("yup_oauth2", theirs);
    // Of a film that it cannot read it says so as of an error: it is a missing value, no more.
    targets.with_target("nom_exif", LevelFilter::OFF).with_target(OURS, ours)
}

struct Timer(Arc<dyn Clock>);

impl FormatTime for Timer {
    fn format_time(&self, w: &mut Writer<'_>) -> std::fmt::Result {
        w.write_str(&self.0.now().to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

/// One record in `bytes`, as one line that is safe to show: a file's name could
/// otherwise end the line and forge the next.
fn one_line(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    printable(text.strip_suffix('\n').unwrap_or(&text)).into_owned()
}

struct InFile(Arc<File>);

impl Write for InFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let line = one_line(bytes) + "\n";
        (&*self.0).write_all(line.as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct OnScreen(Screen);

impl Write for OnScreen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.line(&one_line(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn libraries_that_log_secrets_are_held_back_whatever_is_asked_for() {
        for verbose in 0..=9 {
            let filter = for_file(verbose);
            for library in ["yup_oauth2", "yup_oauth2::storage", "hyper_util", "reqwest", "zbus"] {
                assert!(!filter.would_enable(library, &Level::DEBUG), "{library} at {verbose}");
                assert!(filter.would_enable(library, &Level::WARN), "{library} at {verbose}");
            }
        }
        assert!(for_file(2).would_enable("gphotos_sync::google", &Level::TRACE));
    }

    #[test]
    fn a_film_that_cannot_be_read_is_no_error_to_tell_a_person_of() {
        assert!(!for_file(2).would_enable("nom_exif::parser", &Level::ERROR));
    }

    #[test]
    fn the_log_is_added_to_by_its_owner_only_and_a_record_is_one_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        for name in ["a\nb\u{1b}[2J", "c"] {
            let mut file = InFile(open(&path).unwrap());
            file.write_all(format!("saved {name}\n").as_bytes()).unwrap();
        }
        let text = std::fs::read_to_string(&path).unwrap();
        assert_eq!(text, "saved a\\nb\\u{1b}[2J\nsaved c\n");
        let mode = path.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    // Other systems make pipes by other calls.
    #[cfg(target_os = "linux")]
    #[test]
    fn nothing_is_logged_through_what_was_planted() {
        use std::os::unix::fs::symlink;
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let mut mine = File::create(at("mine")).unwrap();
        mine.write_all(b"mine").unwrap();
        std::fs::create_dir(at("outside")).unwrap();
        symlink("mine", at("link")).unwrap();
        symlink("missing", at("dangling")).unwrap();
        symlink("outside", at(OWN_FOLDER)).unwrap();
        let pipe = rustix::fs::FileType::Fifo;
        rustix::fs::mknodat(rustix::fs::CWD, at("pipe"), pipe, 0o600.into(), 0).unwrap();
        for name in ["link", "dangling", "pipe", "outside", ".gphotos-sync/log"] {
            let error = open(&at(name)).unwrap_err();
            assert!(error.to_string().contains(name.split('/').next().unwrap()), "{error}");
        }
        std::fs::hard_link(at("mine"), at("second")).unwrap();
        InFile(open(&at("second")).unwrap()).write_all(b"a record").unwrap();
        assert_eq!(std::fs::read(at("mine")).unwrap(), b"mine");
        assert_eq!(at("outside").read_dir().unwrap().count(), 0);
        assert!(!at("missing").exists());
        assert!(open(Path::new("/dev/null")).is_ok());
    }
}
