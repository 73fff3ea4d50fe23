//! Works out what belongs to what in an export: which sidecar tells of which picture, which
//! folders are albums. What matches is decided in `plan`; here one folder after another is
//! read, across all parts of the export.

use std::collections::BTreeSet;

use super::albums::{self, Folder};
use super::item::{self, Piece, Recorded};
use super::reading::name_of;
use super::troubles;
use crate::engine::run::Run;
use crate::engine::{Error, Phase, manifest};
use crate::index::entry::{self, InFolder};
use crate::index::export::{self, Stale};
use crate::index::sidecar;
use crate::model::{AlbumSidecar, MatchRule, Media, Sidecar, SidecarKind, kind_of};
use crate::plan::{self, Beside, MediaFile};
use crate::source::takeout::read_sidecar;

/// Does it for all exports of which more was read since.
pub(super) fn all(run: &mut Run) -> Result<(), Error> {
    while let Some(stale) = export::stale(&run.job.db)? {
        run.phase(Phase::Planning);
        run.learnt = true;
        let products = products(run, &stale)?;
        each_folder(run, &stale, |run, folder| matched(run, &stale, folder, &products))?;
        each_folder(run, &stale, |run, folder| unmatched(run, &stale, folder, &products))?;
        each_folder(run, &stale, |run, folder| album(run, &stale, folder))?;
        run.in_transaction(|db| Ok(export::settle(db, stale.row)?))?;
    }
    Ok(())
}

fn each_folder(
    run: &mut Run,
    export: &Stale,
    mut work: impl FnMut(&mut Run, &str) -> Result<(), Error>,
) -> Result<(), Error> {
    let mut at = entry::folder_after(&run.job.db, export.row, None)?;
    while let Some(folder) = at {
        run.may_go_on()?;
        run.gathered(|run| work(run, &folder))?;
        at = entry::folder_after(&run.job.db, export.row, Some(&folder))?;
    }
    Ok(())
}

/// What an export has of Google Photos: the folders above those in which sidecars lie; where
/// none lies anywhere, above those of years. Other products have pictures as well, which are not
/// Photos'. What has neither is all Photos': a person pointed at a folder of pictures.
fn products(run: &mut Run, export: &Stale) -> Result<BTreeSet<String>, Error> {
    let mut found = BTreeSet::new();
    each_folder(run, export, |run, folder| {
        if !found.contains(above(folder)) {
            let entries = entry::in_folder(&run.job.db, export.row, folder)?;
            if !sidecars(run, &entries)?.media.is_empty() {
                found.insert(above(folder).to_owned());
            }
        }
        Ok(())
    })?;
    if found.is_empty() {
        let now = run.now();
        each_folder(run, export, |_, folder| {
            if plan::year_folder(name_of(folder), now).is_some() {
                found.insert(above(folder).to_owned());
            }
            Ok(())
        })?;
    }
    Ok(found)
}

/// The folder in which the folders of years and albums lie: `Takeout/Google Photos`, in
/// whatever language; nothing where an export was unpacked and only what is in that is there.
fn above(folder: &str) -> &str {
    folder.rsplit_once('/').map_or("", |(above, _)| above)
}

fn is_of(products: &BTreeSet<String>, folder: &str) -> bool {
    let holds = |product: &String| {
        let below = folder.strip_prefix(product.as_str());
        product.is_empty() || below.is_some_and(|it| it.is_empty() || it.starts_with('/'))
    };
    products.is_empty() || products.iter().any(holds)
}

/// The JSON files of a folder, taken apart.
#[derive(Default)]
struct Sidecars<'a> {
    media: Vec<(&'a InFolder, i64, Sidecar)>,
    album: Option<AlbumSidecar>,
    /// What tells of nothing.
    bare: Vec<&'a InFolder>,
    /// What cannot be read, and why.
    broken: Vec<(&'a InFolder, String)>,
}

fn sidecars<'a>(run: &Run, entries: &'a [InFolder]) -> Result<Sidecars<'a>, Error> {
    let mut found = Sidecars::default();
    for entry in entries {
        let Some(row) = entry.sidecar else { continue };
        match read_sidecar(&sidecar::get(&run.job.db, row)?) {
            Ok(SidecarKind::Media(sidecar)) => found.media.push((entry, row, *sidecar)),
            Ok(SidecarKind::Album(album)) if found.album.is_none() => found.album = Some(album),
            Ok(SidecarKind::Album(_)) => {}
            Ok(SidecarKind::Other) => found.bare.push(entry),
            Err(error) => found.broken.push((entry, error.to_string())),
        }
    }
    Ok(found)
}

