//! What google-photos-takeout-helper makes of an export.

use super::Old;

/// 2019-05-12T10:11:12Z, which it gives a file that has no date in it.
const TAKEN: u64 = 1_557_655_872;

#[test]
fn its_albums_are_those_of_its_list_of_its_links_and_of_its_copies() {
    let old = Old::new();
    old.write("ALL_PHOTOS/a.jpg", "a").touch("ALL_PHOTOS/a.jpg", TAKEN + 2);
    old.write("ALL_PHOTOS/b.jpg", "b").touch("ALL_PHOTOS/b.jpg", TAKEN + 1);
    old.write("ALL_PHOTOS/c.jpg", "c").touch("ALL_PHOTOS/c.jpg", TAKEN);
    // The picture itself lies in one album, as some of its ways have it.
    old.write("Only here/d.jpg", "d").touch("Only here/d.jpg", TAKEN);
    old.link("Links/a.jpg", "../ALL_PHOTOS/a.jpg").link("Links/b.jpg", "../ALL_PHOTOS/b.jpg");
    old.write("Copies/c.jpg", "c");
    old.write("Shortcuts/b.jpg.lnk", "what Windows writes").write("Shortcuts/x.jpg.lnk", "none");
    old.write(
        "albums-info.json",
        r#"{"a.jpg": ["Listed"], "c.jpg": ["Listed", "Other"], "x.jpg": ["No"]}"#,
    );
    old.adopt(&[]).succeeds();
    assert_eq!(old.paths(), ["a", "b", "c", "d"].map(|name| format!("photos/2019/05/{name}.jpg")));
    let taken = old.person.sql("SELECT DISTINCT taken_from FROM v_files");
    assert_eq!(taken, [["file_time"]]);
    let rows = old.person.sql(
        "SELECT album_title, position, path FROM v_album_items ORDER BY album_title, position",
    );
    let rows: Vec<_> = rows.iter().map(|row| row.join(" ")).collect();
    assert_eq!(
        rows,
        [
            "Copies 1 photos/2019/05/c.jpg",
            "Links 1 photos/2019/05/b.jpg",
            "Links 2 photos/2019/05/a.jpg",
            "Listed 1 photos/2019/05/c.jpg",
            "Listed 2 photos/2019/05/a.jpg",
            "Only here 1 photos/2019/05/d.jpg",
            "Other 1 photos/2019/05/c.jpg",
            "Shortcuts 1 photos/2019/05/b.jpg",
        ]
    );
}

#[test]
fn a_time_that_was_lost_in_copying_is_not_believed() {
    let old = Old::new();
    old.write("Photos from 2018/a.jpg", "a").touch("Photos from 2018/a.jpg", TAKEN);
    old.write("Photos from 2019/b.jpg", "b").touch("Photos from 2019/b.jpg", TAKEN);
    // Written just now.
    old.write("ALL_PHOTOS/c.jpg", "c");
    old.adopt(&[]).succeeds();
    assert_eq!(
        old.paths(),
        ["photos/2018/01/a.jpg", "photos/2019/05/b.jpg", "photos/undated/c.jpg"]
    );
}

#[test]
fn a_list_of_albums_that_is_cut_is_told_and_read_as_far_as_it_goes() {
    let old = Old::new();
    old.write("ALL_PHOTOS/a.jpg", "a").write("ALL_PHOTOS/b.jpg", "b");
    old.write("albums-info.json", r#"{"a.jpg": ["Trip"], "b.jpg": ["Tr"#);
    old.adopt(&[]).ends_with(8).complains(&["albums-info.json", "list of albums"]);
    assert_eq!(old.person.sql("SELECT title, items FROM v_albums"), [["Trip", "1"]]);
}
