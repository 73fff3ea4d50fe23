//! The one row of `archive`: whose it is.

use std::collections::BTreeMap;

use rusqlite::{Connection, Row, named_params};

use super::{Error, sql, value};

/// Whose archive this is, and how the last plan was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// Drive's `permissionId` of the account.
    pub account: Option<String>,
    /// Its e-mail address, for messages only.
    pub account_name: Option<String>,
    /// The OAuth client of the first run.
    pub client_id: Option<String>,
    /// Drive's id of My Drive.
    pub drive_root: Option<String>,
    /// The names of the shared drives that the account sees.
    pub shared_drives: Vec<String>,
    /// How many lines the manifest has.
    pub manifest_lines: u64,
}

/// Returns what is known of the archive.
///
/// # Errors
///
/// [`Error::Sqlite`], [`Error::Unreadable`].
pub fn get(db: &Connection) -> Result<Identity, Error> {
    let (identity, drives) = db.prepare_cached(sql!("archive/get"))?.query_row([], |row| {
        let drives: String = row.get("shared_drives")?;
        let identity = Identity {
            account: row.get("account")?,
            account_name: row.get("account_name")?,
            client_id: row.get("client_id")?,
            drive_root: row.get("drive_root")?,
            shared_drives: Vec::new(),
            manifest_lines: row.get("manifest_lines")?,
        };
        Ok((identity, drives))
    })?;
    let shared_drives = serde_json::from_str(&drives)
        .map_err(|_| value::unreadable("a list of shared drives", &drives))?;
    Ok(Identity { shared_drives, ..identity })
}

/// Binds the archive to an account and an OAuth client.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn bind(db: &Connection, account: &str, name: &str, client_id: &str) -> Result<(), Error> {
    db.prepare_cached(sql!("archive/bind"))?.execute(named_params! {
        ":account": account,
        ":account_name": name,
        ":client_id": client_id,
    })?;
    Ok(())
}

/// Binds the archive to an OAuth client, where nobody said whose account it is.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn bind_client(db: &Connection, client_id: &str) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("archive/bind_client"))?;
    query.execute(named_params! { ":client_id": client_id })?;
    Ok(())
}

/// Records where My Drive begins, and which shared drives there are.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn set_drive(db: &Connection, root: &str, shared_drives: &[String]) -> Result<(), Error> {
    db.prepare_cached(sql!("archive/set_drive"))?.execute(named_params! {
        ":drive_root": root,
        ":shared_drives": serde_json::Value::from(shared_drives).to_string(),
    })?;
    Ok(())
}

/// Returns by which options the items of each source were last chosen.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn options(db: &Connection) -> Result<BTreeMap<String, String>, Error> {
    let mut query = db.prepare_cached(sql!("archive/options"))?;
    let text: Option<String> = query.query_row([], |row| row.get("options"))?;
    // What cannot be read was not written for these options: everything is chosen anew.
    Ok(text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default())
}

/// Records by which options the items of each source are chosen by now.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn set_options(db: &Connection, options: &BTreeMap<String, String>) -> Result<(), Error> {
    let text = serde_json::json!(options).to_string();
    db.prepare_cached(sql!("archive/set_options"))?.execute(named_params! { ":options": text })?;
    Ok(())
}

/// Records how many lines the manifest has.
///
/// # Errors
///
/// [`Error::Sqlite`].
pub fn set_manifest_lines(db: &Connection, lines: u64) -> Result<(), Error> {
    let mut query = db.prepare_cached(sql!("archive/set_manifest_lines"))?;
    query.execute(named_params! { ":lines": lines })?;
    Ok(())
}

/// Returns how much there is in a database, and whether it is an index of this program's, of
/// whatever version. For before anything else is asked of it.
///
/// # Errors
///
/// [`Error::Sqlite`]; [`Error::Broken`].
pub(super) fn objects(db: &Connection) -> Result<(u64, bool), Error> {
    let read = |row: &Row<'_>| Ok((row.get("objects")?, row.get("is_ours")?));
    Ok(db.query_row(sql!("archive/objects"), [], read)?)
}
