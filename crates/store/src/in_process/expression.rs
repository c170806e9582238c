//! Conditions: comparisons of an attribute with a value, and `attribute_not_exists`, joined by `AND` and `OR`.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::iter::Peekable;
use std::vec;

use serde_json::Value;

use super::refusal::Refusal;
use super::requests::Item;

/// A condition with its placeholders resolved.
pub(super) enum Expression {
    Any(Vec<Self>),
    All(Vec<Self>),
    NotExists(String),
    Compare(String, Operator, Value),
}

/// How an attribute is to stand to a value.
pub(super) enum Operator {
    Is,
    IsNot,
    Less,
    LessOrSame,
    More,
}

impl Expression {
    /// Reads a condition. Like DynamoDB, refuses placeholders that are not defined, and such as are not used.
    pub(super) fn parse(
        text: &str,
        names: &BTreeMap<String, String>,
        values: &Item,
    ) -> Result<Self, Refusal> {
        let spaced = text.replace('(', " ( ").replace(')', " ) ");
        let words: Vec<_> = spaced.split_whitespace().map(str::to_owned).collect();
        let mut parser = Parser {
            words: words.into_iter().peekable(),
            names,
            values,
            used: BTreeSet::new(),
        };
        let expression = parser.any()?;
        if let Some(word) = parser.words.next() {
            return Err(Refusal::invalid(format!("unexpected {word} in {text}")));
        }
        let used = parser.used;
        match names
            .keys()
            .chain(values.keys())
            .find(|one| !used.contains(*one))
        {
            None => Ok(expression),
            Some(unused) => Err(Refusal::invalid(format!("{unused} is not used in {text}"))),
        }
    }

    /// Whether it holds for an item. Of an item that is not there, no attribute is.
    pub(super) fn holds(&self, item: Option<&Item>) -> bool {
        let attribute = |name| item.and_then(|item| item.get(name));
        match self {
            Self::Any(parts) => parts.iter().any(|part| part.holds(item)),
            Self::All(parts) => parts.iter().all(|part| part.holds(item)),
            Self::NotExists(name) => attribute(name).is_none(),
            Self::Compare(name, operator, value) => {
                let ordering = attribute(name).and_then(|attribute| compare(attribute, value));
                ordering.is_some_and(|ordering| match operator {
                    Operator::Is => ordering.is_eq(),
                    Operator::IsNot => ordering.is_ne(),
                    Operator::Less => ordering.is_lt(),
                    Operator::LessOrSame => ordering.is_le(),
                    Operator::More => ordering.is_gt(),
                })
            }
        }
    }

    /// The text that an attribute must be, where the condition says so.
    pub(super) fn required(&self, attribute: &str) -> Option<&str> {
        match self {
            Self::All(parts) => parts.iter().find_map(|part| part.required(attribute)),
            Self::Compare(name, Operator::Is, value) if name == attribute => {
                value.get("S").and_then(Value::as_str)
            }
            Self::Any(_) | Self::NotExists(_) | Self::Compare(..) => None,
        }
    }
}

/// Texts compare by their bytes, numbers as numbers, yes and no as such, and nothing else does.
fn compare(one: &Value, other: &Value) -> Option<Ordering> {
    if let (Some(one), Some(other)) = (tagged(one, "S"), tagged(other, "S")) {
        return Some(one.cmp(other));
    }
    let truth = |value: &Value| value.get("BOOL").and_then(Value::as_bool);
    if let (Some(one), Some(other)) = (truth(one), truth(other)) {
        return Some(one.cmp(&other));
    }
    let number = |value| tagged(value, "N")?.parse::<i128>().ok();
    Some(number(one)?.cmp(&number(other)?))
}

fn tagged<'a>(value: &'a Value, tag: &str) -> Option<&'a str> {
    value.get(tag).and_then(Value::as_str)
}

struct Parser<'a> {
    words: Peekable<vec::IntoIter<String>>,
    names: &'a BTreeMap<String, String>,
    values: &'a Item,
    used: BTreeSet<String>,
}

impl Parser<'_> {
    fn any(&mut self) -> Result<Expression, Refusal> {
        let mut parts = vec![self.all()?];
        while self.words.next_if_eq("OR").is_some() {
            parts.push(self.all()?);
        }
        Ok(single_or(parts, Expression::Any))
    }

    fn all(&mut self) -> Result<Expression, Refusal> {
        let mut parts = vec![self.one()?];
        while self.words.next_if_eq("AND").is_some() {
            parts.push(self.one()?);
        }
        Ok(single_or(parts, Expression::All))
    }

    fn one(&mut self) -> Result<Expression, Refusal> {
        if self.words.next_if_eq("(").is_some() {
            let inner = self.any()?;
            self.expect(")")?;
            return Ok(inner);
        }
        if self.words.next_if_eq("attribute_not_exists").is_some() {
            self.expect("(")?;
            let name = self.name()?;
            self.expect(")")?;
            return Ok(Expression::NotExists(name));
        }
        let name = self.name()?;
        let operator = match self.word()?.as_str() {
            "=" => Operator::Is,
            "<>" => Operator::IsNot,
            "<" => Operator::Less,
            "<=" => Operator::LessOrSame,
            ">" => Operator::More,
            other => return Err(Refusal::invalid(format!("{other} is not known here"))),
        };
        Ok(Expression::Compare(name, operator, self.value()?))
    }

    fn name(&mut self) -> Result<String, Refusal> {
        let word = self.word()?;
        let name = self.names.get(&word).cloned();
        self.used.insert(word.clone());
        name.ok_or_else(|| Refusal::invalid(format!("{word} is not defined")))
    }

    fn value(&mut self) -> Result<Value, Refusal> {
        let word = self.word()?;
        let value = self.values.get(&word).cloned();
        self.used.insert(word.clone());
        value.ok_or_else(|| Refusal::invalid(format!("{word} is not defined")))
    }

    fn expect(&mut self, wanted: &str) -> Result<(), Refusal> {
        match self.word()? {
            word if word == wanted => Ok(()),
            word => Err(Refusal::invalid(format!("{word} where {wanted} should be"))),
        }
    }

    fn word(&mut self) -> Result<String, Refusal> {
        let word = self.words.next();
        word.ok_or_else(|| Refusal::invalid("the expression ends too early"))
    }
}

fn single_or(
    mut parts: Vec<Expression>,
    join: impl FnOnce(Vec<Expression>) -> Expression,
) -> Expression {
    match parts.len() {
        1 => parts.remove(0),
        _ => join(parts),
    }
}
