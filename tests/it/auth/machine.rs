//! A machine that a person signs in from: its folders, its browser, its Google.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use gphotos_sync::sandbox::{Sandbox, World};
use reqwest::redirect;
use tempfile::TempDir;

/// A person's machine without a keyring, and a Google to sign in to.
pub struct Machine {
    pub home: TempDir,
    pub google: Sandbox,
}

/// How a command ended, and what it said.
pub struct Ended {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// An `auth login` that waits for a person.
pub struct Waiting {
    pub child: Child,
    pub stdout: BufReader<ChildStdout>,
    pub said: String,
    pub address: String,
}

impl Machine {
    pub fn new() -> Self {
        let machine =
            Self { home: tempfile::tempdir().unwrap(), google: Sandbox::start(World::new()) };
        fs::create_dir_all(machine.config()).unwrap();
        fs::create_dir(machine.home.path().join("bin")).unwrap();
        let client = machine.google.client_secret();
        put(&machine.config().join("client_secret.json"), &client);
        machine
    }

    pub fn config(&self) -> PathBuf {
        self.home.path().join("config/gphotos-sync")
    }

    pub fn token_file(&self) -> PathBuf {
        let mut entries = fs::read_dir(self.config()).unwrap().map(|entry| entry.unwrap().path());
        entries.find(|path| path.to_str().unwrap().contains("/token-1")).unwrap()
    }

    pub fn command(&self, words: &[&str]) -> Command {
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

    pub fn run(&self, words: &[&str]) -> Ended {
        let output = self.command(words).stdin(Stdio::null()).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        Ended {
            code: output.status.code(),
            stdout: text(output.stdout),
            stderr: text(output.stderr),
        }
    }

    /// Starts `auth login --no-browser` and waits until it shows the address.
    pub fn log_in(&self, more: &[&str]) -> Waiting {
        self.wait_for(self.command(&[&["auth", "login", "--no-browser"], more].concat()))
    }

    pub fn wait_for(&self, mut command: Command) -> Waiting {
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

    pub fn signed_in(&self) {
        let login = self.log_in(&[]);
        browse(&login.address);
        login.end().is(0);
    }

    /// Takes the machine off the network: nobody listens where Google was.
    pub fn unplug(&self) {
        let file = self.config().join("client_secret.json");
        let text = fs::read_to_string(&file).unwrap();
        put(&file, &text.replace(self.google.root(), "http://127.0.0.1:1"));
    }
}

impl Waiting {
    pub fn redirect_uri(&self) -> String {
        let url = url::Url::parse(&self.address).unwrap();
        url.query_pairs().find(|(name, _)| name == "redirect_uri").unwrap().1.into_owned()
    }

    pub fn end(mut self) -> Ended {
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
    pub fn is(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "{self}");
        self
    }

    #[track_caller]
    pub fn tells(&self, text: &str) -> &Self {
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
pub fn browse(address: &str) -> (u16, String) {
    fetch(address, redirect::Policy::default(), async |response| {
        (response.status().as_u16(), response.text().await.unwrap())
    })
}

/// Where a browser on another machine ends: the address that it cannot reach.
pub fn landing(address: &str) -> String {
    fetch(address, redirect::Policy::none(), async |response| {
        response.headers()["location"].to_str().unwrap().to_owned()
    })
}

pub fn fetch<T>(
    address: &str,
    policy: redirect::Policy,
    read: impl AsyncFnOnce(reqwest::Response) -> T,
) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let client = reqwest::Client::builder().redirect(policy).no_proxy().build().unwrap();
    runtime.block_on(async { read(client.get(address).send().await.unwrap()).await })
}

#[expect(clippy::disallowed_methods, reason = "a test's own file")]
pub fn put(path: &Path, text: &str) {
    fs::write(path, text).unwrap();
}

#[expect(clippy::disallowed_methods, reason = "a test's own file")]
pub fn remove(path: &Path) {
    fs::remove_file(path).unwrap();
}
