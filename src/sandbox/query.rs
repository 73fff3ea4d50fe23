//! The search language of files.list: the terms that a backup can meet.
//!
//! Grammar: <https://developers.google.com/workspace/drive/api/guides/search-files>.
//! A term that is not known here is refused, as an invalid one is by Drive.

use chrono::{DateTime, NaiveDateTime, Utc};

use super::answer::Refusal;
use super::item::{Item, ROOT_ALIAS};

/// A query that was read.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Query {
    And(Box<Self>, Box<Self>),
    Or(Box<Self>, Box<Self>),
    Not(Box<Self>),
    Name(Compare, String),
    NameContains(String),
    Mime(Compare, String),
    MimeContains(String),
    Trashed(bool),
    Starred(bool),
    SharedWithMe,
    InParents(String),
    InOwners(String),
    Created(Compare, DateTime<Utc>),
    Modified(Compare, DateTime<Utc>),
}

/// How two values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Compare {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// Against what a query is held beside the item: the account.
#[derive(Clone, Copy)]
pub(super) struct Viewer<'a> {
    pub root: &'a str,
    pub email: &'a str,
}

impl Query {
    /// Reads `text`.
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        let invalid = || Refusal::invalid("q");
        let mut reader = Reader { words: split(text).ok_or_else(invalid)?, next: 0, depth: 0 };
        let query = reader.any().ok_or_else(invalid)?;
        if reader.next == reader.words.len() { Ok(query) } else { Err(invalid()) }
    }

    /// The folders of which every match is in one, if the query says so on its outside.
    pub fn folders(&self) -> Option<Vec<&str>> {
        match self {
            Self::InParents(id) => Some(vec![id]),
            Self::And(one, other) => one.folders().or_else(|| other.folders()),
            Self::Or(one, other) => Some([one.folders()?, other.folders()?].concat()),
            _ => None,
        }
    }

    /// Between which times of creation every match lies, the later end excluded, as far as
    /// the query says so on its outside. In microseconds.
    pub fn created(&self) -> (Option<i64>, Option<i64>) {
        match self {
            Self::Created(compare, time) => {
                let time = time.timestamp_micros();
                match compare {
                    Compare::Equal => (Some(time), Some(time + 1)),
                    Compare::NotEqual => (None, None),
                    Compare::Less => (None, Some(time)),
                    Compare::LessOrEqual => (None, Some(time + 1)),
                    Compare::Greater | Compare::GreaterOrEqual => (Some(time), None),
                }
            }
            Self::And(one, other) => {
                let ((from, until), (later, earlier)) = (one.created(), other.created());
                let until = until.into_iter().chain(earlier).min();
                (from.max(later), until)
            }
            _ => (None, None),
        }
    }

    /// Whether `item` is one that is looked for.
    pub fn matches(&self, item: &Item, viewer: Viewer<'_>) -> bool {
        match self {
            Self::And(one, other) => one.matches(item, viewer) && other.matches(item, viewer),
            Self::Or(one, other) => one.matches(item, viewer) || other.matches(item, viewer),
            Self::Not(inner) => !inner.matches(item, viewer),
            Self::Name(compare, name) => compare.holds(&fold(&item.name), &fold(name)),
            Self::NameContains(start) => contains(&item.name, start),
            Self::Mime(compare, mime) => compare.holds(&*item.mime, mime.as_str()),
            Self::MimeContains(part) => item.mime.starts_with(part.as_str()),
            Self::Trashed(wanted) => item.trashed == *wanted,
            Self::Starred(wanted) => item.starred == *wanted,
            Self::SharedWithMe => item.owner.is_some() && item.parents.is_empty(),
            Self::InParents(id) => {
                let id = if id == ROOT_ALIAS { viewer.root } else { id };
                item.parents.iter().any(|parent| parent == id)
            }
            Self::InOwners(email) => {
                let email = if email == "me" { viewer.email } else { email };
                item.drive.is_none() && item.owner.as_deref().unwrap_or(viewer.email) == email
            }
            Self::Created(compare, time) => item.created.is_some_and(|at| compare.holds(&at, time)),
            Self::Modified(compare, time) => {
                item.modified.is_some_and(|at| compare.holds(&at, time))
            }
        }
    }
}

