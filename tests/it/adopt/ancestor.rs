//! The tree of gphotos-sync 1.x to 3.x, with its index.

use rusqlite::Connection;

use super::{DATED, Old};

/// What 3.x made of its index, as far as anything is to be read there.
const THREE: &str = "
    CREATE TABLE Albums (RemoteId TEXT PRIMARY KEY, AlbumName TEXT, Size INT, Description TEXT, StartDate INT,
        EndDate INT, SyncDate INT, Downloaded INT DEFAULT 0, IsSharedAlbum BOOL);
    CREATE TABLE SyncFiles (Id INTEGER PRIMARY KEY, RemoteId TEXT UNIQUE, Uid TEXT, Url TEXT, Path TEXT, FileName TEXT,
        OrigFileName TEXT, DuplicateNo INT, MimeType TEXT, Description TEXT, FileSize INT, ModifyDate INT,
        CreateDate INT, SyncDate INT, Downloaded INT DEFAULT 0, Location TEXT);
    CREATE TABLE AlbumFiles (Id INTEGER PRIMARY KEY, AlbumRec TEXT, DriveRec INT, Position INT);
    CREATE TABLE Globals (Id INTEGER, Version TEXT, Albums INTEGER, Files INTEGER, LastIndex INT);
    INSERT INTO Globals VALUES (1, 5.7, 0, 0, 0);
";

/// The same of 1.x.
const ONE: &str = "
    CREATE TABLE Albums (AlbumId TEXT PRIMARY KEY, AlbumName TEXT, StartDate TEXT NOT NULL, EndDate TEXT NOT NULL,
        SyncDate TEXT NOT NULL);
    CREATE TABLE SyncFiles (Id INTEGER PRIMARY KEY, RemoteId TEXT, Url TEXT, Path TEXT, FileName TEXT,
        OrigFileName TEXT, DuplicateNo INT, Checksum TEXT, Description TEXT, FileSize INT, ModifyDate INT,
        CreateDate INT, SyncDate INT, MediaType INT DEFAULT 0, SymLink INT DEFAULT 0);
    CREATE TABLE AlbumFiles (Id INTEGER PRIMARY KEY, AlbumRec INT, DriveRec INT);
    CREATE TABLE Globals (Id INTEGER, Version TEXT, Albums INTEGER, Files INTEGER, LastIndexDrive TEXT,
        LastIndexPicasa TEXT);
    INSERT INTO Globals VALUES (1, 2.3, 0, 0, NULL, NULL);
";

/// A tree of 3.x: two pictures of one name in a month, and an album with both.
fn three(path: &str) -> Old {
    let old = Old::at(path);
    old.write("photos/2019/05/IMG.jpg", "first").write("photos/2019/05/IMG (2).jpg", "second");
    old.write("photos/2021/01/camera.jpg", DATED);
    old.link("albums/2019/0512 Trip/0001_IMG (2).jpg", "../../../photos/2019/05/IMG (2).jpg");
    old.link("albums/2019/0512 Trip/0002_IMG.jpg", "../../../photos/2019/05/IMG.jpg");
    let db = Connection::open(old.from.join("gphotos.sqlite")).unwrap();
    db.execute_batch(THREE).unwrap();
    db.execute_batch(
        "INSERT INTO SyncFiles (Id, RemoteId, Path, FileName, OrigFileName, DuplicateNo, Description, CreateDate)
         VALUES (1, 'a', 'photos/2019/05', 'IMG.jpg', 'IMG.jpg', 0, 'by the lake', '2019-05-12 10:11:12'),
                (2, 'b', 'photos/2019/05', 'IMG (2).jpg', 'IMG.jpg', 1, '', 1557655999),
                (3, 'c', 'photos/2021/01', 'camera.jpg', 'camera.jpg', 0, NULL, '2021-01-02 03:04:05'),
                (4, 'd', 'photos/2021/01', 'never came.jpg', 'never came.jpg', 0, NULL, NULL);
         INSERT INTO Albums (RemoteId, AlbumName) VALUES ('trip', 'Trip'), ('none', 'Nothing');
         INSERT INTO AlbumFiles (AlbumRec, DriveRec, Position) VALUES ('trip', 2, 1), ('trip', 1, 2), ('trip', 4, 3);",
    )
    .unwrap();
    old
}

/// What the index of the archive knows of them.
fn known(old: &Old) -> Vec<Vec<String>> {
    old.person
        .sql("SELECT path, name, item.description, taken_from FROM v_files AS item ORDER BY path")
}

