//! Decides which items of Drive are selected, how they are kept, and under which folders
//! they hang. What they are called there is for [`super::layout`].
//!
//! Most items of a first listing come after the folders that they are in, and are seated as
//! they are recorded. For all others, and whenever the options change, there is [`choose`].

use std::collections::{BTreeSet, HashMap};

use rusqlite::Connection;

use super::layout::revision;
use super::run::Run;
use super::trail::{self, Trails};
use super::{Error, Phase, tops};
use crate::index::item::{self, FolderFacts, Known, Seated};
use crate::index::{self, place};
use crate::model::{Form, Item, Kind, RemoteId, Revision, SourceId};
use crate::plan::{self, Area, Hanging, Parent, Seat, Selected, Selection, Trail};

const BATCH: u32 = 1000;

/// So many folders are remembered at a time.
const FACTS_MAX: usize = 10_000;

/// Decides which items are selected, and under which folders they hang.
pub(super) fn choose(run: &mut Run) -> Result<(), Error> {
    let Some(selection) = run.job.options.drive.clone() else { return Ok(()) };
    run.phase(Phase::Planning);
    let root = index::archive::get(&run.job.db)?.drive_root.map(RemoteId);
    if let Some(folder) = &selection.folder
        && !trail::exists(&run.job.db, root.as_ref(), folder)?
    {
        return Err(Error::NoSuchFolder(folder.to_string()));
    }
    choose_anew(run, SourceId::Drive, &format!("{selection:?}"))?;
    if selection.goes_by_folder() {
        item::unseat_below(&run.job.db, SourceId::Drive)?;
    }
    let mut folders = Folders::new(root.clone());
    loop {
        run.may_go_on()?;
        let batch = item::unseated(&run.job.db, SourceId::Drive, BATCH)?;
        if batch.is_empty() {
            break;
        }
        run.learnt = true;
        let mut trails = selection.goes_by_folder().then(|| Trails::new(root.as_ref()));
        run.in_transaction(|db| {
            let mut stale = BTreeSet::new();
            for known in &batch {
                let trail = trails.as_mut().map(|trails| trails.to(db, &known.item));
                let trail = trail.transpose()?.unwrap_or_default();
                let form = form(known, plan::select(&known.item, &trail, &selection));
                stale.insert(seat(db, known, form, &mut folders)?);
            }
            Ok(stale.into_iter().try_for_each(|folder| place::mark_stale(db, folder))?)
        })?;
    }
    if place::is_stale(&run.job.db)? {
        run.in_transaction(settle_folders)?;
    }
    Ok(())
}

/// Has everything of `source` decided anew, if it was last decided by other options.
pub(super) fn choose_anew(run: &mut Run, source: SourceId, selection: &str) -> Result<(), Error> {
    let chosen_by = chosen_by(run, selection);
    run.in_transaction(|db| {
        let mut options = index::archive::options(db)?;
        let before = options.insert(source.as_str().to_owned(), chosen_by.clone());
        if before.as_ref() != Some(&chosen_by) {
            item::unseat_all(db, source)?;
            index::archive::set_options(db, &options)?;
        }
        Ok(())
    })
}

/// What is known of the folders that items are in: many are in the same.
struct Folders {
    root: Option<RemoteId>,
    facts: HashMap<RemoteId, Option<FolderFacts>>,
}

impl Folders {
    fn new(root: Option<RemoteId>) -> Self {
        Self { root, facts: HashMap::new() }
    }

    fn facts(&mut self, db: &Connection, folder: &RemoteId) -> Result<Option<FolderFacts>, Error> {
        if let Some(facts) = self.facts.get(folder) {
            return Ok(*facts);
        }
        if self.facts.len() >= FACTS_MAX {
            self.facts.clear();
        }
        let facts = item::folder_facts(db, SourceId::Drive, folder)?;
        self.facts.insert(folder.clone(), facts);
        Ok(facts)
    }

    /// The folders that an item is in, and their rows.
    fn of(
        &mut self,
        db: &Connection,
        item: &Item,
    ) -> Result<(Vec<Parent>, Vec<Option<i64>>), Error> {
        let (mut parents, mut rows) = (Vec::new(), Vec::new());
        for parent in &item.parents {
            let facts = self.facts(db, parent)?;
            parents.push(match facts {
                _ if Some(parent) == self.root.as_ref() => Parent::Root,
                Some(facts) => Parent::Folder { owned: facts.owned },
                None => Parent::Unknown,
            });
            rows.push(facts.map(|facts| facts.row));
        }
        Ok((parents, rows))
    }
}

/// Where an item hangs that is in folders of those rows.
fn hang(item: &Item, parents: &[Parent], rows: &[Option<i64>]) -> i64 {
    let hanging = Hanging { owned: item.owned, computer: item.marks.computer };
    match plan::seat(hanging, parents) {
        Seat::In(i) => rows[i].unwrap_or(tops::of_area(Area::Orphans)),
        Seat::Top(area) => tops::of_area(area),
    }
}

/// Records how one item is kept, and decides where it hangs; returns that.
fn seat(db: &Connection, known: &Known, form: Seated, folders: &mut Folders) -> Result<i64, Error> {
    let (parents, rows) = folders.of(db, &known.item)?;
    let folder = hang(&known.item, &parents, &rows);
    seat_further(db, known, &rows, folder)?;
    item::seat(db, known.row, &Seated { folder, ..form })?;
    Ok(folder)
}