impl Compare {
    fn holds<T: PartialOrd + ?Sized>(self, one: &T, other: &T) -> bool {
        match self {
            Self::Equal => one == other,
            Self::NotEqual => one != other,
            Self::Less => one < other,
            Self::LessOrEqual => one <= other,
            Self::Greater => one > other,
            Self::GreaterOrEqual => one >= other,
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "=" => Self::Equal,
            "!=" => Self::NotEqual,
            "<" => Self::Less,
            "<=" => Self::LessOrEqual,
            ">" => Self::Greater,
            ">=" => Self::GreaterOrEqual,
            _ => return None,
        })
    }
}

fn fold(name: &str) -> String {
    name.to_lowercase()
}

/// Drive's `name contains` finds beginnings of words.
fn contains(name: &str, start: &str) -> bool {
    let (name, start) = (fold(name), fold(start));
    name.match_indices(&start).any(|(at, _)| !name[..at].ends_with(char::is_alphanumeric))
}

/// A word of a query: a text in quotes, or anything else.
#[derive(Clone, Debug, PartialEq)]
enum Word {
    Text(String),
    Plain(String),
}

fn split(text: &str) -> Option<Vec<Word>> {
    let mut words = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let (word, length) = match first {
            '\'' => quoted(rest)?,
            '(' | ')' => (Word::Plain(first.to_string()), 1),
            c => {
                let operator = |c: char| "=!<>".contains(c);
                let ends = |other: char| {
                    other.is_whitespace() || "()'".contains(other) || operator(other) != operator(c)
                };
                let end = rest.find(ends).unwrap_or(rest.len());
                (Word::Plain(rest[..end].to_owned()), end)
            }
        };
        words.push(word);
        rest = rest[length..].trim_start();
    }
    Some(words)
}

/// A text in quotes, in which `\'` and `\\` stand for `'` and `\`, and its length.
fn quoted(text: &str) -> Option<(Word, usize)> {
    let mut value = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '\'' => return Some((Word::Text(value), at + 1)),
            '\\' => value.push(chars.next().map(|(_, c)| c).filter(|c| "'\\".contains(*c))?),
            c => value.push(c),
        }
    }
    None
}

struct Reader {
    words: Vec<Word>,
    next: usize,
    depth: usize,
}

impl Reader {
    fn any(&mut self) -> Option<Query> {
        let mut query = self.all()?;
        while self.take("or") {
            query = Query::Or(Box::new(query), Box::new(self.all()?));
        }
        Some(query)
    }

    fn all(&mut self) -> Option<Query> {
        let mut query = self.one()?;
        while self.take("and") {
            query = Query::And(Box::new(query), Box::new(self.one()?));
        }
        Some(query)
    }

    fn one(&mut self) -> Option<Query> {
        self.depth += 1;
        if self.depth > 200 {
            return None;
        }
        if self.take("not") {
            return Some(Query::Not(Box::new(self.one()?)));
        }
        if self.take("(") {
            let query = self.any()?;
            return self.take(")").then_some(query);
        }
        self.term()
    }

    fn term(&mut self) -> Option<Query> {
        let field = match self.word()? {
            Word::Text(value) => return self.membership(value),
            Word::Plain(field) => field,
        };
        if field == "sharedWithMe"
            && !matches!(self.words.get(self.next), Some(Word::Plain(word)) if word == "=")
        {
            return Some(Query::SharedWithMe);
        }
        let Word::Plain(operator) = self.word()? else { return None };
        let value = self.word()?;
        match (field.as_str(), operator.as_str(), value) {
            ("name", "contains", Word::Text(text)) => Some(Query::NameContains(text)),
            ("mimeType", "contains", Word::Text(text)) => Some(Query::MimeContains(text)),
            ("name", operator, Word::Text(text)) => Some(Query::Name(equality(operator)?, text)),
            ("mimeType", operator, Word::Text(text)) => {
                Some(Query::Mime(equality(operator)?, text))
            }
            ("createdTime", operator, Word::Text(text)) => {
                Some(Query::Created(Compare::parse(operator)?, time(&text)?))
            }
            ("modifiedTime", operator, Word::Text(text)) => {
                Some(Query::Modified(Compare::parse(operator)?, time(&text)?))
            }
            (field, operator, Word::Plain(value)) => yes_or_no(field, equality(operator)?, &value),
            _ => None,
        }
    }

    /// `'ID' in parents`, `'ADDRESS' in owners`
    fn membership(&mut self, value: String) -> Option<Query> {
        if !self.take("in") {
            return None;
        }
        match self.word()? {
            Word::Plain(list) if list == "parents" => Some(Query::InParents(value)),
            Word::Plain(list) if list == "owners" => Some(Query::InOwners(value)),
            _ => None,
        }
    }

