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
    rows: MultiProgress,
    files: Vec<ProgressBar>,
    state: Mutex<State>,
}

struct State {
    tally: Tally,
    /// How far the part of the run is.
    part: ProgressBar,
}

impl Bars {
    /// Draws among `rows`.
    pub fn new(rows: &MultiProgress) -> Self {
        let part = rows.add(ProgressBar::new_spinner().with_style(style("{wide_msg}")));
        let line = || rows.add(ProgressBar::new_spinner().with_style(style("{wide_msg}")));
        let files = (0..FILES_SHOWN).map(|_| line()).collect();
        let state = Mutex::new(State { tally: Tally::default(), part });
        Self { rows: rows.clone(), files, state }
    }

    /// Puts a new bar in the place of the last part's. It is whole before it is
    /// drawn, so that no mixture of two parts is seen.
    fn begin(&self, phase: Phase, state: &mut State) {
        let bar = match phase {
            Phase::Listing { .. }
            | Phase::ReadingExports { bytes: 0, .. }
            | Phase::Planning
            | Phase::Finishing => ProgressBar::no_length().with_style(counting()),
            Phase::Fetching { bytes: all @ 1.., .. }
            | Phase::ReadingExports { bytes: all, .. }
            | Phase::Verifying { bytes: all @ 1.., .. } => {
                ProgressBar::new(all).with_style(fetching())
            }
            Phase::Fetching { files: all, .. }
            | Phase::Verifying { files: all, .. }
            | Phase::Checking { files: all }
            | Phase::Moving { files: all }
            | Phase::Removing { files: all }
            | Phase::Comparing { items: all }
            | Phase::ReadingAlbums { albums: all }
            | Phase::ReadingSidecars { sidecars: all }
            | Phase::Albums { albums: all } => ProgressBar::new(all).with_style(measuring()),
        };
        let words = state.tally.words_beside_bytes().unwrap_or_default();
        let bar = bar.with_prefix(title(phase)).with_message(words);
        let bar = self.rows.insert_before(&state.part, bar);
        self.rows.remove(&state.part);
        bar.enable_steady_tick(TICK);
        state.part = bar;
    }

    fn show_files(&self, tally: &Tally) {
        let mut largest = tally.largest(FILES_SHOWN).into_iter();
        for line in &self.files {
            line.set_message(largest.next().map(file_line).unwrap_or_default());
        }
    }
}

impl State {
    /// Only bytes: there are many such events, so nothing is put in words here.
    fn received(&self, more: u64) {
        if !self.counts_bytes() {
            return;
        }
        // Documents that are exported have no length beforehand, and what is
        // fetched again after a fault counts twice.
        if self.part.length().is_some_and(|length| length < self.tally.in_hand()) {
            self.part.set_length(self.tally.in_hand());
        }
        self.part.inc(more);
    }

    /// What an earlier run fetched is no sign of how fast this one is.
    fn resumed(&self, bytes: u64) {
        self.received(bytes);
        self.part.reset_eta();
    }

    /// A file is done with, as far as it is. Where no lengths are known the bar counts files.
    fn finished(&self) {
        if !self.counts_bytes() {
            self.part.set_position(self.tally.done());
        }
    }

    fn counts_bytes(&self) -> bool {
        matches!(
            self.tally.phase,
            Some(
                Phase::Fetching { bytes: 1.., .. }
                    | Phase::Verifying { bytes: 1.., .. }
                    | Phase::ReadingExports { bytes: 1.., .. }
            )
        )
    }
}

impl Monitor for Bars {
    fn on(&self, event: Event<'_>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.tally.add(&event);
        match event {
            Event::Received { bytes } => return state.received(bytes),
            Event::Resumed { bytes } => state.resumed(bytes),
            Event::Planned(_)
            | Event::Wrong { .. }
            | Event::Foreign { .. }
            | Event::Phase(Phase::Checking { files: 0 }) => return,
            Event::Phase(phase) => self.begin(phase, &mut state),
            // Where the bar tells of bytes, these come by themselves.
            Event::Checked { .. } | Event::Listed { .. } if state.counts_bytes() => {}
            Event::Listed { items: more, .. }
            | Event::SidecarsRead { sidecars: more }
            | Event::Compared { items: more }
            | Event::Checked { files: more } => state.part.inc(more),
            Event::Moved { .. }
            | Event::Removed { .. }
            | Event::AlbumRead
            | Event::Linked { .. } => state.part.inc(1),
            Event::Fetched { .. }
            | Event::Saved { .. }
            | Event::Recognised { .. }
            | Event::Failed { .. } => state.finished(),
            Event::Started { .. } | Event::Restored { .. } | Event::Note(_) => {}
        }
        state.part.set_message(state.tally.words_beside_bytes().unwrap_or_default());
        self.show_files(&state.tally);
    }
}

