//! What is written where a person or a program reads it: lines on stderr that
//! do not disturb the bars, and stdout.

use std::io::{self, Write as _};

use indicatif::{MultiProgress, ProgressDrawTarget};

/// How often the bars are drawn anew, at most, in a second.
const REDRAWS_PER_SECOND: u8 = 10;

/// Takes whole lines. What stands behind it is a stream or, in tests, a list.
pub trait Lines: Send + Sync {
    /// Writes `text`, which is safe to show, and ends the line.
    fn line(&self, text: &str);
}

/// Standard error, with or without bars at its foot.
#[derive(Clone, Debug, Default)]
pub struct Screen {
    bars: Option<MultiProgress>,
}

impl Screen {
    /// Without bars.
    #[must_use]
    pub fn plain() -> Self {
        Self::default()
    }

    /// With room for bars.
    #[must_use]
    pub fn with_bars() -> Self {
        let target = ProgressDrawTarget::stderr_with_hz(REDRAWS_PER_SECOND);
        Self { bars: Some(MultiProgress::with_draw_target(target)) }
    }

    /// Where bars can be added.
    #[must_use]
    pub fn bars(&self) -> Option<&MultiProgress> {
        self.bars.as_ref()
    }

    /// Writes `text`, which is safe to show, above the bars, and ends the line.
    pub fn line(&self, text: &str) {
        // A person who closed the stream does not want to read this.
        self.above_bars(|| drop(writeln!(io::stderr().lock(), "{text}")));
    }

    /// The same to stdout, which is the same terminal as the bars', or is not.
    pub fn result(&self, text: &str) {
        self.above_bars(|| Stdout.line(text));
    }

    /// How many columns there are, where it is a terminal.
    #[must_use]
    pub fn width() -> Option<usize> {
        width_of(io::stderr())
    }

    fn above_bars(&self, write: impl FnOnce()) {
        match &self.bars {
            Some(bars) => bars.suspend(write),
            None => write(),
        }
    }
}

impl Lines for Screen {
    fn line(&self, text: &str) {
        self.line(text);
    }
}

/// Standard output, line by line.
#[derive(Clone, Copy, Debug, Default)]
pub struct Stdout;

impl Stdout {
    /// How many columns there are, where it is a terminal.
    #[must_use]
    pub fn width() -> Option<usize> {
        width_of(io::stdout())
    }
}

#[cfg(unix)]
fn width_of(stream: impl std::os::fd::AsFd) -> Option<usize> {
    terminal_size::terminal_size_of(stream).map(|(columns, _)| usize::from(columns.0))
}

/// Breaks `text` between words so that no line is longer than `width`, as far as its words
/// allow. What goes on below a line of `text` is set in by `hang` columns.
#[must_use]
pub fn wrapped(text: &str, width: Option<usize>, hang: usize) -> String {
    match width {
        Some(width) if width > 2 * hang => {
            let lines = text.split('\n').map(|line| wrapped_line(line, width, hang));
            lines.collect::<Vec<_>>().join("\n")
        }
        _ => text.to_owned(),
    }
}

fn wrapped_line(line: &str, width: usize, hang: usize) -> String {
    let mut wrapped = String::new();
    let mut column = 0;
    for word in line.split_inclusive(' ') {
        let length = word.trim_end().chars().count();
        if column > hang && length > 0 && column + length > width {
            wrapped.truncate(wrapped.trim_end().len());
            wrapped.push('\n');
            wrapped.push_str(&" ".repeat(hang));
            column = hang;
        }
        wrapped.push_str(word);
        column += word.chars().count();
    }
    wrapped
}

impl Lines for Stdout {
    fn line(&self, text: &str) {
        // A reader who closed the pipe wants no more: `gphotos-sync man | head`.
        drop(writeln!(io::stdout().lock(), "{text}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_between_words_and_only_on_a_terminal() {
        let text = "one two three\n  four: five six";
        for (width, hang, expected) in [
            (None, 2, text),
            (Some(80), 2, text),
            (Some(8), 2, "one two\n  three\n  four:\n  five\n  six"),
            // There is no room for what is set in so far.
            (Some(8), 4, text),
        ] {
            assert_eq!(wrapped(text, width, hang), expected, "{width:?}");
        }
        let address = "see https://example.org/a/long/address now";
        let broken = "see\n  https://example.org/a/long/address\n  now";
        assert_eq!(wrapped(address, Some(20), 2), broken, "an address stays whole");
    }
}
