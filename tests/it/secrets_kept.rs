//! Where secrets go, and who can read the files that they are in: a token goes to Google
//! alone, whatever the addresses say that Google is made to hand out.

use std::fs::{self, Permissions};
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::sync::{Arc, Mutex};

use gphotos_sync::sandbox::{Class, Effect, Fault, Item, Photo, World};

use crate::support::{Person, Ran};

/// A server that somebody has an eye on, and all that was sent to it.
struct Thief {
    root: String,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Thief {
    fn lurk() -> Self {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let ears = Arc::clone(&heard);
        let root = serve(move |request| {
            ears.lock().unwrap().push(String::from_utf8_lossy(request).into_owned());
            b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\nConnection: close\r\n\r\nstolen".to_vec()
        });
        Self { root, heard }
    }

    /// Fails unless somebody came, and without any token.
    #[track_caller]
    fn got_no_token(&self, least: usize) {
        let heard = self.heard.lock().unwrap();
        assert!(heard.len() >= least, "{heard:?}");
        for request in heard.iter() {
            let request = request.to_lowercase();
            for word in ["authorization", "ya29", "referer", "cookie"] {
                assert!(!request.contains(word), "{request}");
            }
        }
    }
}

/// Answers each request by `answer`, on a connection of its own, for as long as the test
/// runs, and says where.
fn serve(answer: impl Fn(&[u8]) -> Vec<u8> + Send + Sync + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let root = format!("http://{}", listener.local_addr().unwrap());
    let answer = Arc::new(answer);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let answer = Arc::clone(&answer);
            std::thread::spawn(move || speak(&mut stream.unwrap(), &*answer));
        }
    });
    root
}

fn speak(stream: &mut TcpStream, answer: &dyn Fn(&[u8]) -> Vec<u8>) {
    let Some(request) = hear(stream) else { return };
    // Who asked may have gone.
    drop(stream.write_all(&answer(&request)));
}

/// Reads one request, with its body.
fn hear(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut request = Vec::new();
    let mut part = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&request).to_lowercase();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length = length.map_or(0, |length| length.trim().parse().unwrap());
            if body.len() >= length {
                return Some(request);
            }
        }
        match stream.read(&mut part) {
            Ok(n) if n > 0 => request.extend_from_slice(&part[..n]),
            _ => return None,
        }
    }
}

/// A Google that hands out the thief's address wherever it should hand out its own.
fn bribed(google: &str, thief: &str) -> String {
    assert_eq!(google.len(), thief.len(), "the lengths of answers stay as they are");
    let (google, thief) = (google.to_owned(), thief.to_owned());
    serve(move |request| {
        let mut there = TcpStream::connect(google.strip_prefix("http://").unwrap()).unwrap();
        let text = String::from_utf8(request.to_vec()).unwrap();
        let (line, rest) = text.split_once("\r\n").unwrap();
        write!(there, "{line}\r\nConnection: close\r\n{rest}").unwrap();
        let mut answer = Vec::new();
        there.read_to_end(&mut answer).unwrap();
        replaced(&answer, google.as_bytes(), thief.as_bytes())
    })
}

fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for at in 0..bytes.len().saturating_sub(from.len()) {
        if bytes[at..].starts_with(from) {
            bytes[at..at + to.len()].copy_from_slice(to);
        }
    }
    bytes
}

/// One whose address is as long as the other's: ports differ in their digits.
fn as_long_as(google: &str) -> Thief {
    loop {
        let thief = Thief::lurk();
        if thief.root.len() == google.len() {
            return thief;
        }
    }
}

#[test]
fn a_redirect_to_elsewhere_is_not_followed() {
    for class in [Class::List, Class::Media, Class::Export, Class::About] {
        let person = Person::signed_in(account());
        let thief = Thief::lurk();
        let to = format!("{}/taken", thief.root);
        person.google().fail(Fault::new(Effect::Redirect(to)).on(class).times(2));
        drop(person.hasty(&["--all-files"]));
        assert!(thief.heard.lock().unwrap().is_empty(), "{class:?}");
    }
}

#[test]
fn an_address_elsewhere_in_what_google_says_is_given_no_token() {
    let person = Person::signed_in(account());
    let thief = as_long_as(person.google().root());
    let root = bribed(person.google().root(), &thief.root);
    let mut command = person.command(&["--all-files"]);

    let run = Ran::of(command.env("GPHOTOS_SYNC_API_ROOT", root)).ends_with(8);

    // Photos are to be had by whoever knows their address, and are asked for without.
    thief.got_no_token(1);
    run.complains(&["big.docx", "is not an address of Google's: no token is sent there"]);
}

#[test]
fn a_client_file_that_names_another_server_is_refused() {
    let person = Person::signed_in(account());
    let thief = Thief::lurk();
    let elsewhere = thief.root.replace("http://127.0.0.1", "https://localhost.example.org");
    let good = person.google().client_secret();
    let bad = good.replace(person.google().root(), &elsewhere);
    assert_ne!(good, bad);
    person.write_config("client_secret.json", &bad);
    person.backup(&[]).ends_with(3).complains(&["must be an https address of Google's"]);
    person.run(&["auth", "logout"]).ends_with(3);
    thief.got_no_token(0);
}

#[test]
fn files_with_secrets_that_others_can_read_are_told_or_refused() {
    let open = |path: &str| fs::set_permissions(path, Permissions::from_mode(0o644)).unwrap();
    let told = |path: &str| format!("{path} is open to other users (mode 644): run `chmod 600");

    let person = Person::signed_in(account());
    let client = person.write_config("client_secret.json", &person.google().client_secret());
    assert!(!person.backup(&[]).succeeds().stderr.contains("other users"));
    open(&client);
    person.backup(&[]).succeeds().complains(&[&told(&client)]);
    let doctor = person.run(&["doctor", "archive"]).succeeds();
    assert!(doctor.stdout.contains(&told(&client)), "{}", doctor.stdout);

    // A refresh token is all that it takes to read everything: it counts as lost.
    let folder = person.home().join(".config/gphotos-sync");
    let mut token = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let is_token = |path: &std::path::PathBuf| path.display().to_string().contains("token-1");
    let token = token.find(is_token).unwrap().display().to_string();
    open(&token);
    person.backup(&[]).ends_with(3).complains(&["can be read by other users", "chmod 600"]);

    let robot = Person::with(account());
    let key = robot.write_config("key.json", &robot.google().service_account_key());
    open(&key);
    robot.backup(&[]).succeeds().complains(&[&told(&key)]);
    let doctor = robot.run(&["doctor", "archive"]).ends_with(3);
    assert!(doctor.stdout.contains(&told(&key)), "{}", doctor.stdout);
}

/// An account with a photo, which has an address of its own, and a document that is so
/// long that it is to be had by another address only.
fn account() -> World {
    let docx = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
    World::new()
        .file("a", "a.jpg", "A", "root")
        .with(Item::native("d", "big", "document").export(docx, vec![b'x'; 11_000_000]))
        .photo(Photo::image("p", "p.jpg", "P").taken("2024-01-05T00:00:00Z"))
}
