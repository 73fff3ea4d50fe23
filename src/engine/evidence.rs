//! Asks for what a complete listing did not have, by its id: only the source's word for
//! that very item says that it is gone.
//!
//! Nothing is removed here. What answers is alive, and then the listing was at fault,
//! unless the item is where that listing does not look.

use std::sync::Arc;

use futures_util::future::join_all;
use rusqlite::Connection;

use super::run::Run;
use super::sources::Sources;
use super::{Error, Event, manifest};
use crate::index::{crawl, file, item, place};
use crate::model::{Item, RemoteId, SourceId};
use crate::plan::{self, Answer, News};
use crate::source::{self, Presence, Source};

/// How many questions are on their way at a time.
const AT_ONCE: usize = 8;

/// An item that is asked for: its row and its id.
type Asked = (i64, RemoteId);

/// Asks every source that was read for what its last complete listing did not have.
pub(super) async fn all(run: &mut Run) -> Result<(), Error> {
    let sources: Vec<_> = Sources::of_job(&run.job).all().collect();
    for (id, source) in sources {
        let gathered = gather(run, id, source).await;
        run.unless_failed(id, gathered)?;
    }
    Ok(())
}

/// Asks `source` for what its last complete listing did not have. In a run that removes
/// only as long as that is not more than may be removed: then it is the account or the
/// sign-in that a person has to look at.
async fn gather(run: &mut Run, id: SourceId, source: Arc<dyn Source>) -> Result<(), Error> {
    let may_remove = run.job.options.removal.is_some();
    if may_remove && id == SourceId::Photos {
        // No feed tells that something came back, and what is new is all that most runs read.
        run.in_transaction(|db| Ok(item::doubt_gone(db, id)?))?;
    }
    let (missing, most) = (item::count_missing(&run.job.db, id)?, limit(run)?);
    if may_remove && missing > most {
        run.tell(Event::Note(&format!(
            "the listing of {id} no longer has {missing} items that the archive holds, and \
             only {most} may be missing at once: none of them is taken for gone"
        )));
        return Ok(());
    }
    let mut after = 0;
    loop {
        let at_once = source.asks_at_once().max(1);
        let most = u32::try_from(at_once * AT_ONCE).unwrap_or(u32::MAX);
        let batch = item::missing(&run.job.db, id, may_remove, (after, most))?;
        let Some((last, _)) = batch.last() else { return Ok(()) };
        after = *last;
        if !ask(run, id, source.as_ref(), &batch).await? {
            return Ok(());
        }
    }
}

/// How many files may go in one run.
pub(super) fn limit(run: &Run) -> Result<u64, Error> {
    let max = run.job.options.removal.map(|removal| removal.max).unwrap_or_default();
    Ok(max.of(file::count(&run.job.db)?))
}

/// Asks for a batch and records the answers; `false` if there were not answers to all.
async fn ask(
    run: &mut Run,
    id: SourceId,
    source: &dyn Source,
    batch: &[Asked],
) -> Result<bool, Error> {
    let at_once = source.asks_at_once().max(1);
    let questions = batch.chunks(at_once).map(|asked| async move {
        let ids: Vec<_> = asked.iter().map(|(_, id)| id.clone()).collect();
        (asked, source.ask(&ids).await)
    });
    let answers = run.unless_stopped(join_all(questions)).await?;
    let mut is_whole = true;
    for (asked, answer) in answers {
        match answer {
            Ok(presences) => record(run, id, asked, presences)?,
            Err(source::Error::Google(error)) if error.is_sign_in() => return Err(error.into()),
            Err(error) => {
                is_whole = false;
                run.doubted.insert(id);
                run.tell(Event::Note(&format!(
                    "{id} could not be asked what became of items that its listing no longer \
                     has, so none of them is taken for gone: {error}"
                )));
            }
        }
    }
    Ok(is_whole)
}

