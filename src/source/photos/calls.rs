//! The requests for pages of Photos, and what a refused one means. Reads no answer.

use serde::de::DeserializeOwned;

use super::pass::{Part, Pass};
use super::wire::{self, Filters, LIST_FIELDS, Search};
use super::{PAGE_SIZE, Photos};
use crate::google::Call;
use crate::model::{Order, Question, Span};
use crate::source::Error;

impl Photos {
    /// A page of a listing of everything: newest first, if nothing else is asked for. Only
    /// a search by date takes an order.
    pub(super) fn listing(&self, question: &Question) -> Call {
        let Question { span, order, page } = question;
        if *span == Span::default() && *order != Order::OldestFirst {
            let call = self.get("/mediaItems").with("pageSize", PAGE_SIZE.to_string());
            let call = call.with("fields", LIST_FIELDS);
            return match page {
                Some(token) => call.with("pageToken", token),
                None => call,
            };
        }
        self.search(&Search {
            filters: Some(Filters::within(*span)),
            order_by: match order {
                Order::Any => None,
                Order::OldestFirst => Some("MediaMetadata.creation_time"),
                Order::NewestFirst => Some("MediaMetadata.creation_time desc"),
            },
            page_size: PAGE_SIZE,
            page_token: page.as_deref(),
            ..Search::default()
        })
    }

    pub(super) async fn found(&self, pass: &Pass) -> Result<wire::ItemList, Error> {
        let page = pass.place.page.as_deref();
        let favourites = pass.place.part == Part::Favourites;
        let call = self.search(&Search {
            filters: Some(Filters::new(pass.from(), favourites)),
            page_size: PAGE_SIZE,
            page_token: page,
            ..Search::default()
        });
        self.paged(&call, page).await
    }

    pub(super) async fn paged<T: DeserializeOwned>(
        &self,
        call: &Call,
        page: Option<&str>,
    ) -> Result<T, Error> {
        let answer = self.client.json(call).await;
        answer.map_err(|error| match error.status() {
            // A token serves for a while, and for the very question it was given out with.
            Some(400 | 410) if page.is_some() => Error::CursorRefused,
            _ => Error::Google(error),
        })
    }

    pub(super) fn get(&self, path: &str) -> Call {
        Call::get(format!("{}{path}", self.client.endpoints().photos)).counted()
    }

    pub(super) fn search(&self, search: &Search<'_>) -> Call {
        let url = format!("{}/mediaItems:search", self.client.endpoints().photos);
        Call::post(url, search).counted().with("fields", LIST_FIELDS)
    }
}