    fn word(&mut self) -> Option<Word> {
        self.next += 1;
        self.words.get(self.next - 1).cloned()
    }

    fn take(&mut self, wanted: &str) -> bool {
        let there = matches!(self.words.get(self.next), Some(Word::Plain(word)) if word == wanted);
        self.next += usize::from(there);
        there
    }
}

fn equality(operator: &str) -> Option<Compare> {
    Compare::parse(operator).filter(|c| matches!(c, Compare::Equal | Compare::NotEqual))
}

fn yes_or_no(field: &str, compare: Compare, value: &str) -> Option<Query> {
    let value: bool = value.parse().ok()?;
    let wanted = value == (compare == Compare::Equal);
    match field {
        "trashed" => Some(Query::Trashed(wanted)),
        "starred" => Some(Query::Starred(wanted)),
        "sharedWithMe" if wanted => Some(Query::SharedWithMe),
        "sharedWithMe" => Some(Query::Not(Box::new(Query::SharedWithMe))),
        _ => None,
    }
}

/// RFC 3339, or the same without a zone, which is UTC.
fn time(text: &str) -> Option<DateTime<Utc>> {
    let zoned = DateTime::parse_from_rfc3339(text).map(|time| time.to_utc());
    zoned.or_else(|_| text.parse::<NaiveDateTime>().map(|time| time.and_utc())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_find_what_they_say() {
        let mut item = Item::file("a", "It's a Beach.jpg", "x").modified("2024-05-06T07:08:09Z");
        item.parents = vec!["0ARoot".to_owned()];
        let viewer = Viewer { root: "0ARoot", email: "me@example.com" };
        for (text, found) in [
            ("trashed=false", true),
            ("trashed != false", false),
            ("not trashed = true", true),
            ("name='it\\'s a beach.JPG'", true),
            ("name contains 'bea'", true),
            ("name contains 'each'", false),
            ("mimeType = 'image/jpeg' and 'root' in parents", true),
            ("'0ARoot' in parents", true),
            ("'x' in parents or 'me' in owners", true),
            ("trashed=true or trashed=false and starred=true", false),
            ("(trashed=true or trashed=false) and not (starred=true)", true),
            ("modifiedTime > '2024-05-06T07:08:08' and modifiedTime<='2024-05-06T07:08:09Z'", true),
            ("modifiedTime < '2024-05-06T07:08:09+00:00'", false),
            ("sharedWithMe", false),
            ("sharedWithMe=false", true),
        ] {
            assert_eq!(Query::parse(text).unwrap().matches(&item, viewer), found, "{text}");
        }
    }

    #[test]
    fn a_query_tells_between_which_times_its_matches_lie() {
        for (text, created) in [
            ("createdTime >= '1970-01-01T00:00:01Z'", (Some(1_000_000), None)),
            ("createdTime < '1970-01-01T00:00:01Z'", (None, Some(1_000_000))),
            ("createdTime = '1970-01-01T00:00:01Z'", (Some(1_000_000), Some(1_000_001))),
            ("not createdTime < '1970-01-01T00:00:01Z'", (None, None)),
            (
                "createdTime >= '1970-01-01T00:00:01Z' and trashed = false and
                 createdTime <= '1970-01-01T00:00:02Z' and createdTime < '1970-01-01T00:00:03Z'",
                (Some(1_000_000), Some(2_000_001)),
            ),
        ] {
            assert_eq!(Query::parse(text).unwrap().created(), created, "{text}");
        }
    }

    #[test]
    fn a_query_says_in_which_folders_its_matches_are() {
        for (text, folders) in [
            ("'a' in parents", Some(vec!["a"])),
            ("trashed=false and ('a' in parents or 'b' in parents)", Some(vec!["a", "b"])),
            ("'a' in parents or trashed=true", None),
            ("not 'a' in parents", None),
        ] {
            assert_eq!(Query::parse(text).unwrap().folders(), folders, "{text}");
        }
    }

    #[test]
    fn what_is_no_query_is_refused() {
        for text in [
            "",
            "nonsense",
            "trashed",
            "trashed=maybe",
            "name=x",
            "name='x",
            "name < 'x'",
            "(trashed=true",
            "trashed=true)",
            "trashed=true and",
            "'x' in nothing",
            "title = 'x'",
            "trashed='true'",
            "modifiedTime > 'yesterday'",
            "name = 'a' 'b'",
        ] {
            assert!(Query::parse(text).is_err(), "{text}");
        }
        assert!(Query::parse(&"(".repeat(10_000)).is_err());
    }
}
