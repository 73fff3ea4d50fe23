//! Rows of `trash` and `trash_holding`: what was taken out of the trees, of which
//! items it was, and what became of it there.
//!
//! It records what the engine did to the disk, and moves no file.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, ToSql, named_params};

use super::history::Moment;
use super::run::RunId;
use super::{Error, file, sql, value};
use crate::model::{ArchivePath, Fidelity, Form, Revision, Sha256};

/// Why a file was taken out of the trees.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// Its item is gone.
    Removed,
    /// Newer bytes of its item took its place.
    Replaced,
    /// The original that its source had altered took its place.
    Altered,
}

impl Why {
    const ALL: [Self; 3] = [Self::Removed, Self::Replaced, Self::Altered];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Removed => "removed",
            Self::Replaced => "replaced",
            Self::Altered => "altered",
        }
    }
}

/// A file that lies in the trash, or did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trashed {
    /// Its row.
    pub row: i64,
    /// Why it was taken out.
    pub why: Why,
    /// Where it was.
    pub path: ArchivePath,
    /// Where it went, below `.gphotos-sync/trash/`.
    pub trash_path: ArchivePath,
    /// Where `undo` puts it, or was about to; in `partial/`, if its item was about to get it back.
    pub put_back: Option<ArchivePath>,
    /// Its length.
    pub size_bytes: u64,
    /// Its modified time, in nanoseconds since 1970.
    pub mtime_ns: i64,
    /// What its bytes are.
    pub sha256: Sha256,
    /// It was put back.
    pub is_restored: bool,
    /// It was deleted for good.
    pub is_purged: bool,
}

/// An item that has its bytes again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Regained {
    /// Its row.
    pub item: i64,
    /// The form in which it is kept; the extension of an export is that of its file.
    pub form: Form,
}

/// Records that the file in row `file` lies at `trash_path` now, with the items whose
/// bytes it held; the archive holds nothing of these any more. Returns the trash's row.
///
/// # Errors
///
/// [`Error::Sqlite`], also if there is no such file.
pub fn record(
    db: &Connection,
    file: i64,
    when: Moment,
    why: Why,
    trash_path: &ArchivePath,
) -> Result<i64, Error> {
    let row = db.prepare_cached(sql!("trash/record"))?.query_row(
        named_params! {
            ":file": file,
            ":run": when.run.0,
            ":at": when.at.timestamp_millis(),
            ":why": why.as_str(),
            ":trash_path": trash_path.as_str(),
        },
        |row| row.get("id"),
    )?;
    record_holdings(db, row, file)?;
    file::release_wholly(db, file)?;
    Ok(row)
}

fn record_holdings(db: &Connection, trash: i64, file: i64) -> Result<(), Error> {
    db.prepare_cached(sql!("trash/record_holdings"))?
        .execute(named_params! { ":trash": trash, ":file": file })?;
    Ok(())
}

/// Returns the bytes of that state of an item, if they lie in the trash.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn returning(
    db: &Connection,
    item: i64,
    revision: &Revision,
) -> Result<Option<Trashed>, Error> {
    let wanted = named_params! { ":item": item, ":revision": revision.as_str() };
    Ok(select(db, sql!("trash/returning"), wanted)?.pop())
}

/// Records that what was in the trash is in the trees again.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn set_restored(db: &Connection, row: i64, at: DateTime<Utc>) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("trash/set_restored"))?;
    query.execute(named_params! { ":id": row, ":at": at.timestamp_millis() })?;
    Ok(())
}

/// Records that what is in the trash is about to be put back to `path`; `None`: it is not.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn set_put_back(db: &Connection, row: i64, path: Option<&ArchivePath>) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("trash/set_put_back"))?;
    query.execute(named_params! { ":id": row, ":path": path.map(ArchivePath::as_str) })?;
    Ok(())
}

/// Returns what was about to be put back, and of which that is not recorded.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn unfinished(db: &Connection) -> Result<Vec<Trashed>, Error> {
    select(db, sql!("trash/unfinished"), &[])
}

/// Returns what `run` took out of the trees for that reason, from after row `after`,
/// `most` at the most.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn of_run(
    db: &Connection,
    run: RunId,
    why: Why,
    after: i64,
    most: u32,
) -> Result<Vec<Trashed>, Error> {
    let wanted = named_params! {
        ":run": run.0,
        ":why": why.as_str(),
        ":after": after,
        ":most": most,
    };
    select(db, sql!("trash/of_run"), wanted)
}

