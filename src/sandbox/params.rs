//! The parameters of a request, read as strictly as Google reads them.

use std::convert::Infallible;
use std::ops::RangeInclusive;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::answer::Refusal;
use super::fields::{Mask, Shape};

/// The parameters of a query or a form, decoded.
#[derive(Clone, Debug)]
pub(super) struct Params(Vec<(String, String)>);

impl<S: Sync> FromRequestParts<S> for Params {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Self::read(parts.uri.query().unwrap_or_default().as_bytes()))
    }
}

impl Params {
    /// Reads a query, or a form's body.
    pub fn read(encoded: &[u8]) -> Self {
        Self(url::form_urlencoded::parse(encoded).into_owned().collect())
    }

    /// The value of `name`; none at all and an empty one are the same.
    pub fn text(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }

    /// The value of `name`, which has to be there.
    pub fn required(&self, name: &'static str) -> Result<&str, Refusal> {
        self.text(name).ok_or_else(|| Refusal::required(name))
    }

    /// A yes or a no; no if it is not there.
    pub fn flag(&self, name: &'static str) -> Result<bool, Refusal> {
        match self.text(name) {
            None | Some("false") => Ok(false),
            Some("true") => Ok(true),
            Some(other) => Err(Refusal::parameter(
                name,
                format!("Invalid value '{other}'. Values must be one of: [true, false]"),
            )),
        }
    }

    /// A number within `range`.
    pub fn number(
        &self,
        name: &'static str,
        range: RangeInclusive<usize>,
        default: usize,
    ) -> Result<usize, Refusal> {
        let Some(text) = self.text(name) else { return Ok(default) };
        text.parse().ok().filter(|number| range.contains(number)).ok_or_else(|| {
            let message = format!(
                "Invalid value '{text}'. Values must be within the range: [{}, {}]",
                range.start(),
                range.end()
            );
            Refusal::parameter(name, message)
        })
    }

    /// The mask in `fields`, or `default`.
    pub fn mask(&self, shape: Shape, default: &str) -> Result<Mask, Refusal> {
        Mask::parse(self.text("fields").unwrap_or(default), shape)
    }
}
