//! Who holds an archive, as written into its lock: for people to read, and for another
//! run to see whether that process is still there.

use std::fs::File;
use std::io::Read as _;

use rustix::process::Pid;

/// No file of the system's that names the machine is longer, in bytes.
const FILE_BYTES_MAX: u64 = 256;

/// What a run writes of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Holder {
    /// In words.
    pub words: String,
    /// Its process; `None` where that was not written.
    process: Option<Process>,
}

/// A process that is not another one's of the same number.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Process {
    id: u32,
    /// The machine's name and its own id, as far as it has one: names are not unique.
    machine: String,
    /// Which time the machine was started, in which numbering of processes, and when the
    /// process was; where the system does not tell, empty.
    birth: Birth,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Birth {
    boot: String,
    numbering: String,
    tick: String,
}

impl Holder {
    /// This process, which tells of itself in `words`.
    pub(super) fn this(words: &str) -> Self {
        Self { words: words.to_owned(), process: Some(Process::this()) }
    }

    pub(super) fn parse(text: &str) -> Self {
        let (words, rest) = text.split_once('\n').unwrap_or((text, ""));
        Self { words: words.trim().to_owned(), process: Process::parse(rest) }
    }

    /// A line in words, and one for a program.
    pub(super) fn to_text(&self) -> String {
        let process = self.process.as_ref().map(Process::to_line).unwrap_or_default();
        format!("{}\n{process}\n", self.words)
    }

    /// Whether that process has certainly ended. Of another machine's nothing is certain.
    pub(super) fn has_ended(&self) -> bool {
        self.is_running() == Some(false)
    }

    /// Whether that process is there still; `None` if that cannot be known here.
    pub(super) fn is_running(&self) -> Option<bool> {
        self.process.as_ref()?.is_running_seen_from(&Process::this())
    }
}

impl Process {
    fn this() -> Self {
        let id = std::process::id();
        let (boot, numbering) = (boot(), numbering());
        Self {
            id,
            machine: machine(),
            birth: Birth { boot, numbering, tick: started(id).unwrap_or_default() },
        }
    }

    fn parse(text: &str) -> Option<Self> {
        let parts: Vec<_> = text.trim_end().split('\t').collect();
        let [id, machine, boot, numbering, tick] = parts[..] else { return None };
        let birth =
            Birth { boot: boot.to_owned(), numbering: numbering.to_owned(), tick: tick.to_owned() };
        Some(Self { id: id.parse().ok()?, machine: machine.to_owned(), birth })
    }

    fn to_line(&self) -> String {
        let Birth { boot, numbering, tick } = &self.birth;
        [&self.id.to_string(), &self.machine, boot, numbering, tick].map(String::as_str).join("\t")
    }

    fn is_running_seen_from(&self, here: &Self) -> Option<bool> {
        if self.machine != here.machine {
            return None;
        }
        let (own, other) = (&here.birth, &self.birth);
        if own.boot != other.boot {
            return Some(false);
        }
        // In another container its number means another process here.
        (own.numbering == other.numbering).then(|| is_running(self.id, &other.tick))
    }
}

/// Whether the process of that number is there, and is the one that began then.
fn is_running(id: u32, tick: &str) -> bool {
    if let Some(now) = started(id) {
        return now == tick;
    }
    // Where the system does not tell when a process began, one of that number is that one.
    let number = i32::try_from(id).ok().and_then(Pid::from_raw);
    let is_told_here = started(std::process::id()).is_some();
    let is_there = |pid| rustix::process::test_kill_process(pid) != Err(rustix::io::Errno::SRCH);
    !is_told_here && number.is_some_and(is_there)
}

/// When the process began, in the kernel's ticks since the start: the 22nd field of proc(5)'s
/// `stat`, counted from after the name, which may hold anything.
fn started(id: u32) -> Option<String> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (_, after_name) = stat.rsplit_once(')')?;
    after_name.split_whitespace().nth(19).map(str::to_owned)
}

fn boot() -> String {
    read("/proc/sys/kernel/random/boot_id")
}

fn numbering() -> String {
    let link = std::fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    link.to_string_lossy().into_owned()
}

/// The name of this machine on its network.
#[must_use]
pub fn host_name() -> String {
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    name.replace(char::is_control, "_")
}

fn machine() -> String {
    format!("{}/{}", host_name(), read("/etc/machine-id"))
}

/// A small file of the system's; empty where there is none.
fn read(path: &str) -> String {
    let mut text = String::new();
    // Half a text of another program's making would be as good as none.
    let read =
        File::open(path).and_then(|file| file.take(FILE_BYTES_MAX).read_to_string(&mut text));
    if read.is_ok() { text.trim().replace(char::is_control, "_") } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_as_it_was() {
        let holder = Holder::this("process 1 on nas, since noon");
        assert_eq!(Holder::parse(&holder.to_text()), holder);
        let older = Holder::parse("process 1, since noon");
        assert_eq!(older, Holder { words: "process 1, since noon".to_owned(), process: None });
        assert!(!older.has_ended());
    }

    #[test]
    fn a_process_has_ended_only_where_that_is_certain() {
        let here = Process::this();
        let change = |change: fn(&mut Process)| {
            let mut process = here.clone();
            change(&mut process);
            process.is_running_seen_from(&here)
        };
        let another = change(|it| it.birth.tick.push('0'));
        assert_eq!(another, Some(false), "another process has its number now");
        assert_eq!(change(|_| {}), Some(true), "it is this very process");
        assert_eq!(change(|it| it.id = 4_194_304), Some(false), "no process has its number");
        let rebooted = change(|it| it.birth.boot.push('0'));
        assert_eq!(rebooted, Some(false), "the machine was started anew");
        assert_eq!(change(|it| it.machine.push('0')), None, "it is of another machine");
        let elsewhere = |it: &mut Process| {
            it.birth.numbering.push('0');
            it.id = 4_194_304;
        };
        assert_eq!(change(elsewhere), None, "it is of another container");
    }
}
