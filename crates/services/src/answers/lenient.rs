//! Fields that are a text today, a number tomorrow and a list of both for some things: read as what they say, within
//! limits, and as nothing where they say nothing.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// Texts of one field.
const MOST_TEXTS: usize = 16;
/// Characters of one text; titles and names have fewer.
const MOST_CHARS: usize = 400;

/// The texts of a field, each on one line; none where it is null, an object, or not there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Texts(Vec<String>);

impl Texts {
    /// Of one text.
    pub(crate) fn one(text: &str) -> Self {
        Self(vec![text.to_owned()])
    }

    pub(crate) fn first(&self) -> Option<&str> {
        self.iter().next()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    pub(crate) fn has(&self, text: &str) -> bool {
        self.iter().any(|own| own.eq_ignore_ascii_case(text))
    }

    /// The first as a whole number: `3`, `03`, `3/12`, `3.7`.
    pub(crate) fn number(&self) -> Option<u64> {
        let text = self.first()?;
        let end = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
        text.get(..end)?.parse().ok()
    }

    /// [`Self::number`] where it can be that of a track.
    pub(crate) fn track(&self) -> Option<u32> {
        let number = u32::try_from(self.number()?).ok()?;
        (1..=9999).contains(&number).then_some(number)
    }

    pub(crate) fn is_true(&self) -> bool {
        self.has("true") || self.has("1")
    }

    /// Lower-case hex of so many digits.
    pub(crate) fn hex(&self, digits: usize) -> Option<String> {
        let text = self.first()?.to_ascii_lowercase();
        (text.len() == digits && text.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(text)
    }

    fn add(&mut self, value: &Value) {
        let text = match value {
            Value::String(text) => clipped(text),
            Value::Number(number) => number.to_string(),
            Value::Bool(is) => is.to_string(),
            Value::Null | Value::Array(_) | Value::Object(_) => return,
        };
        if !text.is_empty() && self.0.len() < MOST_TEXTS {
            self.0.push(text);
        }
    }
}

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let mut texts = Self::default();
        match Value::deserialize(from)? {
            Value::Array(values) => values.iter().for_each(|value| texts.add(value)),
            value => texts.add(&value),
        }
        Ok(texts)
    }
}

/// The text on one line, without control characters, at most so long.
fn clipped(text: &str) -> String {
    let mut clipped = String::new();
    let near: String = text.chars().take(MOST_CHARS * 4).collect();
    for word in near.split(|letter: char| letter.is_whitespace() || letter.is_control()) {
        if !word.is_empty() && !clipped.is_empty() {
            clipped.push(' ');
        }
        clipped.push_str(word);
    }
    clipped.chars().take(MOST_CHARS).collect()
}

/// A list of objects whose entries of another form are passed over; at most `MOST` of them.
#[derive(Debug, Clone)]
pub(crate) struct Many<T, const MOST: usize>(pub(crate) Vec<T>);

impl<T, const MOST: usize> Default for Many<T, MOST> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: DeserializeOwned, const MOST: usize> Deserialize<'de> for Many<T, MOST> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let values = match Value::deserialize(from)? {
            Value::Array(values) => values,
            _ => Vec::new(),
        };
        // A list in a list would be read as the fields of an entry in their order.
        let entries = values.into_iter().filter(Value::is_object);
        Ok(Self(entries.filter_map(|value| serde_json::from_value(value).ok()).take(MOST).collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_field_is_it_is_read_as_short_texts() -> serde_json::Result<()> {
        let read = |json: &str| serde_json::from_str::<Texts>(json);
        let table: [(&str, &[&str]); 8] = [
            (r#""One  \n two""#, &["One two"]),
            ("7", &["7"]),
            ("true", &["true"]),
            (r#"["a", 2, null, ["deep"], {"x": 1}, "b"]"#, &["a", "2", "b"]),
            ("null", &[]),
            (r#"{"a": 1}"#, &[]),
            (r#""\u0000\u001b[31mred""#, &["[31mred"]),
            (r#""   ""#, &[]),
        ];
        for (json, expected) in table {
            assert_eq!(read(json)?.iter().collect::<Vec<_>>(), expected, "{json}");
        }
        let long = read(&format!("[\"{}\"]", "ä".repeat(100_000)))?;
        assert_eq!(long.first().map(|text| text.chars().count()), Some(MOST_CHARS));
        assert_eq!(read(&format!("[{}1]", "1,".repeat(500)))?.iter().count(), MOST_TEXTS);
        assert_eq!(read(r#""03/12""#)?.track(), Some(3));
        assert_eq!(read(r#""x""#)?.track(), None);
        assert_eq!(read(r#""0""#)?.track(), None);
        Ok(())
    }

    #[test]
    fn entries_of_another_form_are_passed_over() -> serde_json::Result<()> {
        #[derive(Deserialize)]
        struct Entry {
            name: String,
        }
        let many: Many<Entry, 2> = serde_json::from_str(
            r#"[{"name": "a"}, {"name": 1}, "x", ["y"], {"name": "b"}, {"name": "c"}]"#,
        )?;
        assert_eq!(many.0.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>(), ["a", "b"]);
        assert!(serde_json::from_str::<Many<Entry, 2>>(r#""none""#)?.0.is_empty());
        Ok(())
    }
}
