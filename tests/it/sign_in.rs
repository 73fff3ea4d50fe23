//! Signing in as a person does, and what works after it.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use gphotos_sync::sandbox::{Sandbox, World};

use crate::support::{Home, Ran};

#[test]
fn a_person_signs_in_backs_up_and_signs_out() {
    let google = Sandbox::start(World::new().file("p1", "beach.jpg", "sand", "root"));
    let home = Home::new();
    home.write_config("client_secret.json", &google.client_secret());
    home.write_config("config.toml", "token-store = 'file'\n");
    let root = google.root();

    against(root, &home, &["archive"]).ends_with(3).complains(&["gphotos-sync auth login"]);
    home.sign_in(root, &[]);
    let status = against(root, &home, &["auth", "status"]).ends_with(0);
    assert!(status.stdout.contains("ada@example.com"), "{}", status.stdout);
    let told = against(root, &home, &["archive"]).ends_with(0).stdout;
    assert!(told.starts_with("Complete: ada@example.com to archive"), "{told}");
    assert!(home.path().join("archive/drive/beach.jpg").exists());

    against(root, &home, &["auth", "logout"]).ends_with(0);
    against(root, &home, &["archive"]).ends_with(3).complains(&["gphotos-sync auth login"]);
}

#[test]
fn the_sandbox_says_where_it_is_and_ends_with_its_stdin() {
    let home = Home::new();
    let mut command = home.command(["sandbox", "--world", "empty"]);
    let mut sandbox = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(sandbox.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    let told: serde_json::Value = serde_json::from_str(&line).unwrap();
    home.write_config("client_secret.json", &told["client_secret"].to_string());
    home.write_config("config.toml", "token-store = 'file'\n");

    home.sign_in(told["root"].as_str().unwrap(), &[]);

    drop(sandbox.stdin.take());
    assert!(sandbox.wait().unwrap().success());
}

/// Runs the program against the Google at `root`.
fn against(root: &str, home: &Home, words: &[&str]) -> Ran {
    Ran::of(home.command(words).env("GPHOTOS_SYNC_API_ROOT", root))
}