/// Returns the last run that took something out of the trees for that reason.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn last_run(db: &Connection, why: Why) -> Result<Option<RunId>, Error> {
    let mut query = db.prepare_cached(sql!("trash/last_run"))?;
    let run: Option<i64> =
        query.query_row(named_params! { ":why": why.as_str() }, |row| row.get("run"))?;
    Ok(run.map(RunId))
}

/// Records that what was in the trash is at `path`, and holds the bytes of its items
/// again, never to be removed: of those that are not held otherwise. Returns these.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn put_back(db: &Connection, row: i64, path: &ArchivePath) -> Result<Vec<Regained>, Error> {
    let file = put_back_file(db, row, path)?;
    put_back_holdings(db, row, file, path)
}

fn put_back_file(db: &Connection, row: i64, path: &ArchivePath) -> Result<i64, Error> {
    let mut query = db.prepare_cached(sql!("trash/put_back_file"))?;
    let file = named_params! { ":trash": row, ":path": path.as_str() };
    Ok(query.query_row(file, |row| row.get("id"))?)
}

fn put_back_holdings(
    db: &Connection,
    row: i64,
    file: i64,
    path: &ArchivePath,
) -> Result<Vec<Regained>, Error> {
    let mut query = db.prepare_cached(sql!("trash/put_back_holdings"))?;
    let mut rows = query.query(named_params! { ":trash": row, ":file": file })?;
    let mut regained = Vec::new();
    while let Some(row) = rows.next()? {
        regained.push(Regained { item: row.get("item")?, form: read_form(row, path)? });
    }
    Ok(regained)
}

/// Says whether the archive holds nothing of an item whose bytes these are.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn is_wanted(db: &Connection, row: i64) -> Result<bool, Error> {
    let mut query = db.prepare_cached(sql!("trash/is_wanted"))?;
    Ok(query.query_row(named_params! { ":trash": row }, |row| row.get("is_wanted"))?)
}

/// Returns what lies in the trash for that reason, from after row `after`, `most` at
/// the most.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn in_hand(db: &Connection, why: Why, after: i64, most: u32) -> Result<Vec<Trashed>, Error> {
    let wanted = named_params! { ":why": why.as_str(), ":after": after, ":most": most };
    select(db, sql!("trash/in_hand"), wanted)
}

/// Records that what was in the trash was deleted for good.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn set_purged(db: &Connection, row: i64, at: DateTime<Utc>) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("trash/set_purged"))?;
    query.execute(named_params! { ":id": row, ":at": at.timestamp_millis() })?;
    Ok(())
}

/// Records that all that was in the trash's folder `folder` was deleted for good.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn purge_below(db: &Connection, folder: &ArchivePath, at: DateTime<Utc>) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("trash/purge_below"))?;
    query.execute(named_params! { ":folder": folder.as_str(), ":at": at.timestamp_millis() })?;
    Ok(())
}

fn select(
    db: &Connection,
    sql: &str,
    params: &[(&str, &dyn ToSql)],
) -> Result<Vec<Trashed>, Error> {
    let mut query = db.prepare_cached(sql)?;
    let mut rows = query.query(params)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(row)?);
    }
    Ok(found)
}

fn read(row: &Row<'_>) -> Result<Trashed, Error> {
    let text = |name| row.get::<_, String>(name);
    let put_back: Option<String> = row.get("put_back")?;
    let why = text("why")?;
    let sha256 = value::sha256(row.get("sha256")?)?;
    Ok(Trashed {
        row: row.get("id")?,
        why: Why::ALL
            .into_iter()
            .find(|one| one.as_str() == why)
            .ok_or_else(|| value::unreadable("a reason to trash", &why))?,
        path: value::path(&text("path")?)?,
        trash_path: value::path(&text("trash_path")?)?,
        put_back: put_back.map(|text| value::path(&text)).transpose()?,
        size_bytes: row.get("size_bytes")?,
        mtime_ns: row.get("mtime_ns")?,
        sha256: sha256.ok_or_else(|| value::unreadable("a SHA-256", "nothing"))?,
        is_restored: row.get::<_, Option<i64>>("restored_at")?.is_some(),
        is_purged: row.get::<_, Option<i64>>("purged_at")?.is_some(),
    })
}

