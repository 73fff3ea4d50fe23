//! Files that a person names, read whole and never without a limit.
//!
//! `--secret /dev/stdin`, `--service-account <(pass show key)` and the like work: what is
//! named may be a pipe. It may as well be the wrong file, of any length and without an end.

use std::fs::OpenOptions;
use std::io::{self, ErrorKind, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;

use rustix::fs::{OFlags, fcntl_getfl, fcntl_setfl};

/// Reads the text in the file at `path`, if it has no more than `bytes_max` bytes.
///
/// # Errors
///
/// The system's; [`ErrorKind::FileTooLarge`] for a longer file, of which no more was read;
/// [`ErrorKind::InvalidData`] for what is not UTF-8.
pub fn read(path: &Path, bytes_max: u64) -> io::Result<String> {
    // A named pipe that nobody writes to would keep the opening waiting: so it has an end.
    let flags = i32::try_from(OFlags::NONBLOCK.bits()).unwrap_or_default();
    let file = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    // One that somebody does write to is waited for.
    fcntl_setfl(&file, fcntl_getfl(&file)? - OFlags::NONBLOCK)?;
    let mut bytes = Vec::new();
    file.take(bytes_max + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > bytes_max {
        let told = format!("it is longer than {bytes_max} bytes, so it is another file");
        return Err(io::Error::new(ErrorKind::FileTooLarge, told));
    }
    String::from_utf8(bytes)
        .map_err(|_| io::Error::new(ErrorKind::InvalidData, "it is no text in UTF-8"))
}

#[cfg(test)]
mod tests {
    use std::os::fd::AsRawFd as _;

    use std::fs::File;
    use std::io::Write as _;

    use super::*;

    #[test]
    fn a_file_is_read_up_to_its_limit_and_no_further() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let put = |bytes: &[u8]| File::create(&path).unwrap().write_all(bytes).unwrap();
        put(b"four");
        assert_eq!(read(&path, 4).unwrap(), "four");
        assert_eq!(read(&path, 3).unwrap_err().kind(), ErrorKind::FileTooLarge);
        put(b"\xff");
        assert_eq!(read(&path, 4).unwrap_err().kind(), ErrorKind::InvalidData);
        let none = read(&folder.path().join("none"), 4).unwrap_err();
        assert_eq!(none.kind(), ErrorKind::NotFound);
        assert!(read(folder.path(), 4).is_err(), "a folder is no file");
    }

    #[test]
    fn what_has_no_end_is_not_read_to_it() {
        let error = read(Path::new("/dev/zero"), 1 << 10).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::FileTooLarge);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sparse");
        File::create(&path).unwrap().set_len(10 << 30).unwrap();
        assert_eq!(read(&path, 1 << 10).unwrap_err().kind(), ErrorKind::FileTooLarge);
    }

    #[test]
    fn a_pipe_is_read_and_one_that_nobody_writes_to_is_empty() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        let mode = rustix::fs::Mode::from_raw_mode(0o600);
        rustix::fs::mknodat(rustix::fs::CWD, &path, rustix::fs::FileType::Fifo, mode, 0).unwrap();
        assert_eq!(read(&path, 4).unwrap(), "");
        let (out, mut into) = io::pipe().unwrap();
        let writer = std::thread::spawn(move || into.write_all(b"four"));
        let path = format!("/proc/self/fd/{}", out.as_raw_fd());
        assert_eq!(read(Path::new(&path), 4).unwrap(), "four");
        writer.join().unwrap().unwrap();
    }
}
