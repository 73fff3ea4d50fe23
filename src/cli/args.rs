//! What can be typed: the commands, their options, and their help.
//!
//! It takes words in and decides nothing: [`super::settings`] joins them with
//! `config.toml`, and [`super::mistakes`] finds what clap cannot.
#![expect(clippy::doc_markdown, reason = "the comments on options are the help that people read")]

use std::path::PathBuf;

use clap::{ArgAction, Args as Group, Parser, Subcommand};

mod auth;
mod commands;

pub use self::auth::{Auth, Login};
pub use self::commands::{Adopt, Doctor, Pick, Status, Takeout, Undo, Verify};
pub use self::look::{Albums, Look, Names, Sidecars};
pub use self::narrow::Narrow;
pub use self::words::{Progress, TokenStore, World};
use crate::plan::MaxDelete;

mod look;
mod narrow;
mod words;

/// How the program is called.
pub const NAME: &str = env!("CARGO_PKG_NAME");

/// Keep a complete copy of your Google Drive and Google Photos as plain files
///
/// Copies the photos and videos in your Google Drive, with --all-files everything in it, and what
/// Google Photos shows, with its albums, to TARGET_DIR, as plain files in the folders that you know,
/// and keeps the copy up to date each time it is run. It only reads: nothing in your account is ever
/// changed. Each file is checked against the checksum that Google states for it (exported documents
/// and Google Photos have none), and what was seen is recorded in TARGET_DIR/index.db, which you can
/// query with sqlite3.
///
/// Since March 2025 Google Photos shows a program only what that program uploaded itself, which is
/// nothing for most people. The whole library is in the exports that Google Takeout can put into your
/// Drive every two months: each run takes in what is new in them, and says what is missing.
#[derive(Clone, Debug, Parser)]
#[command(
    name = NAME,
    version,
    max_term_width = 80,
    subcommand_negates_reqs = true,
    disable_help_subcommand = true,
    override_usage = "gphotos-sync [OPTIONS] TARGET_DIR\n       gphotos-sync COMMAND [OPTIONS]",
    after_help = AFTER_HELP,
    after_long_help = AFTER_LONG_HELP,
)]
pub struct Args {
    /// What the main job takes.
    #[command(flatten)]
    pub backup: Backup,
    /// What every command takes.
    #[command(flatten)]
    pub common: Common,
    /// Another job than the main one.
    #[command(subcommand)]
    pub command: Option<Command>,
}

impl Args {
    /// Says whether it is the built-in sandbox that is asked.
    #[must_use]
    pub fn is_demo(&self) -> bool {
        match &self.command {
            Some(Command::Takeout(wish)) => wish.demo,
            Some(Command::Pick(wish)) => wish.demo,
            Some(Command::Adopt(_)) => false,
            _ => self.backup.demo,
        }
    }

    /// The archive's root, of the main job and of the commands that do a part of it.
    #[must_use]
    pub fn target_dir(&self) -> PathBuf {
        match &self.command {
            Some(Command::Takeout(wish)) => wish.place.target_dir.clone(),
            Some(Command::Pick(wish)) => wish.place.target_dir.clone(),
            Some(Command::Adopt(wish)) => wish.place.target_dir.clone(),
            _ => self.backup.target_dir.clone().unwrap_or_default(),
        }
    }
}

const AFTER_HELP: &str = "\
Begin with `gphotos-sync auth login`; or with `gphotos-sync --demo demo`, which
needs no account. `--help` says more than `-h`.";

const AFTER_LONG_HELP: &str = "\
Begin with `gphotos-sync auth login`; or with `gphotos-sync --demo demo`, which
needs no account and no network.

Every switch that config.toml turns on is turned off for one run by --no-SWITCH,
such as --no-all-files (of --no-browser and --no-album-sorting the opposites are
those without the no). Any other option given as '' is as if it were not set.

Exit codes:
  0    complete
  1    something unexpected
  2    a mistake in the command line or in config.toml
  3    only you can mend it at Google: sign in, give a permission, enable an API
  4    Google could not be reached, or refused
  5    the index or the disk
  6    the deletion guard refused
  7    another run is working on the archive
  8    finished, but some items could not be saved; the next run tries again
  130  interrupted; the next run goes on from there";