/// In which form the item was kept: its fidelity, its revision (which names an
/// export's format) and the name of its file tell.
fn read_form(row: &Row<'_>, path: &ArchivePath) -> Result<Form, Error> {
    let fidelity: String = row.get("fidelity")?;
    let revision: String = row.get("revision")?;
    if fidelity == Fidelity::Pointer.as_str() {
        return Ok(Form::Pointer);
    }
    if fidelity != Fidelity::Export.as_str() {
        return Ok(Form::Bytes);
    }
    let format = revision.rsplit_once(' ').zip(path.name().rsplit_once('.'));
    let ((_, mime_type), (_, extension)) =
        format.ok_or_else(|| value::unreadable("the revision of an export", &revision))?;
    Ok(Form::Export { mime_type: mime_type.to_owned(), extension: extension.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::in_memory;

    #[test]
    fn what_goes_to_the_trash_keeps_its_items_and_gives_them_back() {
        let db = archive();
        let row =
            record(&db, 7, moment(3), Why::Removed, &path(".gphotos-sync/trash/d/a")).unwrap();

        assert_eq!(file::count(&db).unwrap(), 0);
        assert!(is_wanted(&db, row).unwrap());
        assert_eq!(last_run(&db, Why::Removed).unwrap(), Some(RunId(3)));
        assert_eq!(last_run(&db, Why::Replaced).unwrap(), None);
        let found = returning(&db, 1, &Revision("r1".to_owned())).unwrap().unwrap();
        assert_eq!(
            of_run(&db, RunId(3), Why::Removed, 0, 9).unwrap(),
            std::slice::from_ref(&found)
        );
        assert_eq!((found.size_bytes, found.mtime_ns), (5, 6));
        assert_eq!(returning(&db, 1, &Revision("r2".to_owned())).unwrap(), None);

        let regained = put_back(&db, row, &path("drive/a (1).txt")).unwrap();
        let items: Vec<_> = regained.iter().map(|it| (it.item, it.form.as_str())).collect();
        assert_eq!(items, [(1, "bytes"), (2, "export")]);
        assert!(!is_wanted(&db, row).unwrap());
        let kept = "SELECT count(*) FROM holding JOIN file ON file.id = holding.file
                     WHERE kept = 1 AND path = 'drive/a (1).txt'";
        assert_eq!(db.query_row(kept, [], |row| row.get::<_, u64>(0)).unwrap(), 2);
    }

    #[test]
    fn a_purged_folder_is_one_of_the_trash_and_not_one_that_begins_alike() {
        let db = archive();
        let row =
            record(&db, 7, moment(3), Why::Removed, &path(".gphotos-sync/trash/d/a")).unwrap();
        let now = DateTime::UNIX_EPOCH;
        for (folder, left) in [(".gphotos-sync/trash/c", 1), (".gphotos-sync/trash/d", 0)] {
            purge_below(&db, &path(folder), now).unwrap();
            assert_eq!(in_hand(&db, Why::Removed, 0, 9).unwrap().len(), left, "{folder}");
        }
        assert_eq!(returning(&db, 1, &Revision("r1".to_owned())).unwrap(), None);
        assert!(of_run(&db, RunId(3), Why::Removed, row - 1, 9).unwrap()[0].is_purged);
    }

    /// One file that holds the bytes of two items.
    fn archive() -> Connection {
        let db = in_memory();
        let rows = "
            INSERT INTO item (id, source, remote_id, kind, title, mime_type, owned, trashed,
                              favourite, withheld, computer, shared_drive, seen)
            VALUES (1, 'drive', 'i1', 'file', 'a', 'x', 1, 0, 0, 0, 0, 0, 1),
                   (2, 'drive', 'i2', 'native', 'a', 'x', 1, 0, 0, 0, 0, 0, 1);
            INSERT INTO file (id, path, size_bytes, mtime_ns, md5, sha256, crc32, saved_at)
            VALUES (7, 'drive/a.txt', 5, 6, x'08', zeroblob(32), 0, 0);
            INSERT INTO holding (item, file, revision, fidelity, match_rule)
            VALUES (1, 7, 'r1', 'original', 'id'), (2, 7, 'v4 text/plain', 'export', 'id');";
        db.execute_batch(rows).unwrap();
        db
    }

    fn moment(run: i64) -> Moment {
        Moment { run: RunId(run), at: DateTime::UNIX_EPOCH }
    }

    fn path(text: &str) -> ArchivePath {
        ArchivePath::parse(text).unwrap()
    }
}
