//! Drive v3: about.get.
//!
//! <https://developers.google.com/workspace/drive/api/reference/rest/v3/about/get>

use std::sync::Arc;

use axum::extract::State;
use serde_json::{Map, Value, json};

use super::answer::{Answer, json as json_answer};
use super::params::Params;
use super::view::{View, size};
use super::{Shared, lock, schema};

/// The account, its quota, and what can be exported. It wants to be told which of them.
pub(super) async fn about(State(shared): State<Arc<Shared>>, params: Params) -> Answer {
    params.required("fields")?;
    let mask = params.mask(schema::ABOUT, "*")?;
    let world = lock(&shared.world);
    let view = View { world: &world, root: &shared.root };
    let owned = || world.items_after(0).map(|(_, item)| item).filter(|item| item.owned());
    let used = || owned().filter_map(size).sum::<u64>();
    let in_trash = || owned().filter(|item| item.trashed).filter_map(size).sum::<u64>();
    let mut answer = Map::new();
    for (name, value) in [
        ("kind", (|| json!("drive#about")) as fn() -> Value),
        ("appInstalled", || json!(false)),
        ("canCreateDrives", || json!(false)),
        ("maxUploadSize", || json!("5497558138880")),
        ("folderColorPalette", || json!(["#ac725e", "#d06b64"])),
        ("importFormats", || json!({})),
        ("maxImportSizes", || json!({"application/vnd.google-apps.document": "10485760"})),
        ("driveThemes", || json!([])),
        ("exportFormats", export_formats),
    ] {
        if mask.get(name).is_some() {
            answer.insert(name.to_owned(), value());
        }
    }
    if mask.get("user").is_some() {
        answer.insert("user".to_owned(), view.me());
    }
    if mask.get("storageQuota").is_some() {
        let used = used().to_string();
        let quota = json!({"limit": "2199023255552", "usage": used, "usageInDrive": used,
            "usageInDriveTrash": in_trash().to_string()});
        answer.insert("storageQuota".to_owned(), quota);
    }
    let mut answer = Value::Object(answer);
    mask.prune(&mut answer);
    Ok(json_answer(&answer))
}

/// What Google's own documents can be exported as
/// (<https://developers.google.com/workspace/drive/api/guides/ref-export-formats>).
fn export_formats() -> Value {
    const OFFICE: &str = "application/vnd.openxmlformats-officedocument";
    const OPEN: &str = "application/vnd.oasis.opendocument";
    json!({
        "application/vnd.google-apps.document": [
            format!("{OFFICE}.wordprocessingml.document"), format!("{OPEN}.text"), "application/rtf",
            "application/pdf", "text/plain", "application/zip", "text/html", "application/epub+zip",
            "text/x-markdown", "text/markdown"],
        "application/vnd.google-apps.spreadsheet": [
            format!("{OFFICE}.spreadsheetml.sheet"), format!("{OPEN}.spreadsheet"),
            "application/x-vnd.oasis.opendocument.spreadsheet", "application/pdf", "application/zip",
            "text/csv", "text/tab-separated-values"],
        "application/vnd.google-apps.presentation": [
            format!("{OFFICE}.presentationml.presentation"), format!("{OPEN}.presentation"),
            "application/pdf", "text/plain"],
        "application/vnd.google-apps.drawing": [
            "application/pdf", "image/jpeg", "image/png", "image/svg+xml"],
        "application/vnd.google-apps.script": ["application/vnd.google-apps.script+json"],
        "application/vnd.google-apps.jam": ["application/pdf"],
        "application/vnd.google-apps.form": ["application/zip"],
        "application/vnd.google-apps.site": ["text/plain"],
    })
}
