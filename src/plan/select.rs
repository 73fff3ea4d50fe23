//! Whether an item is saved, in which form, and if not, why not.
//!
//! Only files and documents are asked about here. Folders are made for what is
//! in them, and a shortcut goes with its target.

use chrono::{DateTime, Utc};

use super::{AlbumPick, DriveFolder, ExportFormat, Filter, Trail, is_takeout_part};
use crate::model::{Form, Item, Kind, Media, kind_of};

/// What a person wants to have of Drive.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub struct Selection {
    /// Every file, not only photos and videos.
    pub all_files: bool,
    /// No videos.
    pub skip_video: bool,
    /// Also what others own and share with the account.
    pub shared: bool,
    /// Also the parts of Takeout exports.
    pub takeout_archives: bool,
    /// The formats for documents, the preferred first. Empty: pointers only.
    pub export: Vec<ExportFormat>,
    /// Only what is below this folder.
    pub folder: Option<DriveFolder>,
    /// Of what that is, only this.
    pub filter: Filter,
}

impl Selection {
    /// Says whether it depends on the folders that an item is in, not only on the item.
    #[must_use]
    pub fn goes_by_folder(&self) -> bool {
        self.folder.is_some() || !self.filter.exclude.is_empty()
    }
}

/// What a person wants to have of Photos.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PhotosSelection {
    /// No videos.
    pub skip_video: bool,
    /// Only what is in these albums.
    pub albums: Option<AlbumPick>,
    /// Also what is in the trash of Photos, where its source hands that over.
    pub trashed: bool,
    /// Of what that is, only this.
    pub filter: Filter,
}

/// What becomes of an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selected {
    /// It is saved.
    Yes(Form),
    /// It is not.
    No(Why),
    /// It is a folder or a shortcut, which follow other items.
    Follows,
}

/// Why an item is not saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Why {
    /// It is in Google's trash.
    Trashed,
    /// It is in a shared drive, which this version does not back up.
    SharedDrive,
    /// Somebody else owns it.
    NotOwned,
    /// It is a part of a Takeout export.
    TakeoutPart,
    /// It is a document that Google keeps in a form of its own.
    Document,
    /// It is a video.
    Video,
    /// It is neither a photo nor a video.
    NotMedia,
    /// It is in another folder than the one that is wanted.
    OtherFolder,
    /// It is in none of the albums that are wanted.
    NotInAlbum,
    /// A pattern leaves it out.
    Excluded,
    /// It is of another time than the one that is wanted.
    OtherDate,
    /// It is no favourite.
    NotFavourite,
}

impl Why {
    /// All of them: where several apply, the first is told.
    pub const ALL: [Self; 12] = [
        Self::Trashed,
        Self::SharedDrive,
        Self::NotOwned,
        Self::TakeoutPart,
        Self::Document,
        Self::Video,
        Self::NotMedia,
        Self::OtherFolder,
        Self::NotInAlbum,
        Self::Excluded,
        Self::OtherDate,
        Self::NotFavourite,
    ];

    /// The word for it in the index.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Trashed => "trashed",
            Self::SharedDrive => "shared_drive",
            Self::NotOwned => "not_owned",
            Self::TakeoutPart => "takeout_part",
            Self::Document => "document",
            Self::Video => "video",
            Self::NotMedia => "not_media",
            Self::OtherFolder => "other_folder",
            Self::NotInAlbum => "not_in_album",
            Self::Excluded => "excluded",
            Self::OtherDate => "other_date",
            Self::NotFavourite => "not_favourite",
        }
    }

    /// Reads the word [`Self::as_str`] gives.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|why| why.as_str() == text)
    }
}

/// Says whether `item` of Drive, to which `trail` leads, is saved under `options`, and
/// in which form.
#[must_use]
pub fn select(item: &Item, trail: &Trail, options: &Selection) -> Selected {
    let form = match item.kind {
        Kind::Folder | Kind::Shortcut { .. } => return Selected::Follows,
        Kind::Native => form_of_native(&item.mime_type, &options.export),
        Kind::File => Form::Bytes,
    };
    let taken = item.shot.taken.map(|(at, _)| at);
    let at = taken.or(item.modified_at);
    let obstacle = obstacle(item, options)
        .or_else(|| {
            let elsewhere = options.folder.as_ref().is_some_and(|folder| !folder.holds(trail));
            elsewhere.then_some(Why::OtherFolder)
        })
        .or_else(|| filtered(item, trail, at, &options.filter));
    obstacle.map_or(Selected::Yes(form), Selected::No)
}

/// Says whether `item` of a source whose items hang in photos/ is saved under `options`; `in_album` says whether it is
/// in one of the albums that are wanted.
#[must_use]
pub fn select_photo(item: &Item, in_album: bool, options: &PhotosSelection) -> Selected {
    let is_video = kind_of(&item.mime_type, &item.title) == Media::Video;
    let obstacle = if item.marks.trashed && !options.trashed {
        Some(Why::Trashed)
    } else if options.albums.is_some() && !in_album {
        Some(Why::NotInAlbum)
    } else if options.skip_video && is_video {
        Some(Why::Video)
    } else {
        let taken = item.shot.taken.map(|(at, _)| at);
        filtered(item, &Trail::default(), taken.or(item.created_at), &options.filter)
    };
    obstacle.map_or(Selected::Yes(Form::Bytes), Selected::No)
}

