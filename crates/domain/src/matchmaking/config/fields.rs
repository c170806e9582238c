//! The fields of an object, read one by one; whatever is wrong is said with its place.

use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use super::QueuesError;

/// An object of the configuration.
pub(super) struct Fields<'a> {
    queue: String,
    path: String,
    map: &'a Map<String, Value>,
}

impl<'a> Fields<'a> {
    /// A queue as a whole.
    pub(super) fn of_queue(place: usize, value: &'a Value) -> Result<Self, QueuesError> {
        let name = value.get("name").and_then(Value::as_str);
        let queue = name.map_or_else(|| format!("number {}", place + 1), str::to_owned);
        Self::of(queue, String::new(), value)
    }

    fn of(queue: String, path: String, value: &'a Value) -> Result<Self, QueuesError> {
        let map = value.as_object();
        let Some(map) = map else {
            let field = if path.is_empty() { "it" } else { &path };
            return Err(QueuesError::Wrong {
                queue,
                field: field.to_owned(),
                wish: format!("must be an object in curly brackets, but is {value}"),
            });
        };
        Ok(Self { queue, path, map })
    }

    /// What is wrong with a field.
    pub(super) fn wrong(&self, field: &str, wish: impl Into<String>) -> QueuesError {
        QueuesError::Wrong {
            queue: self.queue.clone(),
            field: self.path_of(field),
            wish: wish.into(),
        }
    }

    /// Refuses any field but these.
    pub(super) fn are_among(&self, known: &[&str]) -> Result<(), QueuesError> {
        let mut fields = self.map.keys();
        match fields.find(|field| !known.contains(&field.as_str())) {
            None => Ok(()),
            Some(unknown) => {
                let known = known.join(", ");
                Err(self.wrong(
                    unknown,
                    format!("is no field here: leave it out, or use one of {known}"),
                ))
            }
        }
    }

    /// Whether a field says anything.
    pub(super) fn has(&self, field: &str) -> bool {
        self.get(field).is_some()
    }

    /// A text.
    pub(super) fn text(&self, field: &str) -> Result<&'a str, QueuesError> {
        let text = self.get(field).and_then(Value::as_str);
        text.ok_or_else(|| self.must_be(field, "a text in quotes"))
    }

    /// A text, if it is there.
    pub(super) fn optional_text(&self, field: &str) -> Result<Option<&'a str>, QueuesError> {
        self.get(field).map(|_| self.text(field)).transpose()
    }

    /// A whole number within bounds.
    pub(super) fn whole<N: TryFrom<u64>>(
        &self,
        field: &str,
        bounds: RangeInclusive<u64>,
    ) -> Result<N, QueuesError> {
        let number = self.get(field).and_then(Value::as_u64);
        let number = number.filter(|number| bounds.contains(number));
        let number = number.and_then(|number| N::try_from(number).ok());
        number.ok_or_else(|| {
            let (least, most) = bounds.into_inner();
            self.must_be(field, &format!("a whole number from {least} to {most}"))
        })
    }

    /// A whole number within bounds, if it is there.
    pub(super) fn optional_whole<N: TryFrom<u64>>(
        &self,
        field: &str,
        bounds: RangeInclusive<u64>,
    ) -> Result<Option<N>, QueuesError> {
        let there = self.get(field);
        there.map(|_| self.whole(field, bounds)).transpose()
    }

    /// An object.
    pub(super) fn object(&self, field: &str) -> Result<Fields<'a>, QueuesError> {
        let value = self.get(field);
        let value = value.ok_or_else(|| self.must_be(field, "an object in curly brackets"))?;
        Self::of(self.queue.clone(), self.path_of(field), value)
    }

    /// An object, if it is there.
    pub(super) fn optional_object(&self, field: &str) -> Result<Option<Fields<'a>>, QueuesError> {
        self.get(field).map(|_| self.object(field)).transpose()
    }

    /// A list of objects; an empty one, if it is not there.
    pub(super) fn objects(&self, field: &str, most: usize) -> Result<Vec<Fields<'a>>, QueuesError> {
        let Some(value) = self.get(field) else {
            return Ok(Vec::new());
        };
        let list = value.as_array().filter(|list| list.len() <= most);
        let list = list.ok_or_else(|| {
            self.must_be(
                field,
                &format!("a list of {most} at most, in square brackets"),
            )
        })?;
        let objects = list.iter().enumerate();
        objects
            .map(|(place, value)| {
                let path = format!("{}[{place}]", self.path_of(field));
                Self::of(self.queue.clone(), path, value)
            })
            .collect()
    }

    /// What is in a field; nothing, where it says null.
    fn get(&self, field: &str) -> Option<&'a Value> {
        self.map.get(field).filter(|value| !value.is_null())
    }

    fn must_be(&self, field: &str, wish: &str) -> QueuesError {
        match self.map.get(field) {
            None => self.wrong(field, format!("is missing: it must be {wish}")),
            Some(value) => self.wrong(field, format!("must be {wish}, but is {value}")),
        }
    }

    fn path_of(&self, field: &str) -> String {
        if self.path.is_empty() {
            field.to_owned()
        } else {
            format!("{}.{field}", self.path)
        }
    }
}
