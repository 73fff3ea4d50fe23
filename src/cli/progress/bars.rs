//! Progress on a terminal: what the run is at, how far, and the largest files
//! that are on their way.
//!
//! Nothing is ever wider than the terminal: what may be long stands at the end
//! of its line and is cut there.

use std::fmt::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressState, ProgressStyle};

use super::tally::{Tally, title};
use crate::cli::human::{bytes, duration};
use crate::engine::{Event, Monitor, Phase};
use crate::model::printable;

/// How many of the files on their way are shown.
const FILES_SHOWN: usize = 3;

/// How often the bars are drawn anew though nothing came: a stall shows as a
/// time that goes on.
const TICK: Duration = Duration::from_millis(500);

/// Draws bars.
pub struct Bars {
    main: ProgressBar,
    files: Vec<ProgressBar>,
    tally: Mutex<Tally>,
}

impl Bars {
    /// Draws among `bars`.
    pub fn new(bars: &MultiProgress) -> Self {
        let main = bars.add(ProgressBar::new_spinner().with_style(counting()));
        let line = || bars.add(ProgressBar::new_spinner().with_style(style("{wide_msg}")));
        let files = (0..FILES_SHOWN).map(|_| line()).collect();
        Self { main, files, tally: Mutex::default() }
    }

    fn begin(&self, phase: Phase) {
        self.main.reset();
        match phase {
            Phase::Fetching { bytes: 0, .. }
            | Phase::Listing { .. }
            | Phase::Planning
            | Phase::Finishing => {
                self.main.set_style(counting());
                self.main.unset_length();
            }
            Phase::Fetching { bytes, .. } => {
                self.main.set_style(fetching());
                self.main.set_length(bytes);
            }
            Phase::Checking { files } | Phase::Moving { files } => {
                self.main.set_style(measuring());
                self.main.set_length(files);
            }
        }
        self.main.set_prefix(title(phase));
        self.main.enable_steady_tick(TICK);
    }

    /// Only bytes: there are many such events, so nothing is put in words here.
    fn received(&self, more: u64, tally: &Tally) {
        // Documents that are exported have no length beforehand, and what is
        // fetched again after a fault counts twice.
        if self.main.length().is_some_and(|length| length < tally.received) {
            self.main.set_length(tally.received);
        }
        self.main.inc(more);
    }

    fn show_files(&self, tally: &Tally) {
        let mut largest = tally.largest(FILES_SHOWN).into_iter();
        for line in &self.files {
            line.set_message(largest.next().map(file_line).unwrap_or_default());
        }
    }
}

impl Monitor for Bars {
    fn on(&self, event: Event<'_>) {
        let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        tally.add(&event);
        match event {
            Event::Received { bytes } => return self.received(bytes, &tally),
            Event::Phase(phase) => self.begin(phase),
            Event::Listed { items, .. } => self.main.inc(items),
            Event::Checked { files } => self.main.inc(files),
            Event::Moved { .. } => self.main.inc(1),
            Event::Started { .. } | Event::Saved { .. } | Event::Failed { .. } | Event::Note(_) => {
            }
        }
        self.main.set_message(tally.words().unwrap_or_default());
        self.show_files(&tally);
    }
}

impl Drop for Bars {
    fn drop(&mut self) {
        self.main.finish_and_clear();
        for line in &self.files {
            line.finish_and_clear();
        }
    }
}

fn file_line((path, size): (&str, Option<u64>)) -> String {
    let size = size.map(bytes).unwrap_or_default();
    format!("  {size:>9}  {}", printable(path))
}

/// For what has no known end.
fn counting() -> ProgressStyle {
    style("{spinner} {prefix}, {elapsed}  {wide_msg}")
}

/// For what has a known number.
fn measuring() -> ProgressStyle {
    style("{prefix} [{wide_bar}] {percent:>3}%\n  {wide_msg}")
}

/// For bytes.
fn fetching() -> ProgressStyle {
    style("{prefix} [{wide_bar}] {percent:>3}%\n  {rate}, {left}  {wide_msg}")
        .with_key("rate", |state: &ProgressState, w: &mut dyn Write| {
            put(w, &format!("{}/s", bytes(whole(state.per_sec()))));
        })
        .with_key("left", |state: &ProgressState, w: &mut dyn Write| {
            put(w, &format!("{} left", duration(state.eta())));
        })
}

/// A rate without its fraction. Rates are finite and not negative.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "as said above")]
fn whole(rate: f64) -> u64 {
    rate as u64
}

fn style(template: &str) -> ProgressStyle {
    // The templates are constants of this file, and a test reads them all.
    ProgressStyle::with_template(template)
        .unwrap_or_else(|_| ProgressStyle::default_spinner())
        .progress_chars("=> ")
        .with_key("elapsed", |state: &ProgressState, w: &mut dyn Write| {
            put(w, &duration(state.elapsed()));
        })
}

fn put(w: &mut dyn Write, text: &str) {
    // The bar is drawn again in a moment.
    let _: std::fmt::Result = w.write_str(text);
}

#[cfg(test)]
mod tests {
    use indicatif::{InMemoryTerm, ProgressDrawTarget};

    use super::*;
    use crate::cli::progress::testing::path;
    use crate::model::SourceId;

    #[test]
    fn every_part_of_a_run_fits_on_80_columns_and_says_how_far_it_is() {
        let terminal = InMemoryTerm::new(24, 80);
        let target = ProgressDrawTarget::term_like(Box::new(terminal.clone()));
        let rows_of_bars = MultiProgress::with_draw_target(target);
        let bars = Bars::new(&rows_of_bars);
        let long = path(&format!("drive/{}\u{1b}[2J", "long ".repeat(40)));
        for (event, rows, words) in [
            (
                Event::Phase(Phase::Listing { source: SourceId::Drive, everything: true }),
                1,
                "Listing everything in Google Drive",
            ),
            (
                Event::Listed { source: SourceId::Drive, items: 1_000_000 },
                1,
                "1,000,000 items listed",
            ),
            (Event::Phase(Phase::Checking { files: 1_000_000 }), 2, "  0%"),
            (Event::Checked { files: 250_000 }, 2, "250,000 of 1,000,000 files checked"),
            (Event::Phase(Phase::Moving { files: 2 }), 2, "0 of 2 files moved"),
            (Event::Moved { from: &long, to: &long }, 2, " 50%\n  1 of 2 files moved"),
            (
                Event::Phase(Phase::Fetching { files: 1_000_000, bytes: 999_900_000_000_000 }),
                2,
                "0 of 1,000,000 files, 0 bytes of 999.9 TB",
            ),
            (
                Event::Started { path: &long, size_bytes: Some(123_456_789) },
                3,
                "\n   123.5 MB  drive/long long",
            ),
            (Event::Saved { path: &long, size_bytes: 5, replaced: false }, 2, "1 of 1,000,000"),
            (Event::Phase(Phase::Finishing), 1, "Finishing"),
        ] {
            let told = format!("{event:?}");
            bars.on(event);
            // Draws at once, however lately it was drawn before.
            rows_of_bars.suspend(|| {});
            let screen = terminal.contents();
            assert!(screen.contains(words), "{told}\n{screen}");
            // A line that is too wide would take two rows.
            assert_eq!(screen.trim_end().lines().count(), rows, "{told}\n{screen}");
        }
        drop(bars);
        assert_eq!(terminal.contents().trim(), "");
    }
}