const WHAT: &str = "What to back up";
const HOW: &str = "How to run";
const SIGN_IN: &str = "Signing in";
const OUTPUT: &str = "Output";

/// Options that every command takes.
#[derive(Clone, Debug, Default, Group)]
pub struct Common {
    /// Read settings from FILE instead of config.toml in your config folder
    ///
    /// Its keys are the long options without the dashes (`all-files = true`). What is typed wins.
    #[arg(long, value_name = "FILE", global = true, help_heading = OUTPUT)]
    pub config: Option<PathBuf>,
    /// The OAuth client that you made at Google [default: client_secret.json beside config.toml]
    #[arg(long, value_name = "FILE", global = true, help_heading = SIGN_IN)]
    pub secret: Option<PathBuf>,
    /// Where the sign-in is kept: your system's keyring, or a file that only you can read
    ///
    /// Without it: the keyring, and where there is none, a file. `auth status` says which.
    #[arg(long, value_name = "PLACE", global = true, help_heading = SIGN_IN)]
    pub token_store: Option<TokenStore>,
    /// How progress is shown [default: auto]
    #[arg(long, value_name = "MODE", global = true, help_heading = OUTPUT)]
    pub progress: Option<Progress>,
    /// Show errors and problems only
    #[arg(short, long, global = true, conflicts_with = "verbose", help_heading = OUTPUT)]
    pub quiet: bool,
    /// Show each file that is saved or moved; twice or thrice: more
    #[arg(short, long, action = ArgAction::Count, global = true, help_heading = OUTPUT)]
    pub verbose: u8,
    /// Also write a log to FILE, at its end
    #[arg(long, value_name = "FILE", global = true, help_heading = OUTPUT)]
    pub log_file: Option<PathBuf>,
}

