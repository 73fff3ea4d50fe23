//! What happens to the account, as the lines say that a test sends to `sandbox`.
//!
//! It reads the words and calls the world's own changes; what those are is said there.

use serde_json::Value;

use crate::sandbox::{Album, Content, Item, Photo, World};

/// Does to `world` what `line` says, a JSON array of words: what, to which id, and how.
/// Bytes are given as the path of a file that has them.
///
/// ```text
/// ["folder", ID, NAME, PARENT]           ["photo", ID, NAME, TIME, FILE]
/// ["file", ID, NAME, PARENT, FILE]       ["rename-photo", ID, NAME]
/// ["rename", ID, NAME]                   ["date-photo", ID, TIME]
/// ["swap", ID, OTHER]                    ["delete-photo", ID]
/// ["move", ID, PARENT]                   ["album", ID, TITLE, PHOTO...]
/// ["edit", ID, FILE]                     ["album-items", ID, PHOTO...]
/// ["trash", ID]  ["untrash", ID]         ["rename-album", ID, TITLE]
/// ["delete", ID]                         ["delete-album", ID]
///                                        ["pick", PHOTO...]
/// ```
///
/// # Errors
///
/// In words: the line is none of these, or the file cannot be read.
///
/// # Panics
///
/// As the world's changes do: where there is no item of that id, or one already.
pub fn edit(world: &mut World, line: &Value) -> Result<(), String> {
    let words: Option<Vec<&str>> =
        line.as_array().and_then(|words| words.iter().map(Value::as_str).collect());
    match words.as_deref().unwrap_or_default() {
        ["folder", id, name, parent] => world.add(Item::folder(id, name).parent(parent)),
        ["file", id, name, parent, file] => {
            world.add(Item::file(id, name, bytes(file)?).parent(parent));
        }
        ["rename", id, name] => world.rename(id, name),
        ["swap", id, other] => world.swap_names(id, other),
        ["move", id, parent] => world.move_to(id, parent),
        ["edit", id, file] => world.edit(id, bytes(file)?),
        ["trash", id] => world.trash(id),
        ["untrash", id] => world.untrash(id),
        ["delete", id] => world.delete(id),
        words => return edit_photos(world, words),
    }
    Ok(())
}

fn edit_photos(world: &mut World, words: &[&str]) -> Result<(), String> {
    match words {
        ["photo", id, name, time, file] => {
            world.add_photo(Photo::image(id, name, bytes(file)?).taken(time));
        }
        ["rename-photo", id, name] => world.rename_photo(id, name),
        ["date-photo", id, time] => world.date_photo(id, time),
        ["delete-photo", id] => world.delete_photo(id),
        ["album", id, title, photos @ ..] => world.add_album(Album::new(id, title, photos)),
        ["album-items", id, photos @ ..] => world.set_album_items(id, photos),
        ["rename-album", id, title] => world.rename_album(id, title),
        ["delete-album", id] => world.delete_album(id),
        ["pick", photos @ ..] => world.pick(photos),
        _ => return Err("it is no change of the account".to_owned()),
    }
    Ok(())
}

fn bytes(file: &str) -> Result<Content, String> {
    match std::fs::read(file) {
        Ok(bytes) => Ok(bytes.into()),
        Err(error) => Err(format!("{file}: {error}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_changes_the_account_or_says_why_not() {
        let mut world = World::new();
        let mut edit = |line: &str| edit(&mut world, &serde_json::from_str(line).unwrap());
        assert_eq!(edit(r#"["folder", "d", "Trip", "root"]"#), Ok(()));
        assert_eq!(edit(r#"["file", "f", "a.toml", "d", "Cargo.toml"]"#), Ok(()));
        assert_eq!(edit(r#"["rename", "f", "b.toml"]"#), Ok(()));
        assert_eq!(
            edit(r#"["photo", "p", "a.jpg", "2019-01-01T00:00:00Z", "Cargo.toml"]"#),
            Ok(())
        );
        assert_eq!(edit(r#"["album", "a", "Summer", "p"]"#), Ok(()));
        assert_eq!(edit(r#"["pick", "p"]"#), Ok(()));
        for line in [r#"["rename", "f"]"#, r#"["edit", 1, 2]"#, r#"{"rename": "f"}"#, "[]"] {
            assert_eq!(edit(line), Err("it is no change of the account".to_owned()));
        }
        assert!(edit(r#"["edit", "f", "no such file"]"#).unwrap_err().contains("no such file"));
    }
}
