//! What a person types: mistakes, help, the config file, completions, the manual.

use crate::support::Home;

#[test]
fn a_mistake_on_the_command_line_is_told_and_ends_with_2() {
    let home = Home::new();
    for (words, told) in [
        ("", ["TARGET_DIR", "--help"]),
        ("archive --no-such-option", ["--no-such-option", "--help"]),
        ("archive extra", ["extra", "--help"]),
        ("archive --transfers 199", ["199", "--transfers"]),
        ("archive --skip-drive --skip-photos", ["nothing to do", "gphotos-sync --help"]),
        ("archive --index-only --skip-index", ["--index-only", "--skip-index"]),
        ("archive --impersonate ann", ["--impersonate", "--service-account"]),
        ("archive --export dcox", ["'dcox'", "docx"]),
        ("archive auth login", ["TARGET_DIR ('archive')", "'auth' do not go together"]),
        ("--skip-drive auth login", ["'--skip-drive'", "main job"]),
        ("auth", ["login", "logout"]),
        ("auth lgoin", ["lgoin", "login"]),
    ] {
        home.run(words.split_whitespace()).ends_with(2).complains(&told);
    }
    assert!(!home.path().join("archive").exists());
}

#[test]
fn a_misspelt_command_is_not_taken_for_a_folder() {
    let home = Home::new();
    for (word, told) in [
        ("auht", "did you mean the command 'auth'"),
        ("verfy", "did you mean the command 'verify'"),
        ("adpot", "did you mean the command 'adopt'"),
    ] {
        let here = format!("write './{word}'");
        home.run([word]).ends_with(2).complains(&[told, &here]);
        assert!(!home.path().join(word).exists());
    }
}

#[test]
fn a_mistake_in_the_config_file_names_the_file_and_the_key() {
    let home = Home::new();
    let path = home.write_config("config.toml", "shared = true\nal-files = true\n");
    let file = path.display().to_string();
    home.run(["archive"]).ends_with(2).complains(&[&file, "line 2", "`al-files`", "`all-files`"]);

    home.write_config("config.toml", "transfers = 199\n");
    home.run(["archive"]).ends_with(2).complains(&["transfers = 199"]);

    let nowhere = ["archive", "--config", "nowhere.toml"];
    home.run(nowhere).ends_with(2).complains(&["nowhere.toml", "because: No such file"]);
}

#[test]
fn what_is_typed_wins_over_the_config_file() {
    let home = Home::new();
    home.write_config("config.toml", "skip-drive = true\nskip-photos = true\n");
    home.run(["archive"]).ends_with(2).complains(&["nothing to do"]);
    let typed = home.run(["archive", "--no-skip-drive"]);
    assert_ne!(typed.code, Some(2), "{}", typed.stderr);
}

#[test]
fn help_fits_on_80_columns_and_names_every_exit_code() {
    let home = Home::new();
    for words in [
        "-h",
        "--help",
        "auth --help",
        "auth login --help",
        "status --help",
        "verify --help",
        "doctor --help",
        "completions -h",
        "man -h",
    ] {
        let help = home.run(words.split_whitespace()).ends_with(0).stdout;
        for line in help.lines() {
            assert!(line.chars().count() <= 80, "{words}: {line}");
        }
    }
    let help = home.run(["--help"]).stdout;
    for code in [0, 1, 2, 3, 4, 5, 6, 7, 8, 130] {
        let told = |line: &str| line.trim_start().starts_with(&format!("{code} "));
        assert!(help.lines().any(told), "{code}: {help}");
    }
    assert!(!help.contains("sandbox "), "the sandbox is for tests");
}

#[test]
fn the_version_is_the_crates() {
    let version = Home::new().run(["--version"]).ends_with(0).stdout;
    assert_eq!(version, format!("gphotos-sync {}\n", env!("CARGO_PKG_VERSION")));
}

#[test]
fn there_are_completions_for_every_shell() {
    let home = Home::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = home.run(["completions", shell]).ends_with(0).stdout;
        assert!(script.contains("all-files"), "{shell}");
    }
    home.run(["completions", "cobol"]).ends_with(2).complains(&["cobol", "bash"]);
}

#[test]
fn the_manual_page_tells_of_every_option_and_command() {
    let page = Home::new().run(["man"]).ends_with(0).stdout;
    assert!(page.contains(".TH gphotos-sync 1"), "{page}");
    for words in
        ["all\\-files", "Exit codes", "AUTH LOGIN", "AUTH LOGOUT", "Sign out", "COMPLETIONS"]
    {
        assert!(page.contains(words), "{words}");
    }
}

#[test]
fn a_log_file_that_cannot_be_written_is_a_matter_of_the_disk() {
    let words = ["archive", "--log-file", "no/such/folder/log"];
    Home::new().run(words).ends_with(5).complains(&["no/such/folder/log", "try: "]);
}

#[test]
fn the_log_tells_of_a_run_that_said_nothing() {
    let home = Home::new();
    let log = || std::fs::read_to_string(home.path().join("log")).unwrap();
    let ran = home.run(["--demo", "-q", "--log-file", "log", "archive"]).succeeds();
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("", ""));
    for words in ["Fetching 16 files", "Complete: ada@example.com to archive", "24 files saved"] {
        assert!(log().contains(words), "{words} is not in: {}", log());
    }
    assert!(!log().contains("+ drive/"), "single files are for -v: {}", log());

    home.run(["archive", "--log-file", "log"]).ends_with(3);
    assert!(log().contains("there is no OAuth client at"), "{}", log());
}

#[test]
fn with_v_the_log_tells_of_each_file_and_the_screen_of_each_once() {
    let home = Home::new();
    let ran = home.run(["--demo", "-vv", "--log-file", "log", "archive"]).succeeds();
    let log = std::fs::read_to_string(home.path().join("log")).unwrap();
    for told in [&log, &ran.stderr] {
        assert_eq!(told.matches("+ drive/Pictures/a_b.jpg").count(), 1, "{told}");
    }
}

#[test]
fn a_target_that_is_a_file_is_told_with_the_next_step() {
    let home = Home::new();
    let file = home.write_config("file", "mine");

    let ran = home.run(["--demo".as_ref(), file.as_os_str()]).ends_with(5);

    ran.complains(&["file is not a folder", "name another TARGET_DIR"]);
    assert_eq!(std::fs::read(file).unwrap(), b"mine");
}

#[test]
fn a_mistake_in_the_config_file_is_told_once() {
    let home = Home::new();
    home.write_config("config.toml", "transfers = 'many'\n");

    let ran = home.run(["somewhere"]).ends_with(2).complains(&["config.toml", "transfers"]);

    assert_eq!(ran.stderr.matches("invalid type").count(), 1, "{}", ran.stderr);
}