/// The main job and its options.
#[derive(Clone, Debug, Default, Group)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub struct Backup {
    /// The folder that the copy lives in; it is made if it is not there
    #[arg(required = true, value_name = "TARGET_DIR")]
    pub target_dir: Option<PathBuf>,

    /// Leave Google Drive alone
    #[arg(long, help_heading = WHAT)]
    pub skip_drive: bool,
    /// Leave Google Photos alone
    ///
    /// Nor is the closing summary to remind you of what Google Photos does not show. Files that were
    /// saved from it stay.
    #[arg(long, help_heading = WHAT)]
    pub skip_photos: bool,
    /// Leave Google Takeout's exports alone that lie in your Drive
    ///
    /// Without it each run takes in what is new in them: they are what has your whole photo library.
    /// The archives themselves are never saved, unless --takeout-archives says so.
    #[arg(long, help_heading = WHAT)]
    pub skip_takeout: bool,
    /// Read the sidecars of Google Takeout again that the index keeps, as after an update of this program
    #[arg(long, help_heading = WHAT)]
    pub reindex_takeout: bool,
    /// Also what was in the trash of Google Photos when it was exported
    #[arg(long, help_heading = WHAT)]
    pub include_trashed: bool,
    /// Leave videos out
    #[arg(long, help_heading = WHAT)]
    pub skip_video: bool,
    /// Also files that others own and share with you, in drive-shared/
    #[arg(long, help_heading = WHAT)]
    pub shared: bool,
    /// All files of Drive, not only photos and videos
    #[arg(long, help_heading = WHAT)]
    pub all_files: bool,
    /// Also the parts of Google Takeout exports that lie in Drive
    #[arg(long, help_heading = WHAT)]
    pub takeout_archives: bool,
    /// Formats for Google's own documents, with --all-files [default: docx,xlsx,pptx,svg]
    ///
    /// Each document is saved in the first format of the list that Google offers for it, and as a
    /// small .url pointer file where it offers none of them. `none`: pointer files only.
    #[arg(long, value_name = "LIST", help_heading = WHAT)]
    pub export: Option<String>,
    /// Which of all that.
    #[command(flatten)]
    pub narrow: Narrow,
    /// What becomes of it on the disk.
    #[command(flatten)]
    pub look: Look,

    /// Bring the index up to date, fetch nothing
    #[arg(long, conflicts_with = "skip_index", help_heading = HOW)]
    pub index_only: bool,
    /// Fetch what the index already knows of, without asking Google for news
    #[arg(long, conflicts_with = "flush_index", help_heading = HOW)]
    pub skip_index: bool,
    /// Forget what is known of Google's side and list everything again
    ///
    /// Files that are in the archive already are recognised and not fetched again.
    #[arg(long, help_heading = HOW)]
    pub flush_index: bool,
    /// Move files to the trash whose originals Google no longer has
    ///
    /// The trash is TARGET_DIR/.gphotos-sync/trash; `undo` puts back what a run moved there.
    /// Without this option nothing is ever removed, and nothing in the trash is deleted.
    #[arg(long, help_heading = HOW)]
    pub do_delete: bool,
    /// With --do-delete: how many files one run may remove, a number or a share such as 25%
    ///
    /// Where more are gone, nothing is removed and the exit code is 6. [default: 10% of the files,
    /// at least 50, but never more than half of them]
    #[arg(long, value_name = "N|P%", help_heading = HOW)]
    pub max_delete: Option<MaxDelete>,
    /// With --do-delete: for how many days files stay in the trash; 0: not at all [default: 30]
    #[arg(long, value_name = "DAYS", help_heading = HOW)]
    pub keep_deleted: Option<u32>,
    /// List all of Google Photos, as otherwise once a week, to find what was added with an old date
    #[arg(long, conflicts_with = "skip_index", help_heading = HOW)]
    pub rescan: bool,
    /// Do not look whether the archive's files are still as they were left
    ///
    /// What a person deleted or changed there is noticed by the next run without it, by `verify`,
    /// and before the file is moved, replaced or removed.
    #[arg(long, help_heading = HOW)]
    pub quick: bool,
    /// Tell what would be done, one step a line, and do nothing
    ///
    /// `+ PATH` is new, `~ PATH` has new bytes, `> PATH -> PATH` is moved (a folder in one line),
    /// `- PATH` goes to the trash. Nothing is written at all, not even TARGET_DIR.
    /// Albums are told in numbers. What only its bytes could tell is told as it looks now: a photo
    /// that drive/ turns out to have already is told as new.
    #[arg(long, conflicts_with_all = ["index_only", "log_file"], help_heading = HOW)]
    pub dry_run: bool,
    /// How many files are fetched at a time at the most, from 1 to 128 [default: 64]
    ///
    /// It begins with 8, goes up as long as that brings more, and goes down where Google asks
    /// for slowness. With 1 files are fetched strictly one after another.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=128), help_heading = HOW)]
    pub transfers: Option<u8>,
    /// How many requests Google Photos may be sent in a day [default: 9500]
    ///
    /// Google allows an OAuth client's project 10,000 a day. Where they are spent, what is missing is
    /// read by the next run after midnight in California.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..), help_heading = HOW)]
    pub daily_requests: Option<u32>,
    /// The most bytes fetched in a second, such as 500K, 2M or 1G; 0: as many as come
    #[arg(long, value_name = "RATE", help_heading = HOW)]
    pub bwlimit: Option<String>,
    /// The folder for index.db [default: TARGET_DIR]
    ///
    /// For archives on a network share, where SQLite cannot lock its file.
    #[arg(long, value_name = "DIR", help_heading = HOW)]
    pub db_path: Option<PathBuf>,
    /// Try it out: back up a small built-in library, without account or network
    ///
    /// config.toml is not read, unless --config names one.
    #[arg(long, conflicts_with_all = ["secret", "token_store", "new_token", "no_browser"], help_heading = HOW)]
    pub demo: bool,

    /// Sign in anew before the run, whatever is kept
    #[arg(long, help_heading = SIGN_IN)]
    pub new_token: bool,
    /// When signing in, print the address instead of opening a browser
    #[arg(long, help_heading = SIGN_IN)]
    pub no_browser: bool,
    /// Act as the service account whose key is in FILE, instead of a person
    #[arg(long, value_name = "FILE", conflicts_with_all = ["new_token", "no_browser", "demo"], help_heading = SIGN_IN)]
    pub service_account: Option<PathBuf>,
    /// The person of your Workspace domain for whom the service account acts
    #[arg(long, value_name = "USER", help_heading = SIGN_IN)]
    pub impersonate: Option<String>,

    /// The switches the other way round.
    #[command(flatten)]
    pub off: Off,
}

