//! Whether others can read a file that holds a secret, or could have written it.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

/// Says in a sentence what is wrong with the owner or the mode of the file at `path`, and
/// what to do; `None` if nothing is, or if there is no such file.
///
/// What lies in a folder that others cannot enter is not open to them.
#[must_use]
pub fn exposure(path: &Path) -> Option<String> {
    let meta = path.metadata().ok()?;
    let folder = path.canonicalize().ok().and_then(|path| path.parent()?.metadata().ok());
    let folder = folder.map_or(0o777, |folder| folder.mode());
    let shown = path.display();
    let owner = meta.uid();
    if owner != 0 && owner != rustix::process::geteuid().as_raw() {
        return Some(format!(
            "{shown} belongs to another user (number {owner}), who can read and change it: make a \
             copy of your own"
        ));
    }
    let open = |who: u32| meta.mode() & (0o6 << who) != 0 && folder & (0o1 << who) != 0;
    let mode = meta.mode() & 0o777;
    (open(0) || open(3))
        .then(|| format!("{shown} is open to other users (mode {mode:o}): run `chmod 600 {shown}`"))
}

#[cfg(test)]
mod tests {
    use std::fs::{Permissions, set_permissions};
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;
    use crate::google::testing::put;

    #[test]
    fn a_file_is_exposed_if_others_can_read_or_write_it_where_it_lies() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("key.json");
        put(&path, "hush");
        let set = |path: &Path, mode| set_permissions(path, Permissions::from_mode(mode)).unwrap();
        //   folder, file, exposed
        for (around, mode, expected) in [
            (0o755, 0o600, false),
            (0o755, 0o644, true),
            (0o755, 0o640, true),
            (0o755, 0o602, true),
            (0o700, 0o666, false),
            (0o710, 0o604, false),
            (0o710, 0o640, true),
        ] {
            set(folder.path(), around);
            set(&path, mode);
            let told = exposure(&path);
            assert_eq!(told.is_some(), expected, "{around:o} {mode:o} {told:?}");
            assert!(told.is_none_or(|told| told.contains(&format!("mode {mode:o}"))));
        }
        assert_eq!(exposure(&folder.path().join("missing")), None);
    }
}
