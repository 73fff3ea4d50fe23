//! Downloads: staged, gone on with, placed, replaced.

use super::*;

#[test]
fn a_finished_download_lands_with_its_time_and_its_bytes() {
    let here = Here::new();
    for (seconds, nanos) in [(1_700_000_000, 123_456_789), (-86_401, 999_999_999), (0, 0)] {
        let path = path(&format!("drive/a b/{seconds}.jpg"));
        let time = Utc.timestamp_opt(seconds, nanos).unwrap();
        let ready =
            here.archive.stage_bytes(&PartialName::of(path.as_str()), b"abc", Some(time)).unwrap();
        assert_eq!(ready.size_bytes(), 3);
        let placed = one(here.archive.place(&[placing(ready, &path)])).unwrap();
        let mtime_ns = seconds * 1_000_000_000 + i64::from(nanos);
        assert_eq!(placed, Placed { path: path.clone(), size_bytes: 3, mtime_ns, trashed: None });
        let seen = Seen { sort: Sort::File, size_bytes: 3, mtime_ns };
        assert_eq!(here.archive.look(&path).unwrap(), Some(seen));
        assert_eq!(here.read(path.as_str()), "abc");
    }
    assert!(here.names(".gphotos-sync/partial").is_empty());
}

#[test]
fn a_large_batch_lands_whole_and_tells_of_each_by_itself() {
    let here = Here::new();
    here.write("drive/3", "foreign");
    let batch: Vec<_> = (0..20)
        .map(|i| placing(here.ready(&format!("new {i}")), &path(&format!("drive/{i}"))))
        .collect();
    let placed = here.archive.place(&batch);
    for (i, placed) in placed.iter().enumerate() {
        match placed {
            Ok(placed) => assert_eq!(here.read(placed.path.as_str()), format!("new {i}")),
            Err(error) => assert!(matches!(error, Error::Occupied(at) if at.as_str() == "drive/3")),
        }
    }
    assert_eq!(placed.iter().filter(|placed| placed.is_err()).count(), 1);
    assert_eq!(here.read("drive/3"), "foreign");
    assert_eq!(here.archive.stage(&PartialName::of("new 3")).unwrap().len(), 5);
}

#[test]
fn an_occupied_path_is_never_overwritten() {
    for here in Here::each() {
        here.write("drive/a", "foreign");
        here.write("drive/b", "mine");
        fs::create_dir(here.dir.path().join("drive/folder")).unwrap();
        symlink("nowhere", here.dir.path().join("drive/link")).unwrap();
        for taken in ["drive/a", "drive/folder", "drive/link"] {
            let taken = path(taken);
            let ready = here.ready("new");
            let placed = one(here.archive.place(&[placing(ready.clone(), &taken)]));
            assert!(matches!(placed, Err(Error::Occupied(at)) if at == taken));
            let moved = here.archive.rename(&path("drive/b"), &taken);
            assert!(matches!(moved, Err(Error::Occupied(at)) if at == taken));
        }
        let replaced = here.place("new", "drive/folder", Some(DAY));
        assert!(matches!(replaced, Err(Error::Occupied(_))));
        assert_eq!([here.read("drive/a"), here.read("drive/b")], ["foreign", "mine"]);
    }
}

#[test]
fn a_replaced_file_keeps_its_older_bytes_in_the_trash() {
    for here in Here::each() {
        here.write("drive/a.jpg", "one");
        for (round, bytes) in ["two", "three"].into_iter().enumerate() {
            let trashed = here.place(bytes, "drive/a.jpg", Some(DAY)).unwrap().trashed.unwrap();
            let name = ["a.jpg", "a (1).jpg"][round];
            assert_eq!(trashed.as_str(), format!(".gphotos-sync/trash/{DAY}/drive/{name}"));
            assert_eq!(here.read(trashed.as_str()), ["one", "two"][round]);
            assert_eq!(here.read("drive/a.jpg"), bytes);
        }
        let placed = here.place("new", "drive/b.jpg", Some(DAY)).unwrap();
        assert_eq!(placed.trashed, None);
    }
}

#[test]
fn a_replacement_cut_by_a_crash_is_done_again_without_a_second_copy() {
    let here = Here::new();
    here.write("drive/a", "one");
    let kept = format!(".gphotos-sync/trash/{DAY}/drive/a");
    fs::create_dir_all(here.dir.path().join(&kept).parent().unwrap()).unwrap();
    fs::hard_link(here.dir.path().join("drive/a"), here.dir.path().join(&kept)).unwrap();
    let placing =
        Placing { replaces: Some(path(&kept)), ..placing(here.ready("two"), &path("drive/a")) };
    let trashed = one(here.archive.place(&[placing])).unwrap().trashed;
    assert_eq!(trashed, Some(path(&kept)));
    assert_eq!([here.read(&kept), here.read("drive/a")], ["one", "two"]);
}

