//! Decides, with `plan`, where everything belongs, and puts the steps there into
//! the index. Only folders in which something changed are looked at.
//!
//! Folders are known by their items' rows, the tops of the areas and the months by
//! numbers below zero ([`tops`]).

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Connection;

use super::run::Run;
use super::{
    Error, adopt, check, claim, manifest, months, motion, rebuild, seating, sharing, tops, xmp,
};
use crate::archive::{self, Sort};
use crate::index::item::Known;
use crate::index::place::{self, Child, Given, PlaceKey};
use crate::index::{file, step};
use crate::model::{ArchivePath, Fidelity, Form, Media, Revision, SourceId, kind_of};
use crate::plan::{self, NameRules, Placed, Step};

/// In how many folders names are dealt before that is made durable.
const FOLDERS: usize = 64;

/// Decides where everything of Drive belongs and plans what leads there.
pub(super) fn plan(run: &mut Run) -> Result<(), Error> {
    seating::choose(run)?;
    if run.job.options.drive.is_some() && sharing::settle(run)? {
        // What was parted from its file may no longer be selected.
        seating::choose(run)?;
        // Files go to photos/ now, and what they wait for may have to go from there.
        for source in SourceId::IN_MONTHS {
            if !run.is_out(source) {
                months::choose_held(run, source)?;
            }
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

/// The same in the months alone: what changed elsewhere waits for a run that reads its
/// source.
pub(super) fn deal_months(run: &mut Run, source: SourceId) -> Result<(), Error> {
    place::mark_due_stale(&run.job.db, source)?;
    let mut stale = place::stale(&run.job.db)?.into_iter().collect::<BTreeSet<_>>();
    stale.retain(|(_, folder)| *folder <= tops::UNDATED);
    while !stale.is_empty() {
        run.may_go_on()?;
        run.gathered(|run| deal_some(run, &mut stale))?;
    }
    Ok(place::clear_stale_to(&run.job.db, tops::UNDATED)?)
}

/// Names the bytes that are kept of an item: those of a document depend on the
/// format as well.
pub(super) fn revision(remote: Option<&Revision>, form: &Form) -> Revision {
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

/// How true what is fetched of an item is to it. Photos' Library API and its
/// Picker leave out the place, and make other films.
pub(super) fn fidelity(known: &Known) -> Fidelity {
    let item = &known.item;
    match (item.key.source, kind_of(&item.mime_type, &item.title)) {
        (SourceId::Photos | SourceId::Picker, Media::Video) => Fidelity::Transcoded,
        (SourceId::Photos | SourceId::Picker, _) => Fidelity::Stripped,
        _ => known.form.as_ref().map_or(Fidelity::Original, Form::fidelity),
    }
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
        // It makes way for what is an item's own.
        Sort::File if xmp::is_ours(run, at)? => Ok(false),
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
