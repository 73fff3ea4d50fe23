//! No secret in any output, log or index: whoever is sent one of these to help with a
//! problem must not be able to sign in with it.

use std::fs;
use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gphotos_sync::sandbox::{Class, Effect, Fault, demo};
use sha2::{Digest as _, Sha256};

use crate::support::{Person, Ran};

/// What each secret of the sandbox begins with, and the key of its service account.
const SECRETS: &[&str] = &[
    // An access token.
    "ya29.",
    // A refresh token.
    "1//0",
    // An authorisation code.
    "4/0A",
    // The client's secret.
    "GOCSPX",
    // A key, and what is signed with it.
    "PRIVATE KEY",
    "eyJ",
    // Who has the base URL of a photo gets the photo, for an hour, without any sign-in.
    "/media/lr/",
    "/media/ppa/",
];

/// What holds secrets because it is there for that.
const KEPT: &[&str] = &["client_secret.json", "key.json", "token-"];

const LOUD: &[&str] = &["-vvv", "--log-file", "log", "--all-files"];

#[test]
fn a_person_who_signs_in_leaves_no_secret_behind() {
    let person = Person::signed_in(demo());
    let mut said = vec![person.sign_in(&["-vvv", "--log-file", "log"])];
    let mut run = |words: &[&str]| said.push(all(&person.run(words)));
    let backup = [&["archive"], LOUD].concat();
    run(&backup);
    run(&["auth", "status", "-vvv", "--log-file", "log"]);
    run(&["status", "archive", "-vvv", "--log-file", "log"]);
    run(&["doctor", "archive", "-vvv", "--log-file", "log"]);

    // A bad day: refusals that tell why, of every sort of request.
    for (class, status, reason) in [
        (Class::Changes, 401, "authError"),
        (Class::About, 403, "accessNotConfigured"),
        (Class::Media, 403, "cannotDownloadFile"),
        (Class::PhotoList, 403, "PERMISSION_DENIED"),
        (Class::PhotoMedia, 403, "forbidden"),
        (Class::Albums, 400, "INVALID_ARGUMENT"),
        (Class::Token, 400, "invalid_grant"),
        (Class::Token, 401, "invalid_client"),
    ] {
        person.google().world(|world| {
            world.edit("f-ticket", reason.as_bytes());
            world.edit_photo("p-lake", reason.as_bytes());
        });
        person.google().expire_access_tokens();
        person.google().fail(Fault::new(Effect::error(status, reason)).on(class));
        run(&[&backup[..], &["--flush-index"]].concat());
        person.google().mend();
    }
    person.google().fail(Fault::new(Effect::Html).on(Class::Changes));
    run(&backup);
    person.google().fail(Fault::new(Effect::BrokenJson).on(Class::Changes));
    run(&backup);
    person.google().world(gphotos_sync::sandbox::World::expire_base_urls);
    run(&backup);
    person.google().revoke_grants();
    run(&backup);
    run(&["auth", "logout", "-vvv", "--log-file", "log"]);

    search(&person, &said);
}

#[test]
fn a_verifier_would_be_found() {
    let verifier = "0123456789-0123456789.0123456789~0123456789.x";
    let challenges = [URL_SAFE_NO_PAD.encode(Sha256::digest(verifier))];
    assert!(holds_verifier(format!("said: \"{verifier}\"").as_bytes(), &challenges));
    assert!(!holds_verifier(&verifier.as_bytes()[1..], &challenges));
}

#[test]
fn a_client_file_that_is_no_good_is_not_told() {
    let person = Person::signed_in(demo());
    let good = person.google().client_secret();
    let mut said = Vec::new();
    for bad in [
        good.replace("installed", "web"),
        good.replace("client_id", "client-id"),
        good.replace("GOCSPX-worth", "GOCSPX-wrong-and-worth"),
        good.replace('}', ""),
        "GOCSPX-pasted-alone".to_owned(),
    ] {
        person.write_config("client_secret.json", &bad);
        person.google().expire_access_tokens();
        said.push(all(&person.run(&[&["archive"], LOUD].concat())));
        said.push(all(&person.run(&["auth", "status", "-vvv"])));
    }
    search(&person, &said);
}

