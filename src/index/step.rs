//! Rows of `step`: what the run will do.

use rusqlite::{Connection, Row, named_params};

use super::{Error, sql, value};
use crate::model::{ArchivePath, RemoteId, SourceId};

/// What is done to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It gets another path.
    Move,
    /// It gets another modified time.
    Retime,
    /// Its bytes are fetched.
    Fetch,
    /// It goes to the trash.
    Remove,
    /// It goes to the trash, since the archive holds the original of it.
    Retire,
}

impl Kind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Move => "move",
            Self::Retime => "retime",
            Self::Fetch => "fetch",
            Self::Remove => "remove",
            Self::Retire => "retire",
        }
    }
}

/// One step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its row.
    pub row: i64,
    /// The row of the item it is done for.
    pub item: i64,
    /// Where the file is; `None`: nowhere yet.
    pub from: Option<ArchivePath>,
    /// Where it shall be.
    pub to: ArchivePath,
    /// The name below `.gphotos-sync/moving/` that it goes by, if it does.
    pub lifted: Option<String>,
}

/// Plans a step. A step of that kind for that item that was planned before is replaced.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn put(
    db: &Connection,
    kind: Kind,
    item: i64,
    from: Option<&ArchivePath>,
    to: &ArchivePath,
) -> Result<(), Error> {
    db.prepare_cached(sql!("step/put"))?.execute(named_params! {
        ":kind": kind.as_str(),
        ":item": item,
        ":from_path": from.map(ArchivePath::as_str),
        ":to_path": to.as_str(),
    })?;
    Ok(())
}

/// Returns steps of one kind in their order, from after row `after`, `most` at the most.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn of_kind(db: &Connection, kind: Kind, after: i64, most: u32) -> Result<Vec<Step>, Error> {
    let mut query = db.prepare_cached(sql!("step/of_kind"))?;
    let mut rows =
        query.query(named_params! { ":kind": kind.as_str(), ":after": after, ":most": most })?;
    let mut steps = Vec::new();
    while let Some(row) = rows.next()? {
        steps.push(read(row)?);
    }
    Ok(steps)
}

/// Returns from where to where files move, in the order of where they are, from after
/// the path `after`, `most` at the most.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn moves_after(
    db: &Connection,
    after: &str,
    most: u32,
) -> Result<Vec<(ArchivePath, ArchivePath)>, Error> {
    let mut query = db.prepare_cached(sql!("step/moves_after"))?;
    let mut rows = query.query(named_params! { ":after": after, ":most": most })?;
    let mut moves = Vec::new();
    while let Some(row) = rows.next()? {
        let (from, to): (String, String) = (row.get("from_path")?, row.get("to_path")?);
        moves.push((value::path(&from)?, value::path(&to)?));
    }
    Ok(moves)
}

/// Returns the step that moves the file at `from`, if there is one.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn moving(db: &Connection, from: &ArchivePath) -> Result<Option<Step>, Error> {
    let mut query = db.prepare_cached(sql!("step/moving"))?;
    let mut rows = query.query(named_params! { ":from": from.as_str() })?;
    rows.next()?.map(read).transpose()
}

/// Says whether all that is in the folder `from` moves to the same places in the folder
/// `to`, in which nothing else stays.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn moves_whole(db: &Connection, from: &ArchivePath, to: &ArchivePath) -> Result<bool, Error> {
    let mut query = db.prepare_cached(sql!("step/moves_whole"))?;
    let folders = named_params! { ":from": from.as_str(), ":to": to.as_str() };
    Ok(query.query_row(folders, |row| row.get("whole"))?)
}

/// Returns which items of `source` the steps of one kind are for, in their order, from
/// row `first` to row `last`.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn remote_ids(
    db: &Connection,
    kind: Kind,
    source: SourceId,
    (first, last): (i64, i64),
) -> Result<Vec<RemoteId>, Error> {
    let mut query = db.prepare_cached(sql!("step/remote_ids"))?;
    let steps = named_params! {
        ":kind": kind.as_str(),
        ":source": source.as_str(),
        ":first": first,
        ":last": last,
    };
    let ids = query.query_map(steps, |row| row.get("remote_id").map(RemoteId))?;
    Ok(ids.collect::<Result<_, _>>()?)
}

/// Records that a move goes by way of the name `lifted`.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn lift(db: &Connection, step: i64, lifted: &str) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("step/lift"))?;
    query.execute(named_params! { ":id": step, ":lifted": lifted })?;
    Ok(())
}

/// Forgets a step: it is done, or it could not be.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn remove(db: &Connection, step: i64) -> Result<(), Error> {
    db.prepare_cached(sql!("step/remove"))?.execute(named_params! { ":id": step })?;
    Ok(())
}

/// Forgets that an item was to be fetched.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn remove_fetch(db: &Connection, item: i64) -> Result<(), Error> {
    db.prepare_cached(sql!("step/remove_fetch"))?.execute(named_params! { ":item": item })?;
    Ok(())
}

/// Forgets all steps.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn clear(db: &Connection) -> Result<(), Error> {
    db.prepare_cached(sql!("step/clear"))?.execute([])?;
    Ok(())
}

/// Forgets all steps of one kind.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn clear_kind(db: &Connection, kind: Kind) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("step/clear_kind"))?;
    query.execute(named_params! { ":kind": kind.as_str() })?;
    Ok(())
}

/// Returns how many steps of one kind there are, and how many bytes their items
/// have by their source's word.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn totals(db: &Connection, kind: Kind) -> Result<(u64, u64), Error> {
    let mut query = db.prepare_cached(sql!("step/totals"))?;
    let kind = named_params! { ":kind": kind.as_str() };
    Ok(query.query_row(kind, |row| Ok((row.get("steps")?, row.get("bytes")?)))?)
}

/// Where something lies in archives: which part, and at which place of it.
pub type Spot = (i64, i64);

/// Returns the fetches of what lies in archives, `most` at the most, in the order in which it
/// lies there, from behind that place of that part on; with each its part and its place.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn packed(db: &Connection, (part, at): Spot, most: u32) -> Result<Vec<(Step, Spot)>, Error> {
    let mut query = db.prepare_cached(sql!("step/packed"))?;
    let wanted = named_params! { ":part": part, ":at": at, ":most": most };
    let rows = query.query_map(wanted, |row| {
        let place = (row.get("part")?, row.get("at")?);
        Ok(read(row).map(|step| (step, place)))
    })?;
    rows.map(|step| step?).collect()
}

/// Returns the fetches of what lay in archives that are there no more, from after row `after`,
/// `most` at the most.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn nowhere(db: &Connection, after: i64, most: u32) -> Result<Vec<Step>, Error> {
    let mut query = db.prepare_cached(sql!("step/nowhere"))?;
    let rows =
        query.query_map(named_params! { ":after": after, ":most": most }, |row| Ok(read(row)))?;
    rows.map(|step| step?).collect()
}

fn read(row: &Row<'_>) -> Result<Step, Error> {
    let from: Option<String> = row.get("from_path")?;
    Ok(Step {
        row: row.get("id")?,
        item: row.get("item")?,
        from: from.map(|text| value::path(&text)).transpose()?,
        to: value::path(&row.get::<_, String>("to_path")?)?,
        lifted: row.get("lifted")?,
    })
}
