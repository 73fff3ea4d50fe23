//! What a batch says of each of the ids that it was asked for. Asks nothing.

use super::wire::{self, MediaItem};
use crate::google;
use crate::source::Error;

/// What a batch says of one id.
pub(super) enum Answer {
    Here(Box<MediaItem>),
    Absent,
    Refused(google::Error),
}

/// Reads what the batch from `url` says of each of `ids`. What is said of an absent item
/// names none: it goes by its place, so all that do say whose they are must be at theirs.
///
/// # Errors
///
/// [`google::Error::Unreadable`] if one is at another's: its bytes would be saved as
/// another's, or another be taken for gone.
pub(super) fn answers(
    url: &str,
    ids: &[String],
    results: Vec<wire::BatchResult>,
) -> Result<Vec<Answer>, Error> {
    let named = results.iter().map(|result| result.media_item.as_ref().map(|item| &item.id));
    let is_astray = |(id, named): (&String, Option<&String>)| named.is_some_and(|it| it != id);
    if results.len() != ids.len() || ids.iter().zip(named).any(is_astray) {
        let cause = format!("it is not about the {} items that were asked for", ids.len());
        return Err(google::Error::Unreadable { url: url.to_owned(), cause }.into());
    }
    Ok(results.into_iter().map(|result| answer(url, result)).collect())
}

/// Reads what the batch from `url` says of one id.
fn answer(url: &str, result: wire::BatchResult) -> Answer {
    // The numbers are those of google.rpc.Code.
    let status = match (result.media_item, result.status.code) {
        (Some(item), 0) => return Answer::Here(Box::new(item)),
        (_, 5) => return Answer::Absent,
        (_, 3) => 400,
        (_, 7) => 403,
        (_, 8) => 429,
        (_, 14) => 503,
        _ => 500,
    };
    let wire::Status { code, message } = result.status;
    let reason = format!("code {code}");
    Answer::Refused(google::Error::Refused {
        url: url.to_owned(),
        status,
        reason,
        message: google::one_line(&message),
        wait: None,
    })
}