/// What `filter` has against an item of the time `at`.
fn filtered(item: &Item, trail: &Trail, at: Option<DateTime<Utc>>, filter: &Filter) -> Option<Why> {
    if !filter.exclude.is_empty() && filter.exclude.holds(&trail.path(&item.title)) {
        Some(Why::Excluded)
    } else if !filter.dates.hold(at) {
        Some(Why::OtherDate)
    } else if filter.favourites_only && !item.marks.favourite {
        Some(Why::NotFavourite)
    } else {
        None
    }
}

/// The first format of the person's list that Google exports the type in.
fn form_of_native(mime_type: &str, formats: &[ExportFormat]) -> Form {
    let format = formats.iter().find(|format| format.fits(mime_type));
    format.map_or(Form::Pointer, |format| Form::Export {
        mime_type: format.mime_type.to_owned(),
        extension: format.extension.to_owned(),
    })
}

fn obstacle(item: &Item, options: &Selection) -> Option<Why> {
    if item.marks.trashed {
        Some(Why::Trashed)
    } else if item.marks.in_shared_drive {
        Some(Why::SharedDrive)
    } else if !item.owned && !options.shared {
        Some(Why::NotOwned)
    } else if item.kind == Kind::Native {
        (!options.all_files).then_some(Why::Document)
    } else if is_takeout_part(&item.title) {
        (!options.takeout_archives).then_some(Why::TakeoutPart)
    } else {
        match kind_of(&item.mime_type, &item.title) {
            Media::Picture => None,
            Media::Video => options.skip_video.then_some(Why::Video),
            Media::Other => (!options.all_files).then_some(Why::NotMedia),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ItemKey, Marks, RemoteId, Shot, SourceId, TakenFrom};
    use crate::plan::{Dates, Exclude};

    #[test]
    fn photos_and_videos_are_saved_and_the_rest_only_when_asked_for() {
        check("image/jpeg a.jpg", "", "bytes");
        check("image/jpeg a.jpg", "skip_video", "bytes");
        check("video/mp4 a.mp4", "", "bytes");
        check("video/mp4 a.mp4", "skip_video", "video");
        check("video/mp4 a.mp4", "skip_video all_files", "video");
        check("application/pdf a.pdf", "", "not_media");
        check("application/pdf a.pdf", "all_files", "bytes");
        // Where Google does not say what it is, the extension does.
        check("application/octet-stream a.heic", "", "bytes");
        check("application/octet-stream a.mov", "skip_video", "video");
        check("application/octet-stream a.bin", "", "not_media");
    }

    #[test]
    fn what_others_own_is_saved_only_when_asked_for() {
        check("image/jpeg a.jpg !owned", "", "not_owned");
        check("image/jpeg a.jpg !owned", "all_files", "not_owned");
        check("image/jpeg a.jpg !owned", "shared", "bytes");
        check("application/pdf a.pdf !owned", "shared", "not_media");
    }

    #[test]
    fn what_is_in_the_trash_or_in_a_shared_drive_is_never_saved() {
        check("image/jpeg a.jpg trashed", "all_files shared", "trashed");
        check("image/jpeg a.jpg !owned in_shared_drive", "all_files shared", "shared_drive");
    }

    #[test]
    fn takeout_parts_are_saved_only_when_asked_for_by_name() {
        let part = "application/zip takeout-20240131T120000Z-001.zip";
        check(part, "", "takeout_part");
        check(part, "all_files", "takeout_part");
        check(part, "takeout_archives", "bytes");
    }

    #[test]
    fn documents_are_exported_in_the_first_format_that_fits() {
        let doc = "application/vnd.google-apps.document Report";
        let sheet = "application/vnd.google-apps.spreadsheet Sums";
        let form = "application/vnd.google-apps.form Survey";
        check(doc, "", "document");
        check(doc, "pdf", "document");
        check(doc, "all_files docx", "docx");
        check(doc, "all_files xlsx pdf docx", "pdf");
        check(sheet, "all_files docx csv", "csv");
        check(sheet, "all_files docx", "pointer");
        check(doc, "all_files", "pointer");
        check(form, "all_files pdf docx", "pointer");
    }

    /// Rows are what an item is (its day, `*` a favourite, `@` in the folder or album that
    /// is wanted), and why it is not saved.
    #[test]
    fn what_is_narrowed_down_is_told_by_the_first_reason() {
        let filter = Filter {
            dates: Dates::parse(Some("2024"), None).unwrap(),
            exclude: Exclude::parse(vec!["Trips/*.gif".to_owned(), "b.*".to_owned()]).unwrap(),
            favourites_only: true,
        };
        let drive = Selection {
            folder: DriveFolder::parse("Trips"),
            filter: filter.clone(),
            ..Selection::default()
        };
        let photos = PhotosSelection {
            skip_video: true,
            albums: Some(AlbumPick::Title("Trips".to_owned())),
            trashed: false,
            filter,
        };
        for (what, in_drive, in_photos) in [
            ("image/jpeg a.jpg 2024 * @", "bytes", "bytes"),
            ("image/jpeg a.jpg 2024 @", "not_favourite", "not_favourite"),
            ("image/jpeg a.jpg 2023 @", "other_date", "other_date"),
            ("image/jpeg b.jpg 2023 @", "excluded", "excluded"),
            ("image/gif a.gif 2024 * @", "excluded", "bytes"),
            ("image/jpeg b.jpg 2023", "other_folder", "not_in_album"),
            ("image/jpeg a.jpg 2024 *", "other_folder", "not_in_album"),
            ("video/mp4 a.mp4 2024 * @", "bytes", "video"),
            ("application/pdf a.pdf 2024 *", "not_media", "not_in_album"),
        ] {
            let mut item = item(what);
            item.marks.favourite = what.contains('*');
            let year = what.split_whitespace().nth(2).unwrap();
            let at = format!("{year}-06-01T00:00:00Z").parse().unwrap();
            (item.modified_at, item.created_at) = (Some(at), Some(at));
            let is_inside = what.ends_with('@');
            let trail = Trail {
                in_my_drive: true,
                folders: is_inside.then(|| "Trips".to_owned()).into_iter().collect(),
            };
            assert_eq!(shown(select(&item, &trail, &drive)), in_drive, "{what}");
            assert_eq!(shown(select_photo(&item, is_inside, &photos)), in_photos, "{what}");
        }
    }

    #[test]
    fn the_time_that_counts_is_the_one_of_the_taking() {
        let time = |text: &str| -> DateTime<Utc> { text.parse().unwrap() };
        let filter =
            Filter { dates: Dates::parse(Some("2024"), None).unwrap(), ..Filter::default() };
        let drive = Selection { filter: filter.clone(), ..Selection::default() };
        let photos = PhotosSelection { filter, ..PhotosSelection::default() };
        let mut item = item("image/jpeg a.jpg");
        item.created_at = Some(time("2024-01-01T00:00:00Z"));
        item.modified_at = Some(time("2023-12-31T23:59:59Z"));
        assert_eq!(shown(select(&item, &Trail::default(), &drive)), "other_date");
        assert_eq!(shown(select_photo(&item, false, &photos)), "bytes");
        item.shot.taken = Some((time("2024-01-01T00:00:00Z"), TakenFrom::DriveUtc));
        assert_eq!(shown(select(&item, &Trail::default(), &drive)), "bytes");
    }

    #[test]
    fn folders_and_shortcuts_follow_others() {
        let mut item = item("application/vnd.google-apps.folder Trip");
        item.kind = Kind::Folder;
        assert_eq!(select(&item, &Trail::default(), &Selection::default()), Selected::Follows);
        item.kind = Kind::Shortcut { target: RemoteId("x".into()) };
        assert_eq!(select(&item, &Trail::default(), &Selection::default()), Selected::Follows);
    }

    #[test]
    fn reasons_read_what_they_print() {
        for why in Why::ALL {
            assert_eq!(Why::parse(why.as_str()), Some(why));
        }
    }

    #[track_caller]
    fn check(item_text: &str, options_text: &str, expected: &str) {
        let options = options_text.split_whitespace().collect::<Vec<_>>();
        let options = Selection {
            all_files: options.contains(&"all_files"),
            skip_video: options.contains(&"skip_video"),
            shared: options.contains(&"shared"),
            takeout_archives: options.contains(&"takeout_archives"),
            export: options.into_iter().filter_map(ExportFormat::parse).collect(),
            ..Selection::default()
        };
        let selected = select(&item(item_text), &Trail::default(), &options);
        assert_eq!(shown(selected), expected, "{item_text} with {options_text:?}");
    }

    fn shown(selected: Selected) -> String {
        match selected {
            Selected::Yes(Form::Export { extension, .. }) => extension,
            Selected::Yes(form) => form.as_str().to_owned(),
            Selected::No(why) => why.as_str().to_owned(),
            Selected::Follows => "follows".to_owned(),
        }
    }

    /// An item of a MIME type and a title, with marks after them.
    fn item(text: &str) -> Item {
        let mut words = text.split_whitespace();
        let mime_type = words.next().unwrap().to_owned();
        let title = words.next().unwrap().to_owned();
        let marks: Vec<_> = words.collect();
        Item {
            key: ItemKey { source: SourceId::Drive, id: RemoteId("1".into()) },
            kind: if mime_type.starts_with("application/vnd.google-apps.") {
                Kind::Native
            } else {
                Kind::File
            },
            title,
            mime_type,
            parents: Vec::new(),
            size_bytes: None,
            md5: None,
            sha256: None,
            revision: None,
            created_at: None,
            modified_at: None,
            owned: !marks.contains(&"!owned"),
            marks: Marks {
                trashed: marks.contains(&"trashed"),
                in_shared_drive: marks.contains(&"in_shared_drive"),
                ..Marks::default()
            },
            shot: Shot::default(),
            description: None,
        }
    }
}
