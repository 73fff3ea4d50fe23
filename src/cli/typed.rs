//! Lines that a person types or another program pipes in, each of bounded length.

use std::io::{self, BufRead, ErrorKind, Read as _};

use tokio::sync::mpsc;

/// No line is longer, in bytes: what is pasted is an address, of some thousand at most.
const LINE_BYTES_MAX: u64 = 1 << 20;

/// The lines of stdin, read in a thread that nobody waits for: a read that hangs
/// must not hold up the end of the program.
pub(super) fn arriving() -> mpsc::Receiver<String> {
    let (typed, arriving) = mpsc::channel(1);
    std::thread::spawn(move || {
        for line in lines(io::stdin().lock()) {
            let Ok(line) = line else { return };
            if typed.blocking_send(line).is_err() {
                return;
            }
        }
    });
    arriving
}

/// The lines of `input`, without their ends. After an error there are no more.
pub(super) fn lines(mut input: impl BufRead) -> impl Iterator<Item = io::Result<String>> {
    let mut ended = false;
    std::iter::from_fn(move || {
        let line = (!ended).then(|| line(&mut input)).and_then(Result::transpose);
        ended |= !matches!(line, Some(Ok(_)));
        line
    })
}

/// The next line; `None` at the end.
fn line(input: &mut impl BufRead) -> io::Result<Option<String>> {
    let mut line = Vec::new();
    input.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut line)?;
    if line.is_empty() {
        return Ok(None);
    }
    let is_whole = line.pop_if(|byte| *byte == b'\n').is_some();
    if !is_whole && line.len() as u64 == LINE_BYTES_MAX {
        let told = format!("a line is longer than {LINE_BYTES_MAX} bytes");
        return Err(io::Error::new(ErrorKind::FileTooLarge, told));
    }
    line.pop_if(|byte| *byte == b'\r');
    String::from_utf8(line).map(Some).map_err(|_| ErrorKind::InvalidData.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(input: &[u8]) -> Vec<Result<String, ErrorKind>> {
        lines(input).map(|line| line.map_err(|error| error.kind())).collect()
    }

    #[test]
    fn lines_are_read_one_by_one_without_their_ends() {
        assert_eq!(read(b""), []);
        let of = |lines: &[&str]| lines.iter().map(|it| Ok((*it).to_owned())).collect::<Vec<_>>();
        assert_eq!(read(b"one\ntwo\r\n\nlast"), of(&["one", "two", "", "last"]));
        assert_eq!(read(b"a\n\xff\nb"), [Ok("a".to_owned()), Err(ErrorKind::InvalidData)]);
    }

    #[test]
    fn a_line_without_an_end_is_given_up() {
        let endless = io::BufReader::new(io::repeat(b'x'));
        let read: Vec<_> = lines(endless).map(|line| line.unwrap_err().kind()).collect();
        assert_eq!(read, [ErrorKind::FileTooLarge]);
        let longest = vec![b'x'; usize::try_from(LINE_BYTES_MAX).unwrap() - 1];
        assert_eq!(
            lines(&[&longest[..], b"\n"].concat()[..]).next().unwrap().unwrap().len(),
            longest.len()
        );
    }
}