fn is_json(name: &str) -> bool {
    name.len() >= 5 && name.as_bytes()[name.len() - 5..].eq_ignore_ascii_case(b".json")
}

/// Records the pictures and films of a folder that have sidecars there.
fn matched(
    run: &mut Run,
    export: &Stale,
    folder: &str,
    products: &BTreeSet<String>,
) -> Result<(), Error> {
    if !is_of(products, folder) {
        return Ok(());
    }
    let entries = entry::in_folder(&run.job.db, export.row, folder)?;
    let Sidecars { media: sidecars, bare, broken, .. } = sidecars(run, &entries)?;
    let besides: Vec<_> = (0..)
        .zip(&sidecars)
        .map(|(row, (entry, _, sidecar))| Beside {
            row,
            name: &entry.name,
            title: &sidecar.title,
            url: sidecar.url.as_deref().unwrap_or_default(),
        })
        .collect();
    let media: Vec<_> = (0..)
        .zip(&entries)
        .filter(|(_, entry)| !is_json(&entry.name))
        .map(|(row, entry)| MediaFile { row, name: &entry.name })
        .collect();
    let place = |row: i64| usize::try_from(row).unwrap_or_default();
    let matched = plan::match_folder(&besides, &media);
    let have: BTreeSet<i64> = matched.iter().map(|found| found.media).collect();
    let left: Vec<_> = media.iter().filter(|it| !have.contains(&it.row)).copied().collect();
    tell_silent(run, (&bare, broken), &left)?;
    for found in matched {
        let (_, row, sidecar) = &sidecars[place(found.sidecar)];
        record(
            run,
            export,
            &Piece {
                entry: &entries[place(found.media)],
                folder,
                title: &found.title,
                sidecar: Some((*row, sidecar)),
                rule: found.rule,
            },
        )?;
    }
    Ok(())
}

/// Tells of JSON files that should tell of a picture and do not. Others that tell of none are
/// about something else; which are not is seen by their names alone.
fn tell_silent(
    run: &mut Run,
    (bare, broken): (&[&InFolder], Vec<(&InFolder, String)>),
    left: &[MediaFile<'_>],
) -> Result<(), Error> {
    let unsaid =
        (0..).zip(bare).map(|(row, entry)| Beside { row, name: &entry.name, title: "", url: "" });
    let unsaid: Vec<_> = unsaid.collect();
    let of_media: BTreeSet<_> =
        plan::match_folder(&unsaid, left).iter().map(|it| it.sidecar).collect();
    let of_media = (0..).zip(bare).filter(|(row, _)| of_media.contains(row));
    for (_, entry) in of_media {
        troubles::in_entry(run, entry, "it tells nothing of the picture that it is named after")?;
    }
    broken.into_iter().try_for_each(|(entry, why)| troubles::in_entry(run, entry, &why))
}

/// Records the pictures and films of a folder that have no sidecar there: one that lies in
/// another folder with the same bytes may have one.
fn unmatched(
    run: &mut Run,
    export: &Stale,
    folder: &str,
    products: &BTreeSet<String>,
) -> Result<(), Error> {
    if !is_of(products, folder) {
        return Ok(());
    }
    for entry in entry::in_folder(&run.job.db, export.row, folder)? {
        let is_media = kind_of("", &entry.name) != Media::Other;
        if entry.item.is_some() || !is_media {
            continue;
        }
        match entry::like(&run.job.db, export.row, &entry)? {
            Some(item) => entry::set_item(&run.job.db, entry.row, item)?,
            None => record(
                run,
                export,
                &Piece {
                    entry: &entry,
                    folder,
                    title: &entry.name,
                    sidecar: None,
                    rule: MatchRule::TakeoutNone,
                },
            )?,
        }
    }
    Ok(())
}

fn record(run: &mut Run, export: &Stale, piece: &Piece<'_>) -> Result<(), Error> {
    let when = run.moment();
    let recorded = run.in_transaction(|db| item::record(db, (export, when), piece))?;
    if let Some(Recorded { row, forgotten: Some(key) }) = recorded {
        manifest::forget(run, key);
        manifest::note(run, row)?;
    }
    Ok(())
}

/// Records what is in an album, if a folder is one.
fn album(run: &mut Run, export: &Stale, folder: &str) -> Result<(), Error> {
    let entries = entry::in_folder(&run.job.db, export.row, folder)?;
    let sidecars = sidecars(run, &entries)?;
    let Some(album) = sidecars.album else { return Ok(()) };
    let elsewhere = sidecars.media.into_iter().map(|(_, _, sidecar)| sidecar).collect();
    let folder = Folder { at: (export.row, folder), entries: &entries, elsewhere };
    run.in_transaction(|db| albums::record(db, &album, &folder))
}
