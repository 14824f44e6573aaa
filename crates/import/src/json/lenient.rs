//! Fields that may have any type: a wrong one is as good as none, and never costs the row.

use std::fmt;
use std::time::Duration;

use serde::de::{Deserialize, DeserializeOwned, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// A text or a number as text; empty for `null`, a list, an object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Text(Option<String>);

impl Text {
    /// A text that stood elsewhere than in JSON.
    pub(crate) fn of(text: String) -> Self {
        Self(Some(text))
    }

    /// The text without surrounding white space, when there is one.
    pub(crate) fn get(&self) -> Option<&str> {
        self.0.as_deref().map(str::trim).filter(|text| !text.is_empty())
    }

    /// The text or nothing.
    pub(crate) fn or_empty(&self) -> &str {
        self.get().unwrap_or_default()
    }

    /// As a whole number above zero.
    pub(crate) fn number(&self) -> Option<u32> {
        self.get()?.parse().ok().filter(|number| *number > 0)
    }

    /// As a playing time given in milliseconds; `None` for nothing and for more than a week.
    pub(crate) fn playing_time(&self) -> Option<Duration> {
        let time = Duration::from_millis(u64::from(self.milliseconds()?));
        (!time.is_zero() && time < Duration::from_secs(7 * 24 * 3600)).then_some(time)
    }

    /// As milliseconds: negative counts as zero, and what is beyond 49 days as 49 days.
    pub(crate) fn milliseconds(&self) -> Option<u32> {
        let number: f64 = self.get()?.parse().ok()?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to the range before"
        )]
        number.is_finite().then(|| number.clamp(0.0, f64::from(u32::MAX)) as u32)
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyText)
    }
}

struct AnyText;

impl<'de> Visitor<'de> for AnyText {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_str<E>(self, text: &str) -> Result<Text, E> {
        Ok(Text(Some(text.to_owned())))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Text, E> {
        Ok(Text(Some(number.to_string())))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Text, E> {
        Ok(Text(Some(number.to_string())))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Text, E> {
        Ok(Text(Some(number.to_string())))
    }

    fn visit_bool<E>(self, _: bool) -> Result<Text, E> {
        Ok(Text(None))
    }

    fn visit_unit<E>(self) -> Result<Text, E> {
        Ok(Text(None))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Text, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Text(None))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Text, A::Error> {
        while object.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Text(None))
    }
}

/// Texts, however they stand there: in a list, alone, or not at all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Texts(Vec<Text>);

impl Texts {
    /// Those that say something.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(Text::get)
    }
}

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        #[serde(untagged)]
        enum Either {
            Many(Vec<Text>),
            One(Text),
        }
        Ok(Self(match Either::deserialize(deserializer)? {
            Either::Many(texts) => texts,
            Either::One(text) => vec![text],
        }))
    }
}

/// A value of the wrong shape is as good as none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Maybe<T>(pub(crate) Option<T>);

impl<'de, T: DeserializeOwned> Deserialize<'de> for Maybe<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(serde_json::from_value(serde_json::Value::deserialize(deserializer)?).ok()))
    }
}

/// Parses one piece, which must be an object; the error is fit for a problem and repeats none of its text.
pub(crate) fn object<'de, T: Deserialize<'de>>(text: &'de [u8]) -> Result<T, String> {
    match text.first() {
        Some(b'{') => {}
        Some(b'n') => return Err("it is null".into()),
        _ => return Err("it is not an object".into()),
    }
    serde_json::from_slice(text).map_err(|error| {
        use serde_json::error::Category;
        match error.classify() {
            Category::Syntax | Category::Eof => "it is not valid JSON".to_owned(),
            Category::Data | Category::Io => "it does not have the expected shape".to_owned(),
        }
    })
}
