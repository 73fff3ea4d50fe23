//! Drive v3: changes.getStartPageToken and changes.list.
//!
//! <https://developers.google.com/workspace/drive/api/reference/rest/v3/changes/list>.
//! Its tokens never expire, unlike those of files.list.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Extension, Router};
use serde_json::{Value, json};

use super::answer::{Answer, Refusal, json as json_answer};
use super::fault::Effect;
use super::fields::Mask;
use super::gate::Twist;
use super::item::Item;
use super::journal::{Entry, Subject};
use super::params::Params;
use super::view::{View, time};
use super::world::World;
use super::{Shared, lock, schema};

/// What is served when no fields are asked for.
const DEFAULT: &str = "kind,nextPageToken,newStartPageToken,changes(kind,changeType,time,removed,\
    fileId,driveId,file(kind,id,name,mimeType),drive(kind,id,name))";

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/drive/v3/changes/startPageToken", get(start))
        .route("/drive/v3/changes", get(list))
}

async fn start(State(shared): State<Arc<Shared>>, params: Params) -> Answer {
    let mask = params.mask(schema::START_TOKEN, "*")?;
    params.flag("supportsAllDrives")?;
    let next = lock(&shared.world).journal.next().to_string();
    let mut answer = json!({"kind": "drive#startPageToken", "startPageToken": next});
    mask.prune(&mut answer);
    Ok(json_answer(&answer))
}

/// Whether a changes.list leaves out what lies outside of My Drive.
#[derive(PartialEq, Eq)]
enum MyDrive {
    Only,
    Also,
}

/// Which entries a changes.list asks for.
#[expect(clippy::struct_excessive_bools, reason = "Google has a flag for each")]
struct Wanted {
    drive: Option<String>,
    with_drives: bool,
    /// Also those that are gone.
    gone: bool,
    /// Of what left this log and can still be seen, also what it is like.
    corpus_removals: bool,
    my_drive: MyDrive,
}

impl Wanted {
    fn read(params: &Params) -> Result<Self, Refusal> {
        let supports = params.flag("supportsAllDrives")?;
        let include = params.flag("includeItemsFromAllDrives")?;
        Ok(Self {
            drive: params.text("driveId").map(str::to_owned),
            with_drives: supports && include,
            gone: params.text("includeRemoved").is_none() || params.flag("includeRemoved")?,
            corpus_removals: params.flag("includeCorpusRemovals")?,
            my_drive: if params.flag("restrictToMyDrive")? { MyDrive::Only } else { MyDrive::Also },
        })
    }

    fn takes(&self, entry: &Entry, world: &World) -> bool {
        let in_log = match (&self.drive, &entry.drive) {
            (Some(wanted), drive) => drive.as_ref() == Some(wanted),
            (None, Some(_)) => self.with_drives,
            (None, None) => true,
        };
        let item = match &entry.subject {
            Subject::File(id) => world.get(id),
            Subject::Drive(_) => return in_log && self.with_drives,
        };
        let mine = |item: &Item| item.owned() && !item.parents.is_empty();
        let item = item.filter(|item| item.drive == entry.drive);
        in_log && item.map_or(self.gone, |item| self.my_drive == MyDrive::Also || mine(item))
    }
}

async fn list(
    State(shared): State<Arc<Shared>>,
    Extension(twist): Extension<Twist>,
    params: Params,
) -> Answer {
    let world = lock(&shared.world);
    let mask = params.mask(schema::CHANGE_LIST, DEFAULT)?;
    let count = params.number("pageSize", 1..=1000, 100)?;
    let wanted = Wanted::read(&params)?;
    let token = params.required("pageToken")?;
    let (from, empties) = read_token(token)
        .filter(|(from, _)| world.journal.knows(*from))
        .ok_or_else(|| Refusal::invalid("pageToken"))?;
    let entries = world.journal.from(from).filter(|(_, entry)| wanted.takes(entry, &world));
    let mut found: Vec<_> = entries.take(count + 1).collect();
    let mut answer = json!({"kind": "drive#changeList"});
    if twist.0 == Some(Effect::EmptyPage) {
        found.clear();
        answer["nextPageToken"] = format!("{from}-{}", empties + 1).into();
    } else if found.len() > count {
        found.truncate(count);
        answer["nextPageToken"] = found.last().map(|(last, _)| (last + 1).to_string()).into();
    } else {
        answer["newStartPageToken"] = world.journal.next().to_string().into();
    }
    let view = View { world: &world, root: &shared.root };
    let each = mask.get("changes");
    let file = each.and_then(|each| each.get("file"));
    let changes = found.iter().map(|(_, entry)| change(view, entry, file, wanted.corpus_removals));
    answer["changes"] = changes.collect::<Vec<_>>().into();
    mask.prune(&mut answer);
    Ok(json_answer(&answer))
}

/// A number, and after empty pages how many there were.
fn read_token(token: &str) -> Option<(u64, u64)> {
    let (from, empties) = token.split_once('-').unwrap_or((token, "0"));
    Some((from.parse().ok()?, empties.parse().ok()?))
}

/// An entry, with what the thing is like now. What was moved to another corpus, such as
/// a shared drive, is removed from this log; with `corpus_removals` it is described all
/// the same where it can still be seen.
fn change(view: View<'_>, entry: &Entry, file: Option<&Mask>, corpus_removals: bool) -> Value {
    let mut shown = json!({"kind": "drive#change", "time": time(entry.time)});
    match &entry.subject {
        Subject::File(id) => {
            let item = view.world.get(id);
            shown["changeType"] = "file".into();
            shown["type"] = "file".into();
            shown["fileId"] = id.as_str().into();
            let is_here = item.is_some_and(|item| item.drive == entry.drive);
            shown["removed"] = (!is_here).into();
            if let (Some(item), Some(mask)) = (item.filter(|_| is_here || corpus_removals), file) {
                shown["file"] = view.file(item, mask);
            }
        }
        Subject::Drive(id) => {
            let drive = view.world.drives.iter().find(|drive| drive.id == *id);
            shown["changeType"] = "drive".into();
            shown["driveId"] = id.as_str().into();
            shown["removed"] = drive.is_none().into();
            if let Some(drive) = drive {
                shown["drive"] = View::drive(drive);
            }
        }
    }
    shown
}