/// Each switch the other way round, against what `config.toml` turns on. They
/// are not listed in the help, which says the rule once.
#[derive(Clone, Debug, Default, Group)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub struct Off {
    #[arg(long, hide = true, overrides_with = "skip_drive")]
    pub no_skip_drive: bool,
    #[arg(long, hide = true, overrides_with = "skip_photos")]
    pub no_skip_photos: bool,
    #[arg(long, hide = true, overrides_with = "skip_takeout")]
    pub no_skip_takeout: bool,
    #[arg(long, hide = true, overrides_with = "include_trashed")]
    pub no_include_trashed: bool,
    #[arg(long, hide = true, overrides_with = "skip_video")]
    pub no_skip_video: bool,
    #[arg(long, hide = true, overrides_with = "shared")]
    pub no_shared: bool,
    #[arg(long, hide = true, overrides_with = "all_files")]
    pub no_all_files: bool,
    #[arg(long, hide = true, overrides_with = "takeout_archives")]
    pub no_takeout_archives: bool,
    #[arg(long, hide = true, overrides_with = "do_delete")]
    pub no_do_delete: bool,
    #[arg(long, hide = true, overrides_with = "rescan")]
    pub no_rescan: bool,
    #[arg(long, hide = true, overrides_with = "quick")]
    pub no_quick: bool,
    #[arg(long, hide = true, overrides_with = "no_browser")]
    pub browser: bool,
}

/// The other jobs.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Sign in to Google, sign out, or see how it stands
    #[command(subcommand, arg_required_else_help = false)]
    Auth(Auth),
    /// Take in Google Takeout's exports: those that lie in your Drive, or what you name
    ///
    /// The main job does the first by itself in each run. An export that you downloaded is named by its
    /// parts, as .zip, .tgz or unpacked folders; the archives stay as they are, and Google is not asked.
    Takeout(Takeout),
    /// Take over pictures that you have already: an older gphotos-sync's tree, or any folder
    ///
    /// Knows what gphotos-sync 1.x to 3.x and google-photos-takeout-helper left, with their albums.
    /// Each picture or video comes into photos/ once, by its bytes, and is never fetched again. It is
    /// linked: it lies in both places and takes the room of one. Google is not asked.
    Adopt(Adopt),
    /// Say what is held, what is missing and why, and when the last complete run was
    ///
    /// Reads the index only, also while a run is going on. Asks nothing of Google.
    Status(Status),
    /// Read the saved files and compare them with what was recorded
    ///
    /// Tells each file that is missing, damaged, changed or unreadable, each link that leads
    /// nowhere or elsewhere, and the first files that are not the archive's own, one a line. Exit
    /// code 8: something is wrong. Asks nothing of Google but with --repair.
    Verify(Verify),
    /// Put back what a run moved to the trash
    Undo(Undo),
    /// Find what is wrong with sign-in, permissions, clock, disk, file system and index
    ///
    /// Each check is a line, `ok` or `!!`, and what is wrong says what to do next. The exit code is
    /// that of the weightiest finding.
    Doctor(Doctor),
    /// Choose photos in Google's Picker and fetch them
    ///
    /// Prints an address, on a terminal also as a QR code. Open it in any browser, choose, and
    /// press Done: what you chose is saved in photos/. Google hands it out without its place,
    /// and videos re-encoded; what Drive or Takeout has of it is the original. What was picked
    /// before is not fetched again, and nothing is ever removed.
    Pick(Pick),
    /// Print completions for your shell
    ///
    /// For example: gphotos-sync completions bash > ~/.local/share/bash-completion/completions/gphotos-sync
    Completions {
        /// The shell
        #[arg(value_name = "SHELL")]
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    ///
    /// For example: gphotos-sync man > ~/.local/share/man/man1/gphotos-sync.1
    Man,
    /// Serve a small Google of its own, for tests, until stdin is closed
    #[command(hide = true)]
    Sandbox {
        /// What is in it: demo, empty, or items:N,folders:N,bytes:N,photos:N,albums:N,export:N
        #[arg(long, value_name = "WORLD", default_value = "demo")]
        world: World,
    },
}
