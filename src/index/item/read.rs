//! Reads rows of `item` back into items.

use rusqlite::{Connection, Row, ToSql, named_params};

use super::{Error, Known};
use crate::index::{sql, value};
use crate::model::{Item, ItemKey, Kind, Marks, RemoteId, Revision};

pub(super) fn select(
    db: &Connection,
    sql: &str,
    params: &[(&str, &dyn ToSql)],
) -> Result<Vec<Known>, Error> {
    let mut query = db.prepare_cached(sql)?;
    let mut rows = query.query(params)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(read(db, row)?);
    }
    Ok(found)
}

fn read(db: &Connection, row: &Row<'_>) -> Result<Known, Error> {
    Ok(Known {
        row: row.get("id")?,
        item: read_item(db, row)?,
        gone: row.get("gone")?,
        missing: row.get("missing")?,
        seen: row.get("seen")?,
        folder: row.get("folder")?,
        form: value::form(row)?,
        held: row.get::<_, Option<String>>("held")?.map(Revision),
    })
}

fn read_item(db: &Connection, row: &Row<'_>) -> Result<Item, Error> {
    let source: String = row.get("source")?;
    let parent: Option<String> = row.get("parent")?;
    let time = |name| row.get::<_, Option<i64>>(name)?.map(value::time).transpose();
    let mut in_folders: Vec<_> = parent.into_iter().map(RemoteId).collect();
    in_folders.extend(parents(db, row.get("id")?)?);
    Ok(Item {
        key: ItemKey { source: value::source(&source)?, id: RemoteId(row.get("remote_id")?) },
        kind: read_kind(row)?,
        title: row.get("title")?,
        mime_type: row.get("mime_type")?,
        parents: in_folders,
        size_bytes: row.get("size_bytes")?,
        md5: value::md5(row.get("md5")?)?,
        sha256: value::sha256(row.get("sha256")?)?,
        revision: row.get::<_, Option<String>>("revision")?.map(Revision),
        created_at: time("created_at")?,
        modified_at: time("modified_at")?,
        owned: row.get("owned")?,
        marks: Marks {
            trashed: row.get("trashed")?,
            favourite: row.get("favourite")?,
            withheld: row.get("withheld")?,
            computer: row.get("computer")?,
            in_shared_drive: row.get("shared_drive")?,
        },
        shot: value::shot(row)?,
        description: row.get("description")?,
    })
}

fn read_kind(row: &Row<'_>) -> Result<Kind, Error> {
    let kind: String = row.get("kind")?;
    let target: Option<String> = row.get("target")?;
    match (kind.as_str(), target) {
        ("file", _) => Ok(Kind::File),
        ("folder", _) => Ok(Kind::Folder),
        ("native", _) => Ok(Kind::Native),
        ("shortcut", Some(target)) => Ok(Kind::Shortcut { target: RemoteId(target) }),
        (other, _) => Err(value::unreadable("a kind of item", other)),
    }
}

pub(super) fn parents(db: &Connection, row: i64) -> Result<Vec<RemoteId>, Error> {
    let mut query = db.prepare_cached(sql!("item/parents"))?;
    let rows = query.query_map(named_params! { ":item": row }, |row| row.get("parent"))?;
    Ok(rows.map(|id| id.map(RemoteId)).collect::<Result<_, _>>()?)
}