#[test]
fn a_tree_of_3_x_comes_with_its_names_its_dates_its_descriptions_and_its_albums() {
    let old = three("old");
    let before = old.left();
    old.adopt(&[]).succeeds();
    assert_eq!(
        known(&old),
        [
            // Its own bytes say another day: Google's word goes first.
            ["photos/2019/05/IMG (1).jpg", "IMG.jpg", "", "google"],
            ["photos/2019/05/IMG.jpg", "IMG.jpg", "by the lake", "google"],
            ["photos/2021/01/camera.jpg", "camera.jpg", "", "exif_offset"],
        ]
    );
    assert!(old.is_one_file("photos/2019/05/IMG (1).jpg", "photos/2019/05/IMG (2).jpg"));
    assert_eq!(
        old.person.links(),
        [
            ("albums/2019/0512 Trip/0001_IMG (1).jpg", "../../../photos/2019/05/IMG (1).jpg"),
            ("albums/2019/0512 Trip/0002_IMG.jpg", "../../../photos/2019/05/IMG.jpg"),
        ]
    );
    assert_eq!(old.left(), before, "nothing was written there, nor taken away");
    old.person.run(&["verify", "archive"]).succeeds();
}

#[test]
fn a_tree_of_3_x_may_be_the_archive_itself() {
    let old = three("archive");
    let before = [old.person.files(), old.person.links()].concat();
    old.adopt(&[]).succeeds();
    let paths: Vec<_> = known(&old).into_iter().map(|row| row[0].clone()).collect();
    assert_eq!(
        paths,
        ["photos/2019/05/IMG (2).jpg", "photos/2019/05/IMG.jpg", "photos/2021/01/camera.jpg"]
    );
    // Nothing was renamed, and its links are the archive's own.
    let (files, links) = (old.person.files(), old.person.links());
    assert_eq!(before, [&files[..], &links[..]].concat());
    assert_eq!(old.person.sql("SELECT added, moved FROM v_runs"), [["0", "0"]]);
    old.person.run(&["verify", "archive"]).succeeds();
    // Again: it is the archive's own by now, and its albums are no news.
    old.adopt(&[]).succeeds();
    assert_eq!((old.person.files(), old.person.links()), (files, links));
    assert_eq!(old.person.sql("SELECT count(*) FROM v_albums"), [["1"]]);
}

#[test]
fn albums_that_only_links_tell_of_are_not_taken_for_new_ones_when_they_are_the_archive_s() {
    let old = three("archive");
    old.write("gphotos.sqlite", "no database");
    old.adopt(&[]).ends_with(8);
    let (files, links) = (old.person.files(), old.person.links());
    assert_eq!(old.person.sql("SELECT title, items FROM v_albums"), [["Trip", "2"]]);
    old.adopt(&[]).ends_with(8);
    assert_eq!((old.person.files(), old.person.links()), (files, links));
    assert_eq!(old.person.sql("SELECT title, items FROM v_albums"), [["Trip", "2"]]);
}

#[test]
fn a_tree_of_1_x_numbers_from_one_and_tells_its_albums_by_links() {
    let old = Old::new();
    old.write("drive/Google Photos/IMG.jpg", "first");
    old.write("drive/Google Photos/IMG (1).jpg", "second");
    old.link("albums/2016/0703 Summer/b.jpg", "../../../drive/Google Photos/IMG.jpg");
    old.link("albums/2016/0703 Summer/a.jpg", "../../../drive/Google Photos/IMG (1).jpg");
    let db = Connection::open(old.from.join("gphotos.sqlite")).unwrap();
    db.execute_batch(ONE).unwrap();
    // It knew the numbers apart from the names, and the tree was elsewhere then.
    db.execute_batch(
        "INSERT INTO SyncFiles (Id, RemoteId, Path, FileName, OrigFileName, DuplicateNo, CreateDate)
         VALUES (1, 'a', '/mnt/nas/gphotos/drive/Google Photos', 'IMG.jpg', 'IMG.jpg', 0, '2016-07-01 00:00:00'),
                (2, 'b', '/mnt/nas/gphotos/drive/Google Photos', 'other.jpg', 'IMG.jpg', 1, '2016-07-03 00:00:00');
         INSERT INTO Albums VALUES ('summer', 'Summer', '2016-07-01', '2016-07-03', '2016-08-01');",
    )
    .unwrap();
    old.adopt(&[]).succeeds();
    assert_eq!(
        known(&old),
        [
            ["photos/2016/07/IMG (1).jpg", "IMG.jpg", "", "google"],
            ["photos/2016/07/IMG.jpg", "IMG.jpg", "", "google"],
        ]
    );
    assert_eq!(
        old.person.sql("SELECT album_path, position, path FROM v_album_items ORDER BY position"),
        [
            ["albums/2016/0703 Summer", "1", "photos/2016/07/IMG (1).jpg"],
            ["albums/2016/0703 Summer", "2", "photos/2016/07/IMG.jpg"],
        ]
    );
}

#[test]
fn an_index_that_is_damaged_is_told_and_the_files_come_all_the_same() {
    let old = three("old");
    old.write("gphotos.sqlite", "this is no database at all, but it is where one should be");
    old.adopt(&[]).ends_with(8).complains(&["gphotos.sqlite", "dates are taken from the files"]);
    assert_eq!(
        old.paths(),
        ["photos/2019/05/IMG (2).jpg", "photos/2019/05/IMG.jpg", "photos/2019/07/camera.jpg"]
    );
    // The links tell of the album still.
    assert_eq!(old.person.sql("SELECT title, items FROM v_albums"), [["Trip", "2"]]);
}
