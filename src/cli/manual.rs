//! What is made from the command line's definition: completions and the manual page.

use std::io;

use clap::CommandFactory as _;

use super::args::{Args, NAME};

/// Returns the completions for `shell`.
#[must_use]
pub fn completions(shell: clap_complete::Shell) -> Vec<u8> {
    let all = Args::command();
    // What is hidden from the help would be offered otherwise.
    let shown = all.get_subcommands().filter(|command| !command.is_hide_set());
    let mut command = clap::Command::new(NAME)
        .args(all.get_arguments())
        .subcommands(shown)
        .version(env!("CARGO_PKG_VERSION"))
        .disable_help_subcommand(true);
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut command, NAME, &mut text);
    match String::from_utf8(text) {
        // clap_complete 4.6 takes the hyphen in our name for the border of a command where it
        // tells what a command takes, and not where it finds out which command it is.
        Ok(text) => text.replace("gphotos__subcmd__sync", "gphotos__sync").into_bytes(),
        Err(error) => error.into_bytes(),
    }
}

/// Returns the manual page, for section 1: the main job, then each command.
///
/// # Errors
///
/// None in practice: it writes to memory.
pub fn page() -> io::Result<Vec<u8>> {
    let mut command = Args::command();
    command.build();
    let mut page = Vec::new();
    let man = clap_mangen::Man::new(command.clone());
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    page.extend_from_slice(b".SH \"NOTES AND EXIT CODES\"\n");
    let mut notes = Vec::new();
    man.render_extra_section(&mut notes)?;
    page.extend_from_slice(&without_headings(&notes));
    for child in command.get_subcommands().filter(|child| !child.is_hide_set()) {
        section(child, &format!("{NAME} {}", child.get_name()), &mut page)?;
    }
    Ok(page)
}

/// Writes what is particular to `command` under a heading of its own.
fn section(command: &clap::Command, called: &str, page: &mut Vec<u8>) -> io::Result<()> {
    let deeper: Vec<_> = command.get_subcommands().collect();
    if deeper.is_empty() {
        let own = |arg: &clap::Arg| !arg.is_global_set() && arg.get_id() != "help";
        let bare = command.clone().mut_args(|arg| {
            let shown = own(&arg) && !arg.is_hide_set();
            arg.hide(!shown)
        });
        let man = clap_mangen::Man::new(bare);
        page.extend_from_slice(format!(".SH \"{}\"\n", called.to_uppercase()).as_bytes());
        let mut text = Vec::new();
        man.render_description_section(&mut text)?;
        if command.get_arguments().any(own) {
            man.render_options_section(&mut text)?;
        }
        page.extend_from_slice(&without_headings(&text));
    }
    for child in deeper {
        section(child, &format!("{called} {}", child.get_name()), page)?;
    }
    Ok(())
}

fn without_headings(roff: &[u8]) -> Vec<u8> {
    let lines = roff.split_inclusive(|byte| *byte == b'\n');
    lines.filter(|line| !line.starts_with(b".SH")).flatten().copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bash_knows_what_each_command_takes_and_no_shell_offers_what_is_hidden() {
        let bash = String::from_utf8(completions(clap_complete::Shell::Bash)).unwrap();
        let commands: Vec<_> =
            bash.lines().filter_map(|line| line.trim().strip_prefix("cmd=\"")).collect();
        assert!(commands.len() > 10, "{commands:?}");
        for command in commands.iter().map(|command| command.trim_end_matches('"')) {
            assert!(command.is_empty() || bash.contains(&format!(" {command})\n")), "{command}");
        }
        for shell in [clap_complete::Shell::Bash, clap_complete::Shell::Fish] {
            let text = String::from_utf8(completions(shell)).unwrap();
            assert!(text.contains("doctor") && !text.contains("sandbox"), "{shell}");
        }
    }
}
