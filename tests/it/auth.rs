//! Signing in, seen from outside: the real program, a person's folders, a browser,
//! and the sandbox as Google.
#![expect(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use gphotos_sync::sandbox::{Api, Class, Consent, Sandbox, World};
use reqwest::redirect;
use tempfile::TempDir;

const DRIVE: &str = "https://www.googleapis.com/auth/drive.readonly";
const PHOTOS: &str = "https://www.googleapis.com/auth/photoslibrary.readonly.appcreateddata";

/// A person's machine without a keyring, and a Google to sign in to.
struct Machine {
    home: TempDir,
    google: Sandbox,
}

/// How a command ended, and what it said.
struct Ended {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

/// An `auth login` that waits for a person.
struct Waiting {
    child: Child,
    stdout: BufReader<ChildStdout>,
    said: String,
    address: String,
}

#[test]
fn a_person_signs_in_and_the_sign_in_works() {
    let machine = Machine::new();
    let login = machine.log_in(&[]);
    let (status, page) = browse(&login.address);
    assert_eq!(status, 200);
    assert!(page.contains("Signed in"), "{page}");
    let ended = login.end().is(0);
    assert!(ended.stdout.contains("There is no keyring that can be used here"), "{ended}");

    let status = machine.run(&["auth", "status"]).is(0);
    for line in ["Works now:     yes", DRIVE, PHOTOS, "apps.googleusercontent.com.json"] {
        assert!(status.stdout.contains(line), "{line}: {status}");
    }
}

#[test]
fn the_file_with_the_sign_in_is_for_its_owner_alone() {
    let machine = Machine::new();
    machine.signed_in();
    let file = machine.token_file();
    assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);

    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let refused = machine.run(&["auth", "status"]).is(3);
    assert!(refused.stderr.contains("chmod 600"), "{refused}");
}

#[test]
fn the_sign_in_is_proved_with_pkce_and_state() {
    let machine = Machine::new();
    machine.signed_in();
    let asked = machine.google.requests();
    let consent = asked.iter().find(|request| request.class == Class::Consent).unwrap();
    for part in ["code_challenge_method=S256", "code_challenge=", "state=", "access_type=offline"] {
        assert!(consent.query.contains(part), "{part}: {}", consent.query);
    }
    assert!(!consent.query.contains("code_verifier"));
}

#[test]
fn an_answer_with_a_wrong_state_is_ignored_and_the_waiting_goes_on() {
    let machine = Machine::new();
    let login = machine.log_in(&[]);
    let here = login.redirect_uri();
    for (path, status) in
        [("?code=forged&state=x", 400), ("?code=forged", 400), ("favicon.ico", 404)]
    {
        assert_eq!(browse(&format!("{here}/{path}")).0, status, "{path}");
    }
    assert_eq!(machine.google.count(Class::Token), 0, "no forged code reached Google");
    assert_eq!(browse(&login.address).0, 200);
    login.end().is(0);
}

#[test]
fn a_person_who_refuses_is_told_how_to_try_again() {
    let machine = Machine::new();
    machine.google.consent(Consent::Deny);
    let login = machine.log_in(&[]);
    let (_, page) = browse(&login.address);
    assert!(page.contains("Not signed in"), "{page}");
    login.end().is(3).tells("the consent was refused").tells("gphotos-sync auth login");
    machine.run(&["auth", "status"]).is(3).tells("not signed in");
}

#[test]
fn a_box_that_was_unticked_is_named_in_plain_words() {
    let machine = Machine::new();
    machine.google.consent(Consent::GrantOnly(vec![DRIVE.to_owned()]));
    let login = machine.log_in(&[]);
    let (_, page) = browse(&login.address);
    assert!(page.contains("read Google Photos"), "{page}");
    login.end().is(3).tells("the permission to read Google Photos is missing").tells(PHOTOS);
    machine.run(&["auth", "status"]).is(3).tells("not signed in");
}

