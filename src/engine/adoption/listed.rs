//! The file in which google-photos-takeout-helper lists albums: an object of the names of files,
//! each with its albums. It is read piece by piece; what it names that is not there is passed over.

use std::fmt;
use std::io::{BufReader, Read as _};

use serde::de::{Deserializer as _, MapAccess, Visitor};
use serde_json::Value;

use super::albums::Titled;
use super::tree::{HELPERS_ALBUMS, HELPERS_FOLDER, Tree};
use super::{troubles, walk};
use crate::engine::Error;
use crate::engine::run::Run;
use crate::index::adopted;
use crate::model::ArchivePath;

/// How long such a file may be: a million names with their albums.
const BYTES_MAX: u64 = 256 << 20;

/// Reads the albums that the file tells of, if there is one.
pub(super) fn albums(run: &mut Run, tree: &Tree) -> Result<Titled, Error> {
    let Ok(path) = ArchivePath::parse(HELPERS_ALBUMS) else { return Ok(Titled::new()) };
    let file = match tree.disk.open_file(&path) {
        Err(error) if error.is_missing() => return Ok(Titled::new()),
        Err(error) => {
            troubles::tell(run, tree, HELPERS_ALBUMS, &walk::in_words(&error))?;
            return Ok(Titled::new());
        }
        Ok(file) => BufReader::new(file.take(BYTES_MAX)),
    };
    let mut listing = Listing { run, tree, found: Titled::new(), failed: None };
    let read = serde_json::Deserializer::from_reader(file).deserialize_map(&mut listing);
    let Listing { found, failed, .. } = listing;
    match (read, failed) {
        (_, Some(error)) => Err(error),
        (Err(error), None) => {
            let reason = format!("it is not the list of albums that it should be: {error}");
            troubles::tell(run, tree, HELPERS_ALBUMS, &reason)?;
            Ok(found)
        }
        (Ok(()), None) => Ok(found),
    }
}

/// What is made of the file as it is read.
struct Listing<'a> {
    run: &'a Run,
    tree: &'a Tree,
    found: Titled,
    failed: Option<Error>,
}

impl<'de> Visitor<'de> for &mut Listing<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of names and lists of names")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        while let Some((key, value)) = map.next_entry::<String, Value>()? {
            let names: Vec<_> = match &value {
                Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
                Value::String(name) => vec![name.as_str()],
                _ => Vec::new(),
            };
            if let Err(error) = self.take(&key, &names) {
                self.failed = Some(error);
                return Err(serde::de::Error::custom("stopped"));
            }
        }
        Ok(())
    }
}

impl Listing<'_> {
    /// Takes a file with its albums, or an album with its files.
    fn take(&mut self, key: &str, names: &[&str]) -> Result<(), Error> {
        self.run.may_go_on()?;
        if let Some(item) = self.item(key)? {
            for title in names {
                self.found.entry((*title).to_owned()).or_default().push(item);
            }
            return Ok(());
        }
        for name in names {
            if let Some(item) = self.item(name)? {
                self.found.entry(key.to_owned()).or_default().push(item);
            }
        }
        Ok(())
    }

    fn item(&self, name: &str) -> Result<Option<i64>, Error> {
        for path in [name.to_owned(), format!("{HELPERS_FOLDER}/{name}")] {
            let Ok(path) = ArchivePath::parse(&path) else { continue };
            let found = adopted::item_at(&self.run.job.db, &self.tree.root, &path)?;
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }
}