/// Seats an item in its further folders, where a link will stand for it.
fn seat_further(
    db: &Connection,
    known: &Known,
    rows: &[Option<i64>],
    folder: i64,
) -> Result<(), Error> {
    for (ordinal, row) in rows.iter().enumerate().skip(1) {
        let row = row.filter(|row| *row != folder);
        item::seat_parent(db, known.row, ordinal, row)?;
        if let Some(row) = row {
            place::mark_stale(db, row)?;
        }
    }
    Ok(())
}

/// Decides how an item is kept. What the archive holds keeps its form, whatever
/// becomes of it at Google or in the options: nothing is removed here.
pub(super) fn form(known: &Known, selected: Selected) -> Seated {
    let so_far = SoFar { gone: known.gone, form: known.form.clone(), held: known.held.as_ref() };
    decide(&known.item, so_far, selected)
}

/// What became of an item so far: nothing, if it is new.
#[derive(Default)]
struct SoFar<'a> {
    gone: bool,
    form: Option<Form>,
    held: Option<&'a Revision>,
}

fn decide(item: &Item, so_far: SoFar<'_>, selected: Selected) -> Seated {
    if matches!(item.kind, Kind::Folder | Kind::Shortcut { .. }) {
        return Seated { form: so_far.form, ..Seated::default() };
    }
    if so_far.gone && so_far.held.is_none() {
        return Seated::default();
    }
    match selected {
        Selected::Yes(form) => {
            let wanted = revision(item.revision.as_ref(), &form);
            let due = !so_far.gone && so_far.held != Some(&wanted);
            Seated { form: Some(form), due, ..Seated::default() }
        }
        Selected::No(why) => {
            let kept = so_far.held.and(so_far.form);
            Seated { form: kept, why_not: Some(why.as_str().to_owned()), ..Seated::default() }
        }
        Selected::Follows => Seated::default(),
    }
}

/// Seats items as they come, in a listing of everything.
pub(super) struct Arrivals {
    selection: Selection,
    folders: Folders,
    stale: BTreeSet<i64>,
    is_first: bool,
}

impl Arrivals {
    /// `None` where it takes the whole listing to say what is selected, or everything has to
    /// be decided anew.
    pub(super) fn expect(run: &mut Run) -> Result<Option<Self>, Error> {
        let Some(selection) = run.job.options.drive.clone() else { return Ok(None) };
        if selection.goes_by_folder() {
            return Ok(None);
        }
        let is_first = !item::any(&run.job.db, SourceId::Drive)?;
        if is_first {
            item::set_indices_aside(&run.job.db)?;
            choose_anew(run, SourceId::Drive, &format!("{selection:?}"))?;
        }
        if !is_chosen_by(run, SourceId::Drive, &format!("{selection:?}"))? {
            return Ok(None);
        }
        let root = index::archive::get(&run.job.db)?.drive_root.map(RemoteId);
        Ok(Some(Self { selection, folders: Folders::new(root), stale: BTreeSet::new(), is_first }))
    }

    /// Whether nothing was known when the listing began: what comes is new then, but for what
    /// comes twice.
    pub(super) const fn is_first(&self) -> bool {
        self.is_first
    }

    /// Where a new item hangs, and how it is kept; `None` while not all of its folders have
    /// come, and for the few that have several.
    pub(super) fn seat(&mut self, db: &Connection, item: &Item) -> Result<Option<Seated>, Error> {
        let (parents, rows) = self.folders.of(db, item)?;
        if parents.len() > 1 || parents.contains(&Parent::Unknown) {
            return Ok(None);
        }
        let folder = hang(item, &parents, &rows);
        let seated =
            decide(item, SoFar::default(), plan::select(item, &Trail::default(), &self.selection));
        self.stale.insert(folder);
        Ok(Some(Seated { folder, ..seated }))
    }

    /// Takes notice of a folder that came.
    pub(super) fn came(&mut self, folder: &RemoteId) {
        self.folders.facts.remove(folder);
    }

    /// Has names dealt in the folders in which something was seated. For at the end of each
    /// transaction.
    pub(super) fn mark_stale(&mut self, db: &Connection) -> Result<(), Error> {
        let mut stale = std::mem::take(&mut self.stale).into_iter();
        Ok(stale.try_for_each(|folder| place::mark_stale(db, folder))?)
    }
}

/// Says whether everything of `source` was last decided by these options.
fn is_chosen_by(run: &Run, source: SourceId, selection: &str) -> Result<bool, Error> {
    let options = index::archive::options(&run.job.db)?;
    Ok(options.get(source.as_str()) == Some(&chosen_by(run, selection)))
}

fn chosen_by(run: &Run, selection: &str) -> String {
    format!("{selection} {:?}", run.job.options.names)
}

/// Decides which folders are made, and hangs those that hang in themselves among
/// the orphans.
fn settle_folders(db: &Connection) -> Result<(), Error> {
    place::mark_needed(db)?;
    while let Some(folder) = place::adrift(db)? {
        place::set_adrift(db, folder, tops::of_area(Area::Orphans))?;
    }
    Ok(())
}