#[test]
fn a_service_account_leaves_no_secret_behind() {
    let person = Person::with(demo());
    let mut said = vec![all(&person.run(&[&["archive"], LOUD].concat()))];
    person.google().fail(Fault::new(Effect::error(400, "invalid_grant")).on(Class::Token));
    said.push(all(&person.run(&[&["archive"], LOUD].concat())));
    let key = person.google().service_account_key();
    for bad in [
        key.replace("-----END", "-----NED"),
        key.replace('}', ""),
        key.replace("private_key_id", "key_id"),
    ] {
        person.write_config("key.json", &bad);
        said.push(all(&person.run(&[&["archive"], LOUD].concat())));
    }
    search(&person, &said);
}

fn all(run: &Ran) -> String {
    format!("{}{}", run.stdout, run.stderr)
}

/// Says whether the text holds what one of `challenges` was made from: the verifier
/// that proves who began a sign-in.
fn holds_verifier(bytes: &[u8], challenges: &[String]) -> bool {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~".contains(byte);
    let words = bytes.split(|byte| !is_plain(byte)).filter(|word| word.len() >= 43);
    let mut made = words.map(|word| URL_SAFE_NO_PAD.encode(Sha256::digest(word)));
    made.any(|made| challenges.contains(&made))
}

/// The challenges of all sign-ins so far.
fn challenges(person: &Person) -> Vec<String> {
    let asked = person.google().requests().into_iter().filter(|it| it.class == Class::Consent);
    let challenge = |query: String| {
        let value = query.split("code_challenge=").nth(1).unwrap().split('&').next();
        value.unwrap().to_owned()
    };
    asked.map(|request| challenge(request.query)).collect()
}

/// Searches all that was said, and all that lies in the person's home but what is there
/// for secrets and what is Google's: the bytes of their files.
#[track_caller]
fn search(person: &Person, said: &[String]) {
    let key: Vec<_> = secret_lines(&person.google().service_account_key());
    assert!(!key.is_empty());
    let (mut searched, mut kept) = (0, 0);
    let (home, challenges) = (person.path(".."), challenges(person));
    let mut look = |name: &str, bytes: &[u8]| {
        let secrets = SECRETS.iter().copied().chain(key.iter().map(String::as_str));
        let found: Vec<_> = secrets.filter(|secret| holds(bytes, secret.as_bytes())).collect();
        if KEPT.iter().any(|kept| name.contains(kept)) {
            kept += found.len();
        } else {
            assert!(found.is_empty(), "{found:?} in {name}:\n{}", String::from_utf8_lossy(bytes));
            assert!(!holds_verifier(bytes, &challenges), "a PKCE verifier in {name}");
            searched += 1;
        }
    };
    for text in said {
        assert!(!text.is_empty());
        look("what was said", text.as_bytes());
    }
    visit(&home, &mut |path| {
        let name = path.strip_prefix(&home).unwrap().to_str().unwrap();
        if !["archive/drive", "archive/photos", "archive/.gphotos-sync/trash"]
            .iter()
            .any(|theirs| name.starts_with(theirs))
        {
            look(name, &fs::read(path).unwrap());
        }
    });
    assert!(searched > said.len() + 3, "the index, the log and the manifest are there");
    assert!(kept > 0, "the secrets are where they belong, and would be found");
}

fn holds(bytes: &[u8], secret: &[u8]) -> bool {
    bytes.windows(secret.len()).any(|window| window == secret)
}

/// The lines of the key in a service account's file.
fn secret_lines(file: &str) -> Vec<String> {
    let file: serde_json::Value = serde_json::from_str(file).unwrap();
    let key = file["private_key"].as_str().unwrap();
    let lines = key.lines().filter(|line| line.len() > 16 && !line.starts_with('-'));
    lines.map(|line| line[..16].to_owned()).collect()
}

fn visit(folder: &Path, see: &mut dyn FnMut(&Path)) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let meta = fs::symlink_metadata(&path).unwrap();
        if meta.is_dir() {
            visit(&path, see);
        } else if meta.is_file() {
            see(&path);
        }
    }
}
