//! Where the items of Photos hang: in photos/YYYY/MM by when they were taken, unless
//! their bytes lie in the place of an item of another source.

use rusqlite::Connection;

use super::run::Run;
use super::{Error, Phase};
use super::{seating, tops};
use crate::index::item::{self, Known, Seated};
use crate::index::{self, album, matching, place};
use crate::model::SourceId;
use crate::plan::{PhotosSelection, select_photo};

const BATCH: u32 = 1000;

/// What is wanted of Photos.
#[derive(Default)]
struct Wish {
    selection: PhotosSelection,
    /// The albums that are wanted, as rows, if some are.
    albums: Vec<i64>,
}

impl Wish {
    fn of(run: &Run) -> Result<Option<Self>, Error> {
        let Some(selection) = run.job.options.photos.clone() else { return Ok(None) };
        let mut albums = Vec::new();
        if let Some(pick) = &selection.albums {
            let all = album::titles(&run.job.db, SourceId::Photos)?.into_iter();
            albums.extend(all.filter(|(_, title)| pick.holds(title)).map(|(row, _)| row));
        }
        Ok(Some(Self { selection, albums }))
    }
}

/// Has it decided anew of the items that came into the albums that are wanted, or left
/// them, whether they are selected.
pub(super) fn reconsider(run: &Run) -> Result<(), Error> {
    match Wish::of(run)? {
        Some(wish) if wish.selection.albums.is_some() => {
            Ok(album::unseat_turned(&run.job.db, SourceId::Photos, &wish.albums)?)
        }
        _ => Ok(()),
    }
}

/// Decides which items are selected, and in which months they hang. Says whether there
/// were any to decide of.
pub(super) fn choose(run: &mut Run) -> Result<bool, Error> {
    choose_of(run, SourceId::Photos, item::unseated)
}

/// The same for what was picked: all of it is wanted, since a person chose each.
pub(super) fn choose_picked(run: &mut Run) -> Result<bool, Error> {
    choose_of(run, SourceId::Picker, item::unseated)
}

/// The same for the items that the archive holds alone: those that are new have names
/// when it is known which of them other sources have as well.
pub(super) fn choose_held(run: &mut Run) -> Result<bool, Error> {
    choose_of(run, SourceId::Photos, item::unseated_held)
}

/// Reads a batch of items of a source that are to be seated.
type Unseated = fn(&Connection, SourceId, u32) -> Result<Vec<Known>, index::Error>;

fn choose_of(run: &mut Run, source: SourceId, unseated: Unseated) -> Result<bool, Error> {
    let wish = if source == SourceId::Picker { Some(Wish::default()) } else { Wish::of(run)? };
    let Some(wish) = wish else { return Ok(false) };
    let chosen_by = format!("{:?} flat: {}", wish.selection, run.job.options.flat);
    seating::choose_anew(run, source, &chosen_by)?;
    let mut any = false;
    loop {
        run.may_go_on()?;
        let batch = unseated(&run.job.db, source, BATCH)?;
        if batch.is_empty() {
            return Ok(any);
        }
        if !any {
            run.phase(Phase::Planning);
        }
        any = true;
        run.learnt = true;
        run.in_transaction(|db| batch.iter().try_for_each(|known| seat(db, known, Some(&wish))))?;
    }
}

/// Decides where one item hangs. How it is kept stays as it is.
pub(super) fn seat_again(db: &Connection, known: &Known) -> Result<(), Error> {
    seat(db, known, None)
}

/// Decides where one item hangs, and how it is kept; without a wish that stays as it is.
fn seat(db: &Connection, known: &Known, wish: Option<&Wish>) -> Result<(), Error> {
    let folder = if matching::is_seated_elsewhere(db, known.row)? {
        0
    } else {
        tops::of_month(known.item.shot.taken.map(|(at, _)| at))
    };
    let kept = match wish {
        Some(wish) => {
            let in_album =
                wish.selection.albums.is_some() && album::has(db, &wish.albums, known.row)?;
            seating::form(known, select_photo(&known.item, in_album, &wish.selection))
        }
        None => Seated { form: known.form.clone(), ..Seated::default() },
    };
    place::mark_stale(db, folder)?;
    Ok(item::seat(db, known.row, &Seated { folder, ..kept })?)
}
