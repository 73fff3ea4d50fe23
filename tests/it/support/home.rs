//! A person's home, made for one test and gone after it, and the program run in it.
//!
//! Nothing of the machine's own user comes in: no settings, no keyring, no
//! proxy, no session bus.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader, Read as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::visit;

/// A home folder and what is run in it.
pub struct Home {
    folder: TempDir,
}

/// How a command ended.
#[derive(Debug)]
pub struct Ran {
    /// The exit code; a process that a signal ended has none.
    pub code: Option<i32>,
    /// What it wrote to stdout.
    pub stdout: String,
    /// What it wrote to stderr.
    pub stderr: String,
}

impl Home {
    /// Makes an empty one, in memory where that can be: nothing waits for a disk there.
    pub fn new() -> Self {
        Self { folder: folder_in_memory() }
    }

    /// Where it is. Commands are run in it, so relative paths start there.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file of the user's config folder, and returns where it is.
    #[expect(clippy::disallowed_methods, reason = "a test writes its own files")]
    pub fn write_config(&self, name: &str, text: &str) -> PathBuf {
        let folder = self.config_folder();
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join(name);
        std::fs::write(&path, text).unwrap();
        // As a careful person keeps what may hold a secret.
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        path
    }

    /// Runs the program with these words, its stdin closed, and waits for its end.
    pub fn run<W: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = W>) -> Ran {
        Ran::of(&mut self.command(words))
    }

    /// The program with these words, in a clean environment, not started yet.
    pub fn command<W: AsRef<OsStr>>(&self, words: impl IntoIterator<Item = W>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_gphotos-sync"));
        command.args(words).current_dir(self.path()).env_clear();
        command.env("HOME", self.path()).env("XDG_CONFIG_HOME", self.path().join(".config"));
        command.env("PATH", "/usr/bin:/bin").env("NO_PROXY", "*");
        command
    }

    /// Signs in at the Google at `root`, on a pipe: reads the address that is printed,
    /// and opens it. Returns all that it said.
    pub fn sign_in(&self, root: &str, options: &[&str]) -> String {
        let mut command = self.command(["auth", "login", "--no-browser"]);
        command.args(options);
        command.env("GPHOTOS_SYNC_API_ROOT", root);
        let errors = self.path().join("sign-in.stderr");
        command.stderr(File::create(&errors).unwrap());
        // Its stdin stays open: a person at a pipe could still paste something.
        let mut login = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let mut told = BufReader::new(login.stdout.take().unwrap());
        let mut said = String::new();
        let address = loop {
            let mut line = String::new();
            assert!(told.read_line(&mut line).unwrap() > 0, "no address: {said}");
            said += &line;
            if line.starts_with("http") {
                break line;
            }
        };
        visit(address.trim());
        told.read_to_string(&mut said).unwrap();
        let ended = login.wait().unwrap();
        said += &fs::read_to_string(&errors).unwrap();
        assert!(ended.success() && said.contains("Signed in"), "{said}");
        said
    }

    fn config_folder(&self) -> PathBuf {
        let base =
            if cfg!(target_os = "macos") { "Library/Application Support" } else { ".config" };
        self.path().join(base).join("gphotos-sync")
    }
}

/// How many bytes must be free in memory for tests to work there: containers often have
/// 64 MB.
const ROOM: u64 = 1 << 30;

/// An empty folder, in memory where the machine has room for it there.
pub fn folder_in_memory() -> TempDir {
    const MEMORY: &str = "/dev/shm";
    let has_room = rustix::fs::statvfs(MEMORY).is_ok_and(|it| it.f_bavail * it.f_frsize >= ROOM);
    let in_memory = has_room.then(|| tempfile::tempdir_in(MEMORY).ok()).flatten();
    in_memory.unwrap_or_else(|| tempfile::tempdir().unwrap())
}

impl Ran {
    /// Runs `command` to its end, its stdin closed.
    pub fn of(command: &mut Command) -> Self {
        let output = command.stdin(Stdio::null()).output().unwrap();
        Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Fails unless the command ended with `code`.
    #[track_caller]
    pub fn ends_with(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stdout: {}\nstderr: {}", self.stdout, self.stderr);
        self
    }

    /// Fails unless the command ended well.
    #[track_caller]
    pub fn succeeds(self) -> Self {
        self.ends_with(0)
    }

    /// Fails unless stderr holds all of `words`.
    #[track_caller]
    pub fn complains(self, words: &[&str]) -> Self {
        for word in words {
            assert!(self.stderr.contains(word), "{word:?} is not in: {}", self.stderr);
        }
        self
    }
}
