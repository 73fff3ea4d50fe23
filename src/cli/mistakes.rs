//! Mistakes in the command line that clap cannot see: the main job and a
//! command mixed, and a misspelt command taken for a folder.

use std::ffi::OsString;
use std::path::{Component, Path};

use clap::parser::ValueSource;
use clap::{ArgMatches, Args as _, CommandFactory as _, FromArgMatches as _};

use super::args::{Args, Backup, NAME};

/// The commands that there are, and those that a later version will have: a
/// word like one of these is hardly meant as a folder.
const COMMANDS: [&str; 11] = [
    "adopt",
    "auth",
    "completions",
    "doctor",
    "man",
    "pick",
    "report",
    "status",
    "takeout",
    "undo",
    "verify",
];

/// Reads the command line.
///
/// # Errors
///
/// What clap has to say, which may be the help that was asked for, or that the
/// words contradict each other.
pub fn read(words: impl IntoIterator<Item = OsString>) -> Result<Args, clap::Error> {
    let matches = Args::command().try_get_matches_from(words)?;
    let args = Args::from_arg_matches(&matches)?;
    refuse_mixture(&matches)?;
    refuse_misspelt_command(&args)?;
    Ok(args)
}

/// A mistake in what was typed, told as clap tells its own.
pub fn usage_error(kind: clap::error::ErrorKind, text: String) -> clap::Error {
    Args::command().error(kind, text)
}

fn refuse_mixture(matches: &ArgMatches) -> Result<(), clap::Error> {
    let Some((command, _)) = matches.subcommand() else { return Ok(()) };
    let main_job = Backup::augment_args(clap::Command::new(NAME));
    let typed = |id: &str| matches.value_source(id) == Some(ValueSource::CommandLine);
    let Some(stray) = main_job.get_arguments().find(|arg| typed(arg.get_id().as_str())) else {
        return Ok(());
    };
    let kind = clap::error::ErrorKind::ArgumentConflict;
    let Some(option) = stray.get_long() else {
        let folder =
            matches.get_one::<std::path::PathBuf>("target_dir").cloned().unwrap_or_default();
        return Err(usage_error(
            kind,
            format!(
                "TARGET_DIR ('{}') and the command '{command}' do not go together\n\n  \
                 To back up: {NAME} [OPTIONS] TARGET_DIR\n  \
                 The command: {NAME} {command} ...",
                folder.display(),
            ),
        ));
    };
    Err(usage_error(
        kind,
        format!(
            "'--{option}' before the command '{command}' belongs to the main job\n\n  \
             Options of a command come after it; see '{NAME} {command} --help'",
        ),
    ))
}

fn refuse_misspelt_command(args: &Args) -> Result<(), clap::Error> {
    let Some(folder) = &args.backup.target_dir else { return Ok(()) };
    let Some(word) = bare_word(folder).filter(|_| !folder.exists()) else { return Ok(()) };
    let Some(command) = meant(word) else { return Ok(()) };
    let advice = if Args::command().find_subcommand(command).is_none() {
        format!("this version has no command '{command}' yet")
    } else {
        format!("did you mean the command '{command}'? See '{NAME} {command} --help'")
    };
    Err(usage_error(
        clap::error::ErrorKind::InvalidSubcommand,
        format!(
            "there is no folder '{word}', and it looks like a command\n\n  {advice}\n  \
             For a new folder of that name, write './{word}'",
        ),
    ))
}

/// The text of `folder`, if it is one word without any `/`.
fn bare_word(folder: &Path) -> Option<&str> {
    let text = folder.to_str().filter(|text| !text.contains('/'))?;
    matches!(folder.components().next(), Some(Component::Normal(_))).then_some(text)
}

/// The command that `word` resembles, if it resembles one.
fn meant(word: &str) -> Option<&'static str> {
    COMMANDS.into_iter().find(|command| resembles(word, command))
}

/// Whether `word` is a likely slip of the hand for `command`. Short names have
/// many neighbours that are good names for a folder (`pics`, `map`), so for
/// these a letter may be missing, doubled or misplaced, but not another one.
fn resembles(word: &str, command: &str) -> bool {
    let distance = strsim::osa_distance(&word.to_lowercase(), command);
    match command.len() {
        ..=3 => distance == 0,
        4 => {
            distance == 0
                || distance == 1 && word.len() != command.len()
                || is_shuffled(word, command)
        }
        _ => distance <= 2,
    }
}

fn is_shuffled(word: &str, command: &str) -> bool {
    let sorted = |text: &str| {
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters
    };
    sorted(word) == sorted(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_defined() {
        Args::command().debug_assert();
    }

    #[test]
    fn slips_of_the_hand_are_told_from_folders() {
        for (word, command) in [
            ("auht", Some("auth")),
            ("authh", Some("auth")),
            ("ath", Some("auth")),
            ("verfy", Some("verify")),
            ("verify", Some("verify")),
            ("Takeout", Some("takeout")),
            ("staus", Some("status")),
            ("compleitons", Some("completions")),
            ("pikc", Some("pick")),
            ("pics", None),
            ("map", None),
            ("backup", None),
            ("photos", None),
            ("gphotos", None),
            ("archive", None),
        ] {
            assert_eq!(meant(word), command, "{word}");
        }
    }

    #[test]
    fn every_command_that_is_shown_is_among_those_a_slip_may_mean() {
        let command = Args::command();
        let shown = command.get_subcommands().filter(|command| !command.is_hide_set());
        for name in shown.map(clap::Command::get_name) {
            assert!(COMMANDS.contains(&name), "{name}");
        }
    }

    #[test]
    fn both_forms_are_read_and_mixtures_refused() {
        for (line, fine) in [
            ("/tmp", true),
            ("-v /tmp --all-files", true),
            ("auth login", true),
            ("-v auth login", true),
            ("auth login -v --no-browser", true),
            ("./auth", true),
            ("completions bash", true),
            ("auth", false),
            ("/tmp auth login", false),
            ("--skip-drive auth login", false),
            ("--no-all-files auth status", false),
            ("/tmp /tmp", false),
            ("", false),
            ("/tmp --transfers 0", false),
            ("/tmp --transfers 129", false),
            ("/tmp --index-only --skip-index", false),
            ("/tmp -q -v", false),
            ("verfy", false),
            ("./verfy", true),
        ] {
            let words = std::iter::once(NAME).chain(line.split_whitespace()).map(OsString::from);
            assert_eq!(read(words).is_ok(), fine, "{line}");
        }
    }
}
