//! What a batch says of each of the ids that it was asked for. Asks nothing.

use super::wire::{self, MediaItem};
use crate::google;

/// What a batch says of one id.
pub(super) enum Answer {
    Here(Box<MediaItem>),
    Absent,
    Refused(google::Error),
}

/// Reads what the batch from `url` says of one id.
pub(super) fn answer(url: &str, result: wire::BatchResult) -> Answer {
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
