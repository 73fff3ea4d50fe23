//! The body of mediaItems.search: reads it as strictly as Google, and applies it.
//!
//! After <https://developers.google.com/photos/library/reference/rest/v1/mediaItems/search>.

use std::cmp::Reverse;

use chrono::{Datelike as _, NaiveDate};
use serde::Deserialize;

use crate::sandbox::answer::Refusal;

use super::library::Library;
use super::photo::Photo;

/// How many dates, and how many ranges, a filter may have.
const DATES_MAX: usize = 5;
/// How many categories a filter may include, and how many exclude.
const CATEGORIES_MAX: usize = 10;

/// What Google sees in pictures.
const CATEGORIES: &[&str] = &[
    "NONE",
    "LANDSCAPES",
    "RECEIPTS",
    "CITYSCAPES",
    "LANDMARKS",
    "SELFIES",
    "PEOPLE",
    "PETS",
    "WEDDINGS",
    "BIRTHDAYS",
    "DOCUMENTS",
    "TRAVEL",
    "ANIMALS",
    "FOOD",
    "SPORT",
    "NIGHT",
    "PERFORMANCES",
    "WHITEBOARDS",
    "SCREENSHOTS",
    "UTILITY",
    "ARTS",
    "CRAFTS",
    "FASHION",
    "HOUSES",
    "GARDENS",
    "FLOWERS",
    "HOLIDAYS",
];

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
pub(super) struct Search {
    pub album_id: Option<String>,
    pub page_size: Option<i64>,
    pub page_token: Option<String>,
    filters: Option<Filters>,
    order_by: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
struct Filters {
    date_filter: Option<Dates>,
    content_filter: Option<Contents>,
    media_type_filter: Option<Types>,
    feature_filter: Option<Features>,
    include_archived_media: bool,
    exclude_non_app_created_data: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Dates {
    dates: Vec<Date>,
    ranges: Vec<Range>,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Date {
    year: u32,
    month: u32,
    day: u32,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
struct Range {
    start_date: Date,
    end_date: Date,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
struct Contents {
    included_content_categories: Vec<String>,
    excluded_content_categories: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
struct Types {
    media_types: Vec<MediaType>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum MediaType {
    AllMedia,
    Video,
    Photo,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "camelCase", default)]
struct Features {
    included_features: Vec<Feature>,
}

#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
enum Feature {
    None,
    Favorites,
}

impl Search {
    /// Reads the body of a search.
    pub fn read(body: &[u8]) -> Result<Self, Refusal> {
        let body = if body.is_empty() { b"{}" } else { body };
        let search: Self = serde_json::from_slice(body)
            .map_err(|error| no(format!("Invalid JSON payload received. {error}")))?;
        search.check()?;
        Ok(search)
    }

    fn check(&self) -> Result<(), Refusal> {
        if self.album_id.is_some() && self.filters.is_some() {
            return Err(no("Cannot set filters with an album ID."));
        }
        let dates = self.filters.as_ref().and_then(|filters| filters.date_filter.as_ref());
        if let Some(order) = &self.order_by {
            let known = ["MediaMetadata.creation_time", "MediaMetadata.creation_time desc"];
            if dates.is_none() || !known.contains(&order.as_str()) {
                return Err(no("Invalid order_by."));
            }
        }
        if let Some(dates) = dates {
            dates.check()?;
        }
        let Some(filters) = &self.filters else { return Ok(()) };
        if filters.media_type_filter.as_ref().is_some_and(|filter| filter.media_types.len() != 1) {
            return Err(no("Exactly one media type must be specified."));
        }
        let contents = filters.content_filter.as_ref();
        let lists =
            contents.map(|c| [&c.included_content_categories, &c.excluded_content_categories]);
        for list in lists.into_iter().flatten() {
            let unknown = list.iter().any(|word| !CATEGORIES.contains(&word.as_str()));
            if unknown || list.len() > CATEGORIES_MAX {
                return Err(no("Invalid content category."));
            }
        }
        Ok(())
    }

    /// What is asked for of what this app may see, in Google's order.
    pub fn run<'a>(&self, library: &'a Library) -> Result<Vec<&'a Photo>, Refusal> {
        if let Some(id) = &self.album_id {
            let album = library
                .album(id)
                .ok_or_else(|| Refusal::rpc(404, "NOT_FOUND", "Album not found."))?;
            return Ok(library.in_album(album));
        }
        let mut found = library.visible();
        found.retain(|photo| self.filters.as_ref().map_or(!photo.archived, |f| f.hold(photo)));
        if self.order_by.as_deref().is_some_and(|order| !order.ends_with("desc")) {
            found.sort_by_key(|photo| (photo.taken, Reverse(&photo.id)));
        }
        Ok(found)
    }

    /// What the search is of, beside the page: the same for all its pages.
    pub fn subject(&self) -> String {
        format!("{:?} {:?} {:?}", self.album_id, self.filters, self.order_by)
    }
}

impl Filters {
    /// `excludeNonAppCreatedData` changes nothing: only what this app made is to be seen at all.
    fn hold(&self, photo: &Photo) -> bool {
        let Self { exclude_non_app_created_data: _, include_archived_media, .. } = self;
        let archived = *include_archived_media || !photo.archived;
        let dates = self.date_filter.as_ref().is_none_or(|dates| dates.hold(photo));
        let contents = self.content_filter.as_ref().is_none_or(|contents| contents.hold(photo));
        let types = self.media_type_filter.as_ref().is_none_or(|types| types.hold(photo));
        let favourites = self
            .feature_filter
            .as_ref()
            .is_some_and(|filter| filter.included_features.contains(&Feature::Favorites));
        archived && dates && contents && types && (photo.favourite || !favourites)
    }
}

impl Types {
    fn hold(&self, photo: &Photo) -> bool {
        self.media_types.iter().any(|kind| match kind {
            MediaType::AllMedia => true,
            MediaType::Video => photo.film.is_some(),
            MediaType::Photo => photo.film.is_none(),
        })
    }
}

impl Contents {
    fn hold(&self, photo: &Photo) -> bool {
        let any = |list: &[String]| {
            photo.categories.iter().any(|seen| list.iter().any(|word| word == seen))
        };
        let included = &self.included_content_categories;
        (included.is_empty() || any(included)) && !any(&self.excluded_content_categories)
    }
}

impl Dates {
    fn check(&self) -> Result<(), Refusal> {
        if self.dates.len() > DATES_MAX || self.ranges.len() > DATES_MAX {
            return Err(no("At most 5 dates and 5 ranges can be given."));
        }
        let ends = self.ranges.iter().flat_map(|range| [range.start_date, range.end_date]);
        for date in self.dates.iter().copied().chain(ends) {
            let parts = date.month <= 12 && date.day <= 31 && date.year <= 9999;
            // A day without a month means nothing.
            if !parts || (date.day != 0 && date.month == 0) {
                return Err(no("Invalid date."));
            }
        }
        for Range { start_date, end_date } in &self.ranges {
            if start_date.shape() != end_date.shape() || start_date.year == 0 {
                return Err(no("Both dates of a range must have the same format."));
            }
        }
        Ok(())
    }

    fn hold(&self, photo: &Photo) -> bool {
        let taken = photo.taken.date_naive();
        let none = self.dates.is_empty() && self.ranges.is_empty();
        none || self.dates.iter().any(|date| date.is(taken))
            || self.ranges.iter().any(|range| range.has(taken))
    }
}

impl Date {
    /// Which parts are given.
    fn shape(self) -> [bool; 3] {
        [self.year != 0, self.month != 0, self.day != 0]
    }

    /// Whether the parts that are given are those of `day`.
    fn is(self, day: NaiveDate) -> bool {
        let same = |wanted: u32, is: u32| wanted == 0 || wanted == is;
        same(self.year, u32::try_from(day.year()).unwrap_or(0))
            && same(self.month, day.month())
            && same(self.day, day.day())
    }
}

impl Range {
    /// Whether `day` lies in it, both its ends included, as far as their parts go.
    fn has(&self, day: NaiveDate) -> bool {
        let [_, months, days] = self.start_date.shape();
        let parts = |date: Date| {
            [date.year, if months { date.month } else { 0 }, if days { date.day } else { 0 }]
        };
        let year = u32::try_from(day.year()).unwrap_or(0);
        let day = parts(Date { year, month: day.month(), day: day.day() });
        (parts(self.start_date)..=parts(self.end_date)).contains(&day)
    }
}

fn no(message: impl Into<String>) -> Refusal {
    Refusal::rpc(400, "INVALID_ARGUMENT", message)
}
