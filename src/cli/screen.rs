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

impl Lines for Stdout {
    fn line(&self, text: &str) {
        // A reader who closed the pipe wants no more: `gphotos-sync man | head`.
        drop(writeln!(io::stdout().lock(), "{text}"));
    }
}