#[test]
fn bytes_that_have_their_place_do_not_change_under_their_second_name() {
    let here = Here::new();
    let ready = here.ready("bytes");
    let partial = here.dir.path().join(ready.name.path().unwrap().as_str());
    fs::create_dir(here.dir.path().join("drive")).unwrap();
    fs::hard_link(&partial, here.dir.path().join("drive/a")).unwrap();
    let mut staged = here.archive.stage(&PartialName::of("bytes")).unwrap();
    assert_eq!(staged.len(), 0);
    staged.write(b"other").unwrap();
    assert_eq!(here.read("drive/a"), "bytes");
}

#[test]
fn a_cut_download_goes_on_where_it_stopped() {
    let here = Here::new();
    let name = PartialName::of("drive:ID:7");
    here.archive.stage(&name).unwrap().write(b"first ").unwrap();
    let mut staged = here.archive.stage(&name).unwrap();
    assert_eq!(staged.len(), 6);
    staged.preallocate(1 << 20).unwrap();
    assert_eq!(here.archive.stage(&name).unwrap().len(), 6);
    let mut text = String::new();
    staged.reader().unwrap().read_to_string(&mut text).unwrap();
    assert_eq!(text, "first ");
    staged.write(b"second").unwrap();
    staged.reader().unwrap().read_to_string(&mut text).unwrap();
    assert_eq!(text, "first first second");
    let ready = staged.finish(None).unwrap();
    let placed = one(here.archive.place(&[placing(ready, &path("a"))])).unwrap();
    assert_eq!((placed.size_bytes, here.read("a").as_str()), (12, "first second"));
    let blocks = fs::metadata(here.dir.path().join("a")).unwrap().blocks();
    assert!(blocks < 1024, "{blocks} blocks are still reserved");
}

#[test]
fn unfinished_downloads_are_forgotten_unless_they_are_wanted() {
    let here = Here::new();
    let wanted = here.ready("wanted").name;
    here.ready("unwanted");
    assert_eq!(here.archive.forget_partials(|name| *name == wanted).unwrap(), 1);
    assert_eq!(here.names(".gphotos-sync/partial"), [wanted.path().unwrap().name()]);
    assert_ne!(PartialName::of("drive:aB"), PartialName::of("drive:Ab"));
}

#[test]
fn bytes_and_the_older_ones_second_name_are_durable_before_the_newer_have_their_name() {
    let lesser = Lesser::default();
    let asked = Arc::clone(&lesser.asked);
    let here = Here::with(Box::new(lesser));
    here.place("new", "drive/a", None).unwrap();
    let folders = ["sync Folder"; 2];
    assert_eq!(take(&asked), [&["sync File", "rename to free a"][..], &folders].concat());
    here.place("newer", "drive/a", Some(DAY)).unwrap();
    let in_trash = ["sync Folder"; 5];
    let kept = [&["link", "sync File"][..], &in_trash].concat();
    assert_eq!(take(&asked), [&kept[..], &["rename to a"], &folders].concat());
    let batch: Vec<_> = "bcdef"
        .chars()
        .map(|c| placing(here.ready(&c.to_string()), &path(&c.to_string())))
        .collect();
    here.archive.place(&batch).into_iter().for_each(|placed| drop(placed.unwrap()));
    let renames = "bcdef".chars().map(|c| format!("rename to free {c}"));
    let all = || std::iter::once("sync all".to_owned());
    assert_eq!(take(&asked), all().chain(renames).chain(all()).collect::<Vec<_>>());
}

#[test]
fn a_full_disk_is_told_and_what_it_could_reserve_is_given_back() {
    let here = Here::with(Box::new(Lesser { lacks: &[Lack::Room], ..Lesser::default() }));
    let mut staged = here.archive.stage(&PartialName::of("x")).unwrap();
    staged.write(b"bytes").unwrap();
    let error = staged.preallocate(1 << 20).unwrap_err();
    assert!(error.is_full() && !error.is_read_only());
    let partial = here.at(PartialName::of("x").path().unwrap().as_str());
    assert!(fs::metadata(partial).unwrap().blocks() < 512);
    assert_eq!(staged.len(), 5);
}

fn take(asked: &Mutex<Vec<String>>) -> Vec<String> {
    std::mem::take(&mut asked.lock().unwrap())
}
