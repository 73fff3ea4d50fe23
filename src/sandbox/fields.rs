//! Partial responses: reads a `fields` mask strictly and applies it.
//!
//! Grammar: <https://developers.google.com/workspace/drive/api/guides/fields-parameter>.
//! Which fields there are is the business of `schema`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::answer::Refusal;

/// What a thing that can be masked is made of.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shape {
    /// A text, a number, or an object whose parts cannot be chosen.
    Leaf,
    /// An object, or a list of objects, with these fields.
    Object(&'static [(&'static str, Self)]),
    /// An object with any keys.
    Map,
}

impl Shape {
    fn part(self, name: &str) -> Option<Self> {
        match self {
            Self::Leaf => None,
            Self::Map => Some(Self::Leaf),
            Self::Object(fields) => {
                fields.iter().find(|(field, _)| *field == name).map(|(_, shape)| *shape)
            }
        }
    }
}

/// A mask that was read: what is to be served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mask {
    /// Everything.
    All,
    /// These fields, and of each what its own mask says.
    Only(BTreeMap<String, Self>),
}

impl Mask {
    /// Reads `text`, refusing what `shape` has not.
    pub fn parse(text: &str, shape: Shape) -> Result<Self, Refusal> {
        let mut reader = Reader { rest: text, whole: text };
        let mask = reader.list(shape)?;
        if reader.rest.is_empty() { Ok(mask) } else { Err(reader.refuse(reader.rest)) }
    }

    /// The mask of the field `name`, if it is to be served.
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::All => Some(&Self::All),
            Self::Only(fields) => fields.get(name),
        }
    }

    /// Takes out of `value` what is not to be served.
    pub fn prune(&self, value: &mut Value) {
        let Self::Only(fields) = self else { return };
        match value {
            Value::Array(values) => values.iter_mut().for_each(|value| self.prune(value)),
            Value::Object(object) => {
                object.retain(|name, _| fields.contains_key(name));
                for (name, value) in object {
                    fields[name].prune(value);
                }
            }
            _ => {}
        }
    }

    fn merge(&mut self, other: Self) {
        match (&mut *self, other) {
            (Self::All, _) => {}
            (mine, Self::All) => *mine = Self::All,
            (Self::Only(mine), Self::Only(others)) => {
                for (name, mask) in others {
                    match mine.get_mut(&name) {
                        Some(known) => known.merge(mask),
                        None => drop(mine.insert(name, mask)),
                    }
                }
            }
        }
    }
}

struct Reader<'a> {
    rest: &'a str,
    whole: &'a str,
}

impl<'a> Reader<'a> {
    /// `a,b,c`
    fn list(&mut self, shape: Shape) -> Result<Mask, Refusal> {
        let mut mask = self.path(shape)?;
        while self.take(',') {
            mask.merge(self.path(shape)?);
        }
        Ok(mask)
    }

    /// `a`, `a/b`, `a(b,c)`, `*`
    fn path(&mut self, shape: Shape) -> Result<Mask, Refusal> {
        let name = self.name();
        if name == "*" {
            return Ok(Mask::All);
        }
        let part = shape.part(name).ok_or_else(|| self.refuse(name))?;
        let inner = if self.take('/') {
            self.path(part)?
        } else if self.take('(') {
            let inner = self.list(part)?;
            if !self.take(')') {
                return Err(self.refuse(self.whole));
            }
            inner
        } else {
            Mask::All
        };
        Ok(Mask::Only(BTreeMap::from([(name.to_owned(), inner)])))
    }

    fn name(&mut self) -> &'a str {
        let end = self.rest.find([',', '/', '(', ')']).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        self.rest = rest;
        name.trim()
    }

    fn take(&mut self, wanted: char) -> bool {
        let rest = self.rest.trim_start().strip_prefix(wanted);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn refuse(&self, what: &str) -> Refusal {
        let what = if what.is_empty() { self.whole } else { what };
        Refusal::parameter("fields", format!("Invalid field selection {what}"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const SHAPE: Shape = Shape::Object(&[
        ("next", Shape::Leaf),
        ("files", Shape::Object(&[("id", Shape::Leaf), ("links", Shape::Map), ("owner", OWNER)])),
    ]);
    const OWNER: Shape = Shape::Object(&[("name", Shape::Leaf), ("mail", Shape::Leaf)]);

    #[test]
    fn only_what_is_asked_for_is_served() {
        for (mask, served) in [
            ("*", whole()),
            ("next", json!({"next": "n"})),
            ("files/id", json!({"files": [{"id": "1"}, {"id": "2"}]})),
            (
                "files(owner/name),next",
                json!({"files": [{"owner": {"name": "A"}}, {}], "next": "n"}),
            ),
            (
                "files(id),files(links/x)",
                json!({"files": [{"id": "1", "links": {"x": 1}}, {"id": "2"}]}),
            ),
            (
                "files(id,owner(mail)) , next",
                json!({"files": [{"id": "1", "owner": {"mail": "a@"}}, {"id": "2"}], "next": "n"}),
            ),
            ("files/*", json!({"files": whole()["files"]})),
        ] {
            let mut value = whole();
            Mask::parse(mask, SHAPE).unwrap().prune(&mut value);
            assert_eq!(value, served, "{mask}");
        }
    }

    #[test]
    fn what_is_not_there_or_not_well_formed_is_refused() {
        for mask in [
            "",
            "nope",
            "files(nope)",
            "files/owner/nope",
            "next/x",
            "files(id",
            "files(id))",
            "files()",
            "next,,files",
            "next,",
            "NEXT",
            "files(id)next",
        ] {
            assert!(Mask::parse(mask, SHAPE).is_err(), "{mask}");
        }
    }

    fn whole() -> Value {
        json!({"next": "n", "files": [
            {"id": "1", "links": {"x": 1, "y": 2}, "owner": {"name": "A", "mail": "a@"}},
            {"id": "2"},
        ]})
    }
}
