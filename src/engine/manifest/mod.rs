//! `.gphotos-sync/manifest`: what the archive holds, in plain lines, for the day
//! on which the index is lost; and a copy of the index itself.
//!
//! Each line is a JSON object; of several lines of one item the last one counts.
//! A line without a path says that the archive no longer holds the item, one without
//! a checksum tells where a folder is. The first one says whose archive it is, and is
//! there before anything is asked. Lines are added as files are saved and moved, and all
//! are written anew when most are stale, and after a run that was killed: it may have
//! recorded what it could not tell here any more. What is in them is for `rebuild` to use.

#[doc(hidden)]
pub mod fuzzed;
mod line;

use std::collections::BTreeSet;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};

use rusqlite::Connection;

use self::line::{Line, Lines, Owner};
use super::run::Run;
use super::{Error, rebuild};
use crate::archive;
use crate::index::archive::Identity;
use crate::index::remembered::{self, InRow};
use crate::index::{self, file, item, rebuilt};
use crate::model::{Item, ItemKey, Kind};
use crate::plan::{self, Copied};

const NAME: &str = "manifest";

/// The copy of the index, in the archive's state folder.
pub const INDEX_COPY: &str = "index.db.copy";

/// How many lines more than files there may be before the manifest is written anew.
const STALE_LINES_MAX: u64 = 1000;

const BATCH: u32 = 1000;

/// Reads the manifest into the index, as to the sources of which an earlier one may have
/// known more, to be looked up there, and says how many files it
/// tells of. A line that is torn or makes no sense is passed over: nothing depends on it
/// but how much has to be fetched again.
pub(super) fn load(run: &mut Run) -> Result<u64, Error> {
    let Some(file) = run.job.archive.open_state(NAME)? else { return Ok(0) };
    let mut lines = Lines::of(file);
    let (mut read, mut owner) = (0, None);
    run.in_transaction(|db| {
        index::archive::set_manifest_lines(db, 0)?;
        Ok(remembered::clear(db)?)
    })?;
    loop {
        run.may_go_on()?;
        let batch = lines.batch();
        if batch.is_empty() {
            break;
        }
        read += batch.len() as u64;
        run.in_transaction(|db| {
            let mut known = batch.iter().flatten();
            Ok(known.try_for_each(|known| match known {
                Line::Held(it) if rebuilt::has(db, it.key.source)? => Ok(()),
                Line::Held(it) => remembered::put(db, it),
                Line::Gone(key) => remembered::remove(db, key),
                Line::Owner(it) => {
                    owner = Some(it.clone());
                    Ok(())
                }
            })?)
        })?;
    }
    if let Some(owner) = owner {
        recall(&run.job.db, owner)?;
    }
    index::archive::set_manifest_lines(&run.job.db, read)?;
    Ok(remembered::files(&run.job.db)?)
}

/// Binds an index that does not know whose archive it is.
fn recall(db: &Connection, owner: Owner) -> Result<(), Error> {
    let bound = index::archive::get(db)?;
    let client_id = bound.client_id.as_ref().unwrap_or(&owner.client_id);
    match owner.account.filter(|_| bound.account.is_none()) {
        Some(account) => {
            let name = owner.account_name.as_ref().unwrap_or(&account);
            Ok(index::archive::bind(db, &account, name, client_id)?)
        }
        None => Ok(index::archive::bind_client(db, client_id)?),
    }
}

/// Has the manifest tell whose archive it is, as the index does by now; `before` is what
/// the index said of it earlier.
pub(super) fn bind(run: &Run, before: &Identity) -> Result<(), Error> {
    let Some(owner) = owner(run)? else { return Ok(()) };
    let is_told = before.account == owner.account
        && before.account_name == owner.account_name
        && before.client_id.as_ref() == Some(&owner.client_id)
        && run.job.archive.open_state(NAME)?.is_some();
    if is_told || run.is_dry() { Ok(()) } else { append(run, line::owner(&owner), 1) }
}

fn owner(run: &Run) -> Result<Option<Owner>, Error> {
    let Identity { account, account_name, client_id, .. } = index::archive::get(&run.job.db)?;
    Ok(client_id.map(|client_id| Owner { account, account_name, client_id }))
}

/// Has the manifest tell, when the run ends or many have gathered, what is now held
/// of the item in row `row`.
pub(super) fn note(run: &mut Run, row: i64) -> Result<(), Error> {
    run.learnt = true;
    if run.is_dry() {
        return Ok(());
    }
    run.noted.push(row);
    if run.noted.len() >= BATCH as usize { flush(run) } else { Ok(()) }
}

/// Has the manifest tell that nothing is held any longer of an item that the index has
/// forgotten.
pub(super) fn forget(run: &mut Run, key: ItemKey) {
    run.learnt = true;
    run.forgotten.extend(Some(key).filter(|_| !run.is_dry()));
}

