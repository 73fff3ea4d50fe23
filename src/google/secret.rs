//! Text that no log, error or panic may show.

use std::fmt;

use zeroize::Zeroizing;

/// A token, a key or a client's secret. It has no `Display`, its `Debug` shows
/// nothing, and its memory is wiped when it is dropped.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Takes `text` as a secret.
    #[must_use]
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text itself: for a request's header or form and for the token store,
    /// for nothing else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_cannot_be_printed() {
        let shown = format!("{:?}", Secret::new("ya29.token".to_owned()));
        assert!(!shown.contains("ya29"), "{shown}");
    }
}