#[test]
fn only_what_is_wanted_is_asked_for() {
    for (option, asked, not_asked) in [
        ("--skip-photos", "drive.readonly", "photoslibrary"),
        ("--skip-drive", "photoslibrary", "drive.readonly"),
    ] {
        let machine = Machine::new();
        let login = machine.log_in(&[option]);
        assert!(login.address.contains(asked), "{}", login.address);
        assert!(!login.address.contains(not_asked), "{}", login.address);
        browse(&login.address);
        login.end().is(0);
    }
}

#[test]
fn a_sign_in_that_google_has_ended_is_told_with_the_rule_of_seven_days() {
    let machine = Machine::new();
    machine.signed_in();
    machine.google.revoke_grants();
    let ended = machine.run(&["auth", "status"]).is(3);
    ended.tells("no longer accepts the saved sign-in").tells("Testing").tells("auth login");

    machine.signed_in();
    machine.run(&["auth", "status"]).is(0);
}

#[test]
fn each_wrong_client_file_has_its_own_next_step() {
    let machine = Machine::new();
    let file = machine.config().join("client_secret.json");
    for (text, told) in [
        (None, "there is no OAuth client at"),
        (Some("{"), "is not the JSON that Google offers"),
        (Some(r#"{"web":{"client_id":"1"}}"#), "\"Web application\""),
        (Some(r#"{"type":"service_account"}"#), "--service-account"),
        (Some(r#"{"installed":{"client_secret":"s"}}"#), "has no client_id"),
        (Some("{}"), "has no \"installed\" part"),
    ] {
        match text {
            Some(text) => put(&file, text),
            None => remove(&file),
        }
        for command in ["login", "status", "logout"] {
            let ended = machine.run(&["auth", command]).is(3);
            ended.tells(told).tells("client_secret.json").tells("gphotos-sync auth login");
        }
    }
}

#[test]
fn a_client_that_google_does_not_know_is_told() {
    let machine = Machine::new();
    let file = machine.config().join("client_secret.json");
    put(&file, &machine.google.client_secret().replace("GOCSPX-", "GOCSPX-not-"));
    let login = machine.log_in(&[]);
    browse(&login.address);
    login.end().is(3).tells("does not accept the OAuth client");
}

#[test]
fn an_api_that_is_off_is_told_with_the_page_that_turns_it_on() {
    let machine = Machine::new();
    machine.google.world(|world| world.disable_api(Api::Drive));
    let login = machine.log_in(&[]);
    browse(&login.address);
    let ended = login.end().is(3);
    ended.tells("the Google Drive API is not enabled");
    ended.tells("https://console.cloud.google.com/apis/library/drive.googleapis.com?project=");

    machine.google.world(|world| world.enable_api(Api::Drive));
    machine.run(&["auth", "status"]).is(0);
}

#[test]
fn who_signs_out_is_forgotten_here_and_at_google() {
    let machine = Machine::new();
    machine.signed_in();
    let file = machine.token_file();
    let ended = machine.run(&["auth", "logout"]).is(0);
    assert!(ended.stdout.contains("Signed out"), "{ended}");
    assert_eq!(machine.google.count(Class::Revoke), 1);
    assert!(!file.exists());
    machine.run(&["auth", "status"]).is(3);
    machine.run(&["auth", "logout"]).is(0);
}

#[test]
fn who_signs_out_offline_is_forgotten_here_and_told_what_to_do_at_google() {
    let machine = Machine::new();
    machine.signed_in();
    let file = machine.token_file();
    machine.unplug();
    let ended = machine.run(&["auth", "logout"]).is(0);
    assert!(ended.stdout.contains("https://myaccount.google.com/connections"), "{ended}");
    assert!(!file.exists());
}

#[test]
fn a_machine_that_is_offline_is_not_taken_for_signed_out() {
    let machine = Machine::new();
    machine.signed_in();
    machine.unplug();
    machine.run(&["auth", "status"]).is(4).tells("could not be reached");
}

#[test]
fn the_address_where_the_browser_ended_can_be_pasted() {
    let machine = Machine::new();
    let mut login = machine.log_in(&[]);
    let address = landing(&login.address);
    let forged = address.replace("state=", "state=x");
    for line in ["4/0Acode", "", "https://accounts.google.com/", &forged, &address] {
        writeln!(login.child.stdin.as_mut().unwrap(), "{line}").unwrap();
    }
    let ended = login.end().is(0);
    for told in ["That is not an address", "There is no code", "belongs to another sign-in"] {
        assert!(ended.stdout.contains(told), "{told}: {ended}");
    }
    machine.run(&["auth", "status"]).is(0);
}

#[test]
fn a_closed_stdin_leaves_the_way_through_the_browser_open() {
    let machine = Machine::new();
    let mut login = machine.log_in(&[]);
    drop(login.child.stdin.take());
    assert_eq!(browse(&login.address).0, 200);
    login.end().is(0);
}

#[test]
fn the_persons_browser_is_opened() {
    let machine = Machine::new();
    let opener = machine.home.path().join("bin/xdg-open");
    let heard = machine.home.path().join("opened");
    put(&opener, &format!("#!/bin/sh\necho \"$1\" > {}.new\nmv {0}.new {0}\n", heard.display()));
    fs::set_permissions(&opener, fs::Permissions::from_mode(0o755)).unwrap();
    let login = machine.wait_for(machine.command(&["auth", "login"]));
    browse(&login.address);
    let address = login.address.clone();
    login.end().is(0);
    assert_eq!(fs::read_to_string(heard).unwrap().trim(), address);
}

#[test]
fn who_is_interrupted_is_not_signed_in() {
    let machine = Machine::new();
    let login = machine.log_in(&[]);
    let id = login.child.id().to_string();
    assert!(Command::new("kill").args(["-INT", &id]).status().unwrap().success());
    login.end().is(130);
    machine.run(&["auth", "status"]).is(3);
}

#[test]
fn a_keyring_that_was_asked_for_and_is_not_there_is_told() {
    let machine = Machine::new();
    let login = machine.log_in(&["--token-store", "keyring"]);
    browse(&login.address);
    login.end().is(3).tells("keyring does not answer").tells("--token-store file");
}

#[test]
fn nothing_that_is_shown_or_logged_could_be_used_by_another() {
    let machine = Machine::new();
    let log = machine.home.path().join("log");
    let loud = ["-vvv", "--log-file", log.to_str().unwrap()];
    let login = machine.log_in(&loud);
    browse(&login.address);
    let mut shown = login.end().is(0).to_string();
    for command in ["status", "logout"] {
        let words = [&["auth", command], loud.as_slice()].concat();
        shown += &machine.run(&words).is(0).to_string();
    }
    shown += &fs::read_to_string(log).unwrap();
    for secret in ["ya29.", "1//0", "4/0A", "GOCSPX", "code_verifier"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}

impl Machine {
    fn new() -> Self {
        let machine =
            Self { home: tempfile::tempdir().unwrap(), google: Sandbox::start(World::new()) };
        fs::create_dir_all(machine.config()).unwrap();
        fs::create_dir(machine.home.path().join("bin")).unwrap();
        let client = machine.google.client_secret();
        put(&machine.config().join("client_secret.json"), &client);
        machine
    }

    fn config(&self) -> PathBuf {
        self.home.path().join("config/gphotos-sync")
    }

    fn token_file(&self) -> PathBuf {
        let mut entries = fs::read_dir(self.config()).unwrap().map(|entry| entry.unwrap().path());
        entries.find(|path| path.to_str().unwrap().contains("/token-1")).unwrap()
    }

    fn command(&self, words: &[&str]) -> Command {
        let home = self.home.path();
        let mut command = Command::new(env!("CARGO_BIN_EXE_gphotos-sync"));
        command.args(words).env_clear();
        command.env("HOME", home).env("XDG_CONFIG_HOME", home.join("config"));
        // No bus, so no keyring; no browser but one that a test puts there.
        command.env("XDG_RUNTIME_DIR", home.join("run"));
        command.env("PATH", format!("{}:/usr/bin:/bin", home.join("bin").display()));
        command.env("GPHOTOS_SYNC_API_ROOT", self.google.root());
        command
    }

    fn run(&self, words: &[&str]) -> Ended {
        let output = self.command(words).stdin(Stdio::null()).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ended {
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    /// Starts `auth login --no-browser` and waits until it shows the address.
    fn log_in(&self, more: &[&str]) -> Waiting {
        self.wait_for(self.command(&[&["auth", "login", "--no-browser"], more].concat()))
    }

    fn wait_for(&self, mut command: Command) -> Waiting {
        let piped = Stdio::piped;
        let mut child = command.stdin(piped()).stdout(piped()).stderr(piped()).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let (mut said, mut address) = (String::new(), String::new());
        while !address.starts_with("http") {
            address.clear();
            assert_ne!(stdout.read_line(&mut address).unwrap(), 0, "no address in {said}");
            said += &address;
        }
        assert!(address.starts_with(self.google.root()), "{address}");
        Waiting { child, stdout, said, address: address.trim().to_owned() }
    }

    fn signed_in(&self) {
        let login = self.log_in(&[]);
        browse(&login.address);
        login.end().is(0);
    }

    /// Takes the machine off the network: nobody listens where Google was.
    fn unplug(&self) {
        let file = self.config().join("client_secret.json");
        let text = fs::read_to_string(&file).unwrap();
        put(&file, &text.replace(self.google.root(), "http://127.0.0.1:1"));
    }
}

impl Waiting {
    fn redirect_uri(&self) -> String {
        let url = url::Url::parse(&self.address).unwrap();
        url.query_pairs().find(|(name, _)| name == "redirect_uri").unwrap().1.into_owned()
    }

    fn end(mut self) -> Ended {
        // stdin stays open until the end, as a terminal does.
        let stdin = self.child.stdin.take();
        self.stdout.read_to_string(&mut self.said).unwrap();
        let mut stderr = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut stderr).unwrap();
        let code = self.child.wait().unwrap().code();
        drop(stdin);
        Ended { code, stdout: self.said, stderr }
    }
}

impl Ended {
    #[track_caller]
    fn is(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self}");
        self
    }

    #[track_caller]
    fn tells(&self, text: &str) -> &Self {
        assert!(self.stderr.contains(text), "{text}: {self}");
        self
    }
}

impl std::fmt::Display for Ended {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}\n{}\n{}", self.code, self.stdout, self.stderr)
    }
}

/// A person's browser: follows where it is sent, and returns what it shows.
fn browse(address: &str) -> (u16, String) {
    fetch(address, redirect::Policy::default(), async |response| {
        (response.status().as_u16(), response.text().await.unwrap())
    })
}

/// Where a browser on another machine ends: the address that it cannot reach.
fn landing(address: &str) -> String {
    fetch(address, redirect::Policy::none(), async |response| {
        response.headers()["location"].to_str().unwrap().to_owned()
    })
}

fn fetch<T>(
    address: &str,
    policy: redirect::Policy,
    read: impl AsyncFnOnce(reqwest::Response) -> T,
) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = reqwest::Client::builder().redirect(policy).no_proxy().build().unwrap();
    runtime.block_on(async { read(client.get(address).send().await.unwrap()).await })
}

#[expect(clippy::disallowed_methods, reason = "a test's own file")]
fn put(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
}

#[expect(clippy::disallowed_methods, reason = "a test's own file")]
fn remove(path: &Path) {
    fs::remove_file(path).unwrap();
}
