//! Signing in, seen from outside: the real program, a person's folders, a browser,
//! and the sandbox as Google.
#![expect(clippy::unwrap_used, reason = "a test may panic, in its helpers too")]

mod machine;

use std::fs;
use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;

use gphotos_sync::sandbox::{Api, Class, Consent};

use self::machine::{Machine, browse, landing, put, remove};

const DRIVE: &str = "https://www.googleapis.com/auth/drive.readonly";
const PHOTOS: &str = "https://www.googleapis.com/auth/photoslibrary.readonly.appcreateddata";

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
    let process = rustix::process::Pid::from_child(&login.child);
    rustix::process::kill_process(process, rustix::process::Signal::INT).unwrap();
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