/// Makes the manifest say what is there now; the copy of the index too, when it is due.
pub(super) fn keep(run: &mut Run) -> Result<(), Error> {
    if run.is_dry() {
        return Ok(());
    }
    flush(run)?;
    if !run.learnt && !run.follows_killed {
        return Ok(());
    }
    let files = file::count(&run.job.db)?;
    let lines = index::archive::get(&run.job.db)?.manifest_lines;
    let is_stale = run.follows_killed || lines > 2 * files + STALE_LINES_MAX;
    if is_stale && !rebuild::is_waiting(&run.job.db)? {
        rewrite(run)?;
    }
    // What was removed is known to the index alone.
    let is_due = run.follows_killed || run.tally.removed > 0 || is_copy_due(run, files)?;
    if is_due { copy_index(run) } else { Ok(()) }
}

fn is_copy_due(run: &Run, files: u64) -> Result<bool, Error> {
    // One that cannot be read is none.
    let copied = index::copied(&run.job.archive.state_file(INDEX_COPY)?).ok().flatten();
    let copied = copied.map(|(lines, at)| Copied { lines, at });
    let lines = index::archive::get(&run.job.db)?.manifest_lines;
    Ok(plan::is_copy_due(copied, files, lines, run.now()))
}

fn flush(run: &mut Run) -> Result<(), Error> {
    if run.noted.is_empty() && run.forgotten.is_empty() {
        return Ok(());
    }
    let rows = with_sharers(run)?;
    let gone = run.forgotten.iter().map(|key| Ok(Some(line::gone(key))));
    let (mut text, mut more) = (Vec::new(), 0);
    for line in rows.iter().map(|row| held(run, *row)).chain(gone) {
        if let Some(line) = line? {
            text.extend(line);
            more += 1;
        }
    }
    append(run, text, more)?;
    run.noted.clear();
    run.forgotten.clear();
    Ok(())
}

fn append(run: &Run, mut text: Vec<u8>, more: u64) -> Result<(), Error> {
    if is_torn(run)? {
        text.insert(0, b'\n');
    }
    run.job.archive.append_state(NAME, &text)?;
    let lines = index::archive::get(&run.job.db)?.manifest_lines + more;
    Ok(index::archive::set_manifest_lines(&run.job.db, lines)?)
}

/// The rows of which the manifest has to tell anew, with those whose bytes lie in the same
/// files: where one's file goes, theirs goes.
fn with_sharers(run: &Run) -> Result<BTreeSet<i64>, Error> {
    let mut rows = BTreeSet::new();
    for row in &run.noted {
        rows.insert(*row);
        if let Some(file) = file::held_by(&run.job.db, *row)? {
            rows.extend(file::items(&run.job.db, file.row)?);
        }
    }
    Ok(rows)
}

/// Says whether a crash left the manifest without the end of its last line: what is
/// added must not be taken for that.
fn is_torn(run: &Run) -> Result<bool, Error> {
    let Some(mut file) = run.job.archive.open_state(NAME)? else { return Ok(false) };
    let mut last = [b'\n'];
    let read = file.seek(SeekFrom::End(-1)).and_then(|_| file.read_exact(&mut last));
    // An empty one has no last byte to seek.
    Ok(read.is_ok() && last != *b"\n")
}

/// What is held of an item now, as a line; where it has no file, a line that says so.
/// None where the item was forgotten since: who forgets one tells by [`forget`].
fn held(run: &Run, row: i64) -> Result<Option<Vec<u8>>, Error> {
    let db = &run.job.db;
    let Some(Item { kind, key, .. }) = item::try_get(db, row)?.map(|known| known.item) else {
        return Ok(None);
    };
    let query = if kind == Kind::Folder { remembered::folders } else { remembered::held };
    Ok(Some(of_row(query, db, row)?.unwrap_or_else(|| line::gone(&key))))
}

type Query = fn(&Connection, i64, u32) -> Result<Vec<InRow>, index::Error>;

fn of_row(query: Query, db: &Connection, row: i64) -> Result<Option<Vec<u8>>, Error> {
    let found = query(db, row - 1, 1)?.pop().filter(|(found, _)| *found == row);
    Ok(found.map(|(_, remembered)| line::write(&remembered)))
}

fn rewrite(run: &Run) -> Result<(), Error> {
    let mut draft = run.job.archive.draft_state(NAME)?;
    let queries: [Query; 2] = [remembered::folders, remembered::held];
    let owner = owner(run)?;
    let mut lines = u64::from(owner.is_some());
    put(&mut draft, &owner.map(|it| line::owner(&it)).unwrap_or_default())?;
    for query in queries {
        let mut after = 0;
        loop {
            let rows = query(&run.job.db, after, BATCH)?;
            let Some((last, _)) = rows.last() else { break };
            after = *last;
            lines += rows.len() as u64;
            for (_, row) in &rows {
                put(&mut draft, &line::write(row))?;
            }
        }
    }
    draft.commit()?;
    Ok(index::archive::set_manifest_lines(&run.job.db, lines)?)
}

fn put(draft: &mut archive::StateDraft, text: &[u8]) -> Result<(), Error> {
    let io = |source| archive::Error::Io { operation: "write", path: NAME.to_owned(), source };
    Ok(draft.write_all(text).map_err(io)?)
}

fn copy_index(run: &Run) -> Result<(), Error> {
    let draft = format!("{INDEX_COPY}.new");
    let path = run.job.archive.empty_state(&draft)?;
    index::back_up(&run.job.db, &path)?;
    Ok(run.job.archive.replace_state(&draft, INDEX_COPY)?)
}
