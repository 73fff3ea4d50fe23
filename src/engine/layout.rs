//! Decides, with `plan`, where everything belongs, and puts the steps there into
//! the index. Only folders in which something changed are looked at.
//!
//! Folders are known by their items' rows, the tops of the areas and the months by
//! numbers below zero ([`tops`]).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::Connection;

use super::run::Run;
use super::trail::{self, Trails};
use super::{Error, Phase, adopt, check, claim, manifest, months, motion, rebuild, sharing, tops};
use crate::archive::{self, Sort};
use crate::index::item::{self, FolderFacts, Known, Seated};
use crate::index::place::{self, Child, Given, PlaceKey};
use crate::index::{self, file, step};
use crate::model::{
    ArchivePath, Fidelity, Form, Kind, Media, RemoteId, Revision, SourceId, kind_of,
};
use crate::plan::{self, Area, Hanging, NameRules, Parent, Placed, Seat, Selected, Step};

const BATCH: u32 = 1000;

/// In how many folders names are dealt before that is made durable.
const FOLDERS: usize = 64;

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
    loop {
        run.may_go_on()?;
        let batch = item::unseated(&run.job.db, SourceId::Drive, BATCH)?;
        if batch.is_empty() {
            break;
        }
        run.learnt = true;
        let mut trails = selection.goes_by_folder().then(|| Trails::new(root.as_ref()));
        run.in_transaction(|db| {
            let mut seating = Seating { db, root: root.as_ref(), facts: HashMap::new() };
            let mut stale = BTreeSet::new();
            for known in &batch {
                let trail = trails.as_mut().map(|trails| trails.to(db, &known.item));
                let trail = trail.transpose()?.unwrap_or_default();
                let form = form(known, plan::select(&known.item, &trail, &selection));
                stale.insert(seating.seat(known, form)?);
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
    let chosen_by = format!("{selection} {:?}", run.job.options.names);
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

/// Decides where everything of Drive belongs and plans what leads there.
pub(super) fn plan(run: &mut Run) -> Result<(), Error> {
    choose(run)?;
    if run.job.options.drive.is_some() && sharing::settle(run)? {
        // What was parted from its file may no longer be selected.
        choose(run)?;
        if !run.is_out(SourceId::Photos) {
            // Files go to photos/ now, and what they wait for may have to go from there.
            months::choose_held(run)?;
        }
    }
    deal_all(run, SourceId::Drive)
}

/// Deals names where something changed or something of `source` is to be fetched, and
/// plans what leads there.
pub(super) fn deal_all(run: &mut Run, source: SourceId) -> Result<(), Error> {
    place::mark_due_stale(&run.job.db, source)?;
    if place::is_stale(&run.job.db)? {
        let mut stale: BTreeSet<_> = place::stale(&run.job.db)?.into_iter().collect();
        while !stale.is_empty() {
            run.may_go_on()?;
            run.gathered(|run| deal_some(run, &mut stale))?;
        }
        // Only now: a run that is stopped before deals the names again.
        place::clear_stale(&run.job.db)?;
    }
    Ok(())
}

/// What seats a batch of items. Many of them are in the same folders.
struct Seating<'a> {
    db: &'a Connection,
    root: Option<&'a RemoteId>,
    facts: HashMap<RemoteId, Option<FolderFacts>>,
}

impl Seating<'_> {
    /// Records how one item is kept, and decides where it hangs; returns that.
    fn seat(&mut self, known: &Known, form: Seated) -> Result<i64, Error> {
        let item = &known.item;
        let (mut parents, mut rows) = (Vec::new(), Vec::new());
        for parent in &item.parents {
            let facts = self.facts(item.key.source, parent)?;
            parents.push(match facts {
                _ if Some(parent) == self.root => Parent::Root,
                Some(facts) => Parent::Folder { owned: facts.owned },
                None => Parent::Unknown,
            });
            rows.push(facts.map(|facts| facts.row));
        }
        let hanging = Hanging { owned: item.owned, computer: item.marks.computer };
        let folder = match plan::seat(hanging, &parents) {
            Seat::In(i) => rows[i].unwrap_or(tops::of_area(Area::Orphans)),
            Seat::Top(area) => tops::of_area(area),
        };
        seat_further(self.db, known, &rows, folder)?;
        item::seat(self.db, known.row, &Seated { folder, ..form })?;
        Ok(folder)
    }

    fn facts(&mut self, source: SourceId, parent: &RemoteId) -> Result<Option<FolderFacts>, Error> {
        if let Some(facts) = self.facts.get(parent) {
            return Ok(*facts);
        }
        let facts = item::folder_facts(self.db, source, parent)?;
        self.facts.insert(parent.clone(), facts);
        Ok(facts)
    }
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
    if matches!(known.item.kind, Kind::Folder | Kind::Shortcut { .. }) {
        return Seated { form: known.form.clone(), ..Seated::default() };
    }
    if known.gone && known.held.is_none() {
        return Seated::default();
    }
    match selected {
        Selected::Yes(form) => {
            let wanted = revision(known.item.revision.as_ref(), &form);
            let due = !known.gone && known.held.as_ref() != Some(&wanted);
            Seated { form: Some(form), due, ..Seated::default() }
        }
        Selected::No(why) => {
            let kept = known.held.as_ref().and(known.form.clone());
            Seated { form: kept, why_not: Some(why.as_str().to_owned()), ..Seated::default() }
        }
        Selected::Follows => Seated::default(),
    }
}

/// Names the bytes that are kept of an item: those of a document depend on the
/// format as well.
fn revision(remote: Option<&Revision>, form: &Form) -> Revision {
    let remote = remote.map_or("unknown", Revision::as_str);
    Revision(match form.mime_type() {
        Some(format) => format!("{remote} {format}"),
        None => remote.to_owned(),
    })
}

/// Names the bytes of an item that the archive should hold.
pub(super) fn wanted(known: &Known) -> Revision {
    revision(known.item.revision.as_ref(), known.form.as_ref().unwrap_or(&Form::Bytes))
}

/// How true what is fetched of an item is to it. Photos' Library API leaves out the
/// place, and makes other films.
pub(super) fn fidelity(known: &Known) -> Fidelity {
    let item = &known.item;
    match (item.key.source, kind_of(&item.mime_type, &item.title)) {
        (SourceId::Photos, Media::Video) => Fidelity::Transcoded,
        (SourceId::Photos, _) => Fidelity::Stripped,
        _ => known.form.as_ref().map_or(Fidelity::Original, Form::fidelity),
    }
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

/// Deals the names in the first folders of `stale`, each before those in it.
fn deal_some(run: &mut Run, stale: &mut BTreeSet<(i64, i64)>) -> Result<(), Error> {
    for _ in 0..FOLDERS {
        let Some((depth, folder)) = stale.pop_first() else { break };
        stale.extend(deal(run, folder)?.into_iter().map(|child| (depth + 1, child)));
    }
    Ok(())
}

/// Deals the names in one folder, plans the steps of what is in it, and returns
/// the folders in it whose own path changed.
fn deal(run: &mut Run, folder: i64) -> Result<Vec<i64>, Error> {
    let path = match tops::top(folder, run.job.options.flat) {
        Some(path) => Some(path),
        None => place::folder_path(&run.job.db, folder)?,
    };
    place::drop_strays(&run.job.db, folder)?;
    let Some(path) = path else { return Ok(Vec::new()) };
    let mut children = place::children(&run.job.db, folder)?;
    let names = names(run, &path, &mut children)?;
    let renamed = run.in_transaction(|db| {
        let mut renamed = Vec::new();
        for (child, (wanted, name)) in children.iter().zip(names) {
            let at = path.join(&name).map_err(|_| unusable(&name))?;
            let own_path = (child.form == Form::Folder).then(|| at.to_string());
            let given = Given { wanted, name, path: own_path };
            if child.given.as_ref() != Some(&given) {
                // All old names go before new ones come: two may swap theirs.
                place::remove(db, key(child))?;
                renamed.push((key(child), given));
            }
            plan_steps(db, child, at)?;
        }
        for (key, given) in &renamed {
            place::put(db, *key, folder, given)?;
        }
        let folders = renamed.iter().filter(|(_, given)| given.path.is_some());
        Ok(folders.map(|(key, _)| key.item).collect::<Vec<_>>())
    })?;
    renamed.iter().try_for_each(|folder| manifest::note(run, *folder))?;
    Ok(renamed)
}

/// Deals names until none lands on what is foreign on the disk: each time one
/// does, that name counts as taken.
fn names(
    run: &mut Run,
    path: &ArchivePath,
    children: &mut [Child],
) -> Result<Vec<(String, String)>, Error> {
    let rules = run.job.options.names;
    let mut wishes = Vec::new();
    for child in children.iter() {
        let mut wish = wish(child, rules);
        if let Some(name) = rebuild::name_borne(run, path, child, &wish.wanted)? {
            wish.given = Some(plan::Given { wanted: wish.wanted.clone(), name });
        }
        wishes.push(wish);
    }
    claim::names(run, path, children, &mut wishes)?;
    let mut taken = BTreeSet::new();
    let mut cleared = BTreeMap::new();
    let mut unrecognised = BTreeSet::new();
    loop {
        let names = plan::deal(&wishes, &taken, rules);
        let before = taken.len();
        for (child, name) in children.iter_mut().zip(&names) {
            if cleared.get(&key(child)) == Some(name) {
                continue;
            }
            let at = path.join(name).map_err(|_| unusable(name))?;
            if is_foreign(run, child, &at)? {
                taken.insert(name.clone());
                unrecognised.extend(child.due.then_some(child.item));
            } else {
                cleared.insert(key(child), name.clone());
            }
        }
        if taken.len() == before {
            run.unrecognised += unrecognised.len() as u64;
            return Ok(wishes.into_iter().map(|wish| wish.wanted).zip(names).collect());
        }
    }
}

/// Says whether something is at `at` that is not the archive's own. A file with
/// just the bytes that `child` should have is adopted instead.
fn is_foreign(run: &mut Run, child: &mut Child, at: &ArchivePath) -> Result<bool, Error> {
    if child.file.as_ref() == Some(at) {
        return Ok(false);
    }
    // Where something is in the way further up, or the name is too long, the fetch will
    // say so.
    let Some(seen) = check::look(&run.job.archive, at)? else { return Ok(false) };
    match seen.sort {
        // A folder may be shared with a person's own files.
        Sort::Folder if child.form == Form::Folder => Ok(false),
        _ if file::exists_at(&run.job.db, at)? => Ok(false),
        // Folders of the archive's own are given up when they are empty.
        Sort::Folder => Ok(!file::exists_below(&run.job.db, at)?),
        Sort::File if child.due => Ok(!adopt::adopt(run, child, at, &seen)?),
        Sort::Symlink if child.form == Form::Link => Ok(run.job.archive.read_link(at).is_err()),
        _ => Ok(true),
    }
}

fn plan_steps(db: &Connection, child: &Child, at: ArchivePath) -> Result<(), Error> {
    if child.ordinal != 0 || !child.form.is_file() {
        return Ok(());
    }
    let revisions = &child.revisions;
    let (held_at, modified_at) = child.modified_ms;
    let want = Placed {
        path: at,
        revision: revision(revisions.remote.as_ref(), &child.form),
        mtime_ms: modified_at.unwrap_or_default(),
    };
    let have = child.file.as_ref().zip(revisions.held.as_ref()).map(|(path, held)| Placed {
        path: path.clone(),
        revision: held.clone(),
        mtime_ms: held_at.unwrap_or_default(),
    });
    let is_other_format = child.form.fidelity() != Fidelity::Original
        && child.due
        && child.file.as_ref().is_some_and(|file| is_other_format(file, &want.path));
    for planned in plan::steps(&want, have.as_ref()) {
        let kind = match planned {
            // The older bytes must not bear the newer format's name, not for a moment.
            Step::Move if is_other_format => continue,
            Step::Move => step::Kind::Move,
            Step::Retime => step::Kind::Retime,
            Step::Fetch if child.due => step::Kind::Fetch,
            Step::Fetch => continue,
        };
        step::put(db, kind, child.item, child.file.as_ref(), &want.path)?;
    }
    Ok(())
}

/// Says whether an export is wanted in another format than the one that is held.
fn is_other_format(held: &ArchivePath, wanted: &ArchivePath) -> bool {
    let extension = |path: &ArchivePath| {
        path.name().rsplit_once('.').map(|(_, extension)| extension.to_lowercase())
    };
    extension(held) != extension(wanted)
}

pub(super) fn wish(child: &Child, rules: NameRules) -> plan::Child {
    let title = match (child.form.extension(), &child.still) {
        (Some(extension), _) => plan::with_extension(&child.title, extension),
        (None, Some(still)) => motion::clip_title(&still.title),
        (None, None) => child.title.clone(),
    };
    let given = child.given.as_ref();
    plan::Child {
        id: child.item,
        remote_id: child.remote_id.clone(),
        created_at_ms: child.created_ms,
        wanted: plan::clean(&title, rules),
        folder: child.form == Form::Folder,
        given: given
            .map(|given| plan::Given { wanted: given.wanted.clone(), name: given.name.clone() }),
        still: child
            .still
            .as_ref()
            .map(|still| plan::Still { id: still.item, wanted: plan::clean(&still.title, rules) }),
    }
}

fn key(child: &Child) -> PlaceKey {
    PlaceKey { item: child.item, ordinal: child.ordinal }
}

pub(super) fn unusable(name: &str) -> Error {
    archive::Error::LeadsOut { text: name.to_owned(), path: "a name".to_owned() }.into()
}
