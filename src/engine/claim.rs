//! Whose the numbered names in a folder are, when neither index nor manifest tells:
//! a file is whose bytes it has, a folder whose files are in it. Without proof nothing
//! is claimed, and the names are dealt as ever.

use std::collections::HashMap;

use super::run::Run;
use super::{Error, adopt, check, layout};
use crate::archive::{self, Sort};
use crate::index::file;
use crate::index::place::{self, Child};
use crate::model::{ArchivePath, Form, SourceId};
use crate::plan;

/// How many children of a folder are looked for on the disk.
const CHILDREN: usize = 64;

/// How many folders deep that is done.
const DEPTH: u32 = 3;

/// Has those of `children` keep the names that they prove theirs. Their files are
/// adopted, and `wishes` tell which name each was given.
pub(super) fn names(
    run: &mut Run,
    path: &ArchivePath,
    children: &mut [Child],
    wishes: &mut [plan::Child],
) -> Result<(), Error> {
    let is_open = |i: usize, wishes: &[plan::Child]| has_no_place(&children[i], &wishes[i]);
    let open: Vec<_> = (0..wishes.len()).filter(|&i| is_open(i, wishes)).collect();
    // Of Photos no checksums are known: `reclaim` sees to it.
    if !run.rebuilding.contains(&SourceId::Drive) || open.is_empty() {
        return Ok(());
    }
    let mut wanting: HashMap<String, Vec<usize>> = HashMap::new();
    for i in open {
        wanting.entry(wishes[i].wanted.clone()).or_default().push(i);
    }
    let mut names = match run.job.archive.names_in(path) {
        Err(archive::Error::Blocked { .. }) => return Ok(()),
        Err(error) if error.is_denied() => return Ok(()),
        names => names?,
    };
    names.sort_unstable();
    for name in names {
        let claimants = claimants(&name, &wanting, wishes);
        let at = path.join(&name).map_err(|_| layout::unusable(&name))?;
        if let Some(i) = whose(run, &at, children, &claimants)? {
            wishes[i].given = Some(plan::Given { wanted: wishes[i].wanted.clone(), name });
        }
    }
    Ok(())
}

/// Which of those who want a name may have been given `name`.
fn claimants(
    name: &str,
    wanting: &HashMap<String, Vec<usize>>,
    wishes: &[plan::Child],
) -> Vec<usize> {
    let mut wanted = vec![name.to_owned()];
    for is_folder in [false, true] {
        wanted.extend(plan::unnumbered(name, is_folder));
    }
    wanted.sort_unstable();
    wanted.dedup();
    let found = wanted.iter().filter_map(|wanted| wanting.get(wanted)).flatten().copied();
    let may = |&i: &usize| {
        let wish = &wishes[i];
        wish.given.is_none() && plan::is_dealt_for(name, &wish.wanted, wish.folder)
    };
    found.filter(may).collect()
}

/// Whether it is open which name a child has: it has none, and no file.
fn has_no_place(child: &Child, wish: &plan::Child) -> bool {
    let is_wanting = child.form == Form::Folder || child.due && child.file.is_none();
    is_wanting && wish.given.is_none()
}

/// Which of `claimants` proves that what is at `at` is its own. A file is adopted so.
fn whose(
    run: &mut Run,
    at: &ArchivePath,
    children: &mut [Child],
    claimants: &[usize],
) -> Result<Option<usize>, Error> {
    if claimants.is_empty() {
        return Ok(None);
    }
    let Some(seen) = check::look(&run.job.archive, at)? else { return Ok(None) };
    for &i in claimants {
        let child = &mut children[i];
        let proved = match (seen.sort, child.form == Form::Folder) {
            (Sort::Folder, true) => is_folder_of(run, at, child, DEPTH)?,
            (Sort::File, false) => {
                !file::exists_at(&run.job.db, at)? && adopt::adopt(run, child, at, &seen)?
            }
            _ => false,
        };
        if proved {
            return Ok(Some(i));
        }
    }
    Ok(None)
}

/// Says whether the folder at `at` holds a file that belongs in the folder `owner`.
fn is_folder_of(run: &Run, at: &ArchivePath, owner: &Child, depth: u32) -> Result<bool, Error> {
    for child in place::children(&run.job.db, owner.item)?.iter().take(CHILDREN) {
        let wanted = layout::wish(child, run.job.options.names).wanted;
        let at = at.join(&wanted).map_err(|_| layout::unusable(&wanted))?;
        let proved = match check::look(&run.job.archive, &at)? {
            Some(seen) if seen.sort == Sort::File => {
                adopt::recognise(run, child, &at, &seen)?.is_some()
            }
            Some(seen) if seen.sort == Sort::Folder && child.form == Form::Folder && depth > 0 => {
                is_folder_of(run, &at, child, depth - 1)?
            }
            _ => false,
        };
        if proved {
            return Ok(true);
        }
    }
    Ok(false)
}