fn record(
    run: &mut Run,
    id: SourceId,
    asked: &[Asked],
    presences: Vec<Presence>,
) -> Result<(), Error> {
    let (alive, gone) = run.in_transaction(|db| {
        let number = crawl::get(db, id)?.map_or(0, |at| at.number);
        let (mut alive, mut gone) = (0_u64, Vec::new());
        for ((row, _), presence) in asked.iter().zip(presences) {
            let known = item::get(db, *row)?;
            place::mark_stale(db, known.folder)?;
            match presence {
                Presence::Present(item) => {
                    item::put(db, &item, number, Some(*row))?;
                    alive += u64::from(is_listed(&item));
                }
                Presence::Absent => {
                    item::set_standing(db, *row, plan::after(known.standing(), Answer::Absent))?;
                    gone.push(*row);
                }
            }
        }
        if alive > 0 {
            list_again(db, id)?;
        }
        Ok((alive, gone))
    })?;
    run.learnt = true;
    // From now on nobody else can tell what is known of them.
    gone.into_iter().try_for_each(|row| manifest::note(run, row))?;
    if alive > 0 {
        run.doubted.insert(id);
        run.tell(Event::Note(&format!(
            "the listing of {id} left out {alive} items that are there: it is taken for \
             incomplete, nothing of it is removed, and the next run lists everything again"
        )));
    }
    Ok(())
}

/// Says whether a listing of everything should have had the item. What others own is
/// there for whoever knows its id, also where they took it out of their sight; what was
/// moved to a shared drive is not listed any more.
const fn is_listed(item: &Item) -> bool {
    item.owned && !item.marks.in_shared_drive
}

/// Has the next run list everything: what the listing left out of what is not held,
/// nobody can ask for.
fn list_again(db: &Connection, id: SourceId) -> Result<(), Error> {
    let Some(mut at) = crawl::get(db, id)? else { return Ok(()) };
    at.incomplete = plan::listing_after(at.listing(), News::Contradicted).is_doubtful();
    Ok(crawl::put(db, id, &at)?)
}

#[cfg(test)]
mod tests {
    use rusqlite::named_params;

    use super::*;
    use crate::index;
    use crate::index::item::Known;
    use crate::model::Standing;
    use crate::plan::{Fate, Hold};

    /// The number of the listing that has just ended.
    const NOW: i64 = 7;

    /// An item as the index may have it.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    #[expect(clippy::struct_excessive_bools, reason = "each is a mark of its own")]
    struct Row {
        gone: bool,
        trashed: bool,
        missing: bool,
        owned: bool,
        kept: bool,
        held: bool,
        seen: bool,
    }

    impl Row {
        fn all() -> impl Iterator<Item = Self> {
            (0..128_u8).map(|bits| {
                let bit = |number: u8| bits & (1 << number) != 0;
                Self {
                    gone: bit(0),
                    trashed: bit(1),
                    missing: bit(2),
                    owned: bit(3),
                    kept: bit(4),
                    held: bit(5),
                    seen: bit(6),
                }
            })
        }

        fn standing(self) -> Standing {
            Standing::of([self.gone, self.trashed, self.missing])
        }

        fn fate(self) -> Fate {
            plan::fate(self.standing(), Hold { owned: self.owned, kept: self.kept })
        }
    }

    /// An index with a row for each, in a file of its own where it is held.
    fn index_of_all() -> (Connection, Vec<(i64, Row)>) {
        let db = index::in_memory();
        let rows: Vec<_> = (1..).zip(Row::all()).collect();
        for (id, row) in &rows {
            insert(&db, *id, *row);
            if row.held {
                hold(&db, *id, *id, row.kept);
            }
        }
        (db, rows)
    }