impl Drop for Bars {
    fn drop(&mut self) {
        let state = self.state.get_mut().unwrap_or_else(PoisonError::into_inner);
        state.part.finish_and_clear();
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
    style("{spinner} {prefix}{elapsed}  {wide_msg}").with_key(
        "elapsed",
        |state: &ProgressState, w: &mut dyn Write| {
            if state.elapsed() >= Duration::from_secs(1) {
                put(w, &format!(", {}", duration(state.elapsed())));
            }
        },
    )
}

/// For what has a known number.
fn measuring() -> ProgressStyle {
    style("{prefix} [{wide_bar}] {percent:>3}%\n  {left}{wide_msg}").with_key(
        "left",
        |state: &ProgressState, w: &mut dyn Write| {
            let goes_on = state.pos() > 0 && state.len().is_some_and(|all| state.pos() < all);
            if goes_on && state.elapsed() >= Duration::from_secs(1) && state.per_sec() > 0.0 {
                put(w, &format!("{} left, ", duration(state.eta())));
            }
        },
    )
}

/// For bytes.
fn fetching() -> ProgressStyle {
    style("{prefix} [{wide_bar}] {percent:>3}%\n  {come}{pace}, {wide_msg}")
        .with_key("come", |state: &ProgressState, w: &mut dyn Write| {
            let all = state.len().unwrap_or_default();
            put(w, &format!("{} of {}", bytes(state.pos()), bytes(all)));
        })
        .with_key("pace", |state: &ProgressState, w: &mut dyn Write| put(w, &pace(state)))
}

/// How fast it goes and how long it will take, where that can be said: not before
/// anything came, and not for how long while nothing comes.
fn pace(state: &ProgressState) -> String {
    let rate = whole(state.per_sec());
    match (state.pos(), rate) {
        (0, _) => String::new(),
        (_, 0) => ", nothing comes".to_owned(),
        _ => format!(", {}/s, {} left", bytes(rate), duration(state.eta())),
    }
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
        let long = path(&format!("drive/{}\u{1b}[2J", "long ".repeat(40)));
        // How long it takes is shown after a second, which a busy machine lets pass here.
        shows(vec![
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
            // A first run has nothing to check, so that is not shown.
            (Event::Phase(Phase::Checking { files: 0 }), 1, "1,000,000 items listed"),
            (Event::Phase(Phase::Checking { files: 1_000_000 }), 2, "  0%"),
            (Event::Checked { files: 250_000 }, 2, "250,000 of 1,000,000 files checked"),
            (Event::Phase(Phase::Moving { files: 2 }), 2, "0 of 2 files moved"),
            (Event::Moved { from: &long, to: &long }, 2, "1 of 2 files moved"),
            (
                Event::Phase(Phase::Fetching { files: 1_000_000, bytes: 999_900_000_000_000 }),
                2,
                "0 bytes of 999.9 TB, 0 of 1,000,000 files",
            ),
            (
                Event::Started { path: &long, size_bytes: Some(123_456_789) },
                3,
                "\n   123.5 MB  drive/long long",
            ),
            (Event::Received { bytes: 99_990_000_000_000 }, 3, ", 0 of 1,000,000 files"),
            // What comes after the pace is cut where that takes many words.
            (Event::Fetched { path: &long }, 2, " 10%\n  100.0 TB of 999.9 TB, "),
            (
                Event::Saved { path: &long, size_bytes: 5, replaced: false },
                2,
                " 10%\n  100.0 TB of 999.9 TB, ",
            ),
            (
                // Photos states no lengths, so files are counted.
                Event::Phase(Phase::Fetching { files: 1_000_000, bytes: 0 }),
                2,
                "  0%\n  0 of 1,000,000 files, 0 bytes fetched",
            ),
            (Event::Phase(Phase::ReadingAlbums { albums: 4 }), 2, "0 of 4 albums read"),
            (Event::AlbumRead, 2, "1 of 4 albums read"),
            (Event::Phase(Phase::Comparing { items: 1_000_000 }), 2, "photos compared"),
            (Event::Phase(Phase::Fetching { files: 2, bytes: 1000 }), 2, "0 bytes of 1.0 kB"),
            (Event::Resumed { bytes: 500 }, 2, " 50%\n  500 bytes of 1.0 kB"),
            (Event::Fetched { path: &long }, 2, ", 1 of 2 files"),
            (Event::Phase(Phase::Finishing), 1, "Finishing"),
        ]);
    }

    #[test]
    fn of_exports_it_is_shown_what_is_found_and_read() {
        shows(vec![
            (
                Event::Phase(Phase::ReadingExports { parts: 3, bytes: 0 }),
                1,
                "Reading Takeout exports",
            ),
            (
                Event::Listed { source: SourceId::Takeout, items: 1_000_000 },
                1,
                "1,000,000 files found",
            ),
            // Archives that are read whole.
            (
                Event::Phase(Phase::ReadingExports { parts: 3, bytes: 50_000_000_000 }),
                2,
                "of 50.0 GB",
            ),
            (Event::Listed { source: SourceId::Takeout, items: 7 }, 2, "7 files found"),
            (Event::Phase(Phase::ReadingSidecars { sidecars: 1_000_000 }), 2, "  0%"),
            (Event::SidecarsRead { sidecars: 250_000 }, 2, "250,000 of 1,000,000 sidecars read"),
        ]);
    }

    /// Each event in turn, how many rows there are then, and words that stand in them.
    #[track_caller]
    fn shows(events: Vec<(Event<'_>, usize, &str)>) {
        let terminal = InMemoryTerm::new(24, 80);
        let target = ProgressDrawTarget::term_like(Box::new(terminal.clone()));
        let rows_of_bars = MultiProgress::with_draw_target(target);
        let bars = Bars::new(&rows_of_bars);
        for (event, rows, words) in events {
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