    fn insert(db: &Connection, id: i64, row: Row) {
        let sql = "INSERT INTO item (id, source, remote_id, kind, title, mime_type, owned, trashed,
                 favourite, withheld, computer, shared_drive, gone, missing, seen, folder)
             VALUES (:id, 'drive', 'i' || :id, 'file', 'a', 'x', :owned, :trashed,
                 0, 0, 0, 0, :gone, :missing, :seen, -1)";
        let Row { gone, trashed, missing, owned, seen, .. } = row;
        let seen = if seen { NOW } else { NOW - 1 };
        let row = named_params! {
            ":id": id, ":owned": owned, ":trashed": trashed,
            ":gone": gone, ":missing": missing, ":seen": seen,
        };
        db.execute(sql, row).unwrap();
    }

    fn hold(db: &Connection, id: i64, file: i64, kept: bool) {
        let sql = "INSERT OR IGNORE INTO file
                 (id, path, size_bytes, mtime_ns, md5, sha256, crc32, saved_at)
             VALUES (?1, 'drive/' || ?1, 1, 0, x'00', zeroblob(32), 0, 0)";
        db.execute(sql, [file]).unwrap();
        let sql = "INSERT INTO holding (item, file, revision, fidelity, match_rule, kept)
             VALUES (?1, ?2, 'r', 'original', 'id', ?3)";
        db.execute(sql, (id, file, kept)).unwrap();
    }

    fn known(db: &Connection, id: i64) -> Known {
        item::get(db, id).unwrap()
    }

    #[test]
    fn a_whole_listing_marks_just_what_the_machine_says() {
        let (db, rows) = index_of_all();
        item::mark_missing(&db, SourceId::Drive, NOW).unwrap();
        for (id, row) in rows {
            let answer = if row.held && !row.seen { Answer::Unlisted } else { Answer::Unheard };
            let then = plan::after(row.standing(), answer);
            assert_eq!(known(&db, id).standing(), then, "{row:?}");
        }
    }

    #[test]
    fn what_is_put_in_question_is_as_if_a_whole_listing_had_left_it_out_again() {
        let (db, rows) = index_of_all();
        item::doubt_gone(&db, SourceId::Drive).unwrap();
        for (id, row) in rows {
            let could_go = row.held && row.fate() == Fate::Goes && row.gone;
            let answer = if could_go { Answer::Unlisted } else { Answer::Unheard };
            let then = plan::after(row.standing(), answer);
            assert_eq!(known(&db, id).standing(), then, "{row:?}");
        }
    }

    #[test]
    fn a_whole_listing_forgets_nothing_that_is_held() {
        let (db, rows) = index_of_all();
        item::remove_unseen(&db, SourceId::Drive, NOW).unwrap();
        for (id, row) in rows {
            let is_known = item::try_get(&db, id).unwrap().is_some();
            assert_eq!(is_known, row.held || row.seen, "{row:?}");
        }
    }

    #[test]
    fn a_description_puts_an_item_where_the_machine_says() {
        for trashed in [false, true] {
            let (db, rows) = index_of_all();
            for (id, row) in rows {
                let mut item = known(&db, id).item;
                item.marks.trashed = trashed;
                item::put(&db, &item, NOW, Some(id)).unwrap();
                let then = plan::after(row.standing(), Answer::Here { trashed });
                assert_eq!(known(&db, id).standing(), then, "{row:?}");
            }
        }
    }

    #[test]
    fn an_item_that_is_only_seen_is_where_the_machine_says() {
        let (db, rows) = index_of_all();
        // One that is gone is described anew.
        for (id, row) in rows.into_iter().filter(|(_, row)| !row.gone) {
            item::see(&db, id, NOW).unwrap();
            let then = plan::after(row.standing(), Answer::Here { trashed: row.trashed });
            assert_eq!(known(&db, id).standing(), then, "{row:?}");
        }
    }

    #[test]
    fn what_is_derived_from_an_item_is_there_as_that_is() {
        let answers: [fn(Row) -> Answer; 2] =
            [|row| Answer::Here { trashed: row.trashed }, |_| Answer::Unheard];
        for (answer, seen) in answers.into_iter().zip([true, false]) {
            let (db, rows) = index_of_all();
            insert(&db, 500, Row { seen, ..Row::all().next().unwrap() });
            db.execute("UPDATE item SET parent = 'i500' WHERE id < 500", []).unwrap();
            item::see_derived(&db, SourceId::Drive, NOW).unwrap();
            for (id, row) in rows {
                let then = plan::after(row.standing(), answer(row));
                assert_eq!(known(&db, id).standing(), then, "{row:?}");
            }
        }
    }

    #[test]
    fn every_standing_is_kept_as_it_was_recorded() {
        let answers = [Answer::Removed, Answer::Unlisted, Answer::Absent, Answer::Refused];
        for answer in answers {
            let (db, rows) = index_of_all();
            for (id, row) in rows {
                let then = plan::after(row.standing(), answer);
                item::set_standing(&db, id, then).unwrap();
                assert_eq!(known(&db, id).standing(), then, "{row:?} {answer:?}");
            }
        }
    }

    #[test]
    fn asked_for_is_what_is_missing_and_what_is_in_doubt_only_where_it_could_go() {
        let (db, rows) = index_of_all();
        for may_remove in [false, true] {
            let asked = item::missing(&db, SourceId::Drive, may_remove, (0, 999)).unwrap();
            let asked: Vec<_> = asked.into_iter().map(|(id, _)| id).collect();
            let may_go = |row: &Row| row.held && row.owned && !row.kept;
            let expected = rows.iter().filter(|(_, row)| match row.standing() {
                Standing::Missing => true,
                Standing::Doubted => may_remove && may_go(row),
                Standing::Listed | Standing::Trashed | Standing::Gone => false,
            });
            assert_eq!(asked, expected.map(|(id, _)| *id).collect::<Vec<_>>());
        }
        let is_at_stake = |row: &Row| row.missing && row.held && row.owned && !row.kept;
        let at_stake = rows.iter().filter(|(_, row)| is_at_stake(row)).count();
        assert_eq!(item::count_missing(&db, SourceId::Drive).unwrap(), at_stake as u64);
    }

    #[test]
    fn just_those_files_are_removable_of_which_the_machine_says_so() {
        let (db, rows) = index_of_all();
        let found = file::removable(&db, SourceId::Drive, 0, 999).unwrap();
        let found: Vec<_> = found.into_iter().map(|it| it.item).collect();
        let goes = |row: &Row| row.held && row.fate() == Fate::Goes;
        let expected: Vec<_> =
            rows.iter().filter(|(_, row)| goes(row)).map(|(id, _)| *id).collect();
        assert_eq!(found, expected);
        assert!(file::removable(&db, SourceId::Photos, 0, 999).unwrap().is_empty());
        let count = |also| file::count_removable(&db, &[SourceId::Drive], also).unwrap();
        assert_eq!(count(false), expected.len() as u64);
        assert_eq!(count(true), count(false) + item::count_missing(&db, SourceId::Drive).unwrap());
    }

    #[test]
    fn a_file_that_several_hold_counts_once_and_only_if_all_of_them_go() {
        let held = || Row::all().filter(|row| row.held && !row.seen);
        for (a, b) in held().flat_map(|a| held().map(move |b| (a, b))) {
            let db = index::in_memory();
            insert(&db, 1, a);
            insert(&db, 2, b);
            hold(&db, 1, 1, a.kept);
            hold(&db, 2, 1, b.kept);
            db.execute("UPDATE item SET source = 'photos' WHERE id = 2", []).unwrap();
            let count = |of: &[SourceId], also| file::count_removable(&db, of, also).unwrap();
            let both = [SourceId::Drive, SourceId::Photos];
            let goes = |row: Row| row.fate() == Fate::Goes;
            let may_go = |row: Row| goes(row) || row.missing && row.owned && !row.kept;
            assert_eq!(count(&both, false), u64::from(goes(a) && goes(b)), "{a:?} {b:?}");
            assert_eq!(count(&both, true), u64::from(may_go(a) && may_go(b)), "{a:?} {b:?}");
            assert_eq!(count(&both[..1], true), 0, "of the other nothing is removed");
        }
    }

    #[test]
    fn what_a_listing_leaves_out_by_its_nature_does_not_contradict_it() {
        let (db, rows) = index_of_all();
        let owned = rows.iter().find(|(_, row)| row.owned).unwrap().0;
        let mut item = known(&db, owned).item;
        assert!(is_listed(&item));
        item.marks.in_shared_drive = true;
        assert!(!is_listed(&item));
        item.marks.in_shared_drive = false;
        item.owned = false;
        assert!(!is_listed(&item));
    }
}
